"""Measures of rankings, against values worked out by hand."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.metrics import (
    bootstrap_interval,
    coverage,
    exposure,
    gini,
    hit_at_k,
    ndcg_at_k,
    paired_bootstrap,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]
# "a" is of no use, "b" fairly good, "d" very good, "x" is good and was not found.
JUDGED = {"a": 0, "b": 1, "d": 3, "x": 2}


def test_measures_of_a_ranking_worked_out_by_hand():
    assert [recall_at_k(RANKED, JUDGED, k) for k in (1, 2, 4)] == pytest.approx([0, 1 / 3, 2 / 3])
    assert [precision_at_k(RANKED, JUDGED, k) for k in (1, 2, 4, 5)] == pytest.approx([0, 0.5, 0.5, 0.4])
    assert [hit_at_k(RANKED, JUDGED, k) for k in (1, 2)] == [0, 1]
    assert reciprocal_rank(RANKED, JUDGED) == 0.5
    # Gains 0, 1, 0, 7 at places 1 to 4; the best order has 7, 3, 1.
    got = 1 / log2(3) + 7 / log2(5)
    best = 7 + 3 / log2(3) + 1 / 2
    assert ndcg_at_k(RANKED, JUDGED, 10) == pytest.approx(got / best)
    assert ndcg_at_k(RANKED, JUDGED, 2) == pytest.approx((1 / log2(3)) / (7 + 3 / log2(3)))


def test_an_empty_ranking_finds_nothing():
    assert [measure([], JUDGED, 3) for measure in (recall_at_k, precision_at_k, hit_at_k, ndcg_at_k)] == [
        0
    ] * 4
    assert reciprocal_rank([], JUDGED) == 0


@given(st.permutations([*RANKED, "x", "y"]), st.integers(1, 7))
def test_no_order_beats_the_best_one(ranked, k):
    best = ["d", "x", "b", "a", "c", "y"]
    for measure in (recall_at_k, precision_at_k, ndcg_at_k):
        assert 0 <= measure(ranked, JUDGED, k) <= measure(best, JUDGED, k) <= 1
    assert ndcg_at_k(best, JUDGED, k) == pytest.approx(1)


def test_what_cannot_be_measured_is_refused():
    for measure in (recall_at_k, ndcg_at_k):
        with pytest.raises(ValueError, match="nothing is relevant"):
            measure(RANKED, {"a": 0}, 3)
    with pytest.raises(ValueError, match="ranked twice"):
        recall_at_k(["a", "a"], JUDGED, 3)
    with pytest.raises(ValueError, match="at least 1"):
        precision_at_k(RANKED, JUDGED, 0)
    with pytest.raises(ValueError, match="empty catalogue"):
        coverage([RANKED], [], 1)
    with pytest.raises(ValueError, match="negative"):
        gini([1, -1])


def test_coverage_and_exposure_over_lists():
    lists = [["a", "b"], ["a", "c"], []]
    assert coverage(lists, "abcd", 1) == 0.25
    assert coverage(iter(lists), "abcd", 2) == 0.75
    assert exposure(lists, "dcba", 2) == [0, 1, 1, 2]


def test_gini_of_known_amounts():
    # Differences over all ordered pairs of 0, 0, 1, 2, 7 sum to 64; 64 / (2 * 25 * mean 2) = 0.64.
    amounts = [7, 0, 1, 0, 2]
    assert gini(amounts) == pytest.approx(0.64)
    brute = sum(abs(one - other) for one in amounts for other in amounts) / (2 * 25 * 2)
    assert gini(amounts) == pytest.approx(brute)
    assert gini(np.array([], dtype=float)) == gini([0, 0]) == 0


def test_bootstrap_is_seeded_and_holds_the_mean():
    values = np.random.default_rng(1).random(60)
    first = bootstrap_interval(values, np.random.default_rng(7))
    again = bootstrap_interval(values, np.random.default_rng(7))
    other = bootstrap_interval(values, np.random.default_rng(8))
    assert first == again != other
    assert first.low < first.mean < first.high
    assert first.mean == pytest.approx(values.mean())
    # The theory of the mean: half-width about 1.96 standard errors.
    half = 1.96 * values.std() / np.sqrt(60)
    assert (first.high - first.low) / 2 == pytest.approx(half, rel=0.15)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        interval = bootstrap_interval(random.normal(0.4, 0.2, 50), random, draws=300)
        covered += interval.low <= 0.4 <= interval.high
    assert 0.88 <= covered / 200 <= 0.99


def test_pairing_sees_a_small_difference_between_rankings_of_unlike_queries():
    random = np.random.default_rng(5)
    old = random.random(80)
    new = old + 0.03 + random.normal(0, 0.02, 80)
    assert paired_bootstrap(new, old, random).low > 0
    apart = [bootstrap_interval(each, random) for each in (new, old)]
    assert apart[0].low < apart[1].high
    assert paired_bootstrap(old, old, random) == paired_bootstrap(old, old, random)
    with pytest.raises(ValueError, match="same queries"):
        paired_bootstrap(new, old[:3], random)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([], random)
    with pytest.raises(ValueError, match="level"):
        bootstrap_interval([1.0], random, level=1.0)
