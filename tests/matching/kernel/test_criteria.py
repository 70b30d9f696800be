"""Criterion values, one table each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.kernel import criteria
from matching.kernel.combine import Weights
from matching.kernel.facts import AnsweredChallenge, NeedFacts, SupportFacts
from matching.kernel.topk import match_all
from tests.matching.kernel.cast import (
    INITIATIVE,
    OFFER,
    TODAY,
    TREES,
    analysis_of,
    initiatives_of,
    numbered,
    offers_of,
)


def _value(function, initiative, offer):
    """Return the value of the base pair with some facts changed; None where not known."""
    found = function(initiatives_of(replace(INITIATIVE, **initiative)), offers_of(replace(OFFER, **offer)))
    return pytest.approx(float(found.value[0, 0])) if found.known[0, 0] else None


@pytest.mark.parametrize(
    ("initiative", "offer", "expected"),
    [
        ({}, {"areas": ("SE-1480",)}, 1.0),
        ({}, {"areas": ("SE-14",)}, 0.8),
        ({"works_in": ("SE-14",)}, {"areas": ("SE-1480",)}, 0.8),
        ({}, {"areas": ("SE",)}, 0.6),
        ({}, {"areas": ("nordic",)}, 0.5),
        ({}, {"areas": ("europe",)}, 0.45),
        ({}, {"areas": ("world",)}, 0.4),
        ({}, {"areas": ("SE", "SE-1480", "world")}, 1.0),
        ({"works_in": ("SE-1380", "SE-1480")}, {"areas": ("SE-12", "SE-14")}, 0.8),
        ({}, {"areas": ("SE-1481",)}, 0.5),
        ({}, {"areas": ("SE-13",)}, 0.5),
        ({}, {"areas": ("SE-1380",)}, 0.5),
        ({}, {"areas": ("SE-12",)}, 0.0),
        ({"may_spread_to": ("SE-12",)}, {"areas": ("SE-12",)}, 0.56),
        ({"works_in": None, "may_spread_to": ("SE-1280",)}, {"areas": ("SE-1280",)}, 0.7),
        ({}, {"areas": None}, None),
        ({"works_in": None}, {}, None),
        ({"works_in_unresolved": ("Sjuhärad",)}, {"areas": ("SE-12",)}, None),
        ({"works_in_unresolved": ("Sjuhärad",)}, {"areas": ("SE-14",)}, 0.8),
    ],
)
def test_area_value(initiative, offer, expected):
    assert _value(criteria.area, initiative, offer) == expected


@pytest.mark.parametrize(
    ("needs", "support", "expected"),
    [
        ((NeedFacts("grant", 200_000),), (SupportFacts("grant", 50_000, 300_000),), 1.0),
        ((NeedFacts("grant", 600_000),), (SupportFacts("grant", 50_000, 300_000),), 0.5),
        ((NeedFacts("grant", 1_200_000),), (SupportFacts("grant", 50_000, 300_000),), 0.25),
        ((NeedFacts("grant", 25_000),), (SupportFacts("grant", 50_000, 300_000),), 0.5),
        ((NeedFacts("grant", 25_000),), (SupportFacts("grant", None, 300_000),), 1.0),
        ((NeedFacts("grant", 900_000),), (SupportFacts("grant", 50_000),), 1.0),
        (
            (NeedFacts("grant", 200_000), NeedFacts("grant", 400_000)),
            (SupportFacts("grant", None, 300_000),),
            0.5,
        ),
        (
            (NeedFacts("grant", 600_000),),
            (SupportFacts("grant", 1, 100_000), SupportFacts("grant", 1, 300_000)),
            0.5,
        ),
        ((NeedFacts("grant", 600_000),), (SupportFacts("grant", 1, 300_000), SupportFacts("grant")), None),
        (
            (NeedFacts("grant", 600_000), NeedFacts("mentoring", hours=10)),
            (SupportFacts("grant", None, 300_000), SupportFacts("mentoring", hours=20)),
            1.0,
        ),
        ((NeedFacts("mentoring", hours=40),), (SupportFacts("mentoring", hours=10),), 0.25),
        ((NeedFacts("grant"),), (SupportFacts("grant", 50_000, 300_000),), None),
        ((NeedFacts("grant", 0),), (SupportFacts("grant", 50_000, 300_000),), None),
        ((NeedFacts("loan", 200_000),), (SupportFacts("grant", 50_000, 300_000),), None),
        ((NeedFacts("grant", 200_000),), (SupportFacts("grant"),), None),
        (None, (SupportFacts("grant", 50_000, 300_000),), None),
    ],
)
def test_amount_value(needs, support, expected):
    assert _value(criteria.amount, {"needs": needs}, {"support": support}) == expected


KRONOR = st.integers(1, 5_000_000)


@settings(max_examples=60, deadline=None)
@given(KRONOR, KRONOR, KRONOR, KRONOR, KRONOR, st.sampled_from(["grant", "loan"]))
def test_a_wider_range_or_one_kind_more_never_lowers_the_amount(asked, one, other, lower, higher, kind):
    needs = (NeedFacts("grant", asked), NeedFacts("loan", asked))
    least, most = sorted((one, other))
    wider = SupportFacts("grant", max(1, least - lower), most + higher)
    before = _amount(needs, SupportFacts("grant", least, most))
    assert 0 < before <= _amount(needs, wider) + 1e-6
    # Of several kinds the best counts.
    assert before <= _amount(needs, SupportFacts("grant", least, most), SupportFacts(kind, one, None)) + 1e-6


def _amount(needs, *support):
    offer = offers_of(replace(OFFER, support=support))
    return float(criteria.amount(initiatives_of(replace(INITIATIVE, needs=needs)), offer).value[0, 0])


@pytest.mark.parametrize(
    ("needs", "support", "expected"),
    [
        ((NeedFacts("grant"),), (SupportFacts("grant"), SupportFacts("network")), 1.0),
        ((NeedFacts("grant"), NeedFacts("mentoring")), (SupportFacts("grant"),), 0.5),
        ((NeedFacts("grant", urgency=3), NeedFacts("mentoring")), (SupportFacts("grant"),), 0.75),
        ((NeedFacts("grant"),), (SupportFacts("loan"),), 0.0),
        ((), (SupportFacts("loan"),), None),
        ((NeedFacts("grant"),), None, None),
    ],
)
def test_support_kind_value(needs, support, expected):
    assert _value(criteria.support_kind, {"needs": needs}, {"support": support}) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [(("develop",), ("develop", "value"), 1.0), (("develop",), ("value",), 0.0), (None, ("value",), None)],
)
def test_process_parts_value(mine, theirs, expected):
    assert _value(criteria.process_parts, {"process_parts": mine}, {"process_parts": theirs}) == expected


def _theme_value(mine, theirs, idf=None):
    tree = TREES.themes
    weights = np.ones(len(tree.codes), np.float32) if idf is None else idf
    rows = [np.array([[code in chosen for code in tree.codes]]) for chosen in (mine, theirs)]
    first, second = (criteria.unit_vectors(tree.soft_vectors(row), weights) for row in rows)
    return float(criteria.tree_overlap(first, second, np.array([1], np.int8)).value[0, 0])


def test_themes_same_is_one_and_parent_sibling_and_stranger_ever_less():
    same, parent = _theme_value(("jobs",), ("jobs",)), _theme_value(("jobs",), ("work",))
    sibling, stranger = _theme_value(("jobs",), ("social_firms",)), _theme_value(("jobs",), ("food",))
    assert (same, stranger) == (pytest.approx(1.0), 0.0)
    assert same > parent > sibling > stranger
    # By hand: (jobs 1, work 1/2) against (work 1), and against (social_firms 1, work 1/2).
    assert parent == pytest.approx(0.5 / 1.25**0.5) and sibling == pytest.approx(0.25 / 1.25)


def test_themes_an_ancestor_of_several_choices_counts_once():
    assert _theme_value(("jobs", "social_firms"), ("jobs", "social_firms")) == pytest.approx(1.0)
    # (jobs 1, social_firms 1, work 1/2) against (work 1): the ancestor is 1/2 and not 1.
    assert _theme_value(("jobs", "social_firms"), ("work",)) == pytest.approx(0.5 / 2.25**0.5)


def test_themes_a_rare_one_counts_more():
    rare = np.array([5.0 if code == "food" else 1.0 for code in TREES.themes.codes], np.float32)
    assert _theme_value(("food", "work"), ("food",), rare) > _theme_value(("food", "work"), ("food",))


def test_means_are_taken_over_eligible_pairs_only():
    offers = offers_of(OFFER, replace(OFFER, key="o2", areas=("SE-12",), process_parts=("value",)))
    analysis = analysis_of(initiatives_of(INITIATIVE), offers)
    # The second offer is for another county: its 0 for process parts is not counted.
    assert analysis.means[4] == 1.0


def test_ties_go_by_key_across_blocks():
    # The lowest key stands last, so that a block must know which rows it holds.
    facts = numbered("i", [INITIATIVE] * 8)[::-1]
    initiatives, offers = initiatives_of(*facts), offers_of(OFFER)
    analysis = analysis_of(initiatives, offers)
    for tile_rows in (1, 3, 5, 100):
        table = match_all(initiatives, offers, analysis, Weights(), TODAY, k=1, tile_rows=tile_rows)
        # Every initiative keeps its one offer; the offer's own best is the lowest key.
        assert len(table) == 8
    many = numbered("o", [OFFER] * 8)
    offers = offers_of(*many)
    analysis = analysis_of(initiatives, offers)
    lowest_offer, lowest = sorted(offers.keys)[0], sorted(initiatives.keys)[0]
    for tile_rows in (1, 3, 5, 100):
        table = match_all(initiatives, offers, analysis, Weights(), TODAY, k=1, tile_rows=tile_rows)
        pairs = {
            (initiatives.keys[row], offers.keys[column])
            for row, column in zip(table.initiative, table.offer, strict=True)
        }
        assert pairs == {(key, lowest_offer) for key in initiatives.keys} | {
            (lowest, key) for key in offers.keys
        }


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ((3,), (3,), 1.0),
        ((3, 1), (2, 3), 1.0),
        ((3,), (2,), 0.0),
        ((), (3,), None),
        ((3,), (), None),
        ((), (), None),
        # The newest eight are read: the ninth is one too many.
        (tuple(range(1, 10)), (8,), 1.0),
        (tuple(range(1, 10)), (9,), 0.0),
    ],
)
def test_a_shared_challenge_counts_and_none_at_all_is_nothing_missing(mine, theirs, expected):
    initiative = replace(INITIATIVE, challenges=tuple(AnsweredChallenge(key) for key in mine))
    offer = replace(OFFER, challenges=tuple(AnsweredChallenge(key) for key in theirs))
    found = criteria.challenge(initiatives_of(initiative), offers_of(offer))
    assert (float(found.value[0, 0]) if found.known[0, 0] else None) == expected
    assert found.indifferent[0, 0] == (expected is None)


@pytest.mark.parametrize("key", [0, -4])
def test_a_challenge_without_a_proper_key_is_refused(key):
    with pytest.raises(ValueError, match="above zero"):
        offers_of(replace(OFFER, challenges=(AnsweredChallenge(7), AnsweredChallenge(key))))
