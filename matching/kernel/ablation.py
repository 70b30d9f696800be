"""What each rule shuts out: of one offer over many initiatives, or of many offers over one initiative.

Reads verdicts only, so it is the same from both sides: a column or a row of what `eligibility` gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.eligibility import Verdicts

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Ablation:
    """How many pairs the rules let through, and what each of them stops.

    Parameters
    ----------
    pairs, fits, unclear
        All pairs; those that every rule lets through; those that none stops but some cannot judge.
    stops : ndarray of shape (R,)
        Pairs that break this rule, whatever else they break.
    stops_alone : ndarray of shape (R,)
        Pairs that break this rule and no other: what would come in if the rule were taken away.
    leaves_unclear : ndarray of shape (R,)
        Pairs that no rule stops and for which this rule lacks a fact.
    """

    pairs: int
    fits: int
    unclear: int
    stops: Counts
    stops_alone: Counts
    leaves_unclear: Counts

    @property
    def stopped(self) -> int:
        """Pairs that some rule stops."""
        return self.pairs - self.fits - self.unclear


def ablate(verdicts: Verdicts) -> Ablation:
    """Count what each rule does.

    Parameters
    ----------
    verdicts : ndarray of shape (n, R), int8
        One profile's requirement verdicts against n others, in the order of `codes.REQUIREMENTS`.

    Returns
    -------
    Ablation
        Cost O(n · R).

    Examples
    --------
    >>> counts = ablate(np.array([[1, 1], [3, 1], [3, 3], [0, 2]], dtype=np.int8))
    >>> counts.fits, counts.unclear, counts.stops.tolist(), counts.stops_alone.tolist()
    (1, 1, [2, 1], [1, 0])
    """
    broken = verdicts == codes.DOES_NOT_FIT
    number = broken.sum(axis=1)
    may_meet = number == 0
    unclear = verdicts == codes.UNCLEAR
    doubtful = may_meet & unclear.any(axis=1)
    return Ablation(
        pairs=len(verdicts),
        fits=int((may_meet & ~doubtful).sum()),
        unclear=int(doubtful.sum()),
        stops=broken.sum(axis=0, dtype=np.int64),
        stops_alone=broken[number == 1].sum(axis=0, dtype=np.int64),
        leaves_unclear=unclear[may_meet].sum(axis=0, dtype=np.int64),
    )


def last_obstacle(verdicts: Verdicts) -> NDArray[np.int64]:
    """Return which rule alone stops each pair, shape (n,): its place, or -1 when none or several do.

    Parameters
    ----------
    verdicts : ndarray of shape (n, R), int8
        A row or a column of `requirement_verdicts`.

    Returns
    -------
    ndarray of shape (n,), int64
        Places in `codes.REQUIREMENTS`, -1 when none or several stop the pair. Cost O(n · R).
    """
    broken = verdicts == codes.DOES_NOT_FIT
    found: NDArray[np.int64] = np.where(broken.sum(axis=1) == 1, broken.argmax(axis=1), -1).astype(np.int64)
    return found
