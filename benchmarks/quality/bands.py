"""What the words strong, good and possible mean, by the pairs that people judged.

A pair is *clear* when no rule waits for a missing fact. Of the clear pairs, *strong* begins where at least two
of three above are judged good, and *good* at the lowest value, not below the base, from which at least two of
five up to there are. All others are *possible*. Thresholds that are chosen on some pairs and measured on the
same flatter, so each offer's pairs are also measured with thresholds chosen without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.kernel.combine import GOOD_ABOVE_BASE, STRONG_ABOVE_BASE
from matching.kernel.metrics import DRAWS

BANDS = ("strong", "good", "possible")
STRONG_SHARE, GOOD_SHARE = 2 / 3, 2 / 5
#: A share of fewer pairs decides nothing.
LEAST_PAIRS = 20
STEPS = tuple(round(step / 100, 2) for step in range(26))


@dataclass(frozen=True)
class Outcome:
    """A judged pair that may meet: how far its fit lies above the base, and what people thought."""

    offer: str
    above: float
    is_clear: bool
    is_good: bool


def calibrate(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Return where strong and good begin; one that no step earns lies above them all."""
    never = STEPS[-1] + 1
    clear = [one for one in outcomes if one.is_clear]
    strong = next((step for step in STEPS if _earns(clear, STRONG_SHARE, step)), never)
    good = next((step for step in STEPS if _earns(clear, GOOD_SHARE, step, strong)), strong)
    return strong, good


def _earns(outcomes: Sequence[Outcome], share: float, least: float, below: float = 1.0) -> bool:
    chosen = [one.is_good for one in outcomes if least <= one.above < below]
    return len(chosen) >= LEAST_PAIRS and sum(chosen) >= share * len(chosen)


def band_of(outcome: Outcome, strong: float, good: float) -> str:
    """Return the word of a pair under two thresholds."""
    if not outcome.is_clear or outcome.above < good:
        return "possible"
    return "strong" if outcome.above >= strong else "good"


def figures(outcomes: Sequence[Outcome], seed: int) -> list[dict[str, object]]:
    """Return per band the share judged good with its interval, drawn by offers, and the share left out.

    `left_out` is the share among pairs that get the word from thresholds chosen without their offer.
    """
    others = {
        offer: calibrate([one for one in outcomes if one.offer != offer])
        for offer in sorted({one.offer for one in outcomes})
    }
    found: list[dict[str, object]] = []
    for name in BANDS:
        own = [one for one in outcomes if band_of(one, STRONG_ABOVE_BASE, GOOD_ABOVE_BASE) == name]
        if not own:
            continue
        left_out = [one.is_good for one in outcomes if band_of(one, *others[one.offer]) == name]
        low, high = _interval(own, sorted(others), seed)
        found.append(
            {
                "band": name,
                "share": round(float(np.mean([one.is_good for one in own])), 3),
                "low": low,
                "high": high,
                "n": len(own),
                "left_out": round(float(np.mean(left_out)), 3) if left_out else None,
            }
        )
    return found


def _interval(outcomes: Sequence[Outcome], offers: Sequence[str], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of a share when offers are drawn with replacement."""
    place = {offer: number for number, offer in enumerate(offers)}
    good, pairs = np.zeros(len(offers)), np.zeros(len(offers))
    for one in outcomes:
        good[place[one.offer]] += one.is_good
        pairs[place[one.offer]] += 1
    drawn = np.random.default_rng(seed).integers(0, len(offers), (DRAWS, len(offers)))
    sums = pairs[drawn].sum(axis=1)
    shares = good[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(shares, [0.025, 0.975])
    return round(float(low), 3), round(float(high), 3)
