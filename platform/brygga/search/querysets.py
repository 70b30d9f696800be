from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from brygga.search.models import SavedSearch
    from brygga.users.models import User


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: User | AnonymousUser) -> SavedSearchQuerySet:
        """One's own, and nobody else's; those just deleted too, so that they can be brought back."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def kept(self) -> SavedSearchQuerySet:
        return self.filter(deleted_at__isnull=True)

    def due(self, now: datetime) -> SavedSearchQuerySet:
        """Those whose people want to be told, and whose time has come."""
        return self.kept().filter(paused_at__isnull=True, due_at__lte=now, user__is_active=True)
