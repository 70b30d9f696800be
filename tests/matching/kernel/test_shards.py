"""Shards of a run, scored apart and merged, give what one pass over everything gives."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matching.kernel.combine import Weights
from matching.kernel.scoring import PreparedOffers
from matching.kernel.topk import PairTable, floors_of, match_all, match_rows, merge_tops, union_of_tops
from tests.matching.kernel.cast import INITIATIVE, TODAY, analysis_of, collections, initiatives_of, offers_of

laws = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def assert_same_table(first: PairTable, second: PairTable) -> None:
    for part in PairTable.__dataclass_fields__:
        mine, theirs = getattr(first, part), getattr(second, part)
        if part in ("values", "contributions"):
            # Texts of a tile are summed up in the order that is quickest there; fit is the same all the same.
            np.testing.assert_allclose(mine, theirs, atol=2e-6, err_msg=part)
        else:
            np.testing.assert_array_equal(mine, theirs, err_msg=part)


@laws
@given(
    collections(6), st.integers(1, 3), st.lists(st.integers(0, 6), max_size=3), st.randoms(), st.booleans()
)
def test_shards_in_any_order_merge_to_one_pass(both, k, cuts, random, use_floors):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    prepared = PreparedOffers(offers, analysis)
    n = len(initiatives)
    edges = sorted({0, n, *(min(cut, n) for cut in cuts)})
    shards = list(pairwise(edges))
    random.shuffle(shards)
    parts, best = [], PairTable.empty()
    for lo, hi in shards:
        floors = floors_of(best, len(offers), k) if use_floors else None
        mine, theirs = match_rows(initiatives, prepared, analysis, Weights(), TODAY, lo, hi, k, floors=floors)
        assert ((mine.initiative >= lo) & (mine.initiative < hi)).all()
        parts.append((lo, mine))
        best = merge_tops([best, theirs], initiatives.key_order, k)
    of_initiatives = PairTable.joined([mine for _, mine in sorted(parts, key=lambda part: part[0])])
    whole, whole_best = match_rows(initiatives, prepared, analysis, Weights(), TODAY, 0, n, k)
    assert_same_table(of_initiatives, whole)
    assert_same_table(best, whole_best)
    everything = match_all(initiatives, offers, analysis, Weights(), TODAY, k=k)
    assert_same_table(union_of_tops(of_initiatives, best, offers.key_order), everything)


def table_of(*pairs: tuple[int, int, float]) -> PairTable:
    """Return a table of (initiative, offer, fit) with nothing else filled in."""
    rows = [0] * len(pairs)
    initiatives_only = initiatives_of(INITIATIVE)
    filled = match_all(
        initiatives_only,
        offers_of(),
        analysis_of(initiatives_only, offers_of()),
        Weights(),
        TODAY,
    )
    values = {part: getattr(filled, part) for part in PairTable.__dataclass_fields__}
    values = {part: np.zeros((len(rows), *value.shape[1:]), value.dtype) for part, value in values.items()}
    values["initiative"] = np.array([pair[0] for pair in pairs])
    values["offer"] = np.array([pair[1] for pair in pairs])
    values["fit"] = np.array([pair[2] for pair in pairs])
    return PairTable(**values)


def test_merging_keeps_the_best_of_each_offer_and_ties_go_by_order():
    first = table_of((0, 1, 0.5), (1, 1, 0.7), (0, 0, 0.2))
    second = table_of((2, 1, 0.7), (3, 1, 0.7))
    merged = merge_tops([first, second], np.array([0, 3, 1, 2]), 2)
    assert list(zip(merged.offer.tolist(), merged.initiative.tolist(), strict=True)) == [
        (0, 0),
        (1, 2),
        (1, 3),
    ]
    assert floors_of(merged, 3, 2).tolist() == [0.0, 0.7, 0.0]
    assert len(merge_tops([], np.array([0]), 5)) == 0


@pytest.mark.parametrize(("lo", "hi"), [(-1, 1), (1, 0), (0, 2)])
def test_rows_outside_the_collection_are_refused(lo, hi):
    initiatives, offers = initiatives_of(INITIATIVE), offers_of()
    analysis = analysis_of(initiatives, offers)
    with pytest.raises(ValueError, match="no rows"):
        match_rows(initiatives, PreparedOffers(offers, analysis), analysis, Weights(), TODAY, lo, hi, 5)
