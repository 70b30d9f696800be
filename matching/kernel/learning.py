"""What people choose from a list says which criteria matter to them: learned weights, with care.

A person who takes the fourth and leaves the first three says something about the difference between
them. The model is a conditional logit over the list that was shown (McFadden 1974): the chance to choose
a candidate goes as the exponent of its fit, times the chance that its place is looked at. What is
looked for are weights that make the choices likely, and that lie near the weights in force: a
Gaussian prior centred on them, so that three choices move little and three hundred much, and none at
all nothing. Levels are chained: everybody, a kind of offer, a giver; each is the next one's prior.

Fitted weights are in force only if they pass the *gate*: fitted on the earlier choices, they must
order the later ones better (paired bootstrap interval above zero), and no group may lose by them.
Otherwise the weights above stay. Nothing learned changes fit: it orders a giver's own lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from matching.kernel.exposure import ATTENTION, examination

Floats = NDArray[np.float64]

#: What each kind of choice is worth.
GAINS = {"support": 1.0, "contact": 0.6, "shortlist": 0.4}
#: A dismissal with a reason counts this much, and on its criterion only.
DISMISSAL = 0.4
#: Fewer decisions than this change nothing.
LEAST_DECISIONS = 3
#: Choices go as exp(SHARPNESS * fit) before anything is known of them: 0.05 of fit = 2.7 times as likely.
SHARPNESS = 20.0
#: Standard deviation of the prior: this share of a weight, plus a little so that none is nailed to 0.
SPREAD, SPREAD_FLOOR = 0.4, 0.005


@dataclass(frozen=True)
class JudgedList:
    """A list as it was shown, and what the person then did.

    Parameters
    ----------
    features : ndarray of shape (c, C)
        `value - mean` of each criterion, 0 where unknown: what a weight of 1 would contribute to fit.
    gain : ndarray of shape (c,)
        In [0, 1], from `GAINS`; 0 = left alone.
    place : ndarray of shape (c,)
        Where it stood, from 0.
    dismissed : tuple of (row, criterion)
        Put aside for a reason that names a criterion. These rows are no alternatives to what was chosen.
    aside : tuple of row
        Put aside for a reason that says nothing of fit: neither chosen nor left alone.
    at : float
        Moment of the last of these decisions, in days.
    giver, kind : str
        Whose list, and for what kind of offer.
    groups : mapping of str to tuple of str, c long
        For each way of grouping (language, kind of county, size) the group of each candidate.
    """

    features: Floats
    gain: Floats
    place: NDArray[np.int64]
    dismissed: tuple[tuple[int, int], ...] = ()
    aside: tuple[int, ...] = ()
    at: float = 0.0
    giver: str = ""
    kind: str = ""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = len(self.gain)
        if self.features.ndim != 2 or len(self.features) != size or len(self.place) != size:
            raise ValueError("features, gain and place must be about the same candidates")
        if size and not ((self.gain >= 0) & (self.gain <= 1)).all():
            raise ValueError("gains must lie in [0, 1]")
        if any(len(labels) != size for labels in self.groups.values()):
            raise ValueError("every candidate must have a group")

    @property
    def decisions(self) -> int:
        """How many decisions tell something."""
        return int((self.gain > 0).sum()) + len(self.dismissed)


@dataclass(frozen=True)
class FittedWeights:
    """Weights that fit a person's choices.

    Parameters
    ----------
    weights : ndarray of shape (C,)
        At least 0, together 1.
    decisions : int
        How many they come from.
    sharpness : float
        How much the choices follow fit at all, as a share of `SHARPNESS`; near 0 = hardly.
    """

    weights: Floats
    decisions: int
    sharpness: float


def fit_weights(
    lists: Sequence[JudgedList],
    prior: Floats,
    *,
    spread: float = SPREAD,
    attention: float = ATTENTION,
) -> FittedWeights:
    """Return the weights that make the choices likely and lie near the prior.

    Parameters
    ----------
    lists : sequence of JudgedList
    prior : ndarray of shape (C,)
        Weights in force: at least 0, together 1.
    spread : float
        Standard deviation of the prior as a share of each weight; above 0.
    attention : float
        How fast attention falls with the place, see `matching.kernel.exposure.examination`.

    Returns
    -------
    FittedWeights
        The prior itself, to the last bit, with fewer than `LEAST_DECISIONS`.

    Raises
    ------
    ValueError
        If the prior is no set of weights, or spread is not above 0.

    Notes
    -----
    A chosen candidate is compared with itself and with all of a lower gain; each comparison weighs the gain,
    places are weighed by attention, so being left alone at the bottom says nearly nothing. A
    dismissal says, on its criterion alone, that the others were better. Two steps: first how sharply
    choices follow the prior's fit (one number), then the weights; both are convex but the first, which is
    unimodal in practice and bounded. Deterministic; the order of the lists changes nothing beyond rounding.
    Cost O(iterations · candidates · C).

    Examples
    --------
    Three choices for the one that is better on the first criterion:

    >>> one = JudgedList(np.array([[0.3, 0.0], [0.0, 0.3]]), np.array([1.0, 0.0]), np.array([0, 1]))
    >>> fit_weights([one] * 3, np.array([0.5, 0.5])).weights.round(3).tolist()
    [0.615, 0.385]
    >>> fit_weights([one] * 2, np.array([0.5, 0.5])).weights.tolist()
    [0.5, 0.5]
    """
    prior = np.asarray(prior, dtype=np.float64)
    if (prior < 0).any() or abs(float(prior.sum()) - 1) > 1e-6:
        raise ValueError("the prior must be weights: at least 0, together 1")
    if spread <= 0:
        raise ValueError("spread must be above 0")
    decisions = sum(one.decisions for one in lists)
    if decisions < LEAST_DECISIONS:
        return FittedWeights(prior.copy(), decisions, 1.0)
    choices = _Choices.of(lists, len(prior), attention)

    def unlikely_sharpness(log_sharpness: float) -> float:
        loss, _ = choices.loss(prior, SHARPNESS * float(np.exp(log_sharpness)))
        return loss + 0.5 * log_sharpness**2

    found = minimize_scalar(unlikely_sharpness, bounds=(-4.0, 2.0), method="bounded")
    sharpness = float(np.exp(found.x))
    deviation = spread * prior + SPREAD_FLOOR

    def unlikely(step: Floats) -> tuple[float, Floats]:
        # In standard deviations from the prior, which makes the problem round.
        loss, slope = choices.loss(prior + step * deviation, SHARPNESS * sharpness)
        return loss + 0.5 * float(step @ step), slope * deviation + step

    best = minimize(
        unlikely,
        np.zeros(len(prior)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-least, None) for least in prior / deviation],
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8},
    )
    weights = np.maximum(prior + best.x * deviation, 0.0)
    return FittedWeights(weights / weights.sum(), decisions, sharpness)


@dataclass(frozen=True)
class _Choices:
    """All comparisons of all lists, flat: a choice is a run of alternatives, the chosen one first."""

    alternatives: Floats
    offset: Floats
    start: NDArray[np.int64]
    gain: Floats
    #: Of dismissals: the criterion, and how much more of it the others had.
    criterion: NDArray[np.int64]
    more: Floats

    @staticmethod
    def of(lists: Sequence[JudgedList], criteria: int, attention: float) -> _Choices:
        parts: list[Floats] = [np.empty((0, criteria))]
        offsets: list[Floats] = [np.empty(0)]
        sizes, gains, dismissed, more = list[int](), list[float](), list[int](), list[float]()
        for one in lists:
            looked_at = np.log(examination(one.place, attention))
            put_aside = np.zeros(len(one.gain), dtype=bool)
            put_aside[[row for row, _ in one.dismissed] + list(one.aside)] = True
            for row in np.flatnonzero(one.gain > 0).tolist():
                among = np.append(row, np.flatnonzero((one.gain < one.gain[row]) & ~put_aside))
                parts.append(one.features[among])
                offsets.append(looked_at[among])
                sizes.append(len(among))
                gains.append(float(one.gain[row]))
            for row, criterion in one.dismissed:
                if not put_aside.all():
                    others = float(one.features[~put_aside, criterion].mean())
                    dismissed.append(criterion)
                    more.append(others - float(one.features[row, criterion]))
        return _Choices(
            alternatives=np.concatenate(parts),
            offset=np.concatenate(offsets),
            start=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)[: len(sizes)],
            gain=np.array(gains),
            criterion=np.array(dismissed, dtype=np.int64),
            more=np.array(more),
        )

    def loss(self, weights: Floats, sharpness: float) -> tuple[float, Floats]:
        """Return how unlikely the choices are (minus log likelihood, weighed by gain), and its slope."""
        slope = np.zeros(len(weights))
        loss = 0.0
        if len(self.start):
            utility = sharpness * (self.alternatives @ weights) + self.offset
            sums = np.logaddexp.reduceat(utility, self.start)
            sizes = np.diff(np.append(self.start, len(utility)))
            chance = np.exp(utility - np.repeat(sums, sizes)) * np.repeat(self.gain, sizes)
            loss += float((self.gain * (sums - utility[self.start])).sum())
            slope += sharpness * (chance @ self.alternatives - self.gain @ self.alternatives[self.start])
        if len(self.criterion):
            lead = sharpness * weights[self.criterion] * self.more
            loss += DISMISSAL * float(np.logaddexp(0.0, -lead).sum())
            back = -DISMISSAL * sharpness * self.more / (1.0 + np.exp(np.clip(lead, -500, 500)))
            np.add.at(slope, self.criterion, back)
        return loss, slope
