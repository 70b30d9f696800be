"""How well the words of two profiles agree: half cosine, half BM25, both in [0, 1].

A query is an initiative's text, a document an offer's, always that way round, so that the number
is the same whoever asks. Inverse document frequencies, mean lengths and the compound table are
frozen in `TextStatistics`; with the same statistics a document scores alike alone and among others.

Source: Robertson & Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond"; the
cut at half a cosine and the share of the query's own maximum make scores of short and long
queries comparable.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from brygga.language import (
    CompoundTable,
    Lexicon,
    TermGroup,
    learn_compounds,
    load_lexicon,
    words_of,
)
from matching.kernel.dense import DenseText
from matching.kernel.plain_texts import as_documents, most_common_language
from matching.kernel.reader import TextReader, documents_with
from matching.kernel.shared_terms import SharedTerm, shared_terms
from matching.kernel.term_counts import SPACES, TermCounts
from matching.kernel.terms import (
    BRIDGE_MARK_WEIGHTS,
    MARK_WEIGHTS,
    DocumentTerms,
    TextDocument,
    document_terms,
)

K1 = 1.2
B = 0.75
#: The cosine at which two texts say the same; above it there is nothing to gain.
FULL_COSINE = 0.5
#: A meeting through the lexicon counts less than a meeting of the words themselves.
BRIDGE_FACTOR = 0.9
#: Queries scored at a time.
BLOCK = 256
#: Texts held as counted terms while statistics are learned.
READ_AT_ONCE = 4_000


@dataclass(frozen=True)
class TermSpace:
    """What is known of one space of terms.

    Parameters
    ----------
    idf
        Term -> weight: inverse document frequency times the weight of the kind of term.
    mean_length
        Mean weighted number of terms of a document.
    """

    idf: dict[str, float]
    mean_length: float

    @cached_property
    def columns(self) -> dict[str, int]:
        """Term -> column."""
        return {term: column for column, term in enumerate(self.idf)}

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """Weight of each column, shape (n_terms,)."""
        return np.fromiter(self.idf.values(), dtype=np.float32, count=len(self.idf))


@dataclass(frozen=True)
class TextStatistics:
    """Everything about a collection that the score of one pair depends on; never changed after.

    `dense` is a model of word or text vectors that has its share in the score; mostly there is none.
    """

    spaces: dict[str, TermSpace]
    compounds: CompoundTable
    lexicon: Lexicon = field(repr=False)
    dense: DenseText | None = field(default=None, repr=False)

    def terms(self, document: TextDocument) -> DocumentTerms:
        """Take a document apart; the latest few hundred are kept, as pages explain many pairs of few texts."""
        return self._kept_terms(document)

    @cached_property
    def _kept_terms(self) -> Callable[[TextDocument], DocumentTerms]:
        return lru_cache(maxsize=512)(lambda document: document_terms(document, self.compounds, self.lexicon))

    @classmethod
    def learn(cls, documents: Sequence[TextDocument], lexicon: Lexicon | None = None) -> TextStatistics:
        """Learn from the texts of both sides. Cost: linear in their words."""
        lexicon = lexicon or load_lexicon()
        words = Counter(lexicon.words("sv"))
        for document in documents:
            if document.resolved_language() == "sv":
                words.update(words_of(document.title))
                words.update(words_of(document.body))
        compounds = learn_compounds(words)
        reader = TextReader(compounds, lexicon)
        frequency = {space: np.zeros(0, dtype=np.int64) for space in SPACES}
        length = dict.fromkeys(SPACES, 0.0)
        for first in range(0, len(documents), READ_AT_ONCE):
            counts = reader.counts(documents[first : first + READ_AT_ONCE])
            for space in SPACES:
                found = documents_with(counts, space)
                found[: len(frequency[space])] += frequency[space]
                frequency[space] = found
                length[space] += float(counts.spaces[space].sum(dtype=np.float64))
        spaces = {
            space: _term_space(
                space,
                # A word may have been taken apart whose terms no text has: it stood in phrases alone.
                {
                    term: count
                    for term, count in zip(reader.columns[space], frequency[space].tolist(), strict=True)
                    if count
                },
                length[space],
                len(documents),
            )
            for space in SPACES
        }
        return cls(spaces, compounds, lexicon)

    def counts(self, documents: Iterable[TextDocument]) -> TermCounts:
        """Read texts into sparse rows. Cost: linear in their words, about a tenth of a millisecond a text."""
        if self.dense is None:
            return self._reader.counts(documents)
        documents = list(documents)
        return replace(self._reader.counts(documents), vectors=self.dense.vectors(documents))

    @cached_property
    def _reader(self) -> TextReader:
        return TextReader(
            self.compounds, self.lexicon, {space: self.spaces[space].columns for space in SPACES}
        )

    def to_bytes(self) -> bytes:
        """Write the statistics; the same statistics are the same bytes."""
        # No time stamp inside.
        return gzip.compress(json.dumps(self.to_content(), ensure_ascii=False).encode(), mtime=0)

    def to_content(self) -> dict[str, Any]:
        """Return what is written, as plain Python, for a larger file to hold.

        The lexicon too, since a word added to it later must not change a published number.
        """
        content = {
            "format": 1,
            "lexicon": [
                [group.concept, group.field, list(group.swedish), list(group.english)]
                for group in self.lexicon.groups
            ],
            "compounds": dict(self.compounds.counts),
            "spaces": {
                name: {"idf": space.idf, "mean_length": space.mean_length}
                for name, space in self.spaces.items()
            },
        }
        if self.dense is not None:
            # Another format, so that code that knows no models refuses it instead of leaving the model out.
            content |= {"format": 2, "dense": self.dense.to_content()}
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> TextStatistics:
        """Read what `to_bytes` wrote; raises ValueError for another format."""
        return cls.from_content(json.loads(gzip.decompress(content)))

    @classmethod
    def from_content(cls, read: dict[str, Any]) -> TextStatistics:
        """Read what `to_content` returned; raises ValueError for another format."""
        if read.get("format") not in (1, 2):
            raise ValueError("unknown format of text statistics")
        spaces = {
            name: TermSpace(space["idf"], space["mean_length"]) for name, space in read["spaces"].items()
        }
        groups = (
            TermGroup(concept, part, tuple(swedish), tuple(english))
            for concept, part, swedish, english in read["lexicon"]
        )
        dense = DenseText.from_content(read["dense"]) if "dense" in read else None
        return cls(spaces, CompoundTable(read["compounds"]), Lexicon(tuple(groups)), dense)


@dataclass(frozen=True)
class TextRows:
    """Weighted texts of one side, one pair of sparse matrices (n, n_terms) a space; vectors with a dense model."""

    is_swedish: NDArray[np.bool_]
    cosine: dict[str, sparse.csr_array]
    bm25: dict[str, sparse.csr_array]
    vectors: NDArray[np.float32] | None = None

    def rows(self, chosen: slice | NDArray[Any]) -> TextRows:
        """Return these rows only, in this order."""
        return TextRows(
            self.is_swedish[chosen],
            {space: matrix[chosen] for space, matrix in self.cosine.items()},
            {space: matrix[chosen] for space, matrix in self.bm25.items()},
            None if self.vectors is None else self.vectors[chosen],
        )


@dataclass(frozen=True)
class _Postings:
    """The documents of one language, by term: what a query of one language is multiplied with."""

    columns: NDArray[np.int64]
    cosine: sparse.csr_array  # (n_terms, len(columns))
    bm25: sparse.csr_array


class TextIndex:
    """The texts of the documents, ready to be asked.

    Parameters
    ----------
    documents : iterable of TextDocument or str, n_documents of them
        Plain texts of any language, "" for none. A plain text whose language does not show takes the
        language that most documents are in.
    statistics
        Frozen statistics; learned from the documents themselves when not given.
    counts
        What `statistics.counts(documents)` gives, if that has been done already.

    Raises
    ------
    TypeError
        For anything but texts, None among them.

    Examples
    --------
    >>> index = TextIndex([TextDocument("Idrott för unga"), TextDocument("Rädda sjön", "Vatten och natur.")])
    >>> index.scores([TextDocument("Ungdomar och sport")]).argmax(axis=1).tolist()
    [0]
    >>> TextIndex(["sport för unga", "a garden in town"]).top(["trädgård"], 1)[0].tolist()
    [[1]]
    """

    def __init__(
        self,
        documents: Iterable[TextDocument | str],
        statistics: TextStatistics | None = None,
        counts: TermCounts | None = None,
    ) -> None:
        documents = _all_of(documents)
        self.language = most_common_language(documents)
        self.documents = as_documents(documents, self.language)
        self.statistics = statistics or TextStatistics.learn(self.documents)
        self.counts = self.statistics.counts(self.documents) if counts is None else counts
        if len(self.counts) != len(self.documents):
            raise ValueError(f"{len(self.counts)} rows of counts for {len(self.documents)} documents")
        self._postings = self._make_postings(self.document_rows())

    def scores(self, queries: Iterable[TextDocument | str]) -> NDArray[np.float32]:
        """Return how well each document answers each query.

        Parameters
        ----------
        queries : iterable of TextDocument or str, n_queries of them
            Taken and refused as documents are.

        Returns
        -------
        ndarray of shape (n_queries, n_documents), float32, in [0, 1]
            0 when they share nothing or one of them has no words; with a dense model, where either
            has no vector, too. Cost: one sparse product per
            language pair, O(shared postings), and O(n_queries · n_documents) to write down.
        """
        queries = _all_of(queries)
        result = np.zeros((len(queries), len(self.documents)), dtype=np.float32)
        for first, block in self._blocks(queries):
            result[first : first + len(block)] = block
        return result

    def top(
        self, queries: Iterable[TextDocument | str], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best `k` documents of each query and their scores, best first.

        Parameters
        ----------
        queries
            As `scores`.
        k : int
            0 and below give none.

        Returns
        -------
        (ndarray of shape (n_queries, k'), ndarray of shape (n_queries, k')), k' = min(k, n_documents)
            By the score's first four decimals; ties in the documents' order. Memory O(n_queries · k).
        """
        queries, n = _all_of(queries), len(self.documents)
        kept = max(0, min(k, n))
        order = np.zeros((len(queries), kept), dtype=np.int64)
        values = np.zeros((len(queries), kept), dtype=np.float32)
        for first, scores in self._blocks(queries) if kept else ():
            ranked = np.round(scores, 4)
            least = np.partition(ranked, n - kept, axis=1)[:, n - kept, None]
            rows, columns = np.nonzero(ranked >= least)
            by_rank = np.lexsort((columns, -ranked[rows, columns], rows))
            rows, columns = rows[by_rank], columns[by_rank]
            within = np.arange(len(rows)) - np.searchsorted(rows, np.arange(len(scores)))[rows] < kept
            chosen = columns[within].reshape(len(scores), kept)
            order[first : first + len(scores)] = chosen
            values[first : first + len(scores)] = np.take_along_axis(scores, chosen, axis=1)
        return order, values

    def _blocks(self, queries: Sequence[TextDocument | str]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        asked = as_documents(queries, self.language)
        for first in range(0, len(asked), BLOCK):
            counts = self.statistics.counts(asked[first : first + BLOCK])
            yield first, self.scores_of_rows(self.query_rows(counts))

    def scores_of_rows(self, queries: TextRows) -> NDArray[np.float32]:
        """Return the scores of queries that are rows already; see `scores`."""
        result = np.zeros((len(queries.is_swedish), len(self.documents)), dtype=np.float32)
        for query_is_swedish in (True, False):
            rows = np.flatnonzero(queries.is_swedish == query_is_swedish)
            for document_is_swedish in (True, False):
                same = query_is_swedish == document_is_swedish
                space = "own" if same else "bridge"
                postings = self._postings[space, document_is_swedish]
                if not (len(rows) and len(postings.columns)):
                    continue
                cosine = (queries.cosine[space][rows] @ postings.cosine).toarray()
                share = (queries.bm25[space][rows] @ postings.bm25).toarray()
                block = combined(cosine, share)
                result[np.ix_(rows, postings.columns)] = block if same else BRIDGE_FACTOR * block
        dense = self.statistics.dense
        return result if dense is None else dense.blended(result, queries.vectors, self.counts.vectors)

    def to_bytes(self) -> bytes:
        """Write the frozen statistics; the documents belong to whoever stores them."""
        return self.statistics.to_bytes()

    @classmethod
    def from_bytes(cls, content: bytes, documents: Sequence[TextDocument]) -> TextIndex:
        """Make an index of these documents under statistics that `to_bytes` wrote."""
        return cls(documents, TextStatistics.from_bytes(content))

    def shared_terms(self, query: TextDocument, document: TextDocument, limit: int = 5) -> list[SharedTerm]:
        """Return the words that make two texts alike, weightiest first.

        Each word is given as it is written in both texts; several terms of one word (its stem, a
        part of it, its concept) are added up. The weights are shares of what words make of the score.
        """
        return shared_terms(query, document, self.statistics, limit)

    def document_rows(self) -> TextRows:
        """Return the documents' weighted rows."""
        cosine, bm25 = {}, {}
        for space in SPACES:
            known = self.statistics.spaces[space]
            counts = self.counts.spaces[space]
            cosine[space] = _unit_rows(counts, known.weights)
            length = np.asarray(counts.sum(axis=1)).ravel() / max(known.mean_length, 1e-9)
            norm = np.repeat(K1 * (1 - B + B * length), np.diff(counts.indptr))
            # Over the limit K1 + 1 that a term can reach, so a document's row is within [0, 1).
            bm25[space] = _with_values(counts, counts.data / (counts.data + norm))
        return TextRows(self.counts.is_swedish, cosine, bm25, self.counts.vectors)

    def query_rows(self, counts: TermCounts) -> TextRows:
        """Return the weighted rows of queries; the documents do not matter for them."""
        cosine, bm25 = {}, {}
        for space in SPACES:
            known = self.statistics.spaces[space]
            matrix = counts.spaces[space]
            cosine[space] = _unit_rows(matrix, known.weights)
            weighted = _with_values(matrix, matrix.data * known.weights[matrix.indices])
            most = np.asarray(weighted.sum(axis=1)).ravel()
            # The share of the query's own maximum: every term saturated.
            most = np.repeat(np.maximum(most, 1e-9), np.diff(matrix.indptr))
            bm25[space] = _with_values(matrix, weighted.data / most)
        return TextRows(counts.is_swedish, cosine, bm25, counts.vectors)

    def _make_postings(self, rows: TextRows) -> dict[tuple[str, bool], _Postings]:
        postings = {}
        for is_swedish in (True, False):
            columns = np.flatnonzero(rows.is_swedish == is_swedish)
            for space in SPACES:
                postings[space, is_swedish] = _Postings(
                    columns,
                    sparse.csr_array(rows.cosine[space][columns].T),
                    sparse.csr_array(rows.bm25[space][columns].T),
                )
        return postings


def combined(cosine: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return half cosine up to `FULL_COSINE`, half share."""
    result: NDArray[np.float32] = 0.5 * np.minimum(cosine / FULL_COSINE, 1.0) + 0.5 * np.minimum(share, 1.0)
    return result


def _all_of(texts: Iterable[TextDocument | str]) -> Sequence[TextDocument | str]:
    """Return texts that can be read twice: of what can be read once the second reading would be empty."""
    return texts if isinstance(texts, str) else tuple(texts)


def _term_space(space: str, frequency: dict[str, int], length: float, n: int) -> TermSpace:
    marks = MARK_WEIGHTS if space == "own" else BRIDGE_MARK_WEIGHTS
    idf = {
        term: float(np.float32(np.log(1 + (n - count + 0.5) / (count + 0.5)) * marks.get(term[0], 1.0)))
        for term, count in sorted(frequency.items())
    }
    # Rounded, so that the order in which texts were summed up never matters.
    return TermSpace(idf, round(length / n, 9) if n else 0.0)


def _with_values(matrix: sparse.csr_array, values: NDArray[Any]) -> sparse.csr_array:
    """Return a matrix with the same places and other values; the places are shared, not copied."""
    return sparse.csr_array(
        (values.astype(np.float32, copy=False), matrix.indices, matrix.indptr), shape=matrix.shape
    )


def _unit_rows(counts: sparse.csr_array, weights: NDArray[np.float32]) -> sparse.csr_array:
    """Return rows of log-count times weight, each of length one (an empty row stays empty)."""
    data = (np.log1p(counts.data) * weights[counts.indices]).astype(np.float32)
    rows = _with_values(counts, data)
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return _with_values(
        counts, data / np.repeat(np.maximum(norms, 1e-9), np.diff(counts.indptr)).astype(np.float32)
    )
