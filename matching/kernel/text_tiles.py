"""The text score of a tile, common terms as dense products and rare ones by their postings.

A term that stands in many documents meets nearly every query: as a column of a dense matrix it costs two
multiply-adds a pair at the speed of the machine's matrix product. A rare term costs a few nanoseconds
for every pair it really joins. The sums are those of `TextIndex.scores` in another order, so they agree to
about 1e-7; `exact` gives the very same numbers for chosen pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel.term_counts import SPACES
from matching.kernel.text import BRIDGE_FACTOR, FULL_COSINE, TextIndex, TextRows, combined

#: Terms that are columns of the dense product, in each space.
MOST_DENSE = 384
#: A term in fewer documents of a hundred than this is not worth a dense column.
LEAST_SHARE = 0.01
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
            cosine, share = (
                _product(queries.dense[space][kind], queries.rare[space][kind], part, kind, rows)
                for kind in (0, 1)
            )
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


def _product(
    dense: _Numbers, rare: sparse.csr_array, part: _Part, kind: int, rows: NDArray[np.int64]
) -> _Numbers:
    documents, postings = part.dense[kind], part.rare[kind]
    if len(rows) < len(part.places):
        documents, postings = documents[rows], postings[rows]
    # Written by the sparse product first and added to by the dense one: one array fewer.
    result: Any = (rare @ postings.T).toarray()
    if documents.shape[1]:
        result += dense @ documents.T
    return np.asarray(result, dtype=np.float32)


def _combine_in_place(cosine: _Numbers, share: _Numbers, factor: float) -> _Numbers:
    np.minimum(cosine, FULL_COSINE, out=cosine)
    cosine *= np.float32(0.5 / FULL_COSINE)
    np.minimum(share, 1.0, out=share)
    share *= 0.5
    cosine += share
    if factor != 1.0:
        cosine *= np.float32(factor)
    return cosine
