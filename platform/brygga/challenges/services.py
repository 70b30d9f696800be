"""Verbs on challenges: tell, change, publish, end, open again, delete a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.challenges import permissions
from brygga.challenges.enums import ChallengeState
from brygga.challenges.models import Challenge
from brygga.language import mask_contact_details
from brygga.organisations.models import Organisation

if TYPE_CHECKING:
    from brygga.users.models import User

#: What a person writes; the rest is ours.
FIELDS = ("title", "text", "wish", "theme_code", "area_code", "website", "language")
_TEXTS = ("title", "text", "wish")


class NotReady(Exception):
    """A challenge that names neither a subject nor a place is not published."""


class ColleagueWasFirst(Exception):
    """The challenge is no longer in the state that the step begins in."""


@transaction.atomic
def tell_challenge(
    *, organisation: Organisation, actor: User | None, now: datetime, values: Mapping[str, str]
) -> Challenge:
    """Make a draft. Contact details in texts are hidden. Raises PermissionDenied."""
    if not permissions.can_tell_challenge(actor, organisation):
        raise PermissionDenied
    challenge = Challenge(organisation=organisation, created_by=actor, created_at=now, changed_at=now)
    _write(challenge, values)
    challenge.save()
    _record("challenge.created", challenge, actor, now)
    return challenge


@transaction.atomic
def change_challenge(
    *, challenge: Challenge, actor: User | None, now: datetime, values: Mapping[str, str]
) -> Challenge:
    """Change texts, subject and place. Raises PermissionDenied, or NotReady when a public one names neither."""
    challenge = _locked(challenge, actor)
    _write(challenge, values)
    if not (challenge.is_draft or challenge.theme_code or challenge.area_code):
        raise NotReady
    challenge.changed_at = now
    challenge.save()
    _record("challenge.changed", challenge, actor, now)
    return challenge


@transaction.atomic
def publish_challenge(*, challenge: Challenge, actor: User | None, now: datetime) -> Challenge:
    """Publish a draft, or open an ended one again. Once is enough.

    Raises PermissionDenied also when the organisation is no verified public body any more, or NotReady.
    """
    challenge = _locked(challenge, actor)
    if not permissions.can_tell_challenge(actor, challenge.organisation):
        raise PermissionDenied
    if challenge.is_open:
        return challenge
    if not (challenge.theme_code or challenge.area_code):
        raise NotReady
    challenge.state, challenge.ended_at = ChallengeState.PUBLISHED, None
    challenge.published_at = challenge.published_at or now
    challenge.save()
    _record("challenge.published", challenge, actor, now)
    return challenge


@transaction.atomic
def end_challenge(*, challenge: Challenge, actor: User | None, now: datetime) -> Challenge:
    """End an open challenge: it stays readable and takes no more answers. Once is enough.

    Raises PermissionDenied, or ColleagueWasFirst for a draft.
    """
    challenge = _locked(challenge, actor)
    if challenge.is_draft:
        raise ColleagueWasFirst
    if challenge.is_open:
        challenge.state, challenge.ended_at = ChallengeState.ENDED, now
        challenge.save()
        _record("challenge.ended", challenge, actor, now)
    return challenge


@transaction.atomic
def delete_draft(*, challenge: Challenge, actor: User | None, now: datetime) -> None:
    """Delete a draft. Raises PermissionDenied, or ColleagueWasFirst when it has been published."""
    challenge = _locked(challenge, actor)
    if not challenge.is_draft:
        raise ColleagueWasFirst
    _record("challenge.deleted", challenge, actor, now)
    challenge.delete()


def _locked(challenge: Challenge, actor: User | None) -> Challenge:
    if not permissions.can_change_challenge(actor, challenge):
        raise PermissionDenied
    return (
        Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge.pk)
    )


def _write(challenge: Challenge, values: Mapping[str, str]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name].strip()
            setattr(challenge, name, mask_contact_details(value).text if name in _TEXTS else value)


def _record(verb: str, challenge: Challenge, actor: User | None, now: datetime) -> None:
    record(verb=verb, subject=challenge, actor=actor, now=now, organisation_id=challenge.organisation_id)
