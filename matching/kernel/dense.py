"""Dense vectors of texts: an optional plug-in of the text criterion, loaded from a folder of the operator's own.

Without a model nothing here is used. With one, a pair's text score is `(1 - w) * words + w * max(cosine, 0)` where
both texts have a vector, and that of the words alone where either has none. It rises with each of the two.

Cosines are exact: vectors are cut to multiples of 2^-20, so that their products, summed up in double precision in
any order, are the same number in whatever block a pair is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.kernel.dense_folders import DenseModelError, digest_of, opened
from matching.kernel.terms import TextDocument

#: What a vector's numbers are whole multiples of.
_GRAIN = 2.0**20
#: Rows, or pairs, whose cosines are summed up at a time in double precision.
_AT_ONCE = 4_096
#: In calls with no more texts than these, rows are kept: pages explain many pairs of few texts.
FEW_DOCUMENTS = 64

Vectors = NDArray[np.float32]


class DenseModel(Protocol):
    """What a model must be able to do.

    Parameters
    ----------
    name
        For people.
    digest
        Of everything that its vectors depend on: another digest is another model.
    dimensions
        The length d of its vectors.
    """

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def vectors(self, documents: Sequence[TextDocument]) -> NDArray[Any]:
        """Return one row a text, shape (n, d): of length one, or of zeros where nothing is known of the text.

        A row must depend on its own text alone, in whatever company it is asked for. Texts in different
        languages must lie in one space, or be rows of zeros.
        """
        ...


@dataclass(frozen=True)
class LoadedModel:
    """A model read from a folder; `made` is what its kind does with texts."""

    name: str
    digest: str
    dimensions: int
    made: Callable[[Sequence[TextDocument]], NDArray[Any]]

    def vectors(self, documents: Sequence[TextDocument]) -> NDArray[Any]:
        """Return one row a text; see `DenseModel`."""
        return self.made(documents)


def load_dense_model(folder: str) -> LoadedModel:
    """Load the model in a folder; see `dense_folders` for what must lie there. Cost: all its files are read.

    Parameters
    ----------
    folder : str
        Its whole path.

    Returns
    -------
    LoadedModel
        The same as before while its files are the same; two are kept.

    Raises
    ------
    DenseModelError
        For the first thing that is wrong: it names the file and says what to do.
    """
    return _loaded(folder, digest_of(folder))


@lru_cache(maxsize=2)
def _loaded(folder: str, digest: str) -> LoadedModel:
    """Two are kept: the one of the published analysis, and the one of the run that takes its place."""
    name, dimensions, made = opened(folder)
    return LoadedModel(name, digest, dimensions, made)


@dataclass(frozen=True)
class FrozenModel:
    """The very model that an analysis was made with. Its files are read when the first vector is asked for.

    So pages that only tell stored numbers hold no model in memory, and do without one that is gone.
    """

    folder: str
    name: str
    digest: str

    @cached_property
    def _found(self) -> LoadedModel:
        mend = (
            f"The analysis was made with the model {self.name} in {self.folder}: put it back there, or "
            "ask for a full run, which makes another analysis."
        )
        try:
            found = load_dense_model(self.folder)
        except DenseModelError as error:
            raise DenseModelError(f"{error} {mend}") from error
        if found.digest != self.digest:
            raise DenseModelError(f"{self.folder} holds other files than it did. {mend}")
        return found

    @property
    def dimensions(self) -> int:
        """The length of its vectors. Raises DenseModelError where it is gone or another."""
        return self._found.dimensions

    def vectors(self, documents: Sequence[TextDocument]) -> NDArray[Any]:
        """Return one row a text; see `DenseModel`. Raises DenseModelError where it is gone or another."""
        return self._found.vectors(documents)


@dataclass(frozen=True)
class DenseText:
    """A model, and its share `weight` of the text score, in (0, 1]; part of the frozen statistics.

    `folder` is where processes that read the analysis find the model.
    """

    model: DenseModel
    weight: float
    folder: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.weight <= 1:
            raise ValueError(f"the share of a dense model is {self.weight}; it must be above 0 and at most 1")

    @classmethod
    def load(cls, folder: str, weight: float) -> DenseText:
        """Load the model in a folder. Raises ValueError, which says what to do."""
        return cls(load_dense_model(folder), weight, folder)

    def to_content(self) -> dict[str, Any]:
        """Return what an analysis says of it, as plain Python."""
        return {
            "folder": self.folder,
            "name": self.model.name,
            "digest": self.model.digest,
            "weight": self.weight,
        }

    @classmethod
    def from_content(cls, read: Mapping[str, Any]) -> DenseText:
        """Return what `to_content` told of. Whoever scores with it is refused where its model is gone or another."""
        return cls(FrozenModel(read["folder"], read["name"], read["digest"]), read["weight"], read["folder"])

    # -- vectors -----------------------------------------------------------------------------------

    def vectors(self, documents: Sequence[TextDocument]) -> Vectors:
        """Return the vectors of texts, shape (n, d); zeros for a text without words.

        Raises ValueError when the model answers with anything but a row of numbers for each text.
        """
        if len(documents) > FEW_DOCUMENTS or not documents:
            return self._made(documents)
        return np.stack([self._kept(document) for document in documents])

    @cached_property
    def _kept(self) -> Callable[[TextDocument], Vectors]:
        return lru_cache(maxsize=512)(lambda document: self._made([document])[0])

    def _made(self, documents: Sequence[TextDocument]) -> Vectors:
        shape = (len(documents), self.model.dimensions)
        rows = np.asarray(self.model.vectors(documents) if documents else np.zeros(shape))
        if rows.shape != shape:
            raise ValueError(f"the model {self.model.name} gave vectors of shape {rows.shape}, not {shape}")
        rows = rows.astype(np.float64)
        if not np.isfinite(rows).all():
            raise ValueError(f"the model {self.model.name} gave vectors with numbers that are none")
        rows[[document.is_empty for document in documents]] = 0.0
        lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
        rows /= np.where(lengths > 0, lengths, 1.0)
        return (np.rint(rows * _GRAIN) / _GRAIN).astype(np.float32)

    # -- scores ------------------------------------------------------------------------------------

    def blended(self, words: Vectors, mine: Vectors | None, theirs: Vectors | None) -> Vectors:
        """Return the scores of every query with every document.

        Parameters
        ----------
        words : ndarray of shape (n, m)
            What their words come to.
        mine, theirs : ndarray of shape (n, d) and (m, d)
        """
        mine, theirs = _there(mine), _there(theirs)
        documents = theirs.astype(np.float64).T
        has = _given(theirs)
        result = np.empty_like(words)
        for first in range(0, len(words), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            cosines = mine[part].astype(np.float64) @ documents
            result[part] = self._blend(words[part], cosines, _given(mine[part])[:, None] & has)
        return result

    def nearly_blended(
        self, words: Vectors, mine: Vectors | None, theirs: Vectors | None, columns: NDArray[np.integer[Any]]
    ) -> Vectors:
        """Return what `blended` does with these rows of theirs, to less than a millionth, at half its cost."""
        mine, theirs = _there(mine), _there(theirs)[columns]
        return self._blend(words, mine @ theirs.T, _given(mine)[:, None] & _given(theirs))

    def blended_pairs(
        self,
        words: Vectors,
        mine: Vectors | None,
        theirs: Vectors | None,
        rows: NDArray[np.integer[Any]],
        columns: NDArray[np.integer[Any]],
    ) -> Vectors:
        """Return the scores of pairs (row of mine, row of theirs), shape (p,), as `blended` gives them."""
        mine, theirs = _there(mine), _there(theirs)
        result = np.empty_like(words)
        for first in range(0, len(words), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            one, other = mine[rows[part]], theirs[columns[part]]
            cosines = np.einsum("pd,pd->p", one, other, dtype=np.float64)
            result[part] = self._blend(words[part], cosines, _given(one) & _given(other))
        return result

    def _blend(self, words: Vectors, cosines: NDArray[np.floating[Any]], both: NDArray[np.bool_]) -> Vectors:
        alike = np.clip(cosines, 0.0, 1.0)
        blended = (1.0 - self.weight) * words.astype(alike.dtype, copy=False) + self.weight * alike
        # A rounded sum may be a hair above one.
        return np.where(both, np.minimum(blended, 1.0), words).astype(np.float32)

    def mean_beside(self, mean: float, documents: Sequence[TextDocument]) -> float:
        """Return what a mean text score of these texts comes to with the model; all pairs of them count."""
        rows = self.vectors(documents).astype(np.float64)
        rows = rows[_given(rows)]
        if len(rows) < 2:
            return mean
        cosines = np.maximum(rows @ rows.T, 0.0)[np.triu_indices(len(rows), 1)]
        return (1.0 - self.weight) * mean + self.weight * float(cosines.mean())


def _given(vectors: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Return which rows are not of zeros."""
    return np.asarray(vectors.any(axis=1))


def _there(vectors: Vectors | None) -> Vectors:
    if vectors is None:
        raise ValueError("texts without vectors, under statistics that have a dense model")
    return vectors
