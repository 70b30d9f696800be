"""Candidate pairs in one canonical order, whatever order and numbering they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Initiatives and offers that one call can hold; sorting packs both rows and a score in 64 bits.
MOST_ROWS: Final = 1 << 20
_SCORE_BITS, _ROW_BITS = 24, 20


@dataclass(frozen=True)
class Candidates:
    """The pairs in one canonical order: by initiative, best fit first, ties by the offer's place.

    Rows are places in `initiative_order` and `offer_order`, so nothing below can depend on numbering.
    """

    row: Integers
    offer: Integers
    fit: Floats
    held: Mask
    #: Where each initiative's pairs begin; shape (n + 1,).
    start: Integers
    #: Room of each offer, shape (m,).
    capacity: Integers
    #: The pairs' places as they came in, and the orders.
    source: Integers
    initiative_order: Integers
    offer_order: Integers

    @staticmethod
    def of(
        initiative: Integers,
        offer: Integers,
        fit: Floats,
        capacity: Integers,
        held: Mask | None,
        n: int,
        initiative_order: Integers | None,
        offer_order: Integers | None,
    ) -> Candidates:
        initiative, offer = np.asarray(initiative, dtype=np.int64), np.asarray(offer, dtype=np.int64)
        fit, capacity = np.asarray(fit, dtype=np.float64), np.asarray(capacity, dtype=np.int64)
        m = len(capacity)
        is_held = np.zeros(len(fit), dtype=bool) if held is None else np.asarray(held, dtype=bool)
        rows_order = _order(initiative_order, n)
        columns_order = _order(offer_order, m)
        if not len(initiative) == len(offer) == len(fit) == len(is_held):
            raise ValueError("initiative, offer, fit and held must be equally long")
        if max(n, m) > MOST_ROWS:
            raise ValueError(f"at most {MOST_ROWS} initiatives and offers")
        if len(fit) and not (initiative.min() >= 0 and initiative.max() < n):
            raise ValueError("initiative rows must lie in 0 .. initiatives - 1")
        if len(fit) and not (offer.min() >= 0 and offer.max() < m):
            raise ValueError("offer rows must lie in 0 .. len(capacity) - 1")
        if len(fit) and not (fit.min() >= 0 and fit.max() <= 1):
            raise ValueError("fit must lie in [0, 1]")
        if m and capacity.min() < 0:
            raise ValueError("capacity must not be negative")
        row, column = rows_order[initiative], columns_order[offer]
        order = in_order(row, fit, column)
        row, column = row[order], column[order]
        twice = np.sort((row << _ROW_BITS) | column)
        if len(twice) and (np.diff(twice) == 0).any():
            raise ValueError("a pair comes twice")
        placed = np.zeros(m, dtype=np.int64)
        placed[columns_order] = capacity
        return Candidates(
            row=row,
            offer=column,
            fit=fit[order],
            held=is_held[order],
            start=np.searchsorted(row, np.arange(n + 1)),
            capacity=placed,
            source=order,
            initiative_order=rows_order,
            offer_order=columns_order,
        )

    @property
    def initiatives(self) -> int:
        return len(self.start) - 1

    def held_counts(self) -> Integers:
        """Return how many suggestions each initiative holds already, shape (n,)."""
        return np.bincount(self.row[self.held], minlength=self.initiatives).astype(np.int64)


def _order(order: Integers | None, size: int) -> Integers:
    if order is None:
        return np.arange(size, dtype=np.int64)
    order = np.asarray(order, dtype=np.int64)
    if len(order) != size or not np.array_equal(np.sort(order), np.arange(size)):
        raise ValueError("an order must hold every place once")
    return order


def in_order(row: Integers, score: Floats, column: Integers) -> Integers:
    """Return the order by row, highest score in [0, 1] first, ties by column. One sort of packed keys."""
    level = ((1 << _SCORE_BITS) - 1) - np.round(score * ((1 << _SCORE_BITS) - 1)).astype(np.uint64)
    key = (row.astype(np.uint64) << np.uint64(_SCORE_BITS + _ROW_BITS)) | (level << np.uint64(_ROW_BITS))
    key |= column.astype(np.uint64)
    return np.argsort(key)
