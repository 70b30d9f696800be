from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from innovators.models import Initiative

if TYPE_CHECKING:
    from brygga.users.models import User
    from intermediaries.models import Flag


class FlagQuerySet(models.QuerySet["Flag"]):
    def standing(self) -> FlagQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> FlagQuerySet:
        """Standing flags on initiatives that the user may see."""
        return self.standing().filter(initiative__in=Initiative.objects.visible_to(user).values("pk"))
