from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from innovators.models import Initiative

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.following.models import Follow


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, user: User | AnonymousUser) -> FollowQuerySet:
        """What the user follows, as long as they may see it. Nobody sees what others follow."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            user=user, initiative__in=Initiative.objects.published().visible_to(user).values("pk")
        )
