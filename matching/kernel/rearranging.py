"""Find a place for whoever came too late, by letting others move to offers that also fit.

A chain: the late one takes a place at an offer, somebody there moves to another offer that fits, ...,
until the last moves to an offer with room. Nobody loses a suggestion and no offer gets more than its
room. Chains are found by Dinic's algorithm (1970): levels by breadth first from the offers that have
room, then chains straight down the levels; when no level reaches anybody, no allocation can do better
(Ford and Fulkerson 1956).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Places:
    """Candidate pairs, who has what, and what is left; `taken` and `room` change in place.

    Parameters
    ----------
    row, offer : ndarray of shape (p,)
        Sorted by row; within a row the most wished-for first.
    start : ndarray of shape (n + 1,)
        Where each row's pairs begin.
    is_open : ndarray of shape (p,)
        False for pairs that can neither be given nor taken back.
    taken : ndarray of shape (p,)
    room : ndarray of shape (m,)
        Free places left of each offer.
    """

    row: Integers
    offer: Integers
    start: Integers
    is_open: Mask
    taken: Mask
    room: Integers


def rearrange(places: Places, late: Integers) -> Integers:
    """Give each late initiative one more suggestion where any chain of moves allows it.

    Parameters
    ----------
    places : Places
        Changed in place.
    late : ndarray of shape (l,)
        Rows that want one more, in the order they are served.

    Returns
    -------
    ndarray of shape (n,)
        How many suggestions more each row has: 0 or 1, and 1 for as many as possible.

    Notes
    -----
    Cost O(p) a phase, at most O(sqrt(l)) phases in practice; none when no free place can be reached.
    """
    gained = np.zeros(len(places.start) - 1, dtype=np.int64)
    while len(late):
        level = _levels(places, late)
        if level is None:
            return gained
        holders = _Holders(places)
        served = np.array([_serve(places, int(row), level, holders) for row in late], dtype=bool)
        if not served.any():
            return gained
        gained[late[served]] += 1
        late = late[~served]
    return gained


def _levels(places: Places, late: Integers) -> Integers | None:
    """Return how many moves each offer is from a free place, -1 for none; None if that helps nobody.

    Only as far as the nearest late initiative: longer chains wait for the next phase.
    """
    level = np.where(places.room > 0, 0, -1)
    is_late = np.zeros(len(places.start) - 1, dtype=bool)
    is_late[late] = True
    movable = places.is_open & places.taken
    free = places.is_open & ~places.taken
    depth = 0
    while True:
        reached = np.zeros(len(is_late), dtype=bool)
        reached[places.row[free & (level[places.offer] == depth)]] = True
        if (reached & is_late).any():
            return level
        opened = places.offer[movable & reached[places.row]]
        opened = opened[level[opened] < 0]
        if not len(opened):
            return None
        depth += 1
        level[opened] = depth


class _Holders:
    """Whom each offer's taken places belong to at the start of a phase; each is asked to move once."""

    def __init__(self, places: Places) -> None:
        pairs = np.flatnonzero(places.is_open & places.taken)
        self.pairs = pairs[np.argsort(places.offer[pairs], kind="stable")]
        offers = places.offer[self.pairs]
        self.next = np.searchsorted(offers, np.arange(len(places.room)))
        self.end = np.searchsorted(offers, np.arange(len(places.room)), side="right")


def _serve(places: Places, row: int, level: Integers, holders: _Holders) -> bool:
    """Carry out one chain that ends in a free place; False if this phase has none for the row.

    The chain so far: `rows[i]` would take `gains[i]`, whose place `rows[i + 1]` gives up as `losses[i]`.
    """
    rows, gains, losses = [row], list[int](), list[int]()
    wanted = -1
    while rows:
        begin, end = int(places.start[rows[-1]]), int(places.start[rows[-1] + 1])
        offers = places.offer[begin:end]
        levels = np.where(places.is_open[begin:end] & ~places.taken[begin:end], level[offers], -1)
        if wanted < 0:
            wanted = int(levels[levels >= 0].min(initial=len(places.room)))
        is_left = np.where(levels == 0, places.room[offers] > 0, holders.next[offers] < holders.end[offers])
        possible = (levels == wanted) & is_left
        found = np.flatnonzero(possible)
        if not len(found):
            rows.pop()
            if losses:
                losses.pop()
                gains.pop()
            wanted += 1
            continue
        pair = begin + int(found[0])
        offer = int(places.offer[pair])
        gains.append(pair)
        if level[offer] == 0:
            places.room[offer] -= 1
            places.taken[losses] = False
            places.taken[gains] = True
            return True
        holder = int(holders.pairs[holders.next[offer]])
        holders.next[offer] += 1
        losses.append(holder)
        rows.append(int(places.row[holder]))
        wanted = int(level[offer]) - 1
    return False
