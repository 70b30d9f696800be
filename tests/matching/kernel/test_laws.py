"""What must hold for every collection, whatever is in it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.combine import Weights, base
from matching.kernel.eligibility import requirement_verdicts
from matching.kernel.facts import InitiativeFacts
from matching.kernel.scoring import PreparedOffers, score_block
from matching.kernel.topk import PairTable, match_all, score_blocks
from tests.matching.kernel.cast import (
    INITIATIVES,
    OFFER,
    OFFERS,
    THEMES,
    TODAY,
    TREES,
    analysis_of,
    collections,
    initiatives_of,
    numbered,
    offers_of,
    scores_of,
)

laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARTS = ("fit", "confidence", "verdict", "values", "known", "contributions", "requirement_verdicts")


def assert_same(first, second):
    for part in PARTS:
        np.testing.assert_allclose(getattr(first, part), getattr(second, part), atol=1e-6, err_msg=part)
    np.testing.assert_array_equal(first.fit, second.fit)
    np.testing.assert_array_equal(first.verdict, second.verdict)


@laws
@given(collections())
def test_everything_is_within_bounds_and_contributions_sum_to_fit(both):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    for part in ("fit", "confidence", "values"):
        assert (getattr(scores, part) >= 0).all() and (getattr(scores, part) <= 1).all(), part
    whole = base(analysis.mean_array(), Weights()) + scores.contributions.sum(axis=-1)
    np.testing.assert_allclose(whole, scores.fit, atol=1e-4)
    assert (scores.contributions[~scores.known] == 0).all()
    assert not np.isnan(scores.values).any()


@laws
@given(collections(), st.randoms(use_true_random=False))
def test_permuting_rows_permutes_results(both, random):
    facts, offer_facts = both
    order, columns = list(range(len(facts))), list(range(len(offer_facts)))
    random.shuffle(order)
    random.shuffle(columns)
    plain = scores_of(initiatives_of(*facts), offers_of(*offer_facts))
    mixed = scores_of(
        initiatives_of(*(facts[place] for place in order)),
        offers_of(*(offer_facts[place] for place in columns)),
    )
    for part in PARTS:
        expected = getattr(plain, part)[order][:, columns]
        np.testing.assert_allclose(getattr(mixed, part), expected, atol=1e-5, err_msg=part)


@laws
@given(collections(), st.integers(1, 12))
def test_a_pair_scores_the_same_in_any_block(both, block_pairs):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    whole = scores_of(initiatives, offers, analysis)
    prepared = PreparedOffers(offers, analysis)
    for first, block in score_blocks(initiatives, prepared, analysis, Weights(), TODAY, block_pairs):
        for part in ("fit", "verdict"):
            rows = getattr(whole, part)[first : first + len(block.fit)]
            np.testing.assert_array_equal(getattr(block, part), rows)
    # From the other side: one offer against all initiatives.
    for column in range(len(offers)):
        alone = score_block(initiatives, offers.rows(np.array([column])), analysis, Weights(), TODAY)
        np.testing.assert_array_equal(alone.fit[:, 0], whole.fit[:, column])
        np.testing.assert_array_equal(alone.verdict[:, 0], whole.verdict[:, column])


@laws
@given(collections())
def test_a_frozen_analysis_read_back_gives_the_same(both):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    written = analysis.to_bytes()
    again = Analysis.from_bytes(written)
    assert again == analysis
    assert again.to_bytes() == written
    assert_same(scores_of(initiatives, offers, analysis), scores_of(initiatives, offers, again))


@laws
@given(collections(5), st.integers(1, 4), st.integers(1, 12))
def test_best_pairs_are_those_of_a_plain_sort_and_never_shut_out(both, k, tile_rows):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    table = match_all(initiatives, offers, analysis, Weights(), TODAY, k=k, tile_rows=tile_rows)
    wanted = set()
    for row in range(len(initiatives)):
        columns = [column for column in range(len(offers)) if scores.eligible[row, column]]
        best = sorted(columns, key=lambda column: (-scores.fit[row, column], offers.keys[column]))[:k]
        wanted |= {(row, column) for column in best}
    for column in range(len(offers)):
        rows = [row for row in range(len(initiatives)) if scores.eligible[row, column]]
        best = sorted(rows, key=lambda row: (-scores.fit[row, column], initiatives.keys[row]))[:k]
        wanted |= {(row, column) for row in best}
    found = list(zip(table.initiative.tolist(), table.offer.tolist(), strict=True))
    assert set(found) == wanted
    assert len(found) == len(wanted)
    ordered = sorted(found, key=lambda pair: (pair[0], -scores.fit[pair], offers.keys[pair[1]]))
    assert found == ordered
    np.testing.assert_array_equal(table.fit, scores.fit[table.initiative, table.offer])
    again = match_all(initiatives, offers, analysis, Weights(), TODAY, k=k)
    for part in PairTable.__dataclass_fields__:
        # Texts of a tile are summed up in the order that is quickest there; fit is the same all the same.
        close = 2e-6 if part in ("values", "contributions") else 0.0
        np.testing.assert_allclose(
            getattr(table, part), getattr(again, part), rtol=0, atol=close, err_msg=part
        )


#: Facts that may be missing, and what a row without them looks like.
MISSING = {
    "organisation_id": None,
    "lead_kind": None,
    "actor_kinds": None,
    "legal_entity": None,
    "age_months": None,
    "works_in": None,
    "themes": None,
    "target_groups": None,
    "process_parts": None,
    "needs": None,
    "form_after": None,
    "drivers": None,
    "language": None,
    "co_funding_percent": None,
}


@laws
@given(INITIATIVES, OFFERS, st.sampled_from(sorted(MISSING)))
def test_taking_a_fact_away_never_shuts_a_pair_out(initiative, offer, field):
    offers = offers_of(offer)
    less = replace(initiative, **{field: MISSING[field]})
    with_fact = requirement_verdicts(initiatives_of(initiative), offers, TODAY)[0, 0]
    without = requirement_verdicts(initiatives_of(less), offers, TODAY)[0, 0]
    broken = {name for name, v in zip(codes.REQUIREMENTS, with_fact, strict=True) if v == codes.DOES_NOT_FIT}
    still = {name for name, v in zip(codes.REQUIREMENTS, without, strict=True) if v == codes.DOES_NOT_FIT}
    assert still <= broken


@laws
@given(OFFERS)
def test_an_initiative_of_which_nothing_is_known_is_shut_out_by_dates_alone(offer):
    verdicts = requirement_verdicts(initiatives_of(InitiativeFacts("i")), offers_of(offer), TODAY)[0, 0]
    broken = {name for name, v in zip(codes.REQUIREMENTS, verdicts, strict=True) if v == codes.DOES_NOT_FIT}
    assert broken <= {"dates"}


@laws
@given(collections(4), st.sampled_from(["themes", "target_groups", "process_parts", "needs", "drivers"]))
def test_a_missing_fact_is_neutral_and_lowers_confidence(both, field):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    less = initiatives_of(*(replace(fact, **{field: None}) for fact in both[0]))
    scores, sparse = scores_of(initiatives, offers, analysis), scores_of(less, offers, analysis)
    place = codes.CRITERIA.index("support_kind" if field == "needs" else field)
    assert (sparse.contributions[:, :, place] == 0).all()
    assert (sparse.confidence <= scores.confidence + 1e-9).all()


@laws
@given(collections(3), st.sampled_from(["themes", "target_groups", "process_parts"]), st.data())
def test_more_overlap_never_lowers_a_criterion(both, field, data):
    facts, offer_facts = both
    offers = offers_of(*offer_facts)
    analysis = analysis_of(initiatives_of(*facts), offers)
    place = codes.CRITERIA.index(field)
    row = data.draw(st.integers(0, len(facts) - 1))
    column = data.draw(st.integers(0, len(offer_facts) - 1))
    wished = getattr(offer_facts[column], field) or ()
    mine = getattr(facts[row], field) or ()
    added = [code for code in wished if code not in mine]
    if not mine or not added:
        return
    more = replace(facts[row], **{field: (*mine, added[0])})
    before = scores_of(initiatives_of(facts[row]), offers, analysis).values[0, column, place]
    after = scores_of(initiatives_of(more), offers, analysis).values[0, column, place]
    assert after >= before - 1e-6


@laws
@given(st.data())
def test_more_places_and_more_support_never_lower_a_criterion(data):
    facts, offer_facts = data.draw(collections(3))
    initiatives = initiatives_of(*facts)
    analysis = analysis_of(initiatives, offers_of(*offer_facts))
    offer = offer_facts[0]
    if not offer.areas or not offer.support:
        return
    wider = replace(
        offer,
        areas=tuple(dict.fromkeys((*offer.areas, data.draw(st.sampled_from(sorted(TREES.areas.codes)))))),
        support=(*offer.support, replace(offer.support[0], kind="premises")),
    )
    before = scores_of(initiatives, offers_of(offer), analysis)
    after = scores_of(initiatives, offers_of(wider), analysis)
    for name in ("area", "support_kind"):
        place = codes.CRITERIA.index(name)
        assert (after.values[:, 0, place] >= before.values[:, 0, place] - 1e-6).all()


@laws
@given(collections(4))
def test_facts_that_are_no_criterion_change_nothing_in_fit(both):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    other = [replace(fact, form_after="alliance", age_months=7, legal_entity=True) for fact in both[0]]
    renamed = offers_of(*(replace(fact, organisation_id=99, key=f"x{fact.key}") for fact in both[1]))
    np.testing.assert_array_equal(
        scores_of(initiatives, offers, analysis).fit, scores_of(initiatives_of(*other), renamed, analysis).fit
    )


def test_inputs_are_untouched():
    facts = numbered("i", [InitiativeFacts("?", themes=tuple(THEMES))] * 3)
    initiatives = initiatives_of(*facts)
    before = {name: np.array(getattr(initiatives, name)) for name in ("themes", "need_amount", "actor_kinds")}
    scores_of(initiatives, offers_of(OFFER))
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(initiatives, name), value)


@pytest.mark.parametrize("empty", ["initiatives", "offers", "both"])
def test_an_empty_side_gives_empty_results(empty):
    initiatives = (
        initiatives_of() if empty in ("initiatives", "both") else initiatives_of(InitiativeFacts("i"))
    )
    offers = offers_of() if empty in ("offers", "both") else offers_of(OFFER)
    analysis = analysis_of(initiatives, offers)
    assert scores_of(initiatives, offers, analysis).fit.shape == (len(initiatives), len(offers))
    assert len(match_all(initiatives, offers, analysis, Weights(), TODAY)) == 0


def test_keys_must_be_unique_and_arrays_as_long():
    with pytest.raises(ValueError, match="unique"):
        initiatives_of(InitiativeFacts("i"), InitiativeFacts("i"))
    arrays = initiatives_of(InitiativeFacts("i"))
    with pytest.raises(ValueError, match="lead_kind has 2 rows, not 1"):
        replace(arrays, lead_kind=np.zeros(2, dtype=np.int8))
