"""Who answers somebody who asks for help? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from intermediaries.helping.models import HelpRequest


def can_help(user: User, request: HelpRequest, organisation: Organisation) -> bool:
    """Say yes for a verified intermediary that it reaches; nobody answers themselves."""
    return (
        request.asked_by_id != user.pk
        and organisation.is_intermediary
        and organisation.is_verified
        and can_write_for(user, organisation.pk)
        and request.reached.filter(pk=organisation.pk).exists()
    )


def can_forget(user: User, request: HelpRequest) -> bool:
    """Delete it: only who has asked."""
    return bool(request.asked_by_id == user.pk)
