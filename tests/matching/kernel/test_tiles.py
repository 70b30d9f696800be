"""The fast search against the plain one: scoring every pair with `score_block` and sorting."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matching.kernel import asked_texts, codes, pairs
from matching.kernel.classes import GROUPS, check_groups, classes_of
from matching.kernel.combine import Weights
from matching.kernel.facts import SupportedCase
from matching.kernel.pair_table import PairTable
from matching.kernel.pairs import OfferSide, Shard, score_pairs
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers, score_block
from matching.kernel.search import match_shard
from matching.kernel.topk import match_rows
from tests.matching.kernel.cast import (
    DENSE,
    DOCUMENTS,
    INITIATIVE,
    OFFER,
    TODAY,
    analysis_of,
    collections,
    initiatives_of,
    offers_of,
)

laws = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # One example costs much more than its numbers say: a failing one is shown as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
CASES = st.lists(
    st.builds(
        SupportedCase,
        key=st.sampled_from("abcde"),
        document=DOCUMENTS,
        initiative_key=st.sampled_from([None, "i000", "i007"]),
        decided_day=st.sampled_from([None, TODAY - 100, TODAY - 3000]),
        is_borrowed=st.booleans(),
    ),
    max_size=5,
).map(tuple)


@st.composite
def worlds(draw, most=6):
    """Draw both sides; some offers have supported things before, and some worlds have a dense model."""
    facts, offer_facts = draw(collections(most))
    offer_facts = [replace(offer, history=draw(st.just(()) | CASES)) for offer in offer_facts]
    initiatives, offers = initiatives_of(*facts), offers_of(*offer_facts)
    return initiatives, offers, analysis_of(initiatives, offers, draw(DENSE))


def assert_numbers(table: PairTable, block, rows) -> None:
    """Compare a table's pairs with the block of all pairs that starts at the same row."""
    places = (rows, table.offer)
    np.testing.assert_array_equal(table.fit, block.fit[places])
    np.testing.assert_array_equal(table.verdict, block.verdict[places])
    np.testing.assert_array_equal(table.requirement_verdicts, block.requirement_verdicts[places])
    np.testing.assert_array_equal(table.known, block.known[places])
    np.testing.assert_array_equal(table.confidence, block.confidence[places])
    np.testing.assert_allclose(table.values, block.values[places], atol=2e-6)


def best(fit, eligible, ties, k):
    """Return the places of the best of one row or column by a plain sort."""
    return sorted(np.flatnonzero(eligible).tolist(), key=lambda place: (-fit[place], ties[place]))[:k]


@laws
@given(
    worlds(),
    st.integers(1, 4),
    st.integers(1, 7),
    st.sampled_from([0, 3, 12, pairs.FEW_ANSWERS]),
    st.sampled_from([0, pairs.FEW_OFFERS]),
)
def test_the_best_pairs_and_their_numbers_are_those_of_the_plain_way(world, k, tile_rows, few_answers, few):
    initiatives, offers, analysis = world
    prepared = PreparedOffers(offers, analysis)
    block = score_block(initiatives, prepared, analysis, Weights(), TODAY)
    shard = Shard(
        OfferSide(prepared, analysis, Weights(), TODAY), PreparedInitiatives.of(initiatives, analysis)
    )
    with pytest.MonkeyPatch.context() as patch:
        # So that of these small worlds, too, some offers are shut out before the other rules are asked.
        patch.setattr(pairs, "FEW_ANSWERS", few_answers)
        patch.setattr(pairs, "MOST_SPREAD", 1.0)
        # And some texts laid out for tiles.
        patch.setattr(pairs, "FEW_OFFERS", few)
        patch.setattr(asked_texts, "FEW_ROWS", few)
        of_initiatives, of_offers = match_shard(shard, k, tile_rows=tile_rows)
    wanted = [
        (row, column)
        for row in range(len(initiatives))
        for column in best(block.fit[row], block.eligible[row], offers.key_order, k)
    ]
    assert list(zip(of_initiatives.initiative.tolist(), of_initiatives.offer.tolist(), strict=True)) == wanted
    wanted = [
        (row, column)
        for column in range(len(offers))
        for row in best(block.fit[:, column], block.eligible[:, column], initiatives.key_order, k)
    ]
    assert list(zip(of_offers.initiative.tolist(), of_offers.offer.tolist(), strict=True)) == wanted
    for table in (of_initiatives, of_offers):
        assert_numbers(table, block, table.initiative)


@laws
@given(worlds(4))
def test_chosen_pairs_have_the_numbers_of_the_plain_way_even_when_shut_out(world):
    initiatives, offers, analysis = world
    prepared = PreparedOffers(offers, analysis)
    block = score_block(initiatives, prepared, analysis, Weights(), TODAY)
    rows, columns = (part.ravel() for part in np.indices(block.fit.shape))
    table = score_pairs(initiatives, prepared, analysis, Weights(), TODAY, rows, columns)
    assert_numbers(table, block, rows)
    np.testing.assert_allclose(table.values, block.values[rows, columns], atol=1e-7)


def many(k):
    """Return many alike initiatives of which little is known, and one offer: ties everywhere."""
    facts = [replace(INITIATIVE, key=f"i{place * 7 % 101:03}", themes=None) for place in range(101)]
    offer_facts = [replace(OFFER, key=f"o{place * 5 % 83:03}") for place in range(83)]
    return initiatives_of(*facts), offers_of(*offer_facts)


@pytest.mark.parametrize("tile_rows", [10, 64, 200])
def test_among_equals_the_first_keys_win_however_many_there_are(tile_rows):
    initiatives, offers = many(3)
    analysis = analysis_of(initiatives, offers)
    prepared = PreparedOffers(offers, analysis)
    shard = Shard(
        OfferSide(prepared, analysis, Weights(), TODAY), PreparedInitiatives.of(initiatives, analysis)
    )
    of_initiatives, of_offers = match_shard(shard, 3, tile_rows=tile_rows)
    assert [offers.keys[place] for place in of_initiatives.offer[:3]] == ["o000", "o001", "o002"]
    assert [initiatives.keys[place] for place in of_offers.initiative[:3]] == ["i000", "i001", "i002"]
    assert len(of_initiatives) == 3 * 101 and len(of_offers) == 3 * 83


def test_every_rule_and_criterion_is_answered_once(monkeypatch):
    check_groups()
    monkeypatch.setattr(codes, "CRITERIA", (*codes.CRITERIA, "new"))
    with pytest.raises(LookupError, match="new"):
        check_groups()


@laws
@given(worlds(4), st.sampled_from(GROUPS))
def test_rows_of_one_class_agree_in_every_fact_of_the_group(world, group):
    for arrays, names in ((world[0], group.mine), (world[1], group.theirs)):
        classes = classes_of(arrays, names)
        assert len(classes.of_row) == len(arrays)
        np.testing.assert_array_equal(classes.of_row[classes.examples], np.arange(len(classes)))


@laws
@given(worlds(4), st.integers(1, 4))
def test_what_initiatives_keep_from_one_search_does_not_show_in_the_next(world, k):
    initiatives, offers, analysis = world
    later = replace(
        analysis,
        number=analysis.number + 1,
        theme_idf={code: 3.0 / (2 + place) for place, code in enumerate(sorted(analysis.theme_idf))},
    )
    kept = PreparedInitiatives.of(initiatives, analysis)
    for frozen in (analysis, later):
        prepared = PreparedOffers(offers, frozen)
        found = match_rows(kept, prepared, frozen, Weights(), TODAY, 0, len(kept), k)
        fresh = match_rows(initiatives, prepared, frozen, Weights(), TODAY, 0, len(kept), k)
        for one, other in zip(found, fresh, strict=True):
            np.testing.assert_array_equal(one.initiative, other.initiative)
            np.testing.assert_array_equal(one.offer, other.offer)
            np.testing.assert_array_equal(one.values, other.values)
