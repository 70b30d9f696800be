"""Verbs on answers to challenges: answer, withdraw, remove with a reason, put back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.challenges.models import Challenge
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.selectors import writers_of
from innovators.models import Initiative
from innovators.selectors import owner_name
from matching.challenges import permissions
from matching.challenges.models import ChallengeAnswer
from matching.engine.asking import ask_again

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer


class CannotAnswer(Exception):
    """The challenge is not open, the profile is not public, or its answer was removed by the challenge's people."""


@transaction.atomic
def answer_challenge(
    *, challenge: Challenge, profile: Initiative | SupportOffer, actor: User | None, now: datetime
) -> ChallengeAnswer:
    """Say that an initiative or an offer answers a challenge, and tell its people. Once is enough.

    Raises PermissionDenied or CannotAnswer.
    """
    if not permissions.can_answer_for(actor, profile):
        raise PermissionDenied
    # Held, so that it does not end meanwhile.
    challenge = (
        Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge.pk)
    )
    if not (challenge.is_open and profile.is_published):
        raise CannotAnswer
    side = "initiative" if isinstance(profile, Initiative) else "offer"
    there = ChallengeAnswer.objects.filter(**{side: profile}, challenge=challenge).first()
    if there is not None:
        if there.removed_at is not None:
            raise CannotAnswer
        return there
    answer = ChallengeAnswer.objects.create(
        **{side: profile}, challenge=challenge, added_by=actor, added_at=now
    )
    _record("challenge_answer.added", answer, actor, now)
    _rescore(answer, now)
    for user in writers_of(challenge.organisation):
        if actor is None or user.pk != actor.pk:
            notify(
                user=user,
                kind=NoticeKind.CHALLENGE_ANSWERED,
                parameters=_parameters(answer),
                key=f"challenge-answer-{answer.pk}",
                now=now,
            )
    return answer


@transaction.atomic
def withdraw_answer(*, answer: ChallengeAnswer, actor: User, now: datetime) -> None:
    """Take one's own answer away, as if it had never been. Nobody is told. Raises PermissionDenied.

    What the challenge's people have removed stays removed.
    """
    if not permissions.can_withdraw_answer(actor, answer):
        raise PermissionDenied
    standing = ChallengeAnswer.objects.standing().select_for_update().filter(pk=answer.pk)
    if standing.exists():
        _record("challenge_answer.withdrawn", answer, actor, now)
        _rescore(answer, now)
        standing.delete()


@transaction.atomic
def remove_answer(*, answer: ChallengeAnswer, actor: User, reason: str, now: datetime) -> None:
    """Take somebody's answer away, and tell them why. Once is enough.

    Contact details in the reason are hidden. Raises PermissionDenied, or ValueError without a reason.
    """
    if not permissions.can_remove_answer(actor, answer):
        raise PermissionDenied
    if not reason.strip():
        raise ValueError("a reason is needed")
    removed = (
        ChallengeAnswer.objects.standing()
        .filter(pk=answer.pk)
        .update(removed_at=now, removed_reason=mask_contact_details(reason.strip()).text)
    )
    if not removed:
        return
    _record("challenge_answer.removed", answer, actor, now)
    _rescore(answer, now)
    for user in writers_of(answer.profile.organisation):
        if user.pk != actor.pk:
            notify(
                user=user,
                kind=NoticeKind.CHALLENGE_ANSWER_REMOVED,
                parameters=_parameters(answer),
                key=f"challenge-answer-{answer.pk}-removed-{now:%Y%m%d%H%M%S}",
                now=now,
            )


@transaction.atomic
def put_back_answer(*, answer: ChallengeAnswer, actor: User, now: datetime) -> None:
    """Show an answer again that was removed. Once is enough. Raises PermissionDenied."""
    if not permissions.can_remove_answer(actor, answer):
        raise PermissionDenied
    removed = ChallengeAnswer.objects.filter(pk=answer.pk, removed_at__isnull=False)
    if removed.update(removed_at=None, removed_reason=""):
        _record("challenge_answer.put_back", answer, actor, now)
        _rescore(answer, now)


def _rescore(answer: ChallengeAnswer, now: datetime) -> None:
    """Have the profile's matches renewed after commit: a shared challenge counts in them."""
    ask_again(answer.profile, because=f"challenge-{answer.challenge_id}-{now:%Y%m%d%H%M%S%f}", now=now)


def _parameters(answer: ChallengeAnswer) -> dict[str, str]:
    return {
        "title": answer.profile.title,
        "challenge_title": answer.challenge.title,
        "organisation": owner_name(answer.profile.organisation),
        "challenge": answer.challenge.public_id,
    }


def _record(verb: str, answer: ChallengeAnswer, actor: User | None, now: datetime) -> None:
    details = {"challenge": answer.challenge.public_id, "profile": answer.profile.public_id}
    organisation = answer.profile.organisation_id
    record(verb=verb, subject=answer, actor=actor, now=now, organisation_id=organisation, details=details)
