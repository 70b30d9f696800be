"""A list that lets more than one giver be seen: at most two of the first five come from one.

Order only: fit is neither changed nor shown changed. Nothing moves further than the rule needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

#: At most this many of one giver among so many first places.
MOST_OF_ONE, AMONG_FIRST = 2, 5


def spread_givers(
    givers: Sequence[Hashable],
    keep: Collection[int] = (),
    *,
    most_of_one: int = MOST_OF_ONE,
    among_first: int = AMONG_FIRST,
) -> list[int]:
    """Return the order in which a list, best first, is shown.

    Parameters
    ----------
    givers
        Whose each row is; c rows.
    keep
        Rows that the rule never makes wait, such as those that somebody has opened. They stay in order among
        themselves.

    Returns
    -------
    list of int
        A permutation of the rows. The first places are filled one by one with the best row left that breaks
        no rule, or is in `keep`; the best left if there is none. From `among_first` on the order is as given.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Only a row whose giver has `most_of_one` among the first places waits, and rows of one giver never pass
    each other, but for those in `keep`. Cost O(c · among_first).

    Examples
    --------
    The third of one giver waits until five are placed:

    >>> spread_givers("AAABCD")
    [0, 1, 3, 4, 5, 2]
    >>> spread_givers("AAABCD", keep={2})
    [0, 1, 2, 3, 4, 5]
    """
    if most_of_one < 1 or among_first < 0:
        raise ValueError("most_of_one or among_first out of range")
    left = list(range(len(givers)))
    placed: list[int] = []
    given: Counter[Hashable] = Counter()
    while left and len(placed) < among_first:
        allowed = (row for row in left if row in keep or given[givers[row]] < most_of_one)
        # Nobody else: then the rule has nothing to protect.
        chosen = next(allowed, left[0])
        placed.append(chosen)
        left.remove(chosen)
        given[givers[chosen]] += 1
    return placed + left
