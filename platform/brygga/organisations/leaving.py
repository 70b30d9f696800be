"""What somebody holds in an organisation, and who takes over when they leave.

The apps above register what a person may hold there, in `AppConfig.ready()`: the organisation knows none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User


@dataclass(frozen=True)
class Held:
    """One sort of thing that somebody holds, in words. `rows` never name what a colleague may not see."""

    title: str
    rows: tuple[str, ...]
    #: Somebody has to take it over.
    needs_successor: bool = False
    #: Other people see how to reach whoever leaves, and need another way.
    needs_contact: bool = False


@dataclass(frozen=True)
class NewContact:
    """How others reach the organisation from now on."""

    name: str
    email: str


@dataclass(frozen=True)
class HandOver:
    """Who leaves, who takes over, and how others reach the organisation instead. `successor` None: nobody yet."""

    organisation: Organisation
    person: User
    successor: User | None
    contact: NewContact | None
    actor: User
    now: datetime


class ContactMissing(Exception):
    """Other people would be left with an address to somebody who is gone."""


class Duty(Protocol):
    """Something that people hold in an organisation."""

    #: Names it in the audit log.
    code: str

    def held(self, *, organisation: Organisation, person: User) -> Held | None:
        """Return what the person holds, in words and a constant number of queries, or None."""

    def hand_over(self, step: HandOver) -> list[int]:
        """Move everything, inside the caller's transaction; return the keys of what was moved.

        Raises ContactMissing.
        """


_duties: list[Duty] = []


def register(duty: Duty) -> None:
    """Let `duty` be handed over when somebody leaves. Doing it again changes nothing."""
    if all(one.code != duty.code for one in _duties):
        _duties.append(duty)


def everything_held(*, organisation: Organisation, person: User) -> list[Held]:
    """Return all that a person holds in an organisation."""
    found = (duty.held(organisation=organisation, person=person) for duty in _duties)
    return [one for one in found if one is not None]


def hand_everything_over(step: HandOver) -> dict[str, list[int]]:
    """Move all that a person holds; return the keys of what was moved, by code. Raises ContactMissing."""
    moved = {duty.code: duty.hand_over(step) for duty in _duties}
    return {code: keys for code, keys in moved.items() if keys}
