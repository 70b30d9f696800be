"""Messages between two sides that have both said yes, and how far each person has read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.meeting.conversation.enums import ReportReason, ReportState
from matching.meeting.conversation.files import NAME_LENGTH, FileKind
from matching.meeting.conversation.storage import place_of, private_files
from matching.meeting.enums import Side
from matching.meeting.models import Introduction

TEXT_LENGTH = 4000
REPORT_LENGTH = 1000


class Message(models.Model):
    """What one side has written to the other. Read by the people of the two sides, and by staff if it is reported.

    It is written with the introduction's row locked, so that numbers grow in the order of writing.
    """

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    # When an account is closed, what was written stays with the two organisations.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(_("message"), max_length=TEXT_LENGTH)
    sent_at = models.DateTimeField(default=timezone.now)
    # Hidden by staff after a report: neither side is shown the text or the files.
    hidden_at = models.DateTimeField(null=True, blank=True)
    # Made of the form's key and the text: the same form sent twice is one message.
    creation_key = models.UUIDField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["introduction", "creation_key"], name="message_sent_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
        ]
        indexes = [models.Index(fields=["introduction", "-id"], name="message_newest")]

    def __str__(self) -> str:
        # Never the text: this ends up in pages and logs.
        return f"message {self.pk}"


class Attachment(models.Model):
    """A file that was sent with a message. It goes when the message, or the account of who sent it, goes.

    The stored file is deleted with its row (see `receivers`).
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    kind = models.CharField(max_length=5, choices=FileKind)
    size = models.PositiveIntegerField()
    file = models.FileField(storage=private_files, upload_to=place_of, max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="attachment_kind_known"),
        ]

    def __str__(self) -> str:
        # Never the name: people write what they like in it.
        return f"attachment {self.pk}"


class ReadUpTo(models.Model):
    """The last message of a conversation that a person has read."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "introduction"], name="read_up_to_once"),
        ]

    def __str__(self) -> str:
        return f"{self.introduction_id} {self.user_id}"


class MessageReport(models.Model):
    """What somebody who got a message wants staff to know about it. Read by staff alone."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="reports", verbose_name=_("message")
    )
    # When an account is closed, the report stays until the message goes, without a name.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason)
    text = models.TextField(_("what they write"), max_length=REPORT_LENGTH, blank=True)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    state = models.CharField(_("outcome"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    note = models.TextField(_("why"), max_length=REPORT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("reported message")
        verbose_name_plural = _("reported messages")
        constraints = [
            models.UniqueConstraint(fields=["message", "reporter"], name="report_once"),
            models.CheckConstraint(condition=Q(reason__in=ReportReason.values), name="report_reason_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN, handled_at__isnull=True)
                | Q(state__in=[ReportState.KEPT, ReportState.HIDDEN], handled_at__isnull=False),
                name="report_handled_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["state", "-reported_at"], name="report_open_first")]

    def __str__(self) -> str:
        # Neither the text nor a name.
        return gettext("Report %(number)s") % {"number": self.pk}
