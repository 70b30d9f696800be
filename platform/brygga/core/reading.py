"""Reading what people write: amounts, days and hours, the way they are written in Sweden or in English.

Each function returns the value or raises Unreadable; what to say about it is the form field's business.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# A thousand milliard kronor: more than Sweden's state budget says that a word was misread.
LARGEST_AMOUNT = 10**12


class Unreadable(ValueError):
    """The text is not one value of the kind asked for."""


_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_CURRENCY = re.compile(r"^(?:sek|kr)|(?:svenska)?(?:kronor|krona|kr\.?|sek|:-|,-|\.-|:–|:—)$")
_MULTIPLIERS: dict[str, int] = {
    **dict.fromkeys(("tkr", "tsek", "ksek", "kkr", "tusen", "k", "t", "thousand"), 1_000),
    **dict.fromkeys(
        ("mnkr", "mkr", "msek", "mn", "mnsek", "miljon", "miljoner", "milj", "m", "million", "millions"),
        1_000_000,
    ),
    **dict.fromkeys(
        ("mdkr", "mdr", "mdsek", "md", "miljard", "miljarder", "billion", "billions"), 1_000_000_000
    ),
}
_AMOUNT = re.compile(r"(?P<number>\d[\d.,]*)(?P<unit>[a-zåäö]*)\.?")


def _number(text: str, *, unit: int) -> Decimal:
    """Read digits with points and commas: which of them parts thousands follows from where they stand."""
    if "," in text and "." in text:
        decimal_mark = "," if text.rindex(",") > text.rindex(".") else "."
        whole, _, fraction = text.rpartition(decimal_mark)
        other = "." if decimal_mark == "," else ","
        if decimal_mark in whole or other in fraction or not _is_grouped(whole, other):
            raise Unreadable(text)
        return _decimal(whole.replace(other, "") + "." + fraction)
    for mark in ",.":
        if mark not in text:
            continue
        parts = text.split(mark)
        # "200.000" is two hundred thousand, but "1,500" before "miljoner" is one and a half of them.
        if _is_grouped(text, mark) and (len(parts) > 2 or unit < 1_000_000):
            return _decimal("".join(parts))
        if len(parts) > 2:
            raise Unreadable(text)
        return _decimal(".".join(parts))
    return _decimal(text)


def _is_grouped(text: str, mark: str) -> bool:
    first, *rest = text.split(mark)
    return (
        1 <= len(first) <= 3 and not (rest and first.startswith("0")) and all(len(part) == 3 for part in rest)
    )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Unreadable(text) from error


def read_amount(text: str) -> int:
    """Read kronor: "200 000 kr", "200 tkr", "1,5 mnkr", "200000:-" or "SEK 2 million". Öre are rounded off.

    >>> read_amount("1,5 mnkr"), read_amount("200.000"), read_amount("99,50 kr")
    (1500000, 200000, 100)
    """
    rest = _SPACES.sub("", text.lower())
    bare = re.sub(r"^(?:ca|cirka|c:a|about|approx)\.?", "", rest)
    match = _AMOUNT.fullmatch(bare)
    if match is None or match["unit"] not in _MULTIPLIERS:
        bare = _CURRENCY.sub("", bare)
        match = _AMOUNT.fullmatch(bare)
    if match is None or (match["unit"] and match["unit"] not in _MULTIPLIERS):
        raise Unreadable(text)
    unit = _MULTIPLIERS.get(match["unit"], 1)
    amount = _number(match["number"].rstrip(".,"), unit=unit) * unit
    # Before rounding, which refuses numbers with more figures than it reckons with.
    if amount > LARGEST_AMOUNT:
        raise Unreadable(text)
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


_BARE_NUMBER = re.compile(r"(?P<sign>[-−–]?)(?P<number>\d[\d.,]*)(?P<unit>[^\W\d_]*|%)")


def read_number(text: str) -> Decimal:
    """Read a number: "1 200", "12,5", "-3", "40 %". A word after it is its unit, and left out.

    >>> read_number("12,5"), read_number("1 200 kg"), read_number("−3")
    (Decimal('12.5'), Decimal('1200'), Decimal('-3'))
    """
    match = _BARE_NUMBER.fullmatch(_SPACES.sub("", text.lower()))
    if match is None or match["unit"] in _MULTIPLIERS:
        raise Unreadable(text)
    number = _number(match["number"].rstrip(".,"), unit=1)
    return -number if match["sign"] else number


_HOURS = re.compile(r"(?P<number>\d[\d.,]*)(?:h|t|tim|timme|timmar|hour|hours|hrs)?\.?")
_HOURS_AND_MINUTES = re.compile(
    r"(?P<hours>\d{1,4})(?::|h|tim|timmar|timme)(?P<minutes>\d{1,2})(?:min|minuter|m)?"
)
LARGEST_HOURS = 100_000


def read_hours(text: str) -> int:
    """Read hours: "10", "10 tim", "2,5 h", "7:30". Half an hour and more counts as an hour.

    >>> read_hours("10 tim"), read_hours("2,5 h"), read_hours("7:20")
    (10, 3, 7)
    """
    bare = _SPACES.sub("", text.lower())
    if both := _HOURS_AND_MINUTES.fullmatch(bare):
        if int(both["minutes"]) > 59:
            raise Unreadable(text)
        hours = Decimal(both["hours"]) + Decimal(both["minutes"]) / 60
    elif match := _HOURS.fullmatch(bare):
        hours = _number(match["number"].rstrip(".,"), unit=1)
    else:
        raise Unreadable(text)
    if hours > LARGEST_HOURS:
        raise Unreadable(text)
    return int(hours.quantize(Decimal(1), rounding=ROUND_HALF_UP))


_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mar mars march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug augusti august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{4})")
_DAY_MONTH_NAME = re.compile(
    r"(?:den )?(\d{1,2})(?:[:.]?[ae]|st|nd|rd|th|\.)? ?(?:of )?([a-z]+)\.?,? (\d{4})"
)
_MONTH_NAME_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


def read_coming_day(text: str, today: date) -> date:
    """Read a day as `read_day`; without a year it is the first such day from today on.

    >>> read_coming_day("2 januari", date(2026, 12, 30))
    datetime.date(2027, 1, 2)
    """
    for year in ("", f" {today.year}", f" {today.year + 1}"):
        try:
            day = read_day(text + year)
        except Unreadable:
            continue
        if not year or day >= today:
            return day
    raise Unreadable(text)


def read_day(text: str) -> date:
    """Read a day: "2026-03-01", "20260301", "1 mars 2026", "1/3 2026", "1.3.2026" or "March 1, 2026".

    Numbers alone are read as in Sweden: the year first, or else the day before the month.

    >>> read_day("1 mars 2026") == read_day("1/3 2026") == read_day("2026-03-01") == date(2026, 3, 1)
    True
    """
    bare = _SPACES.sub(" ", text.strip().lower())
    bare = re.sub(r"^(?:måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|[a-z]+day)(?:en)?,? ", "", bare)
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in match.groups() if part is not None)
    elif match := _DAY_FIRST.fullmatch(bare):
        day, month, year = (int(part) for part in match.groups())
    elif (match := _DAY_MONTH_NAME.fullmatch(bare)) and match[2] in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2]], int(match[3])
    elif (match := _MONTH_NAME_DAY.fullmatch(bare)) and match[1] in _MONTHS:
        day, month, year = int(match[2]), _MONTHS[match[1]], int(match[3])
    else:
        raise Unreadable(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(text) from error
