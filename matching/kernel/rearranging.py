"""Find a place for whoever came too late, by letting others move to offers that also fit.

A chain: the late one takes a place at an offer, somebody there moves to another offer that fits, ...,
until the last moves to an offer with room. Nobody loses a suggestion and no offer gets more than its
room. Chains are found by Dinic's algorithm (1970): levels by breadth first from the offers that have
room, then chains straight down the levels; when no level reaches anybody, no allocation can do better
(Ford and Fulkerson 1956).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def by_offer(self) -> tuple[Integers, Integers]:
        """The pairs sorted by offer, and where each offer's begin, shape (m + 1,)."""
        pairs = np.argsort(self.offer, kind="stable")
        return pairs, np.searchsorted(self.offer[pairs], np.arange(len(self.room) + 1))

    def pairs_of_offers(self, offers: Integers) -> Integers:
        """Return the pairs of these offers. Cost O(pairs returned)."""
        pairs, start = self.by_offer
        found: Integers = pairs[_ranges(start[offers], start[offers + 1])]
        return found

    def pairs_of_rows(self, rows: Integers) -> Integers:
        """Return the pairs of these rows. Cost O(pairs returned)."""
        return _ranges(self.start[rows], self.start[rows + 1])


def _ranges(begin: Integers, end: Integers) -> Integers:
    """Return begin[0] .. end[0] - 1, begin[1] .. end[1] - 1, ... after each other.

    Examples
    --------
    >>> _ranges(np.array([3, 9]), np.array([5, 10])).tolist()
    [3, 4, 9]
    """
    length = end - begin
    total = int(length.sum())
    found: Integers = np.arange(total) + np.repeat(begin - (np.cumsum(length) - length), length)
    return found


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
    Cost O(p) a phase; a phase serves as many as the shortest chains can. No phase when nothing is free.
    """
    gained = np.zeros(len(places.start) - 1, dtype=np.int64)
    waiting = np.zeros(len(gained), dtype=bool)
    waiting[late] = True
    while waiting.any():
        level, row_level, reached = _levels(places, waiting)
        holders = _Holders(places, level, row_level)
        served = [row for row in reached.tolist() if _serve(places, row, level, holders)]
        if not served:
            break
        gained[served] += 1
        waiting[served] = False
    return gained


def _levels(places: Places, waiting: Mask) -> tuple[Integers, Integers, Integers]:
    """Return how many moves each offer and each row is from a free place, and whom that helps.

    -1 for none or too many: it goes only as far as the nearest waiting rows, which come in order; longer
    chains wait for the next phase. A row has the level of the offer that it would take.
    """
    level = np.where(places.room > 0, 0, -1)
    row_level = np.full(len(waiting), -1)
    frontier = np.flatnonzero(level == 0)
    depth = 0
    while len(frontier):
        pairs = places.pairs_of_offers(frontier)
        rows = places.row[pairs[places.is_open[pairs] & ~places.taken[pairs]]]
        rows = np.unique(rows[row_level[rows] < 0])
        row_level[rows] = depth
        reached = rows[waiting[rows]]
        if len(reached):
            return level, row_level, reached
        pairs = places.pairs_of_rows(rows)
        frontier = places.offer[pairs[places.is_open[pairs] & places.taken[pairs]]]
        frontier = np.unique(frontier[level[frontier] < 0])
        depth += 1
        level[frontier] = depth
    return level, row_level, np.empty(0, dtype=np.int64)


class _Holders:
    """Who can give up each offer's places for one a level lower; each place is asked for once a phase."""

    def __init__(self, places: Places, level: Integers, row_level: Integers) -> None:
        pairs = places.pairs_of_offers(np.flatnonzero(level > 0))
        pairs = pairs[places.is_open[pairs] & places.taken[pairs]]
        self.pairs = pairs[row_level[places.row[pairs]] == level[places.offer[pairs]] - 1]
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
