"""Whoever reads all published numbers and subtracts learns of no small number more than that it is small."""

from __future__ import annotations

from itertools import product
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.public.suppression import NOTHING, TOTAL, Cell, Showing, Shown, lines, shown

Things = list[tuple[frozenset[str], ...]]


def counted(things: Things) -> dict[Cell, int]:
    """Count as the database does: a thing once in each cell that holds one of its members in every dimension."""
    counts: dict[Cell, int] = {}
    for thing in things:
        for cell in product(*([*sorted(members), TOTAL] for members in thing)):
            counts[cell] = counts.get(cell, 0) + 1
    return counts


def learned(published: dict[Cell, Shown]) -> dict[Cell, tuple[float, float]]:
    """Return the bounds that somebody finds who knows only what is published, and how totals hang together.

    A part is no larger than its total, a total no larger than the sum of its parts; again and again,
    until nothing more follows.
    """
    low: dict[Cell, float] = {}
    high: dict[Cell, float] = {}
    for cell, (showing, number) in published.items():
        low[cell] = number if showing in (Showing.EXACT, Showing.AT_LEAST) else 1
        high[cell] = {Showing.EXACT: number, Showing.FEW: 2}.get(showing, inf)
    changed = True
    while changed:
        changed = False
        for total, parts in lines(published):
            together = sum(high[part] for part in parts)
            bounds = [
                (total, max(low[part] for part in parts), together),
                *(
                    (part, low[total] - (together - high[part]), high[total])
                    for part in parts
                    if together < inf
                ),
                *((part, 0, high[total]) for part in parts if together == inf),
            ]
            for cell, least, greatest in bounds:
                if least > low[cell] or greatest < high[cell]:
                    changed = True
                    low[cell], high[cell] = max(low[cell], least), min(high[cell], greatest)
    return {cell: (low[cell], high[cell]) for cell in published}


def check(things: Things) -> None:
    counts = counted(things)
    published = shown(counts)
    bounds = learned(published)
    for cell, (showing, number) in published.items():
        least, greatest = bounds[cell]
        # What is said is true, …
        assert least <= counts[cell] <= greatest
        assert (showing is Showing.FEW) == (counts[cell] in (1, 2))
        if showing is Showing.EXACT:
            assert number == counts[cell]
        # … and a small number can still be one or two, whatever one subtracts.
        if showing is Showing.FEW:
            assert (least, greatest) == (1, 2), cell


def members(names: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), min_size=1, max_size=3)


@settings(max_examples=150)
@given(st.lists(st.tuples(members("abc"), members("klmn"), members("xyz")), max_size=40))
def test_no_small_number_can_be_found_by_subtraction(things: Things) -> None:
    check(things)


@settings(max_examples=60)
@given(st.lists(st.tuples(members("abcdefg")), max_size=30))
def test_nor_in_a_table_of_one_dimension(things: Things) -> None:
    check(things)


def test_a_total_that_would_tell_is_at_least() -> None:
    one = [(frozenset("a"),)] * 5 + [(frozenset("b"),)] * 5 + [(frozenset("c"),)] * 2
    assert shown(counted(one)) == {
        ("a",): Shown(Showing.EXACT, 5),
        ("b",): Shown(Showing.EXACT, 5),
        ("c",): Shown(Showing.FEW, 0),
        (TOTAL,): Shown(Showing.AT_LEAST, 11),
    }
    # The same with one in "c": the answer is the same, or the difference would tell.
    assert shown(counted(one[:-1])) == shown(counted(one))


def test_two_small_parts_hide_each_other() -> None:
    things = [(frozenset("a"),)] * 5 + [(frozenset("b"),)] + [(frozenset("c"),)]
    assert shown(counted(things))[TOTAL,] == Shown(Showing.EXACT, 7)


def test_a_total_of_small_parts_only_may_tell_nothing() -> None:
    things = [(frozenset("a"), frozenset("x"))] * 3
    assert shown(counted(things))[TOTAL, TOTAL] == Shown(Showing.EXACT, 3)
    # Things without a member lie under none: the total alone counts them.
    lonely = {("a",): 2, (TOTAL,): 4}
    assert shown(lonely)[TOTAL,].showing is Showing.WITHHELD


def test_nothing_is_nothing() -> None:
    assert shown({}) == {}
    assert Shown(Showing.EXACT, 0) == NOTHING
