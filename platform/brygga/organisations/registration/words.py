"""What people write becomes taxonomy codes; what no entry means is kept as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import get_language, gettext

from brygga.taxonomy import selectors
from brygga.taxonomy.enums import (
    AreaKind,
    Driver,
    OrganisationKind,
    ProcessPart,
    RefusalReason,
    SupportKind,
)
from brygga.taxonomy.snapshot import Vocabulary

LONGEST_WORD = 120
MOST_WORDS = 30
_LINES = re.compile(r"[\n;•|]+")
_COMMAS = re.compile(r",| och | and | samt | & ")


@dataclass(frozen=True)
class Resolved:
    """Codes for what was understood, words for the rest, each once and in the order written."""

    codes: list[str]
    words: list[str]


class Terms(Enum):
    """A word list that profiles are tagged with; its columns are `<name>_codes` and `<name>_words`."""

    THEME = "theme"
    TARGET_GROUP = "target_group"
    METHOD = "method"
    INNOVATION_KIND = "innovation_kind"

    @property
    def vocabulary(self) -> Vocabulary:
        taxonomy = selectors.current_taxonomy()
        return {
            Terms.THEME: taxonomy.themes,
            Terms.TARGET_GROUP: taxonomy.target_groups,
            Terms.METHOD: taxonomy.methods,
            Terms.INNOVATION_KIND: taxonomy.innovation_kinds,
        }[self]

    def names(self, codes: Iterable[str] | None) -> list[str]:
        naming: dict[Terms, Callable[[Iterable[str] | None], list[str]]] = {
            Terms.THEME: selectors.theme_names,
            Terms.TARGET_GROUP: selectors.target_group_names,
            Terms.METHOD: selectors.method_names,
            Terms.INNOVATION_KIND: selectors.innovation_kind_names,
        }
        return naming[self](codes)

    def grouped_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return what may be chosen, in groups; a list without levels is one group without a name."""
        if self is Terms.THEME:
            return selectors.theme_choices()
        flat: dict[Terms, Callable[[], list[tuple[str, str]]]] = {
            Terms.TARGET_GROUP: selectors.target_group_choices,
            Terms.METHOD: selectors.method_choices,
            Terms.INNOVATION_KIND: selectors.innovation_kind_choices,
        }
        return [("", flat[self]())]


def split_words(text: str) -> list[str]:
    """Return the words of a free list: parted by commas, semicolons or new lines, each once."""
    found: dict[str, str] = {}
    for line in _LINES.split(text):
        for piece in line.split(","):
            word = " ".join(piece.split()).strip(" .-–")[:LONGEST_WORD]
            if word:
                found.setdefault(word.casefold(), word)
    return list(found.values())[:MOST_WORDS]


def resolve_terms(terms: Terms, text: str) -> Resolved:
    """Return what the words mean in a word list."""
    vocabulary = terms.vocabulary
    codes: list[str] = []
    words: list[str] = []
    for word in split_words(text):
        code = vocabulary.find(word)
        if code is None:
            words.append(word)
        elif code not in codes:
            codes.append(code)
    return Resolved(codes, words)


def resolve_places(text: str) -> Resolved:
    """Return which areas a list of places means: "Malmö, Skåne" is one place, "Malmö, Lund" two."""
    codes: dict[str, None] = {}
    words: dict[str, None] = {}
    for line in _LINES.split(text):
        line = " ".join(line.split()).strip(" .")
        if not line:
            continue
        whole = selectors.resolve_area(line)
        pieces = [line] if whole else [piece.strip(" .") for piece in _COMMAS.split(line)]
        for piece in pieces:
            if match := selectors.resolve_area(piece):
                codes[match.code] = None
            elif piece:
                words[piece[:LONGEST_WORD]] = None
    return Resolved(list(codes)[:MOST_WORDS], list(words)[:MOST_WORDS])


def full_area_names(codes: Iterable[str] | None) -> list[str]:
    """Return areas by names that cannot be mistaken: "Uppsala län", "Uppsala kommun"."""
    areas = selectors.current_taxonomy().areas
    language = (get_language() or "sv")[:2]
    return [areas[code].official_name(language) if code in areas else code for code in codes or ()]


# -- are these codes known? ------------------------------------------------------------------------

_FIXED = {
    "process_parts": ProcessPart,
    "driver_codes": Driver,
    "forms_not_accepted": SupportKind,
    "refusal_reasons": RefusalReason,
    "eligible_kinds": OrganisationKind,
    "must_include_kinds": OrganisationKind,
}


def _terms_of(field: str) -> Terms | None:
    for terms in Terms:
        if field in (f"{terms.value}_codes", f"spread_{terms.value}_codes"):
            return terms
    return None


def wrong_codes(field: str, value: Any) -> list[str]:
    """Return the codes in a profile's column that no list knows; empty for columns without codes."""
    if not isinstance(value, list | tuple):
        return []
    if field in _FIXED:
        return [code for code in value if code not in _FIXED[field].values]
    if field in ("area_codes", "spread_area_codes"):
        areas = selectors.current_taxonomy().areas
        return [code for code in value if code not in areas]
    if (terms := _terms_of(field)) is not None:
        entries = terms.vocabulary.entries
        return [code for code in value if code not in entries]
    return []


def code_errors(changes: dict[str, Any]) -> dict[str, list[str]]:
    """Return a message per column whose codes are not all known."""
    return {
        field: [gettext("We do not know “%(codes)s”.") % {"codes": ", ".join(map(str, wrong))}]
        for field, value in changes.items()
        if (wrong := wrong_codes(field, value))
    }


def county_codes_of(codes: Iterable[str]) -> list[str]:
    """Return each area as its county at the finest; wider areas stay."""
    areas = selectors.current_taxonomy().areas
    coarse: dict[str, None] = {}
    for code in codes:
        finer = code in areas and areas[code].kind == AreaKind.MUNICIPALITY
        coarse[(selectors.county_of(code) if finer else None) or code] = None
    return list(coarse)
