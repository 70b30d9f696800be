"""Texts as counted terms: sparse rows that scoring needs and nothing more, so that texts are read once.

A row depends on its own text and the frozen statistics alone. Rows can be made in parts, joined, cut,
replaced one by one, kept in a folder and mapped into memory from there.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel.terms import DocumentTerms, Occurrence

SPACES = ("own", "bridge")
MapMode = Literal["r", "c"]
_VECTORS = "vectors.npy"


def occurrences_in(terms: DocumentTerms, space: str) -> tuple[Occurrence, ...]:
    """Return the terms of a document in one space."""
    return terms.own if space == "own" else terms.bridge


def counted(occurrences: Sequence[Occurrence]) -> dict[str, float]:
    """Return term -> weighted count."""
    counts: dict[str, float] = {}
    for occurrence in occurrences:
        counts[occurrence.term] = counts.get(occurrence.term, 0.0) + occurrence.count
    return counts


@dataclass(frozen=True)
class TermCounts:
    """The terms of n texts.

    Parameters
    ----------
    is_swedish, has_words : ndarray of shape (n,)
    spaces
        Space -> weighted counts, `csr_array` of shape (n, n_terms), columns sorted in every row.
    vectors : ndarray of shape (n, d), optional
        What a dense model makes of the texts; None without one.
    """

    is_swedish: NDArray[np.bool_]
    has_words: NDArray[np.bool_]
    spaces: Mapping[str, sparse.csr_array]
    vectors: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.is_swedish)

    @staticmethod
    def of(
        terms: Iterable[tuple[DocumentTerms, bool]], columns: Mapping[str, Mapping[str, int]]
    ) -> TermCounts:
        """Count terms under a frozen vocabulary: space -> term -> column. Terms without a column are left out.

        `terms` yields a document's terms and whether it has any word at all, one at a time.
        """
        swedish, words = array("b"), array("b")
        data = {space: array("f") for space in SPACES}
        indices = {space: array("i") for space in SPACES}
        ends = {space: array("q", [0]) for space in SPACES}
        for document, has_words in terms:
            swedish.append(document.language == "sv")
            words.append(has_words)
            for space in SPACES:
                known = columns[space]
                counts = counted(occurrences_in(document, space))
                for column, count in sorted(
                    (known[term], count) for term, count in counts.items() if term in known
                ):
                    indices[space].append(column)
                    data[space].append(count)
                ends[space].append(len(indices[space]))
        return TermCounts(
            np.array(swedish, dtype=bool),
            np.array(words, dtype=bool),
            {
                space: _csr(
                    np.array(data[space], dtype=np.float32),
                    np.array(indices[space], dtype=np.int32),
                    np.array(ends[space], dtype=np.int64),
                    len(columns[space]),
                )
                for space in SPACES
            },
        )

    def rows(self, chosen: slice | NDArray[Any]) -> TermCounts:
        """Return these rows only, in this order."""
        return TermCounts(
            self.is_swedish[chosen],
            self.has_words[chosen],
            {space: matrix[chosen] for space, matrix in self.spaces.items()},
            None if self.vectors is None else self.vectors[chosen],
        )

    @staticmethod
    def joined(parts: Sequence[TermCounts]) -> TermCounts:
        """Return the rows of several, made under the same statistics, after each other."""
        if len({tuple(part.spaces[space].shape[1] for space in SPACES) for part in parts}) != 1:
            raise ValueError("nothing to join, or counts under different statistics")
        vectors = [part.vectors for part in parts if part.vectors is not None]
        if len(vectors) not in (0, len(parts)):
            raise ValueError("some with vectors and some without: counts under different statistics")
        return TermCounts(
            np.concatenate([part.is_swedish for part in parts]),
            np.concatenate([part.has_words for part in parts]),
            {
                space: sparse.csr_array(sparse.vstack([part.spaces[space] for part in parts], format="csr"))
                for space in SPACES
            },
            np.concatenate(vectors) if vectors else None,
        )

    def with_row(self, place: int, row: TermCounts) -> TermCounts:
        """Return these rows with one replaced, or added when `place` is one past the last.

        Cost O(terms of all rows) to copy; no text is read again.
        """
        if len(row) != 1 or not 0 <= place <= len(self):
            raise ValueError(f"no place {place} for {len(row)} rows among {len(self)}")
        return TermCounts.joined([self.rows(slice(0, place)), row, self.rows(slice(place + 1, None))])

    def save(self, folder: Path) -> None:
        """Write to a folder, which must exist; files that are there are replaced."""
        (folder / "counts.json").write_text(
            json.dumps({space: int(self.spaces[space].shape[1]) for space in SPACES})
        )
        np.save(folder / "is_swedish.npy", self.is_swedish)
        np.save(folder / "has_words.npy", self.has_words)
        if self.vectors is None:
            (folder / _VECTORS).unlink(missing_ok=True)
        else:
            np.save(folder / _VECTORS, self.vectors)
        for space, matrix in self.spaces.items():
            np.save(folder / f"{space}.data.npy", matrix.data)
            np.save(folder / f"{space}.indices.npy", matrix.indices)
            np.save(folder / f"{space}.indptr.npy", matrix.indptr)

    @staticmethod
    def load(folder: Path, mmap_mode: MapMode | None = "r") -> TermCounts:
        """Read what `save` wrote; mapped, so that several processes share one copy, unless None."""
        widths = json.loads((folder / "counts.json").read_text())

        def read(name: str) -> NDArray[Any]:
            array_read: NDArray[Any] = np.load(
                folder / f"{name}.npy", mmap_mode=mmap_mode, allow_pickle=False
            )
            return array_read

        return TermCounts(
            read("is_swedish"),
            read("has_words"),
            {
                space: _csr(read(f"{space}.data"), read(f"{space}.indices"), read(f"{space}.indptr"), width)
                for space, width in widths.items()
            },
            read("vectors") if (folder / _VECTORS).exists() else None,
        )


def _csr(
    data: NDArray[np.float32], indices: NDArray[np.int32], indptr: NDArray[Any], width: int
) -> sparse.csr_array:
    matrix = sparse.csr_array((len(indptr) - 1, width), dtype=np.float32)
    # Set one by one: the constructor would look through mapped arrays, or copy them.
    matrix.data, matrix.indices = data, indices
    matrix.indptr = indptr.astype(np.int32) if len(indices) < 2**31 else indptr
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix
