"""Who may ask, answer and read? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for, is_member
from matching.adopting.enums import AdoptionSide

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.models import Adopter, Initiative
    from matching.adopting.models import AdoptionQuestion


def can_ask_for(user: User, profile: Adopter | Initiative) -> bool:
    """Ask in the name of an adopter or an initiative: whoever may write for it."""
    return can_write_for(user, profile.organisation_id)


def side_of(user: User | AnonymousUser, question: AdoptionQuestion) -> AdoptionSide | None:
    """Return the side the user belongs to in any role, the initiative's first; None for others, staff included."""
    if is_member(user, question.initiative.organisation_id):
        return AdoptionSide.INITIATIVE
    return AdoptionSide.ADOPTER if is_member(user, question.adopter.organisation_id) else None


def can_answer(user: User, question: AdoptionQuestion) -> bool:
    """Say yes or no: whoever may write for the side that was asked."""
    return _can_write_on(question.answering_side, user, question)


def can_withdraw(user: User, question: AdoptionQuestion) -> bool:
    """Take the question back: whoever may write for the side that asked."""
    return _can_write_on(question.asked_side, user, question)


def can_tell_taken_up(user: User, question: AdoptionQuestion) -> bool:
    """Write among the initiative's spread that it has been taken up: its own people."""
    return can_write_for(user, question.initiative.organisation_id)


def _can_write_on(side: str, user: User, question: AdoptionQuestion) -> bool:
    whose = question.initiative if side == AdoptionSide.INITIATIVE else question.adopter
    return can_write_for(user, whose.organisation_id)
