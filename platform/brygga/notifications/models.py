"""What happened, told to one person: a line in their list and, through the outbox, a mail; and who wants tips."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.notifications.enums import NoticeKind, TipsRhythm, TipsTopic
from brygga.notifications.querysets import TipsMailQuerySet


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


class TipsMail(models.Model):
    """How often a person wants one kind of tips, and when the next is due. Once a week, unless they choose."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tips_mails")
    topic = models.CharField(max_length=20, choices=TipsTopic)
    rhythm = models.CharField(max_length=10, choices=TipsRhythm, default=TipsRhythm.WEEKLY)
    due_at = models.DateTimeField()

    objects = TipsMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="tips_mail_once"),
            models.CheckConstraint(condition=Q(topic__in=TipsTopic.values), name="tips_mail_topic_known"),
            models.CheckConstraint(condition=Q(rhythm__in=TipsRhythm.values), name="tips_mail_rhythm_known"),
        ]
        indexes = [models.Index(fields=["due_at"], name="tips_mail_due", condition=~Q(rhythm="off"))]

    def __str__(self) -> str:
        return f"{self.topic} {self.user_id}"


class NewsletterReader(models.Model):
    """Somebody without an account who wants the newsletter: nothing is sent before they have confirmed."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.SWEDISH)
    asked_at = models.DateTimeField()
    # The last mail about asking: at most one a day to an address, whoever writes it.
    answered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # What was published before this has been in a letter.
    told_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="newsletter_email_lower"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, due_at__isnull=True, told_until__isnull=True)
                | Q(confirmed_at__isnull=False, due_at__isnull=False, told_until__isnull=False),
                name="newsletter_only_when_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="newsletter_due", condition=Q(confirmed_at__isnull=False)),
            models.Index(
                fields=["asked_at"], name="newsletter_unconfirmed", condition=Q(confirmed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        # Never the address: this text ends up in pages and logs.
        return f"reader {self.pk}"
