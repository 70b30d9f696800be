"""Tables of scored pairs, and the joining of the best of several tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.scoring import BlockScores


@dataclass(frozen=True)
class PairTable:
    """Pairs with all their numbers, one row a pair; p rows.

    Parameters
    ----------
    initiative, offer : ndarray of shape (p,)
        Rows of the arrays that were matched.
    fit, confidence, verdict : ndarray of shape (p,)
    values, known, contributions : ndarray of shape (p, C)
    requirement_verdicts : ndarray of shape (p, R)
    """

    initiative: NDArray[np.int64]
    offer: NDArray[np.int64]
    fit: NDArray[np.float64]
    confidence: NDArray[np.float64]
    verdict: NDArray[np.int8]
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    contributions: NDArray[np.float64]
    requirement_verdicts: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.initiative)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> PairTable:
        """Return these rows, in this order."""
        return PairTable(*(getattr(self, part.name)[rows] for part in fields(self)))

    def take_with(self, other: PairTable, places: NDArray[np.int64]) -> PairTable:
        """Return rows of this table and of another, which counts on from its end, in this order."""
        is_other = places >= len(self)
        mine, theirs = places[~is_other], places[is_other] - len(self)
        parts = []
        for part in fields(self):
            first, second = getattr(self, part.name), getattr(other, part.name)
            # Filled in place: joining first would move every number twice.
            both = np.empty((len(places), *first.shape[1:]), dtype=first.dtype)
            both[~is_other] = first[mine]
            both[is_other] = second[theirs]
            parts.append(both)
        return PairTable(*parts)

    @staticmethod
    def of_block(
        block: BlockScores, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], first_row: int = 0
    ) -> PairTable:
        """Cut pairs (rows of the block, columns) out of a block whose first row is `first_row`."""
        rows, columns = pairs
        cut = [getattr(block, part.name)[rows, columns] for part in fields(PairTable)[2:]]
        return PairTable(rows + first_row, columns, *cut)

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
            contributions=np.empty((0, criteria), dtype=np.float64),
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


def merge_tops(tables: Sequence[PairTable], tie_order: NDArray[np.int64], k: int) -> PairTable:
    """Return the best `k` pairs of each offer in tables that share no pair, by offer, best first.

    `tie_order`, shape (n_initiatives,), says which initiative comes first among equals: the `key_order`
    of all initiatives. Merging in any order and grouping gives the same table.
    """
    table = PairTable.joined(tables)
    order = np.lexsort((tie_order[table.initiative], -table.fit, table.offer))
    offer = table.offer[order]
    starts = np.searchsorted(offer, offer)
    return table.take(order[np.arange(len(order)) - starts < k])


def floors_of(of_offers: PairTable, n_offers: int, k: int) -> NDArray[np.float64]:
    """Return the fit at the k-th place of each offer's list, shape (n_offers,); 0 while it is shorter."""
    order = np.lexsort((-of_offers.fit, of_offers.offer))
    offer = of_offers.offer[order]
    last = np.arange(len(offer)) - np.searchsorted(offer, offer) == k - 1
    floors = np.zeros(n_offers)
    floors[offer[last]] = of_offers.fit[order][last]
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
