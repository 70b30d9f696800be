"""The best pairs both ways, block by block, so that memory never holds all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
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
        if not tables:
            return PairTable.empty()
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


def match_rows(
    initiatives: InitiativeArrays,
    offers: PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    lo: int,
    hi: int,
    k: int = 50,
    *,
    floors: NDArray[np.float64] | None = None,
    block_pairs: int = BLOCK_PAIRS,
    progress: Callable[[int], None] | None = None,
) -> tuple[PairTable, PairTable]:
    """Score the initiatives `lo` to `hi` (one shard) against every offer.

    Parameters
    ----------
    initiatives
        All of them: rows in the tables are rows of these, and ties go by their keys.
    floors : ndarray of shape (n_offers,), optional
        The fit that each offer's list already has at its k-th place (`floors_of`), from shards that are
        done. Pairs below it are left out of the second table, since they can no longer be in the list.
    progress
        Told, after each block, how many initiatives of the shard are done.

    Returns
    -------
    of_initiatives : PairTable
        The best `k` offers of each initiative of the shard, by initiative, best first.
    of_offers : PairTable
        The best `k` initiatives of each offer within the shard, by offer, best first. `merge_tops` joins
        those of several shards, in any order.
        Cost O((hi - lo) · m); memory O(block + (hi - lo + m) · k).
    """
    if not 0 <= lo <= hi <= len(initiatives):
        raise ValueError(f"no rows {lo} to {hi} of {len(initiatives)}")
    of_initiatives: list[PairTable] = []
    of_offers = PairTable.empty()
    shard = initiatives.rows(slice(lo, hi))
    ties = initiatives.key_order
    for first, block in score_blocks(shard, offers, analysis, weights, now_day, block_pairs):
        first += lo
        eligible = block.eligible
        best = top_of_rows(block.fit, eligible, offers.arrays.key_order, k)
        of_initiatives.append(PairTable.of_block(block, best, first))
        shown = eligible if floors is None else eligible & (block.fit >= floors)
        columns, rows = top_of_rows(block.fit.T, shown.T, ties[first : first + len(block.fit)], k)
        of_offers = merge_tops([of_offers, PairTable.of_block(block, (rows, columns), first)], ties, k)
        if progress is not None:
            progress(first + len(block.fit) - lo)
    return PairTable.joined(of_initiatives), of_offers


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


def match_all(
    initiatives: InitiativeArrays,
    offers: OfferArrays | PreparedOffers,
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
    prepared = offers if isinstance(offers, PreparedOffers) else PreparedOffers(offers, analysis)
    of_initiatives, of_offers = match_rows(
        initiatives,
        prepared,
        analysis,
        weights,
        now_day,
        0,
        len(initiatives),
        k,
        block_pairs=block_pairs,
        progress=progress,
    )
    return union_of_tops(of_initiatives, of_offers, prepared.arrays.key_order)


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
