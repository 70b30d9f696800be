"""Amounts, days and numbers as the page's language writes them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from babel import dates, numbers
from django.utils.timezone import get_current_timezone, is_aware, localtime
from django.utils.translation import get_language, gettext

Number = int | float | Decimal

# Between the groups of a number, and between a number and its unit.
_INSIDE_AMOUNT = re.compile(
    r"(?<=\d) (?=\d{3}(?!\d))|(?<=\d) (?=(?:kr|kronor|tkr|mnkr|miljon|million|timm|hour|år\b|%))|(?<=SEK) (?=\d)"
)


def babel_locale() -> str:
    """Return the page's language as Babel names it; English is written the European way."""
    return "en_GB" if (get_language() or "sv").startswith("en") else "sv_SE"


def format_number(value: Number) -> str:
    """Return "12 500" in Swedish and "12,500" in English."""
    return str(numbers.format_decimal(value, locale=babel_locale()))


def format_money(value: Number) -> str:
    """Return whole kronor: "200 000 kr" in Swedish, "SEK 200,000" in English. No line breaks inside."""
    digits = format_number(round(value))
    written = f"SEK {digits}" if babel_locale() == "en_GB" else f"{digits} kr"
    return written.replace(" ", "\u00a0")


def format_money_range(least: Number | None, greatest: Number | None) -> str:
    """Return "50 000–300 000 kr", "från 50 000 kr", "upp till 300 000 kr", or nothing when both are unknown."""
    if least is None and greatest is None:
        return ""
    if greatest is None:
        return gettext("from %(amount)s") % {"amount": format_money(least or 0)}
    if not least:
        return gettext("up to %(amount)s") % {"amount": format_money(greatest)}
    if least == greatest:
        return format_money(least)
    if babel_locale() == "en_GB":
        return f"SEK\u00a0{format_number(round(least))}–{format_number(round(greatest))}"
    digits = format_number(round(least)).replace(" ", "\u00a0")
    return f"{digits}–{format_money(greatest)}"


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return localtime(value).date() if is_aware(value) else value.date()
    return value


def format_day(value: date | datetime) -> str:
    """Return "1 mars 2026"."""
    return str(dates.format_date(_day(value), "d MMMM y", locale=babel_locale()))


def format_day_short(value: date | datetime) -> str:
    """Return "1 mars": for days within the year, where the year is plain from the page."""
    return str(dates.format_date(_day(value), "d MMM", locale=babel_locale()))


def format_moment(value: datetime) -> str:
    """Return "1 mars 2026 14:32" on the clock in Sweden."""
    return str(
        dates.format_datetime(
            value,
            "d MMMM y HH:mm",
            tzinfo=get_current_timezone() if is_aware(value) else None,
            locale=babel_locale(),
        )
    )


def format_clock(value: datetime) -> str:
    """Return "14:32" on the clock in Sweden."""
    return str(dates.format_time(localtime(value), "HH:mm", locale=babel_locale()))


def kept_whole(text: str) -> str:
    """Return what somebody has written with its amounts unbreakable: "40 000 kr" stays on one line."""
    return _INSIDE_AMOUNT.sub("\u00a0", text)
