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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from brygga.language import CompoundTable, Lexicon, TermGroup, learn_compounds, load_lexicon, tokenise
from matching.kernel.terms import (
    BRIDGE_MARK_WEIGHTS,
    MARK_WEIGHTS,
    DocumentTerms,
    Occurrence,
    TextDocument,
    document_terms,
)

K1 = 1.2
B = 0.75
#: The cosine at which two texts say the same; above it there is nothing to gain.
FULL_COSINE = 0.5
#: A meeting through the lexicon counts less than a meeting of the words themselves.
BRIDGE_FACTOR = 0.9
SPACES = ("own", "bridge")


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
    """Everything about a collection that the score of one pair depends on; never changed after."""

    spaces: dict[str, TermSpace]
    compounds: CompoundTable
    lexicon: Lexicon = field(repr=False)

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
                words.update(token.word for token in tokenise(f"{document.title} {document.body}"))
        compounds = learn_compounds(words)
        terms = [document_terms(document, compounds, lexicon) for document in documents]
        return cls({space: _learn_space(terms, space) for space in SPACES}, compounds, lexicon)

    def to_bytes(self) -> bytes:
        """Write the statistics; the same statistics are the same bytes."""
        # No time stamp inside.
        return gzip.compress(json.dumps(self.to_content(), ensure_ascii=False).encode(), mtime=0)

    def to_content(self) -> dict[str, Any]:
        """Return what is written, as plain Python, for a larger file to hold.

        The lexicon too, since a word added to it later must not change a published number.
        """
        return {
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

    @classmethod
    def from_bytes(cls, content: bytes) -> TextStatistics:
        """Read what `to_bytes` wrote; raises ValueError for another format."""
        return cls.from_content(json.loads(gzip.decompress(content)))

    @classmethod
    def from_content(cls, read: dict[str, Any]) -> TextStatistics:
        """Read what `to_content` returned; raises ValueError for another format."""
        if read.get("format") != 1:
            raise ValueError("unknown format of text statistics")
        spaces = {
            name: TermSpace(space["idf"], space["mean_length"]) for name, space in read["spaces"].items()
        }
        groups = (
            TermGroup(concept, part, tuple(swedish), tuple(english))
            for concept, part, swedish, english in read["lexicon"]
        )
        return cls(spaces, CompoundTable(read["compounds"]), Lexicon(tuple(groups)))


class SharedTerm(NamedTuple):
    """A word that makes two texts alike."""

    term: str  #: as written in the query
    weight: float  #: its share of the agreement, all shares of a pair together 1
    other: str  #: as written in the document


@dataclass(frozen=True)
class _Rows:
    """Texts of one kind as sparse rows, one pair of matrices a space; see `TextIndex`."""

    languages: NDArray[np.bool_]
    cosine: dict[str, sparse.csr_array]
    bm25: dict[str, sparse.csr_array]


class TextIndex:
    """The texts of the documents, ready to be asked.

    Parameters
    ----------
    documents : sequence of TextDocument, length n_documents
    statistics
        Frozen statistics; learned from the documents themselves when not given.

    Examples
    --------
    >>> index = TextIndex([TextDocument("Idrott för unga"), TextDocument("Rädda sjön", "Vatten och natur.")])
    >>> index.scores([TextDocument("Ungdomar och sport")]).argmax(axis=1).tolist()
    [0]
    """

    def __init__(self, documents: Sequence[TextDocument], statistics: TextStatistics | None = None) -> None:
        self.documents = tuple(documents)
        self.statistics = statistics or TextStatistics.learn(documents)
        self._rows = self._document_rows([self._terms(document) for document in self.documents])

    def scores(self, queries: Sequence[TextDocument]) -> NDArray[np.float32]:
        """Return how well each document answers each query.

        Returns
        -------
        ndarray of shape (n_queries, n_documents), float32, in [0, 1]
            0 when they share nothing or one of them has no words. Cost: one sparse product per
            language pair, O(shared postings), and O(n_queries · n_documents) to write down.
        """
        query_rows = self._query_rows([self._terms(query) for query in queries])
        result = np.zeros((len(queries), len(self.documents)), dtype=np.float32)
        for query_is_swedish in (True, False):
            rows = np.flatnonzero(query_rows.languages == query_is_swedish)
            for document_is_swedish in (True, False):
                columns = np.flatnonzero(self._rows.languages == document_is_swedish)
                if not (len(rows) and len(columns)):
                    continue
                same = query_is_swedish == document_is_swedish
                space = "own" if same else "bridge"
                cosine = query_rows.cosine[space][rows] @ self._rows.cosine[space][columns].T
                share = query_rows.bm25[space][rows] @ self._rows.bm25[space][columns].T
                block = 0.5 * np.minimum(cosine.toarray() / FULL_COSINE, 1.0) + 0.5 * np.minimum(
                    share.toarray(), 1.0
                )
                result[np.ix_(rows, columns)] = block if same else BRIDGE_FACTOR * block
        return result

    def top(self, queries: Sequence[TextDocument], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best `k` documents of each query and their scores, best first.

        Returns
        -------
        (ndarray of shape (n_queries, k'), ndarray of shape (n_queries, k')), k' = min(k, n_documents)
            Ties in the documents' order.
        """
        scores = self.scores(queries)
        order = np.argsort(-np.round(scores, 4), axis=1, kind="stable")[:, :k]
        return order, np.take_along_axis(scores, order, axis=1)

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
        part of it, its concept) are added up. The weights are shares of what the score is made of.
        """
        return shared_terms(query, document, self.statistics, limit)

    def _terms(self, document: TextDocument) -> DocumentTerms:
        return self.statistics.terms(document)

    def _document_rows(self, documents: Sequence[DocumentTerms]) -> _Rows:
        cosine, bm25 = {}, {}
        for space in SPACES:
            known = self.statistics.spaces[space]
            counts = self._matrix(documents, space)
            cosine[space] = _unit_rows(counts, known.weights)
            length = np.asarray(counts.sum(axis=1)).ravel() / max(known.mean_length, 1e-9)
            saturated = counts.copy()
            norm = np.repeat(K1 * (1 - B + B * length), np.diff(counts.indptr))
            # Over the limit K1 + 1 that a term can reach, so a document's row is within [0, 1).
            saturated.data = (counts.data / (counts.data + norm)).astype(np.float32)
            bm25[space] = saturated
        return _Rows(_is_swedish(documents), cosine, bm25)

    def _query_rows(self, queries: Sequence[DocumentTerms]) -> _Rows:
        cosine, bm25 = {}, {}
        for space in SPACES:
            known = self.statistics.spaces[space]
            counts = self._matrix(queries, space)
            cosine[space] = _unit_rows(counts, known.weights)
            weighted = counts.copy()
            weighted.data = counts.data * known.weights[counts.indices]
            most = np.asarray(weighted.sum(axis=1)).ravel()
            # The share of the query's own maximum: every term saturated.
            weighted.data = (
                weighted.data / np.repeat(np.maximum(most, 1e-9), np.diff(counts.indptr))
            ).astype(np.float32)
            bm25[space] = weighted
        return _Rows(_is_swedish(queries), cosine, bm25)

    def _matrix(self, documents: Sequence[DocumentTerms], space: str) -> sparse.csr_array:
        """Return weighted counts, shape (n_documents, n_terms); terms without statistics are left out."""
        columns = self.statistics.spaces[space].columns
        data: list[float] = []
        indices: list[int] = []
        indptr = [0]
        for document in documents:
            counts = _counts(occurrences_in(document, space))
            row = sorted((columns[term], count) for term, count in counts.items() if term in columns)
            indices += [column for column, _ in row]
            data += [count for _, count in row]
            indptr.append(len(indices))
        shape = (len(documents), len(columns))
        return sparse.csr_array(
            (
                np.array(data, dtype=np.float32),
                np.array(indices, dtype=np.int32),
                np.array(indptr, dtype=np.int32),
            ),
            shape=shape,
        )


def shared_terms(
    query: TextDocument, document: TextDocument, statistics: TextStatistics, limit: int = 5
) -> list[SharedTerm]:
    """Return the words that make two texts alike; see `TextIndex.shared_terms`."""
    query_terms, terms = statistics.terms(query), statistics.terms(document)
    space, by_term = shared_weights(query_terms, terms, statistics)
    query_written = _written(occurrences_in(query_terms, space))
    document_written = _written(occurrences_in(terms, space))
    weights: dict[tuple[str, str], float] = {}
    for term, weight in by_term.items():
        pair = (query_written[term], document_written[term])
        weights[pair] = weights.get(pair, 0.0) + weight
    total = sum(weights.values()) or 1.0
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    shared, used = [], set()
    for (term, other), weight in ranked:
        if term in used or other in used:
            continue
        used |= {term, other}
        shared.append(SharedTerm(term, round(weight / total, 4), other))
    return shared[:limit]


def shared_weights(
    query: DocumentTerms, document: DocumentTerms, statistics: TextStatistics
) -> tuple[str, dict[str, float]]:
    """Return the space in which two texts meet, and every term that makes them alike with its weight."""
    space = "own" if query.language == document.language else "bridge"
    idf = statistics.spaces[space].idf
    first, second = _counts(occurrences_in(query, space)), _counts(occurrences_in(document, space))
    return space, {
        term: float(idf[term] ** 2 * (1 + np.log1p(first[term])) * (1 + np.log1p(second[term])))
        for term in sorted(first.keys() & second.keys() & idf.keys())
    }


def _learn_space(terms: Sequence[DocumentTerms], space: str) -> TermSpace:
    marks = MARK_WEIGHTS if space == "own" else BRIDGE_MARK_WEIGHTS
    frequency: Counter[str] = Counter()
    length = 0.0
    for document in terms:
        counts = _counts(occurrences_in(document, space))
        frequency.update(counts.keys())
        length += sum(counts.values())
    n = len(terms)
    idf = {
        term: float(np.float32(np.log(1 + (n - count + 0.5) / (count + 0.5)) * marks.get(term[0], 1.0)))
        for term, count in sorted(frequency.items())
    }
    return TermSpace(idf, length / n if n else 0.0)


def occurrences_in(terms: DocumentTerms, space: str) -> tuple[Occurrence, ...]:
    """Return the terms of a document in one space."""
    return terms.own if space == "own" else terms.bridge


def _counts(occurrences: Sequence[Occurrence]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for occurrence in occurrences:
        counts[occurrence.term] = counts.get(occurrence.term, 0.0) + occurrence.count
    return counts


def _written(occurrences: Sequence[Occurrence]) -> dict[str, str]:
    written: dict[str, str] = {}
    for occurrence in occurrences:
        written.setdefault(occurrence.term, occurrence.written)
    return written


def _unit_rows(counts: sparse.csr_array, weights: NDArray[np.float32]) -> sparse.csr_array:
    """Return rows of log-count times weight, each of length one (an empty row stays empty)."""
    rows = counts.copy()
    rows.data = (np.log1p(counts.data) * weights[counts.indices]).astype(np.float32)
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(counts.indptr)).astype(np.float32)
    return rows


def _is_swedish(documents: Sequence[DocumentTerms]) -> NDArray[np.bool_]:
    return np.array([document.language == "sv" for document in documents], dtype=bool)
