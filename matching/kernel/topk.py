"""The best pairs both ways, block by block, so that memory never holds all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.combine import Weights
from matching.kernel.pair_table import PairTable, floors_of, merge_tops, union_of_tops
from matching.kernel.pairs import OfferSide, Shard
from matching.kernel.scoring import BlockScores, PreparedInitiatives, PreparedOffers, score_block
from matching.kernel.search import match_shard

__all__ = [
    "PairTable",
    "floors_of",
    "match_all",
    "match_rows",
    "merge_tops",
    "score_blocks",
    "top_of_rows",
    "union_of_tops",
]

#: Pairs scored at a time: about 100 MB.
BLOCK_PAIRS = 400_000


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
    initiatives: InitiativeArrays | PreparedInitiatives,
    offers: PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    lo: int,
    hi: int,
    k: int = 50,
    *,
    floors: NDArray[np.float64] | None = None,
    tile_rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[PairTable, PairTable]:
    """Score the initiatives `lo` to `hi` (one shard) against every offer.

    Parameters
    ----------
    initiatives
        All of them: rows in the tables are rows of these, and ties go by their keys. Prepared ones have
        their texts read already.
    floors : ndarray of shape (n_offers,), optional
        The fit that each offer's list already has at its k-th place (`floors_of`), from shards that are
        done. Pairs below it are left out of the second table, since they can no longer be in the list.
    progress
        Told, after each tile, how many initiatives of the shard are done.

    Returns
    -------
    of_initiatives : PairTable
        The best `k` offers of each initiative of the shard, by initiative, best first.
    of_offers : PairTable
        The best `k` initiatives of each offer within the shard, by offer, best first. `merge_tops` joins
        those of several shards, in any order.
        The same as scoring every pair with `score_block`. Cost O((hi - lo) · m); memory O(tile · m +
        (hi - lo + m) · k).

    Raises
    ------
    ValueError
        For rows that there are not.
    """
    if not 0 <= lo <= hi <= len(initiatives):
        raise ValueError(f"no rows {lo} to {hi} of {len(initiatives)}")
    # All of them as they are: what they keep is there for the next search.
    chosen = initiatives if hi - lo == len(initiatives) else initiatives.rows(slice(lo, hi))
    shard = Shard(side_of(offers, analysis, weights, now_day), PreparedInitiatives.of(chosen, analysis))
    found = match_shard(shard, k, floors=floors, tile_rows=tile_rows, progress=progress)
    of_initiatives, of_offers = (replace(table, initiative=table.initiative + lo) for table in found)
    return of_initiatives, of_offers


def side_of(offers: PreparedOffers, analysis: Analysis, weights: Weights, now_day: float) -> OfferSide:
    """Return the offers' side of a run, made once for all its shards.

    Parameters
    ----------
    offers
        m of them, prepared.
    analysis, weights
        Of the run.
    now_day : float
        Today, as days since 1970-01-01 in Stockholm.

    Returns
    -------
    OfferSide
        Kept with the offers, so that asking again with the same costs nothing. Cost O(m) and the words of their texts.
    """
    side = offers.kept.get("side")
    if isinstance(side, OfferSide) and (
        side.analysis is analysis and side.weights == weights and side.now_day == now_day
    ):
        return side
    offers.kept["side"] = side = OfferSide(offers, analysis, weights, now_day)
    return side


def match_all(
    initiatives: InitiativeArrays | PreparedInitiatives,
    offers: OfferArrays | PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    *,
    k: int = 50,
    tile_rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> PairTable:
    """Score every pair and keep the union of the best `k` of each initiative and of each offer.

    Pairs that do not fit are never kept. Ties go by key. Sorted by initiative row, then best first.
    `progress` is told, after each tile, how many initiatives are done.
    Cost O(n · m); memory O(tile · m + (n + m) · k).
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
        tile_rows=tile_rows,
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
