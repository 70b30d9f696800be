"""Change a profile and move it between states: the same way for initiatives and support offers.

These are the inner halves of the apps' own services, which ask for permission first, write their own
rows after and tell others. All of them expect to run inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, TextField
from django.utils.translation import gettext

from brygga.core.enums import NEXT_STATES, PublicationState
from brygga.organisations.profiles import Profile

P = TypeVar("P", bound=Profile)


class ChangedMeanwhile(Exception):
    """Somebody else has changed the profile since the caller read it."""


class StepRefused(Exception):
    """The profile's state does not allow the step, or somebody else was first."""


class InvalidAnswers(Exception):
    """Answers that cannot be stored. `messages` holds, per field, what to say to a person."""

    def __init__(self, messages: Mapping[str, Iterable[Any]]) -> None:
        self.messages = {field: [str(message) for message in said] for field, said in messages.items()}
        super().__init__("; ".join(f"{field}: {' '.join(said)}" for field, said in self.messages.items()))


def lock_profile(profile: P, *, expected_revision: int | None = None) -> P:
    """Return a fresh copy of the row, locked until the transaction ends.

    Raises ChangedMeanwhile when the row is no longer at `expected_revision`.
    """
    model = type(profile)
    locked: P = model._default_manager.select_for_update().get(pk=profile.pk)
    if expected_revision is not None and locked.revision != expected_revision:
        raise ChangedMeanwhile
    return locked


def length_errors(model: type[Profile], changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return a message per long text that is too long: the database does not limit those."""
    errors: dict[str, list[str]] = {}
    for field in model._meta.concrete_fields:
        value = changes.get(field.name)
        limit = field.max_length
        if isinstance(field, TextField) and isinstance(value, str) and limit and len(value) > limit:
            said = gettext("Shorten the text to %(limit_value)d characters. It has %(show_value)d.")
            errors[field.name] = [said % {"limit_value": limit, "show_value": len(value)}]
    return errors


def check_fields(profile: Profile, fields: Iterable[str]) -> None:
    """Let the model's own fields judge the new values. Raises InvalidAnswers."""
    wanted = set(fields)
    untouched = {field.name for field in profile._meta.concrete_fields if field.name not in wanted}
    try:
        profile.clean_fields(exclude=untouched)
    except ValidationError as error:
        raise InvalidAnswers(error.message_dict) from error


def write_changes(
    profile: P,
    *,
    changes: Mapping[str, Any],
    now: datetime,
    answered: Iterable[str] = (),
    reopened: Iterable[str] = (),
) -> P:
    """Store new values on a locked profile, raise its revision and note which questions are answered."""
    for field, value in changes.items():
        setattr(profile, field, value)
    check_fields(profile, changes)
    left = [slug for slug in profile.answered if slug not in set(reopened)]
    profile.answered = [*left, *(slug for slug in answered if slug not in left)]
    profile.revision += 1
    profile.changed_at = now
    # What is searched besides the texts goes with them: see `organisations.heads`.
    profile.save(update_fields=[*changes, "compound_heads", "answered", "revision", "changed_at"])
    return profile


def step_state(profile: P, *, to: PublicationState, now: datetime) -> P:
    """Move the profile to another state. Raises StepRefused; of two that try at once, one wins."""
    old = PublicationState(profile.state)
    if to not in NEXT_STATES[old]:
        raise StepRefused
    moments: dict[str, Any] = {}
    if to == PublicationState.PUBLISHED:
        moments = {"published_at": profile.published_at or now, "closed_at": None}
    elif to == PublicationState.CLOSED:
        moments = {"closed_at": now}
    # The old state and revision are part of the WHERE clause, so of two clicks only one wins, and
    # nothing is published that somebody emptied in between.
    moved = (
        type(profile)
        ._default_manager.filter(pk=profile.pk, state=old, revision=profile.revision)
        .update(state=to, revision=F("revision") + 1, changed_at=now, **moments)
    )
    if moved != 1:
        raise StepRefused
    profile.refresh_from_db()
    return profile
