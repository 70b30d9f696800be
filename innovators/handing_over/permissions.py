"""Who hands an initiative over, and who takes it? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_manage_members

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from innovators.handing_over.models import InitiativeHandover
    from innovators.models import Initiative


def can_hand_over(user: User, initiative: Initiative) -> bool:
    """Give an initiative away: an owner of the organisation that has it."""
    return can_manage_members(user, initiative.organisation)


def can_take_over(user: User, organisation: Organisation) -> bool:
    """Say yes or no for the organisation that is asked: one of its owners."""
    return can_manage_members(user, organisation)


def can_withdraw(user: User, handover: InitiativeHandover) -> bool:
    """Take the question back: an owner of the organisation that has asked."""
    return can_manage_members(user, handover.from_organisation)
