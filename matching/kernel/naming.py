"""Which shared words may be named to people: fewer than those that count.

Everything named is a term that the score used. But a score may rest on words that mean nothing by
themselves ("plats", "börjat") and on words that merely begin alike ("höra" and "hörlurar"); these
stay in the figures and out of the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from brygga.language import is_general_word, stem
from matching.kernel.shared_terms import shared_weights
from matching.kernel.term_counts import occurrences_in
from matching.kernel.terms import DocumentTerms, Occurrence, TextDocument
from matching.kernel.text import TextStatistics

#: A shared part of two compounds is named from this many letters.
SHORTEST_PART = 5
#: Swedish makes words with these, and grammar ends them in so many letters at most: "gängligheten" of
#: "tillgängligheten" is no word.
ENDINGS = ("aktig", "barhet", "gänglig", "löshet", "mässig", "samhet", "skap")
MOST_ENDING = 5


class NamedTerm(NamedTuple):
    """A word that two texts share and that says what they are about."""

    term: str  #: as written in the query
    other: str  #: as written in the document
    to_query: str  #: what the query's author is shown
    to_document: str  #: what the document's author is shown
    weight: float  #: its weight in the agreement


def named_terms(
    query: TextDocument, document: TextDocument, statistics: TextStatistics, limit: int = 5
) -> list[NamedTerm]:
    """Return the shared words that may be named, weightiest first.

    Shared means: the same stem, the same part of a compound (five letters or more), or the same concept
    of the lexicon. Of two inflections each side is shown the other's; of a compound and its part the
    part; of a word and its synonym or translation each side its own.
    """
    query_terms, terms = statistics.terms(query), statistics.terms(document)
    space, weights = shared_weights(query_terms, terms, statistics)
    first = _by_term(occurrences_in(query_terms, space))
    second = _by_term(occurrences_in(terms, space))
    found: dict[tuple[str, str], NamedTerm] = {}
    for term, weight in weights.items():
        if term.startswith("~"):
            continue
        named = _named(term, weight, (first[term], query_terms), (second[term], terms), statistics)
        if named is None:
            continue
        known = found.get((named.term, named.other))
        # Several terms of one pair of words are one: its sentence is that of the weightiest.
        best = named if known is None or named.weight > known.weight else known
        total = named.weight + (known.weight if known else 0.0)
        found[named.term, named.other] = best._replace(weight=total)
    result: list[NamedTerm] = []
    used: set[tuple[int, str]] = set()
    for one in sorted(found.values(), key=lambda one: (-one.weight, one.term, one.other)):
        sides = {
            (side, stem(word, language))
            for side, words, language in (
                (0, (one.term, one.to_document), query_terms.language),
                (1, (one.other, one.to_query), terms.language),
            )
            for word in words
        }
        if not sides & used:
            used |= sides
            result.append(one)
    return result[:limit]


def _by_term(occurrences: Sequence[Occurrence]) -> dict[str, Occurrence]:
    """Return one occurrence of each term, a whole word rather than a part of a compound."""
    chosen: dict[str, Occurrence] = {}
    for one in occurrences:
        if one.term not in chosen or (chosen[one.term].part and not one.part):
            chosen[one.term] = one
    return chosen


def _named(
    term: str,
    weight: float,
    query: tuple[Occurrence, DocumentTerms],
    document: tuple[Occurrence, DocumentTerms],
    statistics: TextStatistics,
) -> NamedTerm | None:
    (mine, my_terms), (theirs, their_terms) = query, document
    my_word, their_word = _word(mine, statistics), _word(theirs, statistics)
    if _is_general(my_word, my_terms.language) or _is_general(their_word, their_terms.language):
        return None
    is_concept = term.startswith("=")
    # A part that stands alone on the other side is written there; of two parts both must be long.
    parts = [word for one, word in ((mine, my_word), (theirs, their_word)) if one.part]
    if any(_is_ending(word) for word in parts):
        return None
    if not is_concept and any(len(word) < SHORTEST_PART for word in parts):
        return None
    if is_concept:
        shown = (
            (their_word if mine.part and not theirs.part else my_word),
            (my_word if theirs.part and not mine.part else their_word),
        )
    elif bool(mine.part) != bool(theirs.part):
        shown = (their_word, their_word) if mine.part else (my_word, my_word)
    else:
        shown = their_word, my_word
    return NamedTerm(mine.written, theirs.written, *shown, weight)


def _word(one: Occurrence, statistics: TextStatistics) -> str:
    if not one.part:
        return one.written
    return statistics.compounds.written_part(one.written, one.part) or one.part


def _is_ending(part: str) -> bool:
    """Whether what looks like a part of a compound is the end of a word: "samhet" of "verksamhet"."""
    return part.startswith(ENDINGS) or len(part) - len(stem(part, "sv")) > MOST_ENDING


def _is_general(words: str, language: str) -> bool:
    return all(is_general_word(word, language) for word in words.split())
