"""Tables of scored pairs, and the joining of the best of several tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.combine import FIT_DECIMALS


@dataclass(frozen=True)
class PairTable:
    """Pairs with all their numbers, one row a pair; p rows.

    Parameters
    ----------
    initiative, offer : ndarray of shape (p,)
        Rows of the arrays that were matched.
    fit, confidence, verdict : ndarray of shape (p,)
    values, known : ndarray of shape (p, C)
        What `combine.combine` makes contributions of, where somebody asks for them: they would be a third of the
        table.
    requirement_verdicts : ndarray of shape (p, R)
    """

    initiative: NDArray[np.int64]
    offer: NDArray[np.int64]
    fit: NDArray[np.float64]
    confidence: NDArray[np.float64]
    verdict: NDArray[np.int8]
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    requirement_verdicts: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.initiative)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> PairTable:
        """Return these rows, in this order."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        # Several times faster than indexing where a row is several numbers.
        return PairTable(*(np.take(getattr(self, part.name), places, axis=0) for part in fields(self)))

    @staticmethod
    def taken(tables: Sequence[PairTable], places: NDArray[np.int64]) -> PairTable:
        """Return rows of several tables, counted on from one to the next, in this order."""
        filled = [table for table in tables if len(table)]
        if len(filled) < 2:
            return (filled[0] if filled else PairTable.empty()).take(places)
        starts = np.cumsum([0, *map(len, filled)])
        of_table = [
            np.flatnonzero((places >= first) & (places < last)) for first, last in pairwise(starts.tolist())
        ]
        parts = []
        for part in fields(PairTable):
            # Filled in place: joining first would move every number twice. The first are most of them.
            both = np.take(getattr(filled[0], part.name), places, axis=0, mode="clip")
            for table, first, some in list(zip(filled, starts.tolist(), of_table, strict=False))[1:]:
                both[some] = np.take(getattr(table, part.name), places[some] - first, axis=0)
            parts.append(both)
        return PairTable(*parts)

    @staticmethod
    def empty() -> PairTable:
        """Return a table without rows."""
        criteria, requirements = len(codes.CRITERIA), len(codes.REQUIREMENTS)
        return PairTable(
            initiative=np.empty(0, dtype=np.int64),
            offer=np.empty(0, dtype=np.int64),
            fit=np.empty(0, dtype=np.float64),
            confidence=np.empty(0, dtype=np.float64),
            verdict=np.empty(0, dtype=np.int8),
            values=np.empty((0, criteria), dtype=np.float32),
            known=np.empty((0, criteria), dtype=bool),
            requirement_verdicts=np.empty((0, requirements), dtype=np.int8),
        )

    @staticmethod
    def joined(tables: Sequence[PairTable]) -> PairTable:
        """Return the rows of several tables after each other."""
        if len(tables) < 2:
            return tables[0] if tables else PairTable.empty()
        return PairTable(
            *(np.concatenate([getattr(table, part.name) for table in tables]) for part in fields(PairTable))
        )


def best_places(
    group: NDArray[np.int64], fit: NDArray[np.float64], ties: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Return the places of the best `k` of each group, group by group, best first.

    Parameters
    ----------
    group : ndarray of shape (p,)
        From 0.
    fit : ndarray of shape (p,)
        In [0, 1], to `FIT_DECIMALS`.
    ties : ndarray of shape (p,)
        From 0; among equals the lower comes first.

    Examples
    --------
    >>> best_places(np.array([1, 0, 1, 1]), np.array([0.5, 0.1, 0.7, 0.5]), np.array([3, 0, 0, 2]), 2).tolist()
    [1, 2, 3]
    """
    if not len(group):
        return np.empty(0, dtype=np.int64)
    # All three are the bits of one number, which is sorted several times faster than three.
    for_ties = int(ties.max()).bit_length()
    for_fit = int(10**FIT_DECIMALS).bit_length()
    places = np.rint((1.0 - fit) * 10**FIT_DECIMALS).astype(np.int64)
    order = np.argsort((((group << for_fit) | places) << for_ties) | ties)
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    within = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    best: NDArray[np.int64] = order[within < k]
    return best


def merge_tops(tables: Sequence[PairTable], tie_order: NDArray[np.int64], k: int) -> PairTable:
    """Return the best `k` pairs of each offer in tables that share no pair, by offer, best first.

    `tie_order`, shape (n_initiatives,), says which initiative comes first among equals: the `key_order`
    of all initiatives. Merging in any order and grouping gives the same table.

    Parameters
    ----------
    tables : sequence of PairTable
        p pairs in all.
    tie_order : ndarray of shape (n_initiatives,), int64
    k : int

    Returns
    -------
    PairTable
        At most k pairs of each offer. Cost O(p log p).
    """
    # Who is in is decided first, so that the numbers of the others are never moved.
    initiative, offer, fit = (
        np.concatenate([np.empty(0, kind), *(getattr(table, name) for table in tables)])
        for name, kind in (("initiative", np.int64), ("offer", np.int64), ("fit", np.float64))
    )
    return PairTable.taken(tables, best_places(offer, fit, tie_order[initiative], k))


def floors_of(of_offers: PairTable, n_offers: int, k: int) -> NDArray[np.float64]:
    """Return the fit at the k-th place of each offer's list, shape (n_offers,); 0 while it is shorter.

    Parameters
    ----------
    of_offers
        By offer, best first, as `merge_tops` gives.
    n_offers, k : int

    Returns
    -------
    ndarray of shape (n_offers,), float64
        In [0, 1]. Cost O(pairs).
    """
    offer, fit = of_offers.offer, of_offers.fit
    best = best_places(offer, fit, np.zeros(len(offer), dtype=np.int64), k)
    counts = np.bincount(offer[best], minlength=n_offers)
    is_full = counts == k
    floors = np.zeros(n_offers)
    floors[is_full] = fit[best[np.cumsum(counts)[is_full] - 1]]
    return floors


def union_of_tops(of_initiatives: PairTable, of_offers: PairTable, tie_order: NDArray[np.int64]) -> PairTable:
    """Return every pair of the two tables once, by initiative, best first.

    `tie_order`, shape (n_offers,), is the `key_order` of the offers.
    """
    table = PairTable.joined([of_initiatives, of_offers])
    order = np.lexsort((tie_order[table.offer], -table.fit, table.initiative))
    table = table.take(order)
    again = np.zeros(len(table), dtype=bool)
    # The same pair has the same fit and key, so its two copies stand beside each other.
    again[1:] = (np.diff(table.initiative) == 0) & (np.diff(table.offer) == 0)
    return table.take(~again)
