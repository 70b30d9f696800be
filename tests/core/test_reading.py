from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from brygga.core.formatting import format_day, format_money, format_number
from brygga.core.reading import Unreadable, read_amount, read_coming_day, read_day, read_hours


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("200000", 200_000),
        ("200 000", 200_000),
        ("200\u00a0000 kr", 200_000),
        ("200 tkr", 200_000),
        ("200tkr", 200_000),
        ("200 000:-", 200_000),
        ("50 000,-", 50_000),
        ("200.000", 200_000),
        ("200,000", 200_000),
        ("1.234.567,50", 1_234_568),
        ("1,234,567.50", 1_234_568),
        ("1,5 mnkr", 1_500_000),
        ("1.5 MSEK", 1_500_000),
        ("1,500 miljoner", 1_500_000),
        ("1,500 tkr", 1_500_000),
        ("0,500 mnkr", 500_000),
        ("SEK 2 million", 2_000_000),
        ("2 miljoner kronor", 2_000_000),
        ("3 mn kr", 3_000_000),
        ("100 tusen", 100_000),
        ("ca 50 000 kr.", 50_000),
        ("99,50 kr", 100),
        ("1'000'000", 1_000_000),
        ("1 miljard", 1_000_000_000),
        ("0", 0),
    ],
)
def test_amount_is_read_as_it_is_written(text: str, kronor: int) -> None:
    assert read_amount(text) == kronor


@pytest.mark.parametrize(
    "text",
    ["", "kr", "mycket", "200-300 tkr", "-5", "12kr34", "1,2,3", "1.23.456", "200 tkr per år", "5 %",
     "1e5", "99 biljarder", "9999999999999999", "9" * 40, "12,345.678,9", "½ miljon"],
)  # fmt: skip
def test_amount_that_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_amount(text)


@given(st.integers(min_value=0, max_value=10**12))
def test_amount_written_by_us_is_read_back(kronor: int) -> None:
    for language in ("sv", "en"):
        with override(language):
            assert read_amount(format_money(kronor)) == kronor
            assert read_amount(format_number(kronor)) == kronor


@given(st.text(max_size=80))
def test_readers_answer_or_refuse_whatever_is_written(text: str) -> None:
    for read in (read_amount, read_hours, read_day):
        try:
            read(text)
        except Unreadable:
            continue


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10", 10),
        ("10 tim", 10),
        ("10 timmar", 10),
        ("2,5 h", 3),
        ("2.4", 2),
        ("7:30", 8),
        ("7h20", 7),
        ("1 000 hours", 1000),
    ],
)
def test_hours_are_read_as_they_are_written(text: str, hours: int) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize("text", ["", "några", "10-20", "7:75", "10 dagar", "1000000"])
def test_hours_that_are_not_one_number_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_hours(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "20260301",
        "2026/3/1",
        "1 mars 2026",
        "1 Mars 2026",
        "den 1 mars 2026",
        "1:a mars 2026",
        "söndag 1 mars 2026",
        "1/3 2026",
        "1/3-2026",
        "1.3.2026",
        "1 March 2026",
        "March 1, 2026",
        "1st of March 2026",
        " 1  mars\u00a02026 ",
    ],
)
def test_day_is_read_as_it_is_written(text: str) -> None:
    assert read_day(text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["", "i vår", "31/2 2026", "1 foo 2026", "2026", "mars 2026", "1/3", "0/0 0000", "1/13 2026"]
)
def test_day_that_is_not_one_day_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_day(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_day_written_by_us_is_read_back(day: date) -> None:
    for language in ("sv", "en"):
        with override(language):
            assert read_day(format_day(day)) == day
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 december", date(2026, 12, 30)),
        ("29 december", date(2027, 12, 29)),
        ("tisdag 5 januari", date(2027, 1, 5)),
        ("5/1", date(2027, 1, 5)),
        ("31.12", date(2026, 12, 31)),
        ("January 5", date(2027, 1, 5)),
        ("29 december 2026", date(2026, 12, 29)),
        ("2026-03-01", date(2026, 3, 1)),
    ],
)
def test_a_day_without_a_year_is_the_next_one(text: str, day: date) -> None:
    assert read_coming_day(text, date(2026, 12, 30)) == day


@pytest.mark.parametrize("text", ["29 februari", "i morgon", "5", "", "32 maj"])
def test_no_day_is_made_up_where_there_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        read_coming_day(text, date(2026, 12, 30))
