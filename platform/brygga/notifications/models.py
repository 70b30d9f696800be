"""What happened, told to one person: a line in their list and, through the outbox, a mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from brygga.notifications.enums import NoticeKind


class Notice(models.Model):
    """One event told to one person. Text is made from kind and parameters in the reader's language when shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40, choices=NoticeKind)
    # Titles and public ids only: a notice never holds contact details.
    parameters = models.JSONField(default=dict)
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="notice_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"
