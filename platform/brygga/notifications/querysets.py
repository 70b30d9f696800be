from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from brygga.notifications.enums import TipsRhythm

if TYPE_CHECKING:
    from brygga.notifications.models import TipsMail


class TipsMailQuerySet(models.QuerySet["TipsMail"]):
    def due(self, now: datetime) -> TipsMailQuerySet:
        """Those whose people want to be told, and whose time has come."""
        return self.exclude(rhythm=TipsRhythm.OFF).filter(due_at__lte=now, user__is_active=True)
