"""Who says that an initiative means to apply, and how it went? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.models import Initiative
    from matching.applying.models import Application


def can_mean_to_apply(user: User, initiative: Initiative) -> bool:
    return can_write_for(user, initiative.organisation_id)


def can_tell(user: User, application: Application) -> bool:
    """Say how it went, change that, or take the whole away: whoever may write for the initiative."""
    return can_write_for(user, application.initiative.organisation_id)
