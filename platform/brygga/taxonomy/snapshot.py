"""An immutable copy of the taxonomy in memory: names, the tree of areas, and what words mean.

No queries here; `selectors.current_taxonomy` builds the copy and keeps it fresh.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.names import (
    AREA_KIND_ORDER,
    LANGUAGES,
    NAME_KIND_ORDER,
    name_key,
    postal_code_key,
    stemmed_key,
    without_leading_words,
)

_PARTS = re.compile(r"[,()]")
# A word typed without å ä ö is accepted for these; for small localities it would be a guess.
_FOLDED_KINDS = frozenset({AreaNameKind.OFFICIAL, AreaNameKind.SHORT, AreaNameKind.OTHER})


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area. `ancestors` go from the nearest to the world; `children` are in Swedish order."""

    code: str
    kind: AreaKind
    name_sv: str
    name_en: str
    official_name_sv: str
    official_name_en: str
    parent: str | None
    ancestors: tuple[str, ...]
    children: tuple[str, ...]
    nuts3: str
    iso_3166_2: str
    latitude: float | None
    longitude: float | None
    is_active: bool

    def name(self, language: str) -> str:
        """Return the short name in `sv` or `en`."""
        return self.name_en if language == "en" else self.name_sv

    def official_name(self, language: str) -> str:
        """Return the full name ("Skåne län", "Göteborgs kommun") where there is one."""
        full = self.official_name_en if language == "en" else self.official_name_sv
        return full or self.name(language)


@dataclass(frozen=True, slots=True)
class AreaMatch:
    """The area a text means, and by which kind of name it was found."""

    area: AreaEntry
    kind: AreaNameKind

    @property
    def code(self) -> str:
        return self.area.code


@dataclass(frozen=True, slots=True)
class TermEntry:
    """One entry of a word list. Lists without levels or classifications leave those fields empty."""

    code: str
    name_sv: str
    name_en: str
    synonyms_sv: tuple[str, ...]
    synonyms_en: tuple[str, ...]
    is_active: bool
    parent: str | None = None
    children: tuple[str, ...] = ()
    sdg_goals: tuple[int, ...] = ()
    icnptso_codes: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in `sv` or `en`."""
        return self.name_en if language == "en" else self.name_sv

    def words(self, language: str) -> tuple[str, ...]:
        """Return the name and synonyms in `sv` or `en`."""
        if language == "en":
            return (self.name_en, *self.synonyms_en)
        return (self.name_sv, *self.synonyms_sv)


@dataclass(frozen=True)
class Vocabulary:
    """One word list: entries by code in the order they are shown, and what words lead to them."""

    entries: Mapping[str, TermEntry]
    _exact: Mapping[str, Mapping[str, str]] = field(repr=False)
    _stemmed: Mapping[str, Mapping[str, str]] = field(repr=False)

    @classmethod
    def of(cls, entries: Iterable[TermEntry]) -> Vocabulary:
        """Build the look-ups; a word claimed by two entries leads to neither."""
        by_code = {entry.code: entry for entry in entries}
        in_use = [entry for entry in by_code.values() if entry.is_active]
        exact: dict[str, dict[str, str]] = {}
        stemmed: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            keys: dict[str, set[str]] = defaultdict(set)
            stems: dict[str, set[str]] = defaultdict(set)
            for entry in in_use:
                for word in entry.words(language):
                    key = name_key(word)
                    keys[key].add(entry.code)
                    stems[stemmed_key(key, language)].add(entry.code)
            exact[language] = _unambiguous(keys)
            stemmed[language] = _unambiguous(stems)
        exact["code"] = {name_key(entry.code): entry.code for entry in in_use}
        return cls(MappingProxyType(by_code), MappingProxyType(exact), MappingProxyType(stemmed))

    def active(self) -> tuple[TermEntry, ...]:
        """Entries people may choose today, in list order."""
        return tuple(entry for entry in self.entries.values() if entry.is_active)

    def with_ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code and those above it, nearest first; () for an unknown code."""
        found: list[str] = []
        at: str | None = code
        while at is not None and at in self.entries and at not in found:
            found.append(at)
            at = self.entries[at].parent
        return tuple(found)

    def find(self, text: str, language: str | None = None) -> str | None:
        """Return the code a word means, or None.

        Codes, names and synonyms count, in upper or lower case and with Swedish or English endings.
        `language` says which language to try first.
        """
        key = name_key(text)
        if not key:
            return None
        order = sorted(LANGUAGES, key=lambda candidate: candidate != language)
        for source in ("code", *order):
            if code := self._exact[source].get(key):
                return code
        for source in order:
            if code := self._stemmed[source].get(stemmed_key(key, source)):
                return code
        return None


@dataclass(frozen=True)
class Taxonomy:
    """Everything at one moment. Safe to share between threads and to keep for a whole request."""

    version: UUID | None
    areas: Mapping[str, AreaEntry]
    themes: Vocabulary
    target_groups: Vocabulary
    methods: Vocabulary
    innovation_kinds: Vocabulary
    goals: Mapping[int, tuple[str, str]]
    _names: Mapping[str, AreaMatch] = field(repr=False)
    _folded: Mapping[str, AreaMatch] = field(repr=False)

    def find_area(self, text: str) -> AreaMatch | None:
        """Return the area a text means as people write it, or None when it is unknown or ambiguous."""
        if found := self._find_one(text):
            return found
        parts = [part for part in _PARTS.split(text) if part.strip()]
        if not 2 <= len(parts) <= 4:
            return None
        # "Malmö, Skåne": the rest must be wider places that hold the first one, or it is a guess.
        first, *wider = (self._find_one(part) for part in parts)
        if first is None:
            return None
        for place in wider:
            if place is None:
                return None
            same_name = place.area.name_sv == first.area.name_sv
            if place.code not in first.area.ancestors and not (same_name and first.area.parent):
                return None
        return first

    def _find_one(self, text: str) -> AreaMatch | None:
        if len(text) <= 20 and (digits := postal_code_key(text)):
            return self._names.get(digits)
        key = name_key(text)
        while key:
            found = self._names.get(key) or self._folded.get(key)
            if found is not None:
                return found
            shorter = without_leading_words(key)
            if shorter == key:
                return None
            key = shorter
        return None

    def areas_of_kind(self, kind: AreaKind) -> Iterator[AreaEntry]:
        """Areas in use on one level, in Swedish order."""
        return (area for area in self.areas.values() if area.kind == kind and area.is_active)


def build_area_names(
    areas: Mapping[str, AreaEntry], names: Iterable[tuple[str, str, AreaNameKind, str]]
) -> tuple[dict[str, AreaMatch], dict[str, AreaMatch]]:
    """Decide what each name means: by comparable key, and by key without å ä ö.

    `names` are (key, folded key, kind, area code). The most telling kind of name wins, then the smaller
    kind of area ("Uppsala" is the municipality); where two areas still tie, the name means neither.
    """
    exact: dict[str, list[AreaMatch]] = defaultdict(list)
    folded: dict[str, list[AreaMatch]] = defaultdict(list)
    for key, bare, kind, code in names:
        match = AreaMatch(areas[code], kind)
        exact[key].append(match)
        if bare != key and kind in _FOLDED_KINDS:
            folded[bare].append(match)
    for area in areas.values():
        if area.is_active:
            for code_key in _codes(area):
                exact[code_key].append(AreaMatch(area, AreaNameKind.CODE))
    return _settled(exact), _settled(folded)


def _codes(area: AreaEntry) -> set[str]:
    codes = {name_key(area.code)}
    if area.kind == AreaKind.MUNICIPALITY:
        codes.add(area.code.removeprefix("SE-"))
    if area.kind == AreaKind.COUNTY:
        codes |= {name_key(code) for code in (area.iso_3166_2, area.nuts3) if code}
    return codes


def _settled(candidates: Mapping[str, list[AreaMatch]]) -> dict[str, AreaMatch]:
    settled = {}
    for key, matches in candidates.items():
        if len(matches) == 1:
            settled[key] = matches[0]
            continue
        best = min(map(_rank, matches))
        winners = {match.code: match for match in matches if _rank(match) == best}
        if len(winners) == 1:
            settled[key] = winners.popitem()[1]
    return settled


def _rank(match: AreaMatch) -> tuple[int, int]:
    return NAME_KIND_ORDER[match.kind], AREA_KIND_ORDER[match.area.kind]


def _unambiguous(claims: Mapping[str, set[str]]) -> dict[str, str]:
    return {word: next(iter(codes)) for word, codes in claims.items() if word and len(codes) == 1}
