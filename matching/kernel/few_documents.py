"""Very many queries of a document or two: of the queries only the terms that the documents have are read.

When one offer has changed, a hundred thousand initiatives are asked about it: weighing all their words
anew would cost seconds. How long each query is in all does not depend on the offer and is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel.term_counts import SPACES, TermCounts
from matching.kernel.text import TextRows, TextStatistics

#: Rows at a time, so that what is summed up stays small.
_ROWS = 5_000


@dataclass(frozen=True)
class QueryLengths:
    """What the weights of all a query's terms come to, per space; n queries.

    Parameters
    ----------
    cosine, bm25 : dict of str -> ndarray of shape (n,), float32
        The divisors of `TextIndex.query_rows`.
    """

    cosine: dict[str, NDArray[np.float32]]
    bm25: dict[str, NDArray[np.float32]]

    @classmethod
    def of(cls, counts: TermCounts, statistics: TextStatistics) -> QueryLengths:
        """Sum up. Cost: linear in the terms of all queries, about 30 ns each."""
        cosine, bm25 = {}, {}
        for space in SPACES:
            matrix, weights = counts.spaces[space], statistics.spaces[space].weights
            lengths = [
                _lengths(matrix, weights, first, min(first + _ROWS, matrix.shape[0]))
                for first in range(0, max(1, matrix.shape[0]), _ROWS)
            ]
            cosine[space], bm25[space] = (np.concatenate(part) for part in zip(*lengths, strict=True))
        return cls(cosine, bm25)


def _lengths(
    matrix: sparse.csr_array, weights: NDArray[np.float32], lo: int, hi: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    indptr = matrix.indptr[lo : hi + 1]
    part = slice(indptr[0], indptr[-1])
    data, weight = matrix.data[part], weights[matrix.indices[part]]
    logs = np.log1p(data) * weight
    in_row = np.repeat(np.arange(hi - lo), np.diff(indptr))
    squares = np.bincount(in_row, weights=logs * logs, minlength=hi - lo)
    sums = np.bincount(in_row, weights=data * weight, minlength=hi - lo)
    return (
        np.maximum(np.sqrt(squares), 1e-9).astype(np.float32),
        np.maximum(sums, 1e-9).astype(np.float32),
    )


def shared_rows(
    counts: TermCounts, lengths: QueryLengths, statistics: TextStatistics, documents: Sequence[TermCounts]
) -> TextRows:
    """Return the weighted rows of queries, with those terms only that some of the documents have.

    Their products with these documents are those of `TextIndex.query_rows`, to about 1e-7. Cost: a look
    at each term of all queries, about 2 ns.
    """
    cosine: dict[str, sparse.csr_array] = {}
    bm25: dict[str, sparse.csr_array] = {}
    for space in SPACES:
        matrix, weights = counts.spaces[space], statistics.spaces[space].weights
        is_wanted = np.zeros(matrix.shape[1], dtype=bool)
        for document in documents:
            is_wanted[document.spaces[space].indices] = True
        places = np.flatnonzero(is_wanted[matrix.indices])
        indptr = np.searchsorted(places, matrix.indptr).astype(np.int32)
        indices, data = matrix.indices[places], matrix.data[places]
        in_row = np.repeat(np.arange(matrix.shape[0]), np.diff(indptr))
        weight = weights[indices]
        for rows, values, divisors in (
            (cosine, np.log1p(data) * weight, lengths.cosine[space]),
            (bm25, data * weight, lengths.bm25[space]),
        ):
            rows[space] = sparse.csr_array((values / divisors[in_row], indices, indptr), shape=matrix.shape)
    return TextRows(counts.is_swedish, cosine, bm25, counts.vectors)
