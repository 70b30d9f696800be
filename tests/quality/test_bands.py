"""The words strong, good and possible: set by judged pairs, and the report says what they are worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.bands import (
    BANDS,
    LEAST_PAIRS,
    STEPS,
    Outcome,
    band_of,
    calibrate,
    figures,
)
from matching.kernel.combine import GOOD_ABOVE_BASE, STRONG_ABOVE_BASE, band

REPORT = Path(__file__).resolve().parents[2] / "matching" / "public" / "quality.json"


def pairs(above: float, good: int, of: int, *, is_clear: bool = True, offer: str = "") -> list[Outcome]:
    return [Outcome(offer or f"o{number}", above, is_clear, number < good) for number in range(of)]


def test_thresholds_by_hand() -> None:
    # 3 of 20 at 0.02, 9 of 20 at 0.06, 15 of 20 at 0.12. Strong: from 0.07, where 15 of 20 are left (0.06 would make
    # it 24 of 40). Good: at 0.02 12 of 40 are too few, at 0.03 9 of 20 are left.
    outcomes = [*pairs(0.02, 3, 20), *pairs(0.06, 9, 20), *pairs(0.12, 15, 20)]
    assert calibrate(outcomes) == (0.07, 0.03)
    # Pairs with an unclear rule have no say, however good they are.
    assert calibrate([*outcomes, *pairs(0.02, 50, 50, is_clear=False)]) == (0.07, 0.03)
    # Fewer than LEAST_PAIRS decide nothing: the best of all are too few to be a band of their own.
    assert calibrate(pairs(0.2, LEAST_PAIRS - 1, LEAST_PAIRS - 1)) == (STEPS[-1] + 1, STEPS[-1] + 1)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome("o", 0.10, True, False), "strong"),
        (Outcome("o", 0.0999, True, False), "good"),
        (Outcome("o", 0.0, True, False), "good"),
        (Outcome("o", -0.0001, True, False), "possible"),
        (Outcome("o", 0.3, False, False), "possible"),
    ],
)
def test_a_pair_gets_the_word_that_the_kernel_gives_it(outcome: Outcome, expected: str) -> None:
    assert band_of(outcome, 0.10, 0.0) == expected
    if (STRONG_ABOVE_BASE, GOOD_ABOVE_BASE) == (0.10, 0.0):
        assert band(0.4 + outcome.above, 0.4, is_clear=outcome.is_clear) == expected


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_fit_never_gives_a_weaker_word(fit: float, more: float, base: float) -> None:
    low, high = sorted((fit, more))
    words = [BANDS[::-1].index(band(one, base, is_clear=True)) for one in (low, high)]
    assert words[0] <= words[1]
    assert band(high, base, is_clear=False) == "possible"


def test_left_out_is_measured_with_thresholds_that_never_saw_the_offer() -> None:
    # Without the offer "all" nobody else's pairs would be strong: its own lose the word, the others keep it.
    outcomes = [*pairs(0.12, 30, 30, offer="all"), *pairs(0.12, 5, 20)]
    [strong] = figures(outcomes, 1)
    assert (strong["band"], strong["n"], strong["share"], strong["left_out"]) == ("strong", 50, 0.7, 0.25)
    assert strong["low"] < 0.7 < strong["high"]


def test_the_report_is_about_the_thresholds_in_use() -> None:
    report = json.loads(REPORT.read_text(encoding="utf-8"))["bands"]
    assert (report["strong"], report["good"]) == (STRONG_ABOVE_BASE, GOOD_ABOVE_BASE)
    rows = {row["band"]: row for row in report["figures"]}
    assert tuple(rows) == BANDS
    shares = [rows[name]["share"] for name in BANDS]
    assert shares == sorted(shares, reverse=True)
    # The words have to be worth something on pairs that did not choose them.
    assert rows["strong"]["left_out"] > rows["possible"]["high"]
    assert rows["good"]["low"] > rows["possible"]["high"]
    for row in report["figures"]:
        assert row["low"] <= row["share"] <= row["high"]
