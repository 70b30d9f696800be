"""What a background tells a small collection, and that it says nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from matching.kernel import codes
from matching.kernel.analysis import UNSEEN_MEAN, Analysis
from matching.kernel.fitting import MEANS_COUNT, Background, fit_analysis
from matching.kernel.terms import TextDocument
from tests.matching.kernel.cast import (
    INITIATIVE,
    LEXICON,
    OFFER,
    TODAY,
    TREES,
    initiatives_of,
    offers_of,
    scores_of,
)

THEMES, GROUPS = len(TREES.themes.codes), len(TREES.target_groups.codes)
PRIOR = np.linspace(0.1, 0.9, len(codes.CRITERIA))
TALK = [TextDocument("", f"Alla ska ha cyklar, säger {name}.", "sv") for name in ("Eva", "Per", "Ida")]


def beside(*documents: TextDocument, themes: tuple[int, ...] = ()) -> Background:
    chosen = np.zeros((len(documents), THEMES), dtype=bool)
    chosen[:, list(themes)] = True
    return Background(documents, chosen, np.zeros((len(documents), GROUPS), dtype=bool), PRIOR)


def learned(background: Background | None) -> Analysis:
    return fit_analysis(
        initiatives_of(INITIATIVE),
        offers_of(OFFER),
        now_day=TODAY,
        lexicon=LEXICON,
        background=background,
    )


def test_what_is_common_in_the_field_says_less() -> None:
    alone, among = (learned(one).text.spaces["own"].idf for one in (None, beside(*TALK)))
    # One of the two writes of bicycles and a workshop; in the field everybody writes of bicycles.
    assert alone["sv:cykl"] == alone["sv:verkst"]
    assert among["sv:cykl"] < among["sv:verkst"]
    assert "sv:eva" in among
    assert "sv:eva" not in alone


def test_what_is_often_chosen_says_less() -> None:
    place = 0
    code = TREES.themes.codes[place]
    often = learned(beside(*TALK, themes=(place,))).theme_idf[code]
    assert often < learned(beside(*TALK)).theme_idf[code]


def test_a_lone_pair_is_not_its_own_mean() -> None:
    alone, among = learned(None), learned(beside(*TALK))
    scores = scores_of(initiatives_of(INITIATIVE), offers_of(OFFER), among)
    for place, name in enumerate(codes.CRITERIA):
        if scores.known[0, 0, place]:
            value = float(scores.values[0, 0, place])
            assert among.means[place] == pytest.approx(
                (value + MEANS_COUNT * PRIOR[place]) / (1 + MEANS_COUNT), abs=1e-6
            ), name
        else:
            assert among.means[place] == pytest.approx(PRIOR[place]), name
            assert alone.means[place] == UNSEEN_MEAN, name


def test_the_order_of_the_background_makes_no_difference() -> None:
    first = learned(beside(*TALK)).to_bytes()
    for order in permutations(TALK):
        again = learned(beside(*order))
        assert again.means == Analysis.from_bytes(first).means
        assert dict(again.text.spaces["own"].idf) == dict(Analysis.from_bytes(first).text.spaces["own"].idf)


def test_many_profiles_drown_it() -> None:
    """Where thousands have written, a few hundred more move no weight by more than a hundredth."""
    many = [
        replace(INITIATIVE, key=f"i{number}", document=TextDocument("", f"jobb åt unga i by {number}", "sv"))
        for number in range(3000)
    ]

    def weights(background: Background | None) -> dict[str, float]:
        found = fit_analysis(
            initiatives_of(*many), offers_of(OFFER), now_day=TODAY, lexicon=LEXICON, background=background
        )
        return {
            word: found.text.spaces["own"].idf[word]
            for word in ("sv:jobb", "sv:by")
            if word in found.text.spaces["own"].idf
        }

    alone, among = weights(None), weights(beside(*TALK))
    assert alone
    for word, weight in alone.items():
        assert among[word] == pytest.approx(weight, abs=0.01)
