"""Who may answer a challenge, and who may take an answer away. Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from innovators.models import Initiative
    from matching.challenges.models import ChallengeAnswer


def can_answer_for(user: User | None, profile: Initiative | SupportOffer) -> bool:
    """Whoever may write for the initiative or the offer; None is the system itself: demo data."""
    return user is None or can_write_for(user, profile.organisation_id)


def can_withdraw_answer(user: User | AnonymousUser, answer: ChallengeAnswer) -> bool:
    """Take one's own answer away, as if it had never been."""
    return can_write_for(user, answer.profile.organisation_id)


def can_remove_answer(user: User | AnonymousUser, answer: ChallengeAnswer) -> bool:
    """Take somebody's answer away with a reason, and put it back: the challenge's own people."""
    return can_write_for(user, answer.challenge.organisation_id)
