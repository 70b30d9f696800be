"""Who may ask, answer and take back? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for, is_member

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from innovators.models import Initiative
    from matching.together.models import TogetherQuestion


def can_ask_for(user: User, organisation: Organisation, initiative: Initiative) -> bool:
    """Ask in an organisation's name: who may write for it, and never those of the initiative that is asked."""
    return can_write_for(user, organisation.pk) and not is_member(user, initiative.organisation_id)


def can_answer(user: User, question: TogetherQuestion) -> bool:
    """Say yes or no: whoever may write for the initiative that is asked about."""
    return can_write_for(user, question.initiative.organisation_id)


def can_withdraw(user: User, question: TogetherQuestion) -> bool:
    """Take the question back: whoever may write for those who asked."""
    return can_write_for(user, question.organisation_id)
