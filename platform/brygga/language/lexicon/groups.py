"""Groups of Swedish and English words for one thing, read from one file a field.

Each `<field>.csv` beside this module (UTF-8, own work, free for others under this project's licence) has
one group a row:

=========  =====================================================================================
column     holds
=========  =====================================================================================
concept    the group's own code, unique over all files, letters a-z and hyphens; never reused for
           another meaning
sv, en     words or short phrases (at most four words) in each language, divided by `|`; the
           everyday word first, then synonyms, what funders say and what people say. Inflections
           are found through the stemmers and need not be listed
=========  =====================================================================================

The file's name is the field (work, education, health, funding ...), for those who review. How to
write and check a group: docs/algorithms/lexicon.md.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import zip_longest

from brygga.language.stems import stem
from brygga.language.tokens import words_of

MAX_PHRASE = 4


@dataclass(frozen=True)
class TermGroup:
    """Words of both languages that mean the same thing in this field."""

    concept: str
    field: str
    swedish: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Term groups, and where each word or phrase of either language leads."""

    groups: tuple[TermGroup, ...]
    _by_phrase: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = field(
        init=False, repr=False, compare=False
    )
    #: Stem -> words of the longest phrase that begins with it.
    _longest: dict[str, dict[str, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tables: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {"sv": {}, "en": {}}
        # The stemmer cuts "klimat" and "marknad" as if they were inflected, and stops at just these words
        # when it meets "klimatet" and "marknader". They lead home unless they are terms by themselves.
        whole: dict[tuple[str, ...], tuple[str, ...]] = {}
        for group in self.groups:
            for language, terms in (("sv", group.swedish), ("en", group.english)):
                for term in terms:
                    words = words_of(term)
                    key = tuple([stem(word, language) for word in words])
                    if not 0 < len(key) <= MAX_PHRASE:
                        raise ValueError(f"{group.concept}: {term!r} has no word, or more than {MAX_PHRASE}")
                    _lead(tables[language], key, group.concept)
                    if language == "sv" and key[-1] != words[-1]:
                        _lead(whole, (*key[:-1], words[-1]), group.concept)
        tables["sv"] = whole | tables["sv"]
        object.__setattr__(self, "_by_phrase", tables)
        longest: dict[str, dict[str, int]] = {}
        for language, table in tables.items():
            of_language = longest[language] = {}
            for key in table:
                of_language[key[0]] = max(len(key), of_language.get(key[0], 0))
        object.__setattr__(self, "_longest", longest)

    def concepts(self, stems: Sequence[str], language: str) -> tuple[str, ...]:
        """Return the concepts of exactly this word or phrase, given as stems (may be several)."""
        return self._by_phrase[language].get(tuple(stems), ())

    def find(self, stems: Sequence[str], language: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Find words and phrases in a text of stems: (first, past the last, concepts), longest first.

        A word inside a found phrase is not looked up again: "psykisk hälsa" is one thing.
        Cost O(n) look-ups, and up to MAX_PHRASE where a phrase may begin.
        """
        table, longest = self._by_phrase[language], self._longest[language]
        found, place = [], 0
        while place < len(stems):
            for length in range(min(longest.get(stems[place], 0), len(stems) - place), 0, -1):
                concepts = table.get(tuple(stems[place : place + length]))
                if concepts:
                    found.append((place, place + length, concepts))
                    place += length
                    break
            else:
                place += 1
        return found

    def phrase_starts(self, language: str) -> frozenset[str]:
        """Return the stems that phrases of several words begin with."""
        return frozenset(stem for stem, length in self._longest[language].items() if length > 1)

    def words(self, language: str) -> Iterable[str]:
        """Yield every single word of the lexicon in one language, as the compound table's seed."""
        for group in self.groups:
            for term in group.swedish if language == "sv" else group.english:
                yield from words_of(term)


def read_groups(text: str, part: str) -> list[TermGroup]:
    """Read the groups of one field from its CSV file's text; raises ValueError naming the row that is wrong."""
    groups = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        concept = (row.get("concept") or "").strip()
        swedish = _terms(row.get("sv"))
        english = _terms(row.get("en"))
        if not concept or not swedish or not english or None in row:
            raise ValueError(
                f"lexicon {part} row {number}: concept, sv and en must all be given, and no more"
            )
        groups.append(TermGroup(concept, part, swedish, english))
    return groups


def parse_lexicon(*texts: str, parts: Sequence[str] = ()) -> Lexicon:
    """Make a lexicon of the texts of its files; raises ValueError naming what is wrong.

    `parts` are the names of the files, in the same order; without them the groups have no field.
    """
    groups: dict[str, TermGroup] = {}
    for text, part in zip_longest(texts, parts, fillvalue=""):
        for number, group in enumerate(read_groups(text, part), start=2):
            if group.concept in groups:
                raise ValueError(f"lexicon {part} row {number}: {group.concept!r} is used twice")
            groups[group.concept] = group
    return Lexicon(tuple(groups.values()))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the project's lexicon, read once per process, its files in the order of their names."""
    files = lexicon_files()
    return parse_lexicon(*files.values(), parts=tuple(files))


def lexicon_files() -> dict[str, str]:
    """Return the fields of the project's lexicon and the texts of their files, by name."""
    folder = resources.files("brygga.language.lexicon")
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".csv")), key=lambda path: path.name
    )
    return {path.name.removesuffix(".csv"): path.read_text(encoding="utf-8") for path in paths}


def _lead(table: dict[tuple[str, ...], tuple[str, ...]], key: tuple[str, ...], concept: str) -> None:
    known = table.get(key, ())
    if concept not in known:
        table[key] = (*known, concept)


def _terms(cell: str | None) -> tuple[str, ...]:
    return tuple(term.strip() for term in (cell or "").split("|") if term.strip())
