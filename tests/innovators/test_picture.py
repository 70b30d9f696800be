"""The arithmetic of the process picture, for any journal."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innovators.journal.picture import (
    FIRST_LANE,
    LABEL_HALF,
    LANE,
    LEFT,
    MOST_COLUMNS,
    PARTS,
    RIGHT,
    SCALES,
    TODAY,
    WIDTH,
    Moment,
    draw,
    lane_y,
    scale_for,
)

# A few kinds of journal say as much as many.
few = settings(max_examples=40)
TODAY_IS = date(2026, 11, 22)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
steps = st.builds(Moment, on=days, parts=st.lists(st.sampled_from(PARTS), min_size=1, unique=True).map(tuple))
journals = st.lists(steps, min_size=1, max_size=60)


@few
@given(journals, st.sets(st.sampled_from(PARTS)), days)
def test_everything_lies_inside_the_drawing(journal: list[Moment], current: set[str], today: date) -> None:
    picture = draw(journal, current, today)
    assert picture is not None
    for dot in picture.dots:
        assert LEFT <= dot.x - dot.radius <= dot.x + dot.radius <= WIDTH - RIGHT + 0.01
        assert dot.radius > 2.5
        assert dot.y == lane_y(PARTS.index(dot.part))
    for lane in picture.lanes:
        assert FIRST_LANE < lane.y - 14 < lane.y + 8 < picture.height
    for bar in picture.bars:
        assert bar.top < bar.bottom
    xs = [label.x for label in picture.labels]
    assert xs, "at least one day is named"
    for x in xs:
        assert LABEL_HALF <= x <= TODAY - LABEL_HALF
    for before, after in itertools.pairwise(xs):
        assert after - before >= 2 * LABEL_HALF


@few
@given(journals, days)
def test_each_part_has_a_dot_where_it_was_worked_on_and_nowhere_else(
    journal: list[Moment], today: date
) -> None:
    picture = draw(journal, (), today)
    assert picture is not None
    assert {dot.part for dot in picture.dots} == {part for step in journal for part in step.parts}
    assert [lane.steps for lane in picture.lanes] == [
        sum(part in step.parts for step in journal) for part in PARTS
    ]
    columns = {round(dot.x, 6) for dot in picture.dots}
    assert len(columns) <= MOST_COLUMNS
    assert len(picture.threads) == len(columns) - 1
    assert len({(dot.part, round(dot.x, 6)) for dot in picture.dots}) == len(picture.dots)


@few
@given(journals, days, st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_written_does_not_matter(
    journal: list[Moment], today: date, chance: random.Random
) -> None:
    shuffled = list(journal)
    chance.shuffle(shuffled)
    assert draw(shuffled, (), today) == draw(journal, (), today)


@few
@given(journals, days)
def test_later_lies_further_to_the_right(journal: list[Moment], today: date) -> None:
    picture = draw(journal, (), today)
    assert picture is not None
    for part in PARTS:
        own = sorted(step.on for step in journal if part in step.parts)
        xs = sorted(dot.x for dot in picture.dots if dot.part == part)
        assert len(xs) <= len(own)
        assert bool(xs) == bool(own)
    assert [label.on for label in picture.labels] == sorted(label.on for label in picture.labels)


@few
@given(days, days)
def test_a_scale_never_has_too_many_columns_nor_is_it_coarser_than_needed(one: date, other: date) -> None:
    first, last = sorted((one, other))
    scale = scale_for(first, last)
    assert scale.number(last) - scale.number(first) < MOST_COLUMNS
    finer = SCALES[: SCALES.index(scale)]
    assert all(each.number(last) - each.number(first) >= MOST_COLUMNS for each in finer)


def test_nothing_written_is_no_picture() -> None:
    assert draw([], PARTS, TODAY_IS) is None


def test_a_small_case_by_hand() -> None:
    """Three steps in three months: understand and develop, develop, understand; mobilising today."""
    picture = draw(
        [
            Moment(date(2026, 9, 20), ("understand", "develop")),
            Moment(date(2026, 10, 3), ("develop",)),
            Moment(date(2026, 11, 20), ("understand",)),
        ],
        {"mobilise"},
        TODAY_IS,
    )
    assert picture is not None
    assert picture.scale == "week"
    assert picture.steps == 3
    assert [(lane.part, lane.steps, lane.returns, lane.is_now) for lane in picture.lanes] == [
        ("understand", 2, 1, False),
        ("envision", 0, 0, False),
        ("mobilise", 0, 0, True),
        ("develop", 2, 0, False),
        ("realise", 0, 0, False),
        ("value", 0, 0, False),
    ]
    # Ten weeks from that of 14 September to that of 16 November: the first, the third and the last.
    width = (WIDTH - LEFT - RIGHT) / 10
    assert [(dot.part, dot.x) for dot in picture.dots] == [
        ("understand", pytest.approx(LEFT + 0.5 * width)),
        ("develop", pytest.approx(LEFT + 0.5 * width)),
        ("develop", pytest.approx(LEFT + 2.5 * width)),
        ("understand", pytest.approx(LEFT + 9.5 * width)),
    ]
    assert [(bar.top, bar.bottom) for bar in picture.bars] == [(lane_y(0), lane_y(0) + 3 * LANE)]
    # It goes on straight in "develop", and then weaves up to "understand".
    assert [thread.split("C")[0].split()[1] for thread in picture.threads] == [f"{lane_y(3):.1f}"] * 2
    assert [thread.split()[-1] for thread in picture.threads] == [f"{lane_y(3):.1f}", f"{lane_y(0):.1f}"]
    assert (picture.returns, picture.parts_worked_on, picture.first) == (1, 2, date(2026, 9, 20))


def test_a_pause_shows_as_a_pause() -> None:
    """A year without a word is a year wide."""
    steps_of_spring = [Moment(date(2024, 1, 10) + timedelta(days=30 * n), ("develop",)) for n in range(4)]
    picture = draw([*steps_of_spring, Moment(date(2025, 11, 1), ("value",))], (), date(2025, 11, 30))
    assert picture is not None
    xs = sorted({dot.x for dot in picture.dots})
    assert xs[-1] - xs[-2] > 4 * (xs[1] - xs[0])
