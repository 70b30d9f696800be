"""Which words make two texts alike, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from matching.kernel.term_counts import counted, occurrences_in
from matching.kernel.terms import DocumentTerms, Occurrence, TextDocument

if TYPE_CHECKING:
    from matching.kernel.text import TextStatistics


class SharedTerm(NamedTuple):
    """A word that makes two texts alike."""

    term: str  #: as written in the query
    weight: float  #: its share of the agreement, all shares of a pair together 1
    other: str  #: as written in the document


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
    first, second = counted(occurrences_in(query, space)), counted(occurrences_in(document, space))
    return space, {
        term: float(idf[term] ** 2 * (1 + np.log1p(first[term])) * (1 + np.log1p(second[term])))
        for term in sorted(first.keys() & second.keys() & idf.keys())
    }


def share_terms(query: TextDocument, document: TextDocument, statistics: TextStatistics) -> bool:
    """Say whether words make two texts alike at all; with a dense model they may be so without."""
    return bool(shared_weights(statistics.terms(query), statistics.terms(document), statistics)[1])


def _written(occurrences: Sequence[Occurrence]) -> dict[str, str]:
    written: dict[str, str] = {}
    for occurrence in occurrences:
        written.setdefault(occurrence.term, occurrence.written)
    return written
