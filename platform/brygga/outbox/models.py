"""What must happen after commit. A row is the truth; a Celery message is only a hint that it is there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing to do exactly once in effect: a Celery task's name, its arguments and a key that names the deed.

    Life: waiting -> sent (handed to Celery under a lease) -> done. A lease that passes without
    `done_at` is sent again, so tasks must be safe to run twice.
    """

    task = models.CharField(max_length=100)
    key = models.CharField(max_length=200, unique=True)
    arguments = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    lease_seconds = models.PositiveIntegerField(default=60)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_waiting", condition=Q(done_at__isnull=True)),
            models.Index(fields=["done_at"], name="outbox_done"),
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.task} {self.key}"


class MailboxMail(models.Model):
    """A mail caught on a developer's machine or in demo mode instead of being sent."""

    sent_at = models.DateTimeField(default=timezone.now)
    sender = models.CharField(max_length=320)
    recipients = models.TextField()
    subject = models.CharField(max_length=500)
    body = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["-sent_at"], name="mailbox_newest")]

    def __str__(self) -> str:
        return self.subject
