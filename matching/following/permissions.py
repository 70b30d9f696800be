"""Who may follow an initiative. Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import is_member
from innovators.models import Initiative

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.following.models import Follow


def can_stop(user: User, follow: Follow) -> bool:
    """Follow it no longer: nobody but who follows."""
    return bool(follow.user_id == user.pk)


def can_follow(user: User, initiative: Initiative) -> bool:
    """Follow what one may read and does not belong to oneself: one's own is told of in other ways."""
    if is_member(user, initiative.organisation_id):
        return False
    return Initiative.objects.published().visible_to(user).filter(pk=initiative.pk).exists()
