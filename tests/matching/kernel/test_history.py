"""Past support: by hand, by brute force, and its laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel import history as past
from matching.kernel.facts import SupportedCase
from matching.kernel.scoring import PreparedOffers, criteria_block
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex
from tests.matching.kernel.cast import (
    HISTORY,
    INITIATIVE,
    OFFER,
    TODAY,
    analysis_of,
    collections,
    initiatives_of,
    offers_of,
    scores_of,
)

laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLACE = codes.CRITERIA.index("history")
TEXT = codes.CRITERIA.index("text")
CYCLES = TextDocument("Cykelköket", "Unga utan jobb lagar cyklar.", "sv")
GARDEN = TextDocument("Odling", "Äldre odlar mat tillsammans.", "sv")


def case(key="a", document=GARDEN, **facts):
    return SupportedCase(key, document, **({"decided_day": TODAY} | facts))


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (TODAY, 1.0),
        (TODAY - 364, 1.0),
        (TODAY - 1827, 0.5),
        (TODAY - 3653, 0.25),
        (None, 0.5),
        (TODAY + 9, 1.0),
    ],
)
def test_a_case_fades_with_age(decided, expected):
    assert past.case_weight(case(decided_day=decided), TODAY) == pytest.approx(expected)
    lent = past.case_weight(case(decided_day=decided, is_borrowed=True), TODAY)
    assert lent == pytest.approx(expected / 3)


def test_blend_by_hand():
    scores = np.array([[0.9, 0.3, 0.6, 0.0]])
    # All: (0.9 + 0.3 + 0.6 + 0) / 4 = 0.45; the three nearest: 0.6; cases 0.525; a = 4/7.
    value, known = past.blend(scores, np.ones((1, 4)), np.array([0.1]))
    assert known[0] and value[0] == pytest.approx(4 / 7 * 0.525 + 3 / 7 * 0.1)
    # Without a text of the offer's own the cases speak alone.
    assert past.blend(scores, np.ones((1, 4)), np.array([np.nan]))[0][0] == pytest.approx(0.525)
    # The best one is five years old: weights 1/2, 1, 1, 1.
    value, _ = past.blend(scores, np.array([[0.5, 1.0, 1.0, 1.0]]), np.array([0.1]))
    cases = 0.5 * (0.45 + 0.3 + 0.6) / 3.5 + 0.5 * (0.45 + 0.3 + 0.6) / 2.5
    assert value[0] == pytest.approx(3.5 / 6.5 * cases + 3 / 6.5 * 0.1)
    value, known = past.blend(scores, np.zeros((1, 4)), np.array([0.1]))
    assert (value[0], known[0]) == (0.0, False)


def value_of(offer, initiative=INITIATIVE):
    """Return the history criterion of one pair: (value or None, whether it is settled)."""
    initiatives, offers = initiatives_of(initiative), offers_of(offer)
    analysis = analysis_of(initiatives, offers)
    block = criteria_block(initiatives, PreparedOffers(offers, analysis), analysis, TODAY)
    known = block.known[0, 0, PLACE]
    return (float(block.values[0, 0, PLACE]) if known else None), bool(block.settled[0, 0, PLACE])


def test_no_history_is_not_known_and_nothing_is_missing():
    assert value_of(OFFER) == (None, True)
    assert value_of(replace(OFFER, history=(case(),)), replace(INITIATIVE, document=TextDocument())) == (
        None,
        False,
    )


def test_a_case_that_is_alike_lifts_above_one_that_is_not():
    offers = offers_of(
        replace(OFFER, key="alike", history=(case(document=CYCLES),)),
        replace(OFFER, key="apart", history=(case(document=GARDEN),)),
    )
    alike, apart = scores_of(initiatives_of(INITIATIVE), offers).values[0, :, PLACE]
    assert alike > apart


@pytest.mark.parametrize(
    "own",
    [
        case(document=INITIATIVE.document, initiative_key="i1"),
        case(document=GARDEN, initiative_key="i1"),
        case(document=replace(INITIATIVE.document, title="VERKSTAD  för unga", body="Annat.")),
    ],
    ids=["linked", "linked, told otherwise", "same title"],
)
def test_the_award_to_this_very_initiative_never_counts(own):
    assert value_of(replace(OFFER, history=(own,))) == (None, True)
    with_other = value_of(replace(OFFER, history=(own, case("b", CYCLES))))[0]
    # Compared under one analysis, since texts of history are part of what is learned.
    initiatives = initiatives_of(INITIATIVE)
    both = offers_of(replace(OFFER, history=(own, case("b", CYCLES))))
    analysis = analysis_of(initiatives, both)
    alone = scores_of(initiatives, offers_of(replace(OFFER, history=(case("b", CYCLES),))), analysis)
    assert with_other == pytest.approx(float(alone.values[0, 0, PLACE]))


def test_of_a_long_history_the_newest_are_read():
    old = [case(f"old{n}", GARDEN, decided_day=TODAY - 9000) for n in range(codes.MOST_CASES)]
    new = [case(f"new{n}", CYCLES) for n in range(codes.MOST_CASES)]
    kept = past.kept_cases([*old, case("undated", decided_day=None), *new])
    assert {one.key for one in kept} == {one.key for one in new}


def brute_force(initiative, offer, statistics, text, now_day):
    """Say the same in other words, pair by pair."""
    counted = [
        (float(TextIndex([one.document], statistics).scores([initiative.document])[0, 0]), weight)
        for one in offer.history
        if one.initiative_key != initiative.key
        and not (
            one.document.title.split() and one.document.title.split() == initiative.document.title.split()
        )
        and (weight := past.case_weight(one, now_day)) > 0
    ]
    if not counted or initiative.document.is_empty:
        return None
    number = sum(weight for _, weight in counted)
    pooled = sum(score * weight for score, weight in counted) / number
    ordered = sorted(counted, key=lambda pair: -pair[0])
    # Equals at the third place may have different weights: any choice among them is right.
    third = ordered[:3][-1][0]
    if sum(1 for score, _ in counted if abs(score - third) < 1e-7) > 1 and len(counted) > 3:
        return "several answers"
    near = ordered[:3]
    cases = pooled / 2 + sum(score * weight for score, weight in near) / sum(weight for _, weight in near) / 2
    return cases if text is None else (number * cases + 3 * text) / (number + 3)


@laws
@given(collections(4), st.lists(HISTORY, min_size=4, max_size=4))
def test_every_pair_is_as_brute_force_says(both, histories):
    facts = both[0]
    offer_facts = [replace(one, history=cases) for one, cases in zip(both[1], histories, strict=False)]
    initiatives, offers = initiatives_of(*facts), offers_of(*offer_facts)
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    for row, initiative in enumerate(facts):
        for column, offer in enumerate(offer_facts):
            text = float(scores.values[row, column, TEXT]) if scores.known[row, column, TEXT] else None
            expected = brute_force(initiative, offer, analysis.text, text, TODAY)
            assert scores.known[row, column, PLACE] == (expected is not None)
            if isinstance(expected, float):
                assert scores.values[row, column, PLACE] == pytest.approx(expected, abs=1e-5)


@laws
@given(collections(3), HISTORY)
def test_one_more_case_that_says_the_very_same_never_lowers(both, cases):
    initiative = both[0][0]
    cases = tuple(replace(one, decided_day=TODAY, is_borrowed=False, initiative_key=None) for one in cases)
    body = f"{initiative.document.title} {initiative.document.body}"
    same = SupportedCase("z", TextDocument("", body, initiative.document.resolved_language()), None, TODAY)
    query = replace(initiative, document=TextDocument("", body, initiative.document.resolved_language()))
    with_it = replace(both[1][0], history=(*cases, same))
    initiatives = initiatives_of(query)
    analysis = analysis_of(initiatives, offers_of(with_it))
    without = scores_of(initiatives, offers_of(replace(with_it, history=cases)), analysis)
    more = scores_of(initiatives, offers_of(with_it), analysis)
    highest = max(
        (
            float(TextIndex([document], analysis.text).scores([query.document])[0, 0])
            for document in (with_it.document, *(one.document for one in cases))
        ),
        default=0.0,
    )
    own = float(TextIndex([same.document], analysis.text).scores([query.document])[0, 0])
    if without.known[0, 0, PLACE] and more.known[0, 0, TEXT] and own >= highest:
        assert more.values[0, 0, PLACE] >= without.values[0, 0, PLACE] - 1e-6


@laws
@given(collections(3), st.lists(HISTORY, min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_blocks_changes_nothing(both, histories, random):
    offer_facts = [replace(one, history=cases) for one, cases in zip(both[1], histories, strict=False)]
    mixed = []
    for one in offer_facts:
        cases = list(one.history)
        random.shuffle(cases)
        mixed.append(replace(one, history=tuple(cases)))
    initiatives = initiatives_of(*both[0])
    offers = offers_of(*offer_facts)
    analysis = analysis_of(initiatives, offers)
    plain = scores_of(initiatives, offers, analysis)
    np.testing.assert_array_equal(plain.fit, scores_of(initiatives, offers_of(*mixed), analysis).fit)
    assert analysis_of(initiatives, offers_of(*mixed)) == analysis
    for column in range(len(offers)):
        alone = scores_of(initiatives, offers.rows(np.array([column])), analysis)
        np.testing.assert_array_equal(alone.fit[:, 0], plain.fit[:, column])


def test_named_cases_are_the_nearest_that_may_be_named_and_never_its_own():
    statistics = analysis_of(initiatives_of(INITIATIVE), offers_of(OFFER)).text
    cases = [
        case("a", GARDEN, name="Odling"),
        case("b", CYCLES, name="Cykelköket"),
        case("c", CYCLES, name=""),
        case("d", INITIATIVE.document, name="Sig själv", initiative_key="i1"),
        case("e", TextDocument("Unga i jobb", "Unga lagar.", "sv"), name="Unga i jobb"),
    ]
    named = past.nearest_cases("i1", INITIATIVE.document, cases, statistics)
    assert [one.name for one in named] == ["Cykelköket", "Unga i jobb"]
    assert past.nearest_cases("i1", INITIATIVE.document, cases[:1], statistics) == []
    assert past.nearest_cases("i1", TextDocument(), cases, statistics) == []
