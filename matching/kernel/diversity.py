"""A list that is not ten times the same: mild diversity, and room for more than one giver.

Order only: fit is neither changed nor shown changed. The first places are filled one by one with the
candidate of the highest `fit - strength * likeness`, where likeness is how much it is like the most
similar one already placed (maximal marginal relevance, Carbonell and Goldstein 1998). The strength is
mild: two candidates change places only if their fits are closer than it. And at most two of the first
five come from one giver, unless there is nobody else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: How much fit full likeness to something already placed may cost.
STRENGTH = 0.03
#: At most this many of one giver among so many first places.
MOST_OF_ONE, AMONG_FIRST = 2, 5
#: Places that are chosen one by one; below, the order is that of fit.
DEPTH = 20


def diverse_order(
    fit: NDArray[np.float64],
    giver: NDArray[np.int64],
    likeness: NDArray[np.float64] | None = None,
    *,
    tie_order: NDArray[np.int64] | None = None,
    strength: float = STRENGTH,
    most_of_one: int = MOST_OF_ONE,
    among_first: int = AMONG_FIRST,
    depth: int = DEPTH,
) -> NDArray[np.int64]:
    """Return the order in which candidates are shown, best first.

    Parameters
    ----------
    fit : ndarray of shape (c,)
        In [0, 1].
    giver : ndarray of shape (c,)
        Whose each candidate is; from the other side, whose initiative.
    likeness : ndarray of shape (c, c), optional
        In [0, 1], symmetric. Without it only the rule about givers counts.
    tie_order : ndarray of shape (c,), optional
        Among equals the lower comes first. Default the rows.
    strength : float
        At least 0; 0 leaves likeness out.

    Returns
    -------
    ndarray of shape (c,)
        A permutation of the rows.

    Raises
    ------
    ValueError
        If shapes differ or numbers are out of range.

    Notes
    -----
    A candidate is at most `strength` of fit behind one that it passes, but for the rule about givers.
    Cost O(c log c + depth · c).

    Examples
    --------
    Three of one giver fit best; the third waits until five are placed:

    >>> diverse_order(np.array([.9, .8, .7, .6, .5, .4]), np.array([1, 1, 1, 2, 3, 4])).tolist()
    [0, 1, 3, 4, 5, 2]
    """
    fit, giver = np.asarray(fit, dtype=np.float64), np.asarray(giver)
    size = len(fit)
    ties = np.arange(size) if tie_order is None else np.asarray(tie_order)
    if not size == len(giver) == len(ties) or (likeness is not None and likeness.shape != (size, size)):
        raise ValueError("fit, giver, tie_order and likeness must be about the same candidates")
    if strength < 0 or most_of_one < 1 or not 0 <= among_first <= depth:
        raise ValueError("strength, most_of_one or among_first out of range")
    best_first = np.lexsort((ties, -fit))
    left = list(best_first)
    placed: list[int] = []
    nearest = np.zeros(size)
    while left and len(placed) < depth:
        allowed = left
        if len(placed) < among_first:
            placed_givers = giver[placed].tolist()
            few = [row for row in left if placed_givers.count(giver[row]) < most_of_one]
            # Nobody else: then the rule has nothing to protect.
            allowed = few or left
        rows = np.array(allowed)
        score = np.round(fit[rows] - strength * nearest[rows], 6)
        chosen = int(rows[np.argmax(score)])
        placed.append(chosen)
        left.remove(chosen)
        if likeness is not None:
            nearest = np.maximum(nearest, likeness[chosen])
    return np.array(placed + left, dtype=np.int64)
