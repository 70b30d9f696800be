"""Verbs on adopters: register (a draft), change, publish, pause, close, delete a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.core.enums import NEXT_STATES, PublicationState
from brygga.language import mask_contact_details
from brygga.organisations.models import Organisation
from innovators.adopting import permissions
from innovators.adopting.models import (
    CHANGE_LENGTH,
    SHORT_TEXT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Adopter,
)
from innovators.adopting.selectors import missing_answers

if TYPE_CHECKING:
    from brygga.users.models import User

_TEXTS = {
    "title": TITLE_LENGTH,
    "change": CHANGE_LENGTH,
    "who_we_are": TEXT_LENGTH,
    "to_know": TEXT_LENGTH,
    "not_accepted": SHORT_TEXT_LENGTH,
}
#: What a person writes; the rest is ours.
FIELDS = (
    *_TEXTS,
    "language",
    "theme_codes",
    "target_group_codes",
    "area_codes",
    "puts_in",
    "amount_min",
    "amount_max",
    "decides",
    "starts",
)


class NotReady(Exception):
    """What everybody reads has a name, the change that is wanted, a theme and a place: something is missing."""


class ColleagueWasFirst(Exception):
    """The adopter is no longer in a state that the step begins in."""


@transaction.atomic
def register_adopter(
    *, organisation: Organisation, actor: User | None, now: datetime, values: Mapping[str, Any]
) -> Adopter:
    """Make a draft, which may be empty. Contact details in texts are hidden. Raises PermissionDenied."""
    if not permissions.can_register_adopter(actor, organisation):
        raise PermissionDenied
    adopter = Adopter(organisation=organisation, created_by=actor, created_at=now, changed_at=now)
    _write(adopter, values)
    adopter.is_demo = organisation.is_demo
    adopter.save()
    _record("adopter.registered", adopter, actor, now)
    return adopter


@transaction.atomic
def change_adopter(
    *, adopter: Adopter, actor: User | None, now: datetime, values: Mapping[str, Any]
) -> Adopter:
    """Change what is written. Raises PermissionDenied, or NotReady when what is not a draft would lack something."""
    adopter = _locked(adopter, actor)
    _write(adopter, values)
    if not adopter.is_draft and missing_answers(adopter):
        raise NotReady
    adopter.changed_at = now
    adopter.save()
    _record("adopter.changed", adopter, actor, now)
    return adopter


@transaction.atomic
def publish_adopter(*, adopter: Adopter, actor: User | None, now: datetime) -> Adopter:
    """Show it to everybody: a draft, or what was paused or closed. Once is enough.

    Raises PermissionDenied or NotReady.
    """
    adopter = _locked(adopter, actor)
    if missing_answers(adopter):
        raise NotReady
    if not adopter.is_published:
        adopter.published_at = adopter.published_at or now
        _step(adopter, PublicationState.PUBLISHED, "adopter.published", actor, now)
    return adopter


@transaction.atomic
def pause_adopter(*, adopter: Adopter, actor: User | None, now: datetime) -> Adopter:
    """Hide it for a while. Once is enough. Raises PermissionDenied or ColleagueWasFirst."""
    adopter = _locked(adopter, actor)
    if adopter.state != PublicationState.PAUSED:
        _step(adopter, PublicationState.PAUSED, "adopter.paused", actor, now)
    return adopter


@transaction.atomic
def close_adopter(*, adopter: Adopter, actor: User | None, now: datetime) -> Adopter:
    """Nothing is looked for any more. Once is enough. Raises PermissionDenied or ColleagueWasFirst."""
    adopter = _locked(adopter, actor)
    if adopter.state != PublicationState.CLOSED:
        _step(adopter, PublicationState.CLOSED, "adopter.closed", actor, now)
    return adopter


@transaction.atomic
def delete_draft(*, adopter: Adopter, actor: User | None, now: datetime) -> None:
    """Delete a draft. Raises PermissionDenied, or ColleagueWasFirst when it has been published."""
    adopter = _locked(adopter, actor)
    if not adopter.is_draft:
        raise ColleagueWasFirst
    _record("adopter.deleted", adopter, actor, now)
    adopter.delete()


def _locked(adopter: Adopter, actor: User | None) -> Adopter:
    if not permissions.can_change_adopter(actor, adopter):
        raise PermissionDenied
    # A colleague's step comes before this one or after it; a draft may have been deleted meanwhile.
    rows = Adopter.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=adopter.pk).first()
    if found is None:
        raise ColleagueWasFirst
    return found


def _step(adopter: Adopter, to: PublicationState, verb: str, actor: User | None, now: datetime) -> None:
    if to not in NEXT_STATES[PublicationState(adopter.state)]:
        raise ColleagueWasFirst
    adopter.state = to
    adopter.save()
    _record(verb, adopter, actor, now)


def _write(adopter: Adopter, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(adopter, name, _masked(name, value) if name in _TEXTS else value)


def _masked(name: str, text: str) -> str:
    # A mark may be longer than what it hides.
    return mask_contact_details(text.strip()).text[: _TEXTS[name]]


def _record(verb: str, adopter: Adopter, actor: User | None, now: datetime) -> None:
    record(verb=verb, subject=adopter, actor=actor, now=now, organisation_id=adopter.organisation_id)
