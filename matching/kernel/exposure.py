"""How likely a place in a list is to be looked at, which is what choices from it are weighed by.

Position-based examination: Joachims, Swaminathan and Schnabel 2017, "Unbiased learning-to-rank with biased
feedback". Nothing is shown at random here: a chance that something was drawn can be weighed by only if the
list that somebody saw is stored, and reading writes nothing in this house.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: How fast attention falls with the place: the place p (from 0) is looked at with chance (1 + p) ** -ATTENTION.
ATTENTION = 0.5


def examination(places: NDArray[np.int64], attention: float = ATTENTION) -> NDArray[np.float64]:
    """Return the chance that a place (from 0) is looked at, in (0, 1].

    Examples
    --------
    >>> examination(np.array([0, 3])).tolist()
    [1.0, 0.5]
    """
    return np.asarray((1.0 + np.asarray(places)) ** -attention, dtype=np.float64)
