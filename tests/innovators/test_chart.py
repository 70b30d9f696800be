"""The arithmetic of an indicator's chart, for any numbers."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.core.reading import Unreadable, read_number
from innovators.value.chart import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Measured,
    axis,
    draw,
    round_step,
)
from innovators.value.numbers import LARGEST, plain, written, written_short

few = settings(max_examples=40)
numbers = st.decimals(-LARGEST, LARGEST, places=3)
measured = st.lists(
    st.builds(Measured, on=st.dates(date(1900, 1, 1), date(2100, 12, 31)), number=numbers), min_size=1
)
maybe = st.none() | numbers
CLOSE = 0.001


@few
@given(measured, maybe, maybe)
def test_everything_lies_inside_the_drawing(
    points: list[Measured], baseline: Decimal | None, target: Decimal | None
) -> None:
    chart = draw(points, baseline=baseline, target=target)
    assert chart is not None
    assert len(chart.places) == len(points)
    for place in chart.places:
        assert LEFT <= place.x <= WIDTH - RIGHT
        assert TOP - CLOSE <= place.y <= HEIGHT - BOTTOM + CLOSE
    for y, number in ((chart.baseline_y, baseline), (chart.target_y, target)):
        assert (y is None) == (number is None)
        assert y is None or TOP - CLOSE <= y <= HEIGHT - BOTTOM + CLOSE


@few
@given(measured)
def test_more_lies_higher_and_later_lies_further_to_the_right(points: list[Measured]) -> None:
    chart = draw(points)
    assert chart is not None
    ordered = sorted(points, key=lambda one: one.on)
    pairs = list(zip(ordered, chart.places, strict=True))
    for (one, here), (other, there) in itertools.pairwise(pairs):
        assert here.x <= there.x
        if one.number < other.number:
            assert here.y >= there.y
        if one.number == other.number:
            assert here.y == there.y


@few
@given(measured, st.randoms(use_true_random=False))
def test_the_order_of_writing_matters_only_within_a_day(
    points: list[Measured], chance: random.Random
) -> None:
    by_day = list({one.on: one for one in points}.values())
    shuffled = list(by_day)
    chance.shuffle(shuffled)
    assert draw(shuffled) == draw(by_day)


@few
@given(numbers, numbers)
def test_an_axis_holds_both_numbers_and_nought_in_even_round_steps(one: Decimal, other: Decimal) -> None:
    least, greatest = sorted((one, other))
    ticks = axis(least, greatest)
    assert ticks[0] <= min(least, 0) <= max(greatest, 0) <= ticks[-1]
    assert 0 in ticks
    assert 2 <= len(ticks) <= 7
    apart = {after - before for before, after in itertools.pairwise(ticks)}
    assert len(apart) == 1
    digits = apart.pop().normalize().as_tuple().digits
    assert digits in ((1,), (2,), (5,))


@few
@given(st.decimals(Decimal("0.00001"), Decimal(10) ** 13, places=5))
def test_a_round_step_is_the_smallest_that_is_enough(least: Decimal) -> None:
    step = round_step(least)
    assert least <= step < least * Decimal("2.5") + Decimal("1e-9")


@pytest.mark.parametrize(
    ("least", "greatest", "expected"),
    [
        (0, 0, ["0.0", "0.5", "1.0"]),
        (0, 40, ["0", "10", "20", "30", "40"]),
        (3, 17, ["0", "5", "10", "15", "20"]),
        (-3, 4, ["-4", "-2", "0", "2", "4"]),
        (0, 1000, ["0", "500", "1000"]),
    ],
)
def test_axes_by_hand(least: int, greatest: int, expected: list[str]) -> None:
    assert [plain(tick) for tick in axis(Decimal(least), Decimal(greatest))] == [
        plain(Decimal(one)) for one in expected
    ]


def test_days_lie_where_they_fall_in_time() -> None:
    begin = date(2026, 1, 1)
    chart = draw([Measured(begin + timedelta(days=n), Decimal(n)) for n in (0, 25, 100)])
    assert chart is not None
    first, second, last = (place.x for place in chart.places)
    assert (second - first) * 4 == pytest.approx(last - first)


def test_a_single_number_lies_in_the_middle() -> None:
    chart = draw([Measured(date(2026, 1, 1), Decimal(7))])
    assert chart is not None
    assert chart.places[0].x == pytest.approx((LEFT + WIDTH - RIGHT) / 2)
    assert draw([]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("1 200", "1200"),
        ("1 200 kg", "1200"),
        ("12,5", "12.5"),
        ("3.5 %", "3.5"),
        ("-3", "-3"),
        ("−0,25", "-0.25"),
        ("40 personer", "40"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "tolv", "1-2", "12 av 30", "1,2,3", "3 miljoner", "--3", "5 000 tkr"])
def test_what_is_not_one_number_is_not_guessed_at(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(text)


def test_numbers_are_written_in_the_language_of_the_page() -> None:
    with override("sv"):
        assert written(Decimal("1200.500")) == "1\u00a0200,5"
        assert written(Decimal("100.000")) == "100"
        assert written_short(Decimal("1250000")) == "1,2\u00a0mn"
    with override("en"):
        assert written(Decimal("1200.500")) == "1,200.5"
