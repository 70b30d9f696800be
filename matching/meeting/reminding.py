"""Remind those who have been asked and have not answered: once, and without a deadline. A mail may have been missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.querysets import IntroductionQuerySet
from matching.meeting.telling import tell_writers

logger = structlog.get_logger(__name__)
#: So long a giver's question waits before those asked are reminded.
WAIT = timedelta(days=7)


def remind_all_asked(*, now: datetime) -> int:
    """Remind initiatives of givers' questions that have waited long; return how many. Safe to run twice and at once."""
    reminded = 0
    for number in list(_waiting(now).order_by("asked_at", "pk").values_list("pk", flat=True)):
        try:
            reminded += remind_asked(number=number, now=now)
        except Exception as error:
            # One question must not keep the others from being told of; the next morning tries again.
            logger.warning("question_reminder_failed", number=number, error=type(error).__name__)
    return reminded


@transaction.atomic
def remind_asked(*, number: int, now: datetime) -> bool:
    """Remind of one question and note that it is done. False: it has been answered or told of meanwhile."""
    introduction = (
        # The row alone: an answer at this moment comes before the reminder, which it stops, or after it.
        _waiting(now)
        .select_for_update(of=("self",))
        .select_related("offer__organisation", "initiative__organisation")
        .filter(pk=number)
        .first()
    )
    if introduction is None:
        return False
    introduction.asked_reminded_at = now
    introduction.save(update_fields=["asked_reminded_at"])
    tell_writers(
        introduction=introduction,
        side=Side.INITIATIVE,
        kind=NoticeKind.INTRODUCTION_WAITS,
        key=lambda _user: f"asked-{introduction.pk}-reminded",
        actor=None,
        now=now,
    )
    record(
        verb="question_reminded",
        subject=introduction,
        actor=None,
        now=now,
        organisation_id=introduction.offer.organisation_id,
        details={"offer": introduction.offer.public_id, "initiative": introduction.initiative.public_id},
    )
    return True


def _waiting(now: datetime) -> IntroductionQuerySet:
    return Introduction.objects.waiting().filter(
        asked_side=Side.OFFER, asked_at__lte=now - WAIT, asked_reminded_at=None
    )
