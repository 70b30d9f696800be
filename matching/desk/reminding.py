"""Keep an eye on givers' promises to answer: remind them in time, and answer for them when the day has passed.

The automatic answer goes to who has said yes to an introduction, or has asked for one, and to nobody else. It
decides nothing: the case stays where it lies, a question stays open, and the giver can answer and decide afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting.answer_days import DAYS_OF_WEEK_REMINDER, Step, step_due
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.telling import tell_writers

logger = structlog.get_logger(__name__)
_OF_QUESTION = {
    NoticeKind.ANSWER_DUE: NoticeKind.CONTACT_DUE,
    NoticeKind.ANSWERED_FOR_YOU: NoticeKind.CONTACT_LATE,
}
#: Whom each step tells of what, and how the audit log names it.
_TELLS: dict[Step, tuple[str, tuple[tuple[Side, NoticeKind], ...]]] = {
    Step.REMIND_WEEK: ("answer_reminded", ((Side.OFFER, NoticeKind.ANSWER_DUE),)),
    Step.REMIND_DAY: ("answer_reminded", ((Side.OFFER, NoticeKind.ANSWER_DUE),)),
    Step.TIME_OUT: (
        "answer_time_out",
        ((Side.INITIATIVE, NoticeKind.ANSWER_TIME_OUT), (Side.OFFER, NoticeKind.ANSWERED_FOR_YOU)),
    ),
}


def tell_all_due(*, now: datetime) -> int:
    """Tell everybody what is due of givers' promises today. Return how many promises it was about.

    Safe to run twice, and at once in two places.
    """
    until = timezone.localdate(now) + timedelta(days=DAYS_OF_WEEK_REMINDER)
    promised = Introduction.objects.promised().filter(answer_by__lte=until, time_out_told_at=None)
    told = 0
    for number in list(promised.order_by("answer_by", "pk").values_list("pk", flat=True)):
        try:
            told += tell_due(number=number, now=now) is not None
        except Exception as error:
            # One promise must not keep the others from being told of; the next morning tries again.
            logger.warning("answer_reminder_failed", number=number, error=type(error).__name__)
    return told


@transaction.atomic
def tell_due(*, number: int, now: datetime) -> Step | None:
    """Tell what is due of one promise today, and note that it is told. Return what it was, or None.

    The row is locked, as deciding locks it: of two at once the second finds it told, and a decision at this moment
    comes before it, which is silenced, or after it.
    """
    introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("offer__organisation", "initiative__organisation")
        .filter(pk=number)
        .first()
    )
    # Asked anew once the row is locked: a decision may have come while we waited for it.
    if introduction is None or not Introduction.objects.promised().filter(pk=number).exists():
        return None
    step = step_due(introduction, timezone.localdate(now))
    if step is None or introduction.answer_by is None:
        return None
    setattr(introduction, step.value, now)
    introduction.save(update_fields=[step.value])
    verb, tellings = _TELLS[step]
    # What is due of a question that waits is not a decision yet, but a yes or no.
    instead = _OF_QUESTION if introduction.waits_for_giver else {}
    for side, kind in tellings:
        tell_writers(
            introduction=introduction,
            side=side,
            kind=instead.get(kind, kind),
            key=_key(introduction, step, side),
            actor=None,
            now=now,
            day=introduction.answer_by.isoformat(),
        )
    record(
        verb=verb,
        subject=introduction,
        actor=None,
        now=now,
        organisation_id=introduction.offer.organisation_id,
        details={
            "offer": introduction.offer.public_id,
            "initiative": introduction.initiative.public_id,
            "step": step.name.lower(),
        },
    )
    return step


def _key(introduction: Introduction, step: Step, side: Side) -> Callable[[User], str]:
    # With the side: somebody may belong to both, and is told on each.
    key = f"answer-{introduction.pk}-{step.name.lower()}-{side}"
    return lambda _user: key
