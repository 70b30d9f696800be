"""Free text becomes a condition: words in Swedish and English, misspelt titles, and words that are codes.

"integration Göteborg" finds texts with words that begin like "integration" (also as stemmed in Swedish
or English), or titles spelt nearly so, or profiles tagged with what the word means; and of those
the ones in Göteborg, whether the text says so or the place does. Every word has to fit somehow.

A word with a slip is read as the word that was meant, and a compound also as its parts, each in all the
words for it: "ungdomsarbetslöset" finds "arbetslöshet bland unga". The other way round the heads of a text's
compounds are kept beside it: "arbetslöshet" finds "ungdomsarbetslöshet".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from brygga.language import is_stop_word
from brygga.language.spelling import word_reader
from brygga.organisations.heads import SHORTEST_HEAD, head_of_query
from brygga.organisations.registration.words import Terms
from brygga.taxonomy import selectors

MOST_SEGMENTS = 8
LONGEST_PHRASE = 3
# Shorter words are looked up whole: "mat" must not find "matematik".
SHORTEST_PREFIX = 4
# In other words for a compound's part only long ones are beginnings: "unga" must not find "ungefär".
_LONG = 7
_WORD = re.compile(r"[^\W_]+")
_CONFIGS = (("search_swedish", "swedish"), ("search_english", "english"))


@dataclass(frozen=True)
class Segment:
    """One or a few words that stand for one thing, and the codes they mean, per column."""

    words: tuple[str, ...]
    codes: dict[str, list[str]] = field(default_factory=dict)
    # The word that was meant, when it was written with a slip or in another form than the common one.
    meant: str = ""
    # For each part of a compound the words and phrases that say it; a text has to say every part.
    parts: tuple[tuple[str, ...], ...] = ()
    # And the codes that mean each part, where there are any: who is tagged with all of them is about it.
    part_codes: tuple[dict[str, list[str]], ...] = ()

    @property
    def heads(self) -> list[str]:
        """What a single word is called where it is the head of compounds: see `organisations.heads`."""
        if len(self.words) > 1:
            return []
        said = [word for word in (self.words[0], self.meant) if len(word) >= SHORTEST_HEAD]
        return list(dict.fromkeys(map(head_of_query, said)))


def areas_within(codes: Iterable[str]) -> list[str]:
    """Return the areas and everything inside them."""
    areas = selectors.current_taxonomy().areas
    found: dict[str, None] = {}
    waiting = [code for code in codes if code in areas]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found[code] = None
            waiting.extend(areas[code].children)
    return list(found)


def terms_within(terms: Terms, codes: Iterable[str]) -> list[str]:
    """Return the terms and those below them."""
    entries = terms.vocabulary.entries
    found: dict[str, None] = {}
    for code in codes:
        if code in entries:
            found[code] = None
            found.update(dict.fromkeys(entries[code].children))
    return list(found)


def meanings(phrase: str, area_field: str) -> dict[str, list[str]]:
    """Return the codes a phrase means, by the column that holds them."""
    found: dict[str, list[str]] = {}
    if not phrase:
        return found
    if match := selectors.resolve_area(phrase):
        found[area_field] = areas_within([match.code])
    return found | _tags_for([phrase])


def _tags_for(phrases: Iterable[str]) -> dict[str, list[str]]:
    """Return the themes and groups that any of the phrases names, and those within them, by their column."""
    found: dict[str, list[str]] = {}
    for terms in (Terms.THEME, Terms.TARGET_GROUP):
        if codes := [code for phrase in phrases if (code := terms.vocabulary.find(phrase))]:
            found[f"{terms.value}_codes"] = terms_within(terms, codes)
    return found


def segments_of(text: str, area_field: str) -> list[Segment]:
    """Cut a text into what can be looked for: phrases that mean something first, then single words."""
    words = _WORD.findall(text)[: MOST_SEGMENTS * LONGEST_PHRASE]
    segments: list[Segment] = []
    at = 0
    while at < len(words) and len(segments) < MOST_SEGMENTS:
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            taken = tuple(words[at : at + length])
            codes = meanings(" ".join(taken), area_field)
            if codes or length == 1:
                break
        at += len(taken)
        is_empty = all(is_stop_word(word.lower(), "sv") or is_stop_word(word.lower(), "en") for word in taken)
        if codes or not is_empty:
            segments.append(Segment(taken, codes) if len(taken) > 1 else _read(taken[0], codes, area_field))
    # "stöd" alone is all we have to go by, however common.
    return segments or [Segment((word,)) for word in words[:MOST_SEGMENTS]]


def _read(word: str, codes: dict[str, list[str]], area_field: str) -> Segment:
    """Return a single word with what was meant by it, and the parts it is made of."""
    lower = word.lower()
    if len(lower) < SHORTEST_PREFIX or not lower.isalpha():
        return Segment((word,), codes)
    reader = word_reader()
    # What has a meaning already is spelt rightly, however rare the word.
    meant = lower if codes else reader.meant(lower)
    mended = meant if meant != lower else ""
    codes = codes or meanings(mended, area_field)
    parts = reader.parts(meant or lower)
    tags = tuple(map(_tags_for, parts))
    return Segment((word,), codes, mended or reader.base(lower), parts, tags if all(tags) else ())


def _parts_query(parts: Iterable[Iterable[str]], config: str) -> SearchQuery:
    """Return the query for texts that say every part in some way."""
    pieces = []
    for said in parts:
        phrases = ["<->".join(_piece(word) for word in _WORD.findall(phrase)) for phrase in said]
        pieces.append(f"({' | '.join(phrase for phrase in phrases if phrase)})")
    return SearchQuery(" & ".join(pieces), config=config, search_type="raw")


def _piece(word: str) -> str:
    return f"{word}:*" if len(word) >= _LONG else word


def text_query(words: Iterable[str], config: str, operator: str = "&") -> SearchQuery:
    pieces = [f"{word}:*" if len(word) >= SHORTEST_PREFIX else word for word in words]
    return SearchQuery(f" {operator} ".join(pieces), config=config, search_type="raw")


def segment_condition(segment: Segment) -> Q:
    condition = Q()
    for column, config in _CONFIGS:
        condition |= Q(**{column: text_query(segment.words, config)})
        if segment.meant:
            condition |= Q(**{column: text_query([segment.meant], config)})
        if segment.parts:
            condition |= Q(**{column: _parts_query(segment.parts, config)})
    if heads := segment.heads:
        condition |= Q(compound_heads__overlap=heads)
    for column, codes in segment.codes.items():
        condition |= Q(**{f"{column}__overlap": codes})
    if (
        len(segment.words) == 1
        and len(segment.words[0]) >= SHORTEST_PREFIX
        and (segment.meant or not segment.codes)
    ):
        condition |= Q(title__trigram_word_similar=segment.words[0])
    return condition


@dataclass(frozen=True)
class SearchPlan:
    """What to filter by and what to order by; `is_empty` when the text holds nothing to look for."""

    segments: list[Segment]

    @property
    def is_empty(self) -> bool:
        return not self.segments

    def condition(self) -> Q:
        """Every segment has to fit in some way."""
        whole = Q()
        for segment in self.segments:
            whole &= segment_condition(segment)
        return whole

    def title_condition(self) -> Q:
        """Some word of the text stands in the title, or nearly so."""
        said = Q()
        for word in self._words():
            if len(word) >= SHORTEST_PREFIX:
                said |= Q(title__trigram_word_similar=word)
        return said or Q(title__trigram_word_similar=" ".join(self._words()))

    def _words(self) -> list[str]:
        return [word for segment in self.segments for word in (*segment.words, segment.meant) if word]

    def relevance(self) -> Any:
        """Title before text, many words before few, a nearly right title counts, and tags that say a whole compound."""
        words = self._words()
        rank: Any = Value(0.0)
        for column, config in _CONFIGS:
            rank = Greatest(rank, SearchRank(F(column), text_query(words, config, "|")))
            for segment in self.segments:
                if segment.parts:
                    # What says a compound in other words comes after what says it outright.
                    parts = SearchRank(F(column), _parts_query(segment.parts, config))
                    rank = Greatest(rank, parts / Value(3.0))
        for segment in self.segments:
            if segment.part_codes:
                rank = rank + Case(When(_has_all(segment.part_codes), then=Value(0.1)), default=Value(0.0))
        return rank + self._likeness_of_title(words)

    def _likeness_of_title(self, words: list[str]) -> Any:
        """A nearly right title counts; of a single word it has to have more than some letters."""
        likeness = Coalesce(TrigramWordSimilarity(" ".join(words), "title"), Value(0.0)) / Value(6.0)
        if len(self.segments) > 1 or any(len(word) < SHORTEST_PREFIX for word in words):
            return likeness
        return Case(When(self.title_condition(), then=likeness), default=Value(0.0))


def _has_all(part_codes: Iterable[Mapping[str, list[str]]]) -> Q:
    """The profile is tagged with each part of a compound, whether as theme or as group."""
    whole = Q()
    for tags in part_codes:
        part = Q()
        for column, codes in tags.items():
            part |= Q(**{f"{column}__overlap": codes})
        whole &= part
    return whole


def plan_search(text: str, *, area_field: str = "area_codes") -> SearchPlan:
    return SearchPlan(segments_of(text[:200], area_field))


Planner = Callable[[str], SearchPlan]
