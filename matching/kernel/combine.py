"""From criteria to one number: `fit = base + sum of contributions`.

`base` is what a pair with nothing known has: every criterion at its mean among eligible pairs. A
known criterion contributes `weight * (value - mean)`, an unknown one nothing, so a sparse profile is
neither sorted up nor down for it. `confidence` says apart how much of the whole was known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes

#: Decimals of fit, and so of every ranking.
FIT_DECIMALS = 4
#: How much of confidence is about hard rules having a clear answer.
RULES_IN_CONFIDENCE = 0.2


@dataclass(frozen=True)
class Weights:
    """The weight of each criterion; none below zero, together 1.

    How they were chosen stands in docs/algorithms/matching.md.
    """

    text: float = 0.27
    themes: float = 0.13
    target_groups: float = 0.06
    area: float = 0.12
    process_parts: float = 0.06
    support_kind: float = 0.10
    amount: float = 0.06
    organisation: float = 0.03
    drivers: float = 0.03
    history: float = 0.10
    challenge: float = 0.04

    def __post_init__(self) -> None:
        values = self.as_array()
        if (values < 0).any() or abs(float(values.sum()) - 1.0) > 1e-6:
            raise ValueError("weights must be at least 0 and sum to 1")

    @classmethod
    def of(cls, stored: Mapping[str, float]) -> Weights:
        """Return weights as they were stored; a criterion that came later weighs nothing in them."""
        return cls(**{name: stored.get(name, 0.0) for name in codes.CRITERIA})

    def as_array(self) -> NDArray[np.float64]:
        """Return the weights in the order of `codes.CRITERIA`, shape (C,)."""
        return np.array([getattr(self, name) for name in codes.CRITERIA], dtype=np.float64)


def combine(
    values: NDArray[np.float32], known: NDArray[np.bool_], means: NDArray[np.float64], weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return fit and contributions.

    Parameters
    ----------
    values, known : ndarray of shape (..., C)
        Criterion values in [0, 1], and where they are known.
    means : ndarray of shape (C,)
        Mean of each criterion among eligible pairs, frozen in the analysis.

    Returns
    -------
    fit : ndarray of shape (...)
        In [0, 1], rounded to `FIT_DECIMALS`.
    contributions : ndarray of shape (..., C)
        0 where unknown; `base(means, weights) + contributions.sum(-1)` is fit before rounding.
        Cost: O(size of values).

    Examples
    --------
    >>> values, known = np.ones((1, 11), np.float32), np.zeros((1, 11), bool)
    >>> known[0, 0] = True
    >>> fit, contributions = combine(values, known, np.full(11, 0.5), Weights())
    >>> fit.tolist(), contributions[0, :2].tolist()
    ([0.635], [0.135, 0.0])
    """
    weight = weights.as_array()
    # Rounded, so that a block's size, which orders floating-point sums, never shows in a ranking.
    exact = np.round(values.astype(np.float64), 6)
    contributions = np.where(known, weight * (exact - means), 0.0)
    fit = np.clip(base(means, weights) + contributions.sum(axis=-1), 0.0, 1.0)
    return np.round(fit, FIT_DECIMALS), contributions


def base(means: NDArray[np.float64], weights: Weights) -> float:
    """Return the fit of a pair of which nothing is known.

    Parameters
    ----------
    means : ndarray of shape (C,)
        Mean of each criterion among eligible pairs.
    weights

    Returns
    -------
    float
        In [0, 1]. Cost O(C).
    """
    return float((weights.as_array() * means).sum())


#: How far above the base a pair must come for the words that people read. `benchmarks.quality.bands` sets them.
STRONG_ABOVE_BASE, GOOD_ABOVE_BASE = 0.10, 0.0


def band(fit: float, base_fit: float, *, is_clear: bool) -> Literal["strong", "good", "possible"]:
    """Return the word band of a pair: how often people judged such pairs good.

    Measured from the base, so that the bands mean the same in a collection with other means. While a rule
    waits for a missing fact (`is_clear` False), the pair is possible and no more, whatever its fit: of such
    pairs few were judged good. Order and fit know nothing of that.

    Parameters
    ----------
    fit, base_fit : float
        In [0, 1].
    is_clear : bool
        Whether every rule has a clear answer.

    Returns
    -------
    {"strong", "good", "possible"}
        Cost O(1).

    Examples
    --------
    >>> band(0.50, 0.36, is_clear=True), band(0.37, 0.36, is_clear=True), band(0.35, 0.36, is_clear=True)
    ('strong', 'good', 'possible')
    >>> band(0.50, 0.36, is_clear=False)
    'possible'
    """
    if not is_clear:
        return "possible"
    above = round(fit - base_fit, FIT_DECIMALS)
    if above >= STRONG_ABOVE_BASE:
        return "strong"
    return "good" if above >= GOOD_ABOVE_BASE else "possible"


def confidence(
    settled: NDArray[np.bool_], requirement_verdicts: NDArray[np.int8], weights: Weights
) -> NDArray[np.float64]:
    """Return how much of a pair is known, in [0, 1], rounded to `FIT_DECIMALS`.

    Four fifths: the weighted share of criteria that are known, or said to make no difference. One
    fifth: the share of `codes.CONFIDENCE_REQUIREMENTS` with a clear verdict, so that an offer whose
    rules nobody has written down is trusted less.

    Parameters
    ----------
    settled : ndarray of shape (..., C)
    requirement_verdicts : ndarray of shape (..., R)
    """
    places = [codes.REQUIREMENTS.index(name) for name in codes.CONFIDENCE_REQUIREMENTS]
    verdicts = requirement_verdicts[..., places]
    clear = ((verdicts == codes.FITS) | (verdicts == codes.DOES_NOT_FIT)).mean(axis=-1)
    share = (settled * weights.as_array()).sum(axis=-1)
    result: NDArray[Any] = (1 - RULES_IN_CONFIDENCE) * share + RULES_IN_CONFIDENCE * clear
    return np.round(result, FIT_DECIMALS)
