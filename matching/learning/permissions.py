"""Who may say what Brygga learns of an organisation's choices?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.users.models import User


def can_reset_learning(user: User | AnonymousUser, organisation_id: int) -> bool:
    return can_write_for(user, organisation_id)
