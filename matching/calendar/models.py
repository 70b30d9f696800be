"""A person's private address for their calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class CalendarAddress(models.Model):
    """Who has the secret of this row reads the days that matter to the person. Only its hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}"
