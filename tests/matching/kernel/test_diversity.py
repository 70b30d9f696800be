"""More than one giver among the first, and nothing moved that need not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.diversity import AMONG_FIRST, MOST_OF_ONE, spread_givers

GIVERS = st.lists(st.integers(0, 3), max_size=12)


@given(GIVERS)
def test_two_of_one_giver_among_five_unless_there_is_nobody_else(givers):
    order = spread_givers(givers)
    assert sorted(order) == list(range(len(givers)))
    for place in range(min(AMONG_FIRST, len(givers))):
        before = [givers[row] for row in order[:place]]
        if before.count(givers[order[place]]) >= MOST_OF_ONE:
            assert all(before.count(givers[row]) >= MOST_OF_ONE for row in order[place:])


@given(GIVERS)
def test_only_those_of_a_giver_with_enough_are_passed(givers):
    order = spread_givers(givers)
    for place, row in enumerate(order):
        for other in order[:place]:
            if other > row:  # passed by one that fits less
                before = order[: order.index(other)]
                assert sum(givers[one] == givers[row] for one in before) >= MOST_OF_ONE
                assert givers[other] != givers[row]


@given(GIVERS)
def test_below_the_first_places_the_order_is_as_given(givers):
    rest = spread_givers(givers)[AMONG_FIRST:]
    assert rest == sorted(rest)


@given(GIVERS, st.sets(st.integers(0, 11)))
def test_what_is_kept_stays_in_order_and_is_never_made_to_wait(givers, keep):
    keep = {row for row in keep if row < len(givers)}
    order = spread_givers(givers, keep)
    assert [row for row in order if row in keep] == sorted(keep)
    # What comes before a kept row came before it in the list.
    for row in keep:
        assert all(other < row for other in order[: order.index(row)])


def test_a_list_that_keeps_the_rule_is_left_alone():
    for givers in ("", "A", "AABBC", "ABABAB", "AAAAAA", "AABB"):
        assert spread_givers(givers) == list(range(len(givers)))
    assert spread_givers("AABAC") == [0, 1, 2, 4, 3]
    assert spread_givers("AAAB") == [0, 1, 3, 2]
    assert spread_givers("AAAABBBB") == [0, 1, 4, 5, 2, 3, 6, 7]


@pytest.mark.parametrize("broken", [{"most_of_one": 0}, {"among_first": -1}])
def test_what_is_not_as_said_is_refused(broken):
    with pytest.raises(ValueError, match="out of range"):
        spread_givers("AB", **broken)
