"""The text score of a tile, common terms as a dense product and rare ones by their postings.

A term that stands in many documents meets nearly every query: as two columns of a dense matrix it costs two
multiply-adds a pair at the speed of the machine's matrix product. A rare term costs a few nanoseconds
for every pair it really joins. The score is the cosine, cut at one half, and half of the share: as the cut is
seldom needed, both are summed up together and taken apart only for queries where it may be. The sums are those
of `TextIndex.scores` in another order, so they agree to about 1e-7; `exact` gives the very same numbers for
chosen pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import _sparsetools  # the kernels under `@`; see `_sums`

from matching.kernel.term_counts import SPACES
from matching.kernel.text import BRIDGE_FACTOR, FULL_COSINE, TextIndex, TextRows, combined

#: Terms that are columns of the dense product, in each space.
MOST_DENSE = 400
#: A term in a smaller share of the documents is not worth dense columns: two multiply-adds for every pair
#: cost more than some nanoseconds for each pair that it joins.
LEAST_SHARE = 0.1
#: Documents at a time, so that their sums stay near the processor.
_DOCUMENTS = 512
_Numbers = NDArray[np.float32]
_Places = NDArray[np.int32]


@dataclass(frozen=True)
class _Rows:
    """Texts of one language in one space; n texts, h common terms.

    Parameters
    ----------
    dense : ndarray of shape (n, 2 h), float32
        Common terms, by cosine and then by half the share.
    pointers, terms, values
        Rare terms row by row; complex: by cosine, and by half the share. Of one side the second is taken
        negative, so that the real part of a product is the sum of both.
    """

    dense: _Numbers
    pointers: _Places
    terms: _Places
    values: NDArray[np.complex64]

    def rows(self, chosen: NDArray[np.integer]) -> _Rows:
        """Return these rows only."""
        places = chosen.astype(np.int32, copy=False)
        pointers = np.zeros(len(places) + 1, dtype=np.int32)
        np.cumsum(self.pointers[places + 1] - self.pointers[places], out=pointers[1:])
        terms, values = np.empty(pointers[-1], np.int32), np.empty(pointers[-1], np.complex64)
        _sparsetools.csr_row_index(len(places), places, self.pointers, self.terms, self.values, terms, values)
        return _Rows(self.dense[places], pointers, terms, values)

    def cosines(self) -> _Rows:
        """Return them by cosine alone."""
        dense = self.dense.copy()
        dense[:, dense.shape[1] // 2 :] = 0.0
        return replace(self, dense=dense, values=self.values.real.astype(np.complex64))


@dataclass(frozen=True)
class TileQueries:
    """Queries of one language, per space."""

    is_swedish: bool
    of: dict[str, _Rows]
    vectors: _Numbers | None = None

    def rows(self, chosen: NDArray[np.integer]) -> TileQueries:
        """Return these queries only."""
        of = {space: rows.rows(chosen) for space, rows in self.of.items()}
        return TileQueries(self.is_swedish, of, None if self.vectors is None else self.vectors[chosen])


class TextTiles:
    """A `TextIndex` laid out for tiles of many queries."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self.rows = index.document_rows()
        self.is_swedish = self.rows.is_swedish
        #: Of each term its place by how many documents have it, -1 where none has; the first are common.
        self._rank: dict[str, _Places] = {}
        self._common: dict[str, int] = {}
        self._used: dict[str, int] = {}
        self._parts: dict[tuple[str, bool], tuple[NDArray[np.int64], _Rows]] = {}
        for space in SPACES:
            matrix = self.rows.cosine[space]
            frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
            order = np.argsort(-frequency, kind="stable")
            self._used[space] = used = int(np.count_nonzero(frequency))
            self._rank[space] = np.full(len(order), -1, dtype=np.int32)
            self._rank[space][order[:used]] = np.arange(used)
            is_common = frequency[order[:MOST_DENSE]] > LEAST_SHARE * max(1, matrix.shape[0])
            self._common[space] = int(np.count_nonzero(is_common))
            for is_swedish in (True, False):
                places = np.flatnonzero(self.is_swedish == is_swedish)
                documents = self._laid_out(
                    space, self.rows.cosine[space][places], self.rows.bm25[space][places], np.float32(-0.5)
                )
                # The processor foresees how many queries have a term best where that goes down along a document.
                _sparsetools.csr_sort_indices(
                    len(places), documents.pointers, documents.terms, documents.values
                )
                self._parts[space, is_swedish] = places, documents

    def queries(self, rows: TextRows) -> TileQueries:
        """Lay out queries, which must be of one language."""
        is_swedish = bool(rows.is_swedish[0])
        if (rows.is_swedish != is_swedish).any():
            raise ValueError("the queries of a tile are of one language")
        of = {
            space: self._laid_out(space, rows.cosine[space], rows.bm25[space], np.float32(1.0))
            for space in SPACES
        }
        return TileQueries(is_swedish, of, rows.vectors)

    def scores(self, queries: TileQueries, columns: NDArray[np.int64]) -> _Numbers:
        """Return the scores of some documents, shape (T, len(columns)); `columns` sorted."""
        result = np.zeros((len(queries.of["own"].dense), len(columns)), dtype=np.float32)
        for is_swedish in (True, False):
            same = is_swedish == queries.is_swedish
            space = "own" if same else "bridge"
            places, documents = self._parts[space, is_swedish]
            wanted = np.flatnonzero(self.is_swedish[columns] == is_swedish)
            if not len(wanted):
                continue
            rows = np.searchsorted(places, columns[wanted])
            asked = _turned_round(queries.of[space], self._used[space])
            for first in range(0, len(wanted), _DOCUMENTS):
                chosen = documents.rows(rows[first : first + _DOCUMENTS])
                block = _sums(chosen, asked)
                # Where cosine and half the share come to no more than one half, no cosine is above it.
                if block.max(initial=0.0) > FULL_COSINE:
                    cut = np.flatnonzero((block > FULL_COSINE).any(axis=0))
                    alone = _turned_round(queries.of[space].rows(cut).cosines(), self._used[space])
                    block[:, cut] -= np.maximum(_sums(chosen, alone) - np.float32(FULL_COSINE), 0.0)
                if not same:
                    block *= np.float32(BRIDGE_FACTOR)
                result[:, wanted[first : first + _DOCUMENTS]] = block.T
        dense = self.index.statistics.dense
        if dense is None:
            return result
        return dense.nearly_blended(result, queries.vectors, self.rows.vectors, columns)

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
        dense = self.index.statistics.dense
        if dense is None:
            return result
        return dense.blended_pairs(result, queries.vectors, self.rows.vectors, rows, columns)

    def _laid_out(
        self, space: str, cosine: sparse.csr_array, bm25: sparse.csr_array, of_share: np.float32
    ) -> _Rows:
        """Take common terms out of two matrices with the same places; terms of no document are dropped."""
        common, rank = self._common[space], self._rank[space][cosine.indices]
        is_rare, is_common = rank >= common, (rank >= 0) & (rank < common)
        before = np.zeros(len(rank) + 1, dtype=np.int32)
        np.cumsum(is_rare, out=before[1:])
        in_row = np.repeat(np.arange(cosine.shape[0]), np.diff(cosine.indptr))[is_common]
        dense = np.zeros((cosine.shape[0], 2 * common), dtype=np.float32)
        dense[in_row, rank[is_common]] = cosine.data[is_common]
        dense[in_row, common + rank[is_common]] = bm25.data[is_common] * np.abs(of_share)
        values = np.empty(int(before[-1]), dtype=np.complex64)
        values.real, values.imag = cosine.data[is_rare], bm25.data[is_rare] * of_share
        pointers, terms = before[cosine.indptr], rank[is_rare]
        return _Rows(dense, pointers, terms, values)


@dataclass(frozen=True)
class _Postings:
    """Queries by term, as `_sums` wants them."""

    dense: _Numbers  # (2 h, T)
    pointers: _Places
    queries: _Places
    values: NDArray[np.complex64]


def _turned_round(queries: _Rows, number_of_terms: int) -> _Postings:
    """Return queries by term."""
    pointers = np.empty(number_of_terms + 1, dtype=np.int32)
    places, values = np.empty_like(queries.terms), np.empty_like(queries.values)
    _sparsetools.csr_tocsc(
        len(queries.dense),
        number_of_terms,
        queries.pointers,
        queries.terms,
        queries.values,
        pointers,
        places,
        values,
    )
    return _Postings(np.ascontiguousarray(queries.dense.T), pointers, places, values)


def _sums(documents: _Rows, queries: _Postings) -> _Numbers:
    """Return cosine and half the share, added up, shape (documents, queries)."""
    result: _Numbers = documents.dense @ queries.dense
    rows, columns = result.shape
    if len(documents.terms) and len(queries.queries):
        # What `@` does without its first round, which only counts how much room is needed.
        pointers = np.empty(rows + 1, dtype=np.int32)
        indices, values = np.empty(rows * columns, np.int32), np.empty(rows * columns, np.complex64)
        _sparsetools.csr_matmat(
            rows,
            columns,
            documents.pointers,
            documents.terms,
            documents.values,
            queries.pointers,
            queries.queries,
            queries.values,
            pointers,
            indices,
            values,
        )
        found = np.ascontiguousarray(values[: pointers[-1]].real)
        _sparsetools.csr_todense(rows, columns, pointers, indices, found, result)
    return result
