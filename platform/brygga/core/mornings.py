"""When mails that can wait are sent: in the morning, in Sweden."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

MORNING = time(7, 0)
#: Weekly mails come on Tuesdays: Mondays are full already.
TUESDAY = 1
DAYS_OF_A_WEEK = 7


def next_morning(now: datetime) -> datetime:
    """Return the first seven o'clock after a moment, by the clocks of Sweden."""
    zone = timezone.get_default_timezone()
    today = now.astimezone(zone).date()
    at = datetime.combine(today, MORNING, zone)
    # Made anew from the date, so that it is seven on the clock also where a day has 23 or 25 hours.
    return at if at > now else datetime.combine(today + timedelta(days=1), MORNING, zone)


def next_weekly_morning(now: datetime) -> datetime:
    """Return the first seven o'clock on a Tuesday after a moment, by the clocks of Sweden."""
    zone = timezone.get_default_timezone()
    first = next_morning(now).astimezone(zone).date()
    return datetime.combine(first + timedelta(days=(TUESDAY - first.weekday()) % 7), MORNING, zone)


def next_monthly_morning(now: datetime) -> datetime:
    """Return the first seven o'clock on the first Tuesday of a month after a moment, by the clocks of Sweden."""
    found = next_weekly_morning(now)
    while found.day > DAYS_OF_A_WEEK:
        found = next_weekly_morning(found)
    return found
