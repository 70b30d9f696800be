"""The text score of a tile, common terms as dense products and rare ones by their postings.

A term that stands in many documents meets nearly every query: as a column of a dense matrix it costs two
multiply-adds a pair at the speed of the machine's matrix product. A rare term costs a few nanoseconds
for every pair it really joins. The sums are those of `TextIndex.scores` in another order, so they agree to
about 1e-7; `exact` gives the very same numbers for chosen pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import _sparsetools  # the kernels under `@`; see `_add_product`

from matching.kernel.term_counts import SPACES
from matching.kernel.text import BRIDGE_FACTOR, FULL_COSINE, TextIndex, TextRows, combined

#: Terms that are columns of the dense product, in each space.
MOST_DENSE = 400
#: A term in a smaller share of the documents is not worth a dense column: two multiply-adds for every pair
#: cost more than some nanoseconds for each pair that it joins.
LEAST_SHARE = 0.1
_Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class _Part:
    """Documents of one language in one space; m documents, h common terms, t terms."""

    places: NDArray[np.int64]  # (m,), among all documents
    dense: tuple[_Numbers, _Numbers]  # (m, h) by cosine and by bm25
    rare: tuple[sparse.csr_array, sparse.csr_array]  # (m, t)


@dataclass(frozen=True)
class TileQueries:
    """Queries of one language, common terms apart; T queries, per space."""

    is_swedish: bool
    dense: dict[str, tuple[_Numbers, _Numbers]]  # (T, h)
    rare: dict[str, tuple[sparse.csr_array, sparse.csr_array]]  # (T, t)


class TextTiles:
    """A `TextIndex` laid out for tiles of many queries."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self.rows = index.document_rows()
        self.is_swedish = self.rows.is_swedish
        self._common: dict[str, NDArray[np.int64]] = {}
        self._is_rare: dict[str, NDArray[np.bool_]] = {}
        self._parts: dict[tuple[str, bool], _Part] = {}
        for space in SPACES:
            matrix = self.rows.cosine[space]
            frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
            order = np.argsort(-frequency, kind="stable")[:MOST_DENSE]
            common = np.sort(order[frequency[order] > LEAST_SHARE * max(1, matrix.shape[0])])
            self._common[space] = common
            self._is_rare[space] = np.ones(matrix.shape[1], dtype=bool)
            self._is_rare[space][common] = False
            for is_swedish in (True, False):
                places = np.flatnonzero(self.is_swedish == is_swedish)
                both = (self.rows.cosine[space][places], self.rows.bm25[space][places])
                dense, rare = self._apart(space, both)
                self._parts[space, is_swedish] = _Part(places, dense, rare)

    def queries(self, rows: TextRows) -> TileQueries:
        """Lay out queries, which must be of one language."""
        is_swedish = bool(rows.is_swedish[0])
        if (rows.is_swedish != is_swedish).any():
            raise ValueError("the queries of a tile are of one language")
        dense, rare = {}, {}
        for space in SPACES:
            dense[space], rare[space] = self._apart(space, (rows.cosine[space], rows.bm25[space]))
        return TileQueries(is_swedish, dense, rare)

    def scores(self, queries: TileQueries, columns: NDArray[np.int64]) -> _Numbers:
        """Return the scores of some documents, shape (T, len(columns)); `columns` sorted."""
        size = len(queries.dense["own"][0])
        result = np.zeros((size, len(columns)), dtype=np.float32)
        for is_swedish in (True, False):
            same = is_swedish == queries.is_swedish
            space = "own" if same else "bridge"
            part = self._parts[space, is_swedish]
            wanted = np.flatnonzero(self.is_swedish[columns] == is_swedish)
            if not len(wanted):
                continue
            rows = np.searchsorted(part.places, columns[wanted])
            cosine, share = _products(queries, space, part, rows)
            block = _combine_in_place(cosine, share, 1.0 if same else BRIDGE_FACTOR)
            if len(wanted) == len(columns):
                return block
            result[:, wanted] = block
        return result

    def exact(self, queries: TextRows, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> _Numbers:
        """Return the score of each pair (query row, document), shape (p,), as `TextIndex` gives it."""
        result = np.zeros(len(rows), dtype=np.float32)
        same = queries.is_swedish[rows] == self.is_swedish[columns]
        for chosen, space, factor in ((same, "own", 1.0), (~same, "bridge", BRIDGE_FACTOR)):
            places = np.flatnonzero(chosen)
            for first in range(0, len(places), 20_000):
                part = places[first : first + 20_000]
                sums = [
                    np.asarray(mine[rows[part]].multiply(theirs[columns[part]]).sum(axis=1)).ravel()
                    for mine, theirs in (
                        (queries.cosine[space], self.rows.cosine[space]),
                        (queries.bm25[space], self.rows.bm25[space]),
                    )
                ]
                block = combined(sums[0].astype(np.float32), sums[1].astype(np.float32))
                result[part] = block if factor == 1.0 else BRIDGE_FACTOR * block
        return result

    def _apart(
        self, space: str, both: tuple[sparse.csr_array, sparse.csr_array]
    ) -> tuple[tuple[_Numbers, _Numbers], tuple[sparse.csr_array, sparse.csr_array]]:
        """Take common terms out of two matrices with the same places."""
        common, is_rare = self._common[space], self._is_rare[space]
        first = both[0]
        rare_places = is_rare[first.indices]
        in_row = np.repeat(np.arange(first.shape[0]), np.diff(first.indptr))
        indptr = np.concatenate(
            [[0], np.cumsum(np.bincount(in_row[rare_places], minlength=first.shape[0]))]
        ).astype(np.int32)
        indices = first.indices[rare_places]
        rows, columns = in_row[~rare_places], np.searchsorted(common, first.indices[~rare_places])
        dense, rare = [], []
        for matrix in both:
            table = np.zeros((first.shape[0], len(common)), dtype=np.float32)
            table[rows, columns] = matrix.data[~rare_places]
            dense.append(table)
            rare.append(sparse.csr_array((matrix.data[rare_places], indices, indptr), shape=matrix.shape))
        return (dense[0], dense[1]), (rare[0], rare[1])


def _products(
    queries: TileQueries, space: str, part: _Part, rows: NDArray[np.int64]
) -> tuple[_Numbers, _Numbers]:
    """Return cosine and share of the queries and some documents of a part, shape (T, len(rows)) each."""
    documents = part.rare[0] if len(rows) == len(part.places) else part.rare[0][rows]
    # Both have the same places, so they are turned round once: the number of each place goes along.
    numbered = sparse.csr_array(
        (np.arange(documents.nnz, dtype=np.int32), documents.indices, documents.indptr), shape=documents.shape
    ).T.tocsr()
    values = part.rare[1].data if len(rows) == len(part.places) else part.rare[1][rows].data
    results = []
    for kind, data in ((0, documents.data), (1, values)):
        dense = part.dense[kind] if len(rows) == len(part.places) else part.dense[kind][rows]
        result = queries.dense[space][kind] @ dense.T
        _add_product(queries.rare[space][kind], numbered, data[numbered.data], result)
        results.append(result)
    return results[0], results[1]


def _add_product(
    mine: sparse.csr_array, postings: sparse.csr_array, data: _Numbers, result: _Numbers
) -> None:
    """Add a sparse product to a dense array.

    What `mine @ postings` does without its first round, which only counts how much room is needed: here
    the room is that of the result.
    """
    rows, columns = result.shape
    if not (mine.nnz and len(data) and columns):
        return
    kind = np.int32
    pointers = np.empty(rows + 1, dtype=kind)
    indices = np.empty(rows * columns, dtype=kind)
    values = np.empty(rows * columns, dtype=np.float32)
    _sparsetools.csr_matmat(
        rows,
        columns,
        mine.indptr.astype(kind, copy=False),
        mine.indices.astype(kind, copy=False),
        mine.data,
        postings.indptr.astype(kind, copy=False),
        postings.indices.astype(kind, copy=False),
        data,
        pointers,
        indices,
        values,
    )
    _sparsetools.csr_todense(rows, columns, pointers, indices, values, result)


def _combine_in_place(cosine: _Numbers, share: _Numbers, factor: float) -> _Numbers:
    np.minimum(cosine, FULL_COSINE, out=cosine)
    cosine *= np.float32(0.5 / FULL_COSINE)
    np.minimum(share, 1.0, out=share)
    share *= 0.5
    cosine += share
    if factor != 1.0:
        cosine *= np.float32(factor)
    return cosine
