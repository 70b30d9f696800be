"""Ask staff to check an organisation, and answer. A yes marks the organisation as verified."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.organisations import permissions
from brygga.organisations.models import Organisation
from brygga.organisations.services.organisations import (
    OwnOrganisation,
    change_organisation,
    verify_organisation,
)
from brygga.organisations.signals import verification_asked, verification_declined
from brygga.organisations.verification.enums import OUTCOMES, VerificationState
from brygga.organisations.verification.models import (
    NOTE_LENGTH,
    PAGE_LENGTH,
    SIGNATORY_LENGTH,
    WORDS_LENGTH,
    VerificationRequest,
)
from brygga.users.models import User

# So often within so many days: one organisation, and one person for all of theirs.
MOST_TRIES = 3
MOST_BY_ONE = 10
WITHIN = timedelta(days=30)

__all__ = [
    "AlreadyAsked",
    "BadRequest",
    "DecidedAlready",
    "DetailsChanged",
    "NotToVerify",
    "OwnOrganisation",
    "TooManyRequests",
    "ask_for_verification",
    "decide_verification",
    "details_of",
    "take_back_verification",
]


class NotToVerify(Exception):
    """The organisation is verified already, or has no name that could be checked."""


class AlreadyAsked(Exception):
    """Another owner has asked, and waits."""


class TooManyRequests(Exception):
    """The organisation, or the person, has asked several times within a month."""


class BadRequest(Exception):
    """An unknown outcome, no word where one is needed, or too many."""


class DecidedAlready(Exception):
    """A colleague was first, or the request was taken back."""


class DetailsChanged(Exception):
    """The organisation is not called now what it was called when staff looked, or has another kind or number."""


def details_of(organisation: Organisation) -> str:
    """Return what a yes is about, so that staff say yes to what they have seen."""
    return f"{organisation.name} | {organisation.kind or ''} | {organisation.number}"


@transaction.atomic
def ask_for_verification(
    *,
    organisation: Organisation,
    signatory: str,
    actor: User,
    now: datetime,
    page: str = "",
    words: str = "",
    number: str = "",
) -> VerificationRequest:
    """Ask staff to check who the organisation is, and tell them. The same person again changes nothing.

    `number` is written on an organisation that has none.
    Raises PermissionDenied, BadRequest, NotToVerify, AlreadyAsked, TooManyRequests, NotAnOrganisationNumber
    or LooksLikePersonalNumber.
    """
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    signatory, page, words = signatory.strip(), page.strip(), words.strip()
    lengths = len(signatory) <= SIGNATORY_LENGTH and len(page) <= PAGE_LENGTH and len(words) <= WORDS_LENGTH
    if not signatory or not lengths:
        raise BadRequest
    # Whoever decides holds the organisation's row too.
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.is_verified or not locked.name:
        raise NotToVerify
    waiting = locked.verification_requests.waiting().first()
    if waiting is not None:
        if waiting.asked_by_id != actor.pk:
            raise AlreadyAsked
        return waiting
    lately = VerificationRequest.objects.filter(asked_at__gt=now - WITHIN)
    if (
        lately.filter(organisation=locked).count() >= MOST_TRIES
        or lately.filter(asked_by=actor).count() >= MOST_BY_ONE
    ):
        raise TooManyRequests
    if number and not locked.number:
        change_organisation(organisation=locked, actor=actor, now=now, number=number)
    made = VerificationRequest.objects.create(
        organisation=locked, asked_by=actor, asked_at=now, page=page, signatory=signatory, words=words
    )
    _record("verification_asked", made, actor, now)
    verification_asked.send(sender=Organisation, organisation=locked, number=made.pk, at=now)
    return made


@transaction.atomic
def take_back_verification(*, verification: VerificationRequest, actor: User, now: datetime) -> bool:
    """Stop asking. Return whether it still waited; twice is as once. Raises PermissionDenied."""
    if not permissions.can_manage_members(actor, verification.organisation):
        raise PermissionDenied
    mine = VerificationRequest.objects.filter(pk=verification.pk)
    if not mine.end(state=VerificationState.TAKEN_BACK, now=now):
        return False
    _record("verification_taken_back", verification, actor, now)
    return True


@transaction.atomic
def decide_verification(
    *,
    verification: VerificationRequest,
    outcome: VerificationState | str,
    note: str,
    seen: str,
    actor: User,
    now: datetime,
) -> VerificationRequest:
    """Say yes or no with a reason; the owners are told. A yes verifies the organisation.

    `seen` is `details_of` the organisation when staff looked at it.
    Raises PermissionDenied, BadRequest, OwnOrganisation, DetailsChanged, or DecidedAlready when somebody was first.
    """
    if not permissions.can_verify_organisations(actor):
        raise PermissionDenied
    note = note.strip()
    if outcome not in OUTCOMES or not note or len(note) > NOTE_LENGTH:
        raise BadRequest
    outcome = VerificationState(outcome)
    # The organisation first, as when somebody asks.
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    if permissions.is_member(actor, organisation.pk):
        raise OwnOrganisation
    mine = VerificationRequest.objects.filter(pk=verification.pk)
    if mine.end(state=outcome, now=now, decided_by=actor, note=note) != 1:
        raise DecidedAlready
    if details_of(organisation) != seen:
        raise DetailsChanged
    verification.refresh_from_db()
    _record(f"verification_{outcome}", verification, actor, now)
    if outcome == VerificationState.APPROVED:
        verify_organisation(organisation=organisation, actor=actor, now=now)
    else:
        verification_declined.send(
            sender=Organisation, organisation=organisation, number=verification.pk, at=now
        )
    return verification


def _record(verb: str, verification: VerificationRequest, actor: User, now: datetime) -> None:
    record(
        verb=verb, subject=verification, actor=actor, now=now, organisation_id=verification.organisation_id
    )
