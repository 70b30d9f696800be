"""The day by which a giver has promised to answer who has said yes to an introduction. Days are those of Sweden.

Who asks for an introduction has said yes by asking: then the days are counted from the question, and the same day
holds for the answer to it and, after a yes, for the decision.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils import timezone

if TYPE_CHECKING:
    from matching.meeting.models import Introduction

DAYS_OF_WEEK_REMINDER, DAYS_OF_DAY_REMINDER = 7, 1


class Step(TextChoices):
    """What is due of a promise. Each happens once."""

    REMIND_WEEK = "reminded_week_at"
    REMIND_DAY = "reminded_day_at"
    TIME_OUT = "time_out_told_at"


def promised_day(days: int | None, yes_at: datetime) -> date | None:
    """Return the last day to answer, so many days after the day of the yes. None = nothing is promised."""
    # Days are added to a date: it makes no difference that some days have 23 or 25 hours.
    return None if days is None else _day_in_sweden(yes_at) + timedelta(days=days)


def is_past(answer_by: date, today: date) -> bool:
    """Say whether the day has passed. The day itself is in time."""
    return answer_by < today


def step_due(introduction: Introduction, today: date) -> Step | None:
    """Return what is to be told today of a promise that is not kept yet, if it has not been told.

    A missed morning is made up for: a reminder comes as long as it is true. A week's reminder on the day of the
    yes says nothing new, and is left out.
    """
    day = introduction.answer_by
    promised_from = introduction.promised_from
    if day is None or promised_from is None:
        return None
    left = (day - today).days
    if left < 0:
        due = Step.TIME_OUT
    elif left <= DAYS_OF_DAY_REMINDER:
        due = Step.REMIND_DAY
    elif left <= DAYS_OF_WEEK_REMINDER and (day - _day_in_sweden(promised_from)).days > (
        DAYS_OF_WEEK_REMINDER
    ):
        due = Step.REMIND_WEEK
    else:
        return None
    return due if getattr(introduction, due.value) is None else None


def _day_in_sweden(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())
