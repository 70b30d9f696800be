"""Report a message to staff, and handle the report. No one but staff reads what a report says."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.conversation.enums import OUTCOMES, ReportReason, ReportState
from matching.meeting.conversation.models import REPORT_LENGTH, Attachment, Message, MessageReport
from matching.meeting.sides import organisation_on, other_side

_TOLD = {
    ReportState.KEPT: NoticeKind.REPORTED_MESSAGE_KEPT,
    ReportState.HIDDEN: NoticeKind.REPORTED_MESSAGE_HIDDEN,
}


class AlreadyReported(Exception):
    """The person has reported the message before."""


class AlreadyHidden(Exception):
    """Staff have hidden the message: there is nothing left to report."""


class BadReport(Exception):
    """An unknown reason or outcome, no word where one is needed, or too many."""


class HandledAlready(Exception):
    """A colleague was first: the report is no longer as it was when it was opened."""


@transaction.atomic
def report_message(
    *, message: Message, actor: User, reason: ReportReason | str, text: str, now: datetime
) -> MessageReport:
    """Store what somebody says about a message of the other side, and tell staff that there is a report.

    Raises PermissionDenied, BadReport, AlreadyHidden, or AlreadyReported.
    """
    if not permissions.can_report(actor, message):
        raise PermissionDenied
    text = text.strip()
    if reason not in ReportReason.values or len(text) > REPORT_LENGTH:
        raise BadReport
    if reason == ReportReason.OTHER and not text:
        raise BadReport
    # Whoever handles reports of the message holds its row too.
    held = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if held.hidden_at is not None:
        raise AlreadyHidden
    report, is_new = MessageReport.objects.get_or_create(
        message=message,
        reporter=actor,
        defaults={"reason": reason, "text": text, "reported_at": now},
    )
    if not is_new:
        raise AlreadyReported
    side = other_side(message.side)
    record(
        verb="report_message",
        subject=report,
        actor=actor,
        now=now,
        organisation_id=organisation_on(message.introduction, side).pk,
        details={"introduction": message.introduction.public_id, "reason": str(reason)},
    )
    for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        notify(
            user=person,
            kind=NoticeKind.MESSAGE_REPORTED,
            parameters={"report": report.pk},
            key=f"report-{report.pk}",
            now=now,
        )
    return report


@transaction.atomic
def handle_report(
    *,
    report: MessageReport,
    seen: ReportState | str,
    outcome: ReportState | str,
    note: str,
    actor: User,
    now: datetime,
) -> MessageReport:
    """Decide whether the message stays or is hidden, with a note for colleagues, and tell who reported it.

    The decision is about the message: other open reports of it get the same outcome. `seen` is the state that
    the actor decided upon; a decision may be changed later.
    Raises PermissionDenied, BadReport, or HandledAlready when a colleague was first.
    """
    if not permissions.can_handle_reports(actor):
        raise PermissionDenied
    note = note.strip()
    if outcome not in OUTCOMES or not note or len(note) > REPORT_LENGTH:
        raise BadReport
    outcome = ReportState(outcome)
    message = Message.objects.select_for_update(of=("self",)).get(pk=report.message_id)
    same = MessageReport.objects.filter(pk=report.pk, state=seen).exclude(state=outcome)
    changed = {"state": outcome, "handled_by": actor, "handled_at": now, "note": note}
    # The state that was seen is part of the WHERE clause: of two colleagues one wins.
    if same.update(**changed) != 1:
        raise HandledAlready
    decided = [report.pk]
    others = MessageReport.objects.filter(message=message).exclude(state=outcome)
    decided += others.values_list("pk", flat=True)
    others.update(**changed)
    is_hidden = outcome == ReportState.HIDDEN
    if is_hidden != (message.hidden_at is not None):
        Message.objects.filter(pk=message.pk).update(hidden_at=now if is_hidden else None)
    rows = MessageReport.objects.filter(pk__in=decided).select_related(
        "reporter", "message__introduction__initiative"
    )
    for one in rows.order_by("pk"):
        record(
            verb="handle_report",
            subject=one,
            actor=actor,
            now=now,
            details={"introduction": one.message.introduction.public_id, "outcome": str(outcome)},
        )
        _tell_reporter(one, outcome, now)
    report.refresh_from_db()
    return report


@transaction.atomic
def note_read_by_staff(
    *, report: MessageReport, actor: User, now: datetime, attachment: Attachment | None = None
) -> None:
    """Write to the log that staff have read a reported message, or one of its files. Raises PermissionDenied."""
    if not permissions.can_handle_reports(actor):
        raise PermissionDenied
    details = {"introduction": report.message.introduction.public_id}
    if attachment is not None:
        details["file"] = str(attachment.pk)
    record(
        verb="read_reported_message" if attachment is None else "read_reported_file",
        subject=report,
        actor=actor,
        now=now,
        details=details,
    )


def _tell_reporter(report: MessageReport, outcome: ReportState, now: datetime) -> None:
    introduction = report.message.introduction
    if report.reporter is None:
        return
    notify(
        user=report.reporter,
        kind=_TOLD[outcome],
        parameters={"title": introduction.initiative.title, "introduction": introduction.public_id},
        # A decision that is changed is told as well.
        key=f"report-{report.pk}-{outcome}-{timezone.localtime(now):%Y%m%dT%H%M%S}",
        now=now,
    )
