"""A tenth of the places for what the order would never show, with the chance written down.

Whoever only sees the best of today's order can only learn about that. So one place of ten shows a
candidate drawn from those that stand lower. The chance that it was shown, its *propensity*, is kept
with the list, and what people then did can be weighed by one over it: sums weighed so are right on
average for any order one might have shown instead (inverse propensity scoring: Horvitz and Thompson
1952; position-based examination: Joachims, Swaminathan and Schnabel 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Places of a list, and how many of them explore.
PLACES, EXPLORED = 10, 1
#: How fast attention falls with the place: the place p (from 0) is looked at with chance (1 + p) ** -ATTENTION.
ATTENTION = 0.5


@dataclass(frozen=True)
class ShownList:
    """What is shown in which order, and with what chance.

    Parameters
    ----------
    rows : ndarray of shape (s,)
        Ranks of what is shown, in the order of places: 0 = the best.
    propensity : ndarray of shape (s,)
        Chance that this one would be shown at all; 1 for what is always shown.
    explored : ndarray of shape (s,)
        Whether the place was one of those that explore.
    """

    rows: NDArray[np.int64]
    propensity: NDArray[np.float64]
    explored: NDArray[np.bool_]


def explore(
    candidates: int, random: np.random.Generator, *, places: int = PLACES, explored: int = EXPLORED
) -> ShownList:
    """Choose what of a ranked list is shown, one place in ten at random from further down.

    Parameters
    ----------
    candidates : int
        How many are ranked, c.
    random : numpy.random.Generator
        Seed it from whose list it is and the day, and the same page shows the same list.
    places : int
    explored : int
        How many of the places explore. None when all candidates are shown anyway.

    Returns
    -------
    ShownList
        The best `places - explored`, in their order, with the explored drawn without replacement from
        all the rest, each equally likely, at places drawn equally likely from all but the first.

    Raises
    ------
    ValueError
        If `places` is not at least 1, or `explored` not in 0 .. places - 1.

    Notes
    -----
    Every candidate has a chance above 0, so estimates have no blind spot. Cost O(places + c).

    Examples
    --------
    >>> shown = explore(40, np.random.default_rng(1))
    >>> sorted(shown.rows.tolist())[:9], shown.propensity.min().round(4).item()
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 0.0323)
    """
    if places < 1 or not 0 <= explored < places:
        raise ValueError("places must be at least 1 and explored in 0 .. places - 1")
    if candidates <= places or not explored:
        rows = np.arange(min(candidates, places), dtype=np.int64)
        return ShownList(rows, np.ones(len(rows)), np.zeros(len(rows), dtype=bool))
    sure, rest = places - explored, candidates - (places - explored)
    drawn = sure + random.choice(rest, size=explored, replace=False)
    is_explored = np.zeros(places, dtype=bool)
    is_explored[1 + random.choice(places - 1, size=explored, replace=False)] = True
    rows = np.empty(places, dtype=np.int64)
    rows[is_explored], rows[~is_explored] = drawn, np.arange(sure)
    return ShownList(rows, np.where(is_explored, explored / rest, 1.0), is_explored)


def examination(places: NDArray[np.int64], attention: float = ATTENTION) -> NDArray[np.float64]:
    """Return the chance that a place (from 0) is looked at, in (0, 1].

    Examples
    --------
    >>> examination(np.array([0, 3])).tolist()
    [1.0, 0.5]
    """
    return np.asarray((1.0 + np.asarray(places)) ** -attention, dtype=np.float64)


def ips_estimate(
    reward: NDArray[np.float64], propensity: NDArray[np.float64], target: NDArray[np.float64], lists: int
) -> float:
    """Return what another way of choosing would have earned a list, on average.

    Parameters
    ----------
    reward : ndarray of shape (s,)
        What came of each shown candidate, over all lists.
    propensity : ndarray of shape (s,)
        The chance that it was shown (and, where rewards need being looked at, times that chance).
    target : ndarray of shape (s,)
        The chance that the other way would show it (and that it is looked at there).
    lists : int
        How many lists the candidates are from, those without any reward counted.

    Returns
    -------
    float
        Unbiased when propensities are right and above 0 wherever `target` is. Not clipped, so its variance
        is large where a chance is small.

    Raises
    ------
    ValueError
        If shapes differ, a chance is outside its range, or there is no list.

    Examples
    --------
    >>> ips_estimate(np.array([1.0, 1.0]), np.array([1.0, 0.5]), np.array([1.0, 1.0]), 3)
    1.0
    """
    if not reward.shape == propensity.shape == target.shape:
        raise ValueError("reward, propensity and target must be about the same candidates")
    if lists < 1:
        raise ValueError("there must be a list")
    if len(reward) and not ((propensity > 0) & (propensity <= 1) & (target >= 0) & (target <= 1)).all():
        raise ValueError("chances must lie in (0, 1], and targets in [0, 1]")
    return float((reward * target / propensity).sum() / lists)
