"""Who says that support does not suit an initiative? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.models import Initiative


def can_put_aside(user: User, initiative: Initiative) -> bool:
    """Put support aside, and take it back: whoever may write for the initiative."""
    return can_write_for(user, initiative.organisation_id)
