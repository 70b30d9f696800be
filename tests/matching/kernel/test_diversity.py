"""Mild diversity: not ten times the same, and never far from fit."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.diversity import DEPTH, STRENGTH, diverse_order


@st.composite
def candidates(draw):
    size = draw(st.integers(0, 12))
    fit = np.array(draw(st.lists(st.integers(0, 20), min_size=size, max_size=size)), dtype=float) / 20
    giver = np.array(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)), dtype=np.int64)
    kind = np.array(draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)), dtype=np.int64)
    return fit, giver, (kind[:, None] == kind[None, :]).astype(float)


@given(candidates())
def test_two_of_one_giver_among_five_unless_there_is_nobody_else(case):
    fit, giver, likeness = case
    order = diverse_order(fit, giver, likeness)
    assert sorted(order.tolist()) == list(range(len(fit)))
    for place in range(min(5, len(fit))):
        before, chosen = giver[order[:place]].tolist(), giver[order[place]]
        if before.count(chosen) >= 2:
            assert all(before.count(other) >= 2 for other in giver[order[place:]])


@given(candidates())
def test_likeness_moves_nobody_past_one_that_fits_clearly_better(case):
    fit, _, likeness = case
    order = diverse_order(fit, np.arange(len(fit)), likeness)
    for place, row in enumerate(order):
        assert (fit[order[place:]] <= fit[row] + STRENGTH + 1e-9).all()


@given(candidates(), st.randoms(use_true_random=False))
def test_numbering_changes_nothing(case, random):
    fit, giver, likeness = case
    mixed = list(range(len(fit)))
    random.shuffle(mixed)
    again = diverse_order(
        fit[mixed], giver[mixed], likeness[np.ix_(mixed, mixed)], tie_order=np.array(mixed, dtype=np.int64)
    )
    assert [mixed[row] for row in again] == diverse_order(fit, giver, likeness).tolist()


def test_a_case_solved_by_hand():
    # 0 and 1 are alike. 1 (0.70 - 0.03) comes after 2 (0.68), but before 3 (0.66).
    fit, giver = np.array([0.80, 0.70, 0.68, 0.66]), np.array([1, 2, 3, 4])
    likeness = np.eye(4)
    likeness[0, 1] = likeness[1, 0] = 1
    assert diverse_order(fit, giver, likeness).tolist() == [0, 2, 1, 3]
    assert diverse_order(fit, giver, likeness, strength=0).tolist() == [0, 1, 2, 3]
    assert diverse_order(fit, giver).tolist() == [0, 1, 2, 3]


def test_one_giver_alone_keeps_its_order():
    for fit in permutations([0.1, 0.2, 0.3]):
        order = diverse_order(np.array(fit), np.ones(3, dtype=np.int64))
        assert order.tolist() == np.argsort(-np.array(fit)).tolist()


def test_below_the_depth_the_order_is_that_of_fit():
    size = DEPTH + 10
    fit = np.linspace(0.9, 0.1, size)
    order = diverse_order(fit, np.arange(size), np.ones((size, size)))
    assert order[DEPTH:].tolist() == list(range(DEPTH, size))


@pytest.mark.parametrize(
    "broken", [{"giver": np.array([1])}, {"likeness": np.eye(3)}, {"strength": -1}, {"most_of_one": 0}]
)
def test_what_is_not_as_said_is_refused(broken):
    with pytest.raises(ValueError, match=r".+"):
        diverse_order(**{"fit": np.array([0.5, 0.4]), "giver": np.array([1, 2]), **broken})
