"""The best pairs both ways, block by block, so that memory never holds all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.combine import Weights
from matching.kernel.scoring import BlockScores, PreparedOffers, score_block

#: Pairs scored at a time: about 100 MB.
BLOCK_PAIRS = 400_000


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

    @staticmethod
    def of_block(
        block: BlockScores, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], first_row: int = 0
    ) -> PairTable:
        """Cut pairs (rows of the block, columns) out of a block whose first row is `first_row`."""
        rows, columns = pairs
        cut = [getattr(block, part.name)[rows, columns] for part in fields(PairTable)[2:]]
        return PairTable(rows + first_row, columns, *cut)

    @staticmethod
    def joined(tables: Sequence[PairTable]) -> PairTable:
        """Return the rows of several tables after each other."""
        return PairTable(
            *(np.concatenate([getattr(table, part.name) for table in tables]) for part in fields(PairTable))
        )


def top_of_rows(
    fit: NDArray[np.float64], eligible: NDArray[np.bool_], tie_order: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the best `k` eligible columns of each row.

    Parameters
    ----------
    fit, eligible : ndarray of shape (n, m)
    tie_order : ndarray of shape (m,)
        Among equals the lower comes first.

    Returns
    -------
    rows, columns : ndarray of shape (p,)
        Row by row, best first. Cost O(n · m) for the threshold and O(k log k) a row.

    Examples
    --------
    >>> fit = np.array([[0.5, 0.7, 0.7]])
    >>> rows, columns = top_of_rows(fit, np.ones((1, 3), bool), np.array([0, 2, 1]), 2)
    >>> columns.tolist()
    [2, 1]
    """
    n, m = fit.shape
    if not (n and m) or k < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    ranked = np.where(eligible, fit, -np.inf)
    threshold = np.partition(ranked, m - k, axis=1)[:, m - k] if k < m else np.full(n, -np.inf)
    rows, columns = np.nonzero((ranked >= threshold[:, None]) & eligible)
    order = np.lexsort((tie_order[columns], -ranked[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    # Place within its row; equals at the threshold may make a row longer than k.
    starts = np.searchsorted(rows, np.arange(n))
    kept = np.arange(len(rows)) - starts[rows] < k
    return rows[kept], columns[kept]


def match_all(
    initiatives: InitiativeArrays,
    offers: OfferArrays,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    *,
    k: int = 50,
    block_pairs: int = BLOCK_PAIRS,
    progress: Callable[[int], None] | None = None,
) -> PairTable:
    """Score every pair and keep the union of the best `k` of each initiative and of each offer.

    Pairs that do not fit are never kept. Ties go by key. Sorted by initiative row, then best first.
    `progress` is told, after each block, how many initiatives are done.
    Cost O(n · m); memory O(block + (n + m) · k).
    """
    prepared = PreparedOffers(offers, analysis)
    of_initiatives: list[PairTable] = []
    of_offers: PairTable | None = None
    for first, block in score_blocks(initiatives, prepared, analysis, weights, now_day, block_pairs):
        eligible = block.eligible
        of_initiatives.append(
            PairTable.of_block(block, top_of_rows(block.fit, eligible, offers.key_order, k), first)
        )
        ties = initiatives.key_order[first : first + len(block.fit)]
        columns, rows = top_of_rows(block.fit.T, eligible.T, ties, k)
        best = PairTable.of_block(block, (rows, columns), first)
        of_offers = best if of_offers is None else PairTable.joined([of_offers, best])
        of_offers = of_offers.take(_best_of_offers(of_offers, initiatives.key_order, k))
        if progress is not None:
            progress(first + len(block.fit))
    if of_offers is None:
        return _empty_table(initiatives, prepared, analysis, weights, now_day)
    table = PairTable.joined([*of_initiatives, of_offers])
    order = np.lexsort((offers.key_order[table.offer], -table.fit, table.initiative))
    table = table.take(order)
    again = np.zeros(len(table), dtype=bool)
    # The same pair has the same fit and key, so its two copies stand beside each other.
    again[1:] = (np.diff(table.initiative) == 0) & (np.diff(table.offer) == 0)
    return table.take(~again)


def score_blocks(
    initiatives: InitiativeArrays,
    offers: PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    block_pairs: int = BLOCK_PAIRS,
) -> Iterator[tuple[int, BlockScores]]:
    """Yield (first row, scores) of blocks of at most about `block_pairs` pairs."""
    size = max(1, block_pairs // max(1, len(offers)))
    for first in range(0, len(initiatives), size):
        rows = initiatives.rows(slice(first, first + size))
        yield first, score_block(rows, offers, analysis, weights, now_day)


def _best_of_offers(table: PairTable, tie_order: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    order = np.lexsort((tie_order[table.initiative], -table.fit, table.offer))
    offer = table.offer[order]
    starts = np.searchsorted(offer, offer)
    kept: NDArray[np.int64] = order[np.arange(len(order)) - starts < k]
    return kept


def _empty_table(
    initiatives: InitiativeArrays,
    offers: PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
) -> PairTable:
    none = np.empty(0, dtype=np.int64)
    return PairTable.of_block(score_block(initiatives, offers, analysis, weights, now_day), (none, none))
