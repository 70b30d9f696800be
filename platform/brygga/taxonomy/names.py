"""The ways people write the names of places and words, and the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from brygga.language import normalise_name, stem
from brygga.taxonomy.enums import AreaKind, AreaNameKind

# Nothing anybody calls a place or a theme is longer; a pasted essay is not looked up.
LONGEST_NAME = 100
LANGUAGES = ("sv", "en")
_POSTAL_CODE = re.compile(r"(?:s(?:e)?[ -]?)?(\d{3}) ?(\d{2})")
# Letters that have no decomposition and are written without their stroke elsewhere.
_PLAIN = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "đ": "d", "ł": "l"})
# Said before a place's name without changing which place is meant.
_LEADING_WORDS = re.compile(r"(?:i|in|inom|hela|all of|the whole of|kring|runt|around) (?=.)")


def name_key(text: str) -> str:
    """Return the form two spellings are compared in: lower case, single spaces, å ä ö kept, or ''."""
    if len(text) > 4 * LONGEST_NAME:
        return ""
    key = normalise_name(text)
    return key if len(key) <= LONGEST_NAME else ""


def folded_key(key: str) -> str:
    """Return a key as typed on a keyboard without å ä ö: only the base letters stay."""
    decomposed = unicodedata.normalize("NFD", key.translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))[:LONGEST_NAME]


def stemmed_key(key: str, language: str) -> str:
    """Return a key with the endings of its words cut, so that inflections meet."""
    return " ".join(stem(word, language) for word in key.split())


def postal_code_key(text: str) -> str | None:
    """Return the five digits if the text is written like a Swedish postal code."""
    found = _POSTAL_CODE.fullmatch(" ".join(text.split()).casefold())
    return found.group(1) + found.group(2) if found else None


def without_leading_words(key: str) -> str:
    """Return a key without words such as "hela" or "in" before the name."""
    return _LEADING_WORDS.sub("", key, count=1) if _LEADING_WORDS.match(key) else key


@dataclass(frozen=True, slots=True)
class NameForm:
    """One way to write a place's name."""

    name: str
    kind: AreaNameKind


def genitive(name: str) -> str:
    """Return the genitive Swedish places take before län and stad.

    >>> genitive("Göteborg"), genitive("Skåne"), genitive("Borås"), genitive("Uppsala")
    ('Göteborgs', 'Skånes', 'Borås', 'Uppsalas')
    """
    return name if name.endswith(("s", "x", "z")) else f"{name}s"


def county_names(name: str, official: str) -> Iterator[NameForm]:
    """List what a county is called: with and without län, as a region, in English."""
    yield NameForm(name, AreaNameKind.SHORT)
    yield NameForm(official, AreaNameKind.OFFICIAL)
    for form in (
        f"{name} län",
        f"{genitive(name)} län",
        f"Region {name}",
        f"{name} region",
        f"{name}regionen",
        f"{genitive(name)}regionen",
        f"Regionen {name}",
        f"{name} County",
        f"County of {name}",
        f"{name} Region",
    ):
        yield NameForm(form, AreaNameKind.OTHER)


def municipality_names(name: str, official: str) -> Iterator[NameForm]:
    """List what a municipality is called: with and without kommun or stad, in English."""
    yield NameForm(name, AreaNameKind.SHORT)
    yield NameForm(official, AreaNameKind.OFFICIAL)
    bare = official.removesuffix(" kommun")
    for form in (
        f"{name} kommun",
        f"{bare} stad",
        f"{name} stad",
        f"Kommunen {name}",
        f"{name} Municipality",
        f"Municipality of {name}",
        f"City of {name}",
    ):
        yield NameForm(form, AreaNameKind.OTHER)


def wider_area_names(name_sv: str, name_en: str, others: Iterable[str]) -> Iterator[NameForm]:
    """List what a country or a part of the world is called."""
    yield NameForm(name_sv, AreaNameKind.SHORT)
    yield NameForm(name_en, AreaNameKind.SHORT)
    for form in others:
        yield NameForm(form, AreaNameKind.OTHER)


# Which name wins when several areas share it: what it says first, then the level meant.
NAME_KIND_ORDER = {
    AreaNameKind.CODE: 0,
    AreaNameKind.OFFICIAL: 1,
    AreaNameKind.SHORT: 2,
    AreaNameKind.OTHER: 3,
    AreaNameKind.POSTAL_CODE: 4,
    AreaNameKind.LOCALITY: 5,
}
# "Uppsala" alone means the municipality; the county is meant when län, region or county is said.
AREA_KIND_ORDER = {
    AreaKind.MUNICIPALITY: 0,
    AreaKind.COUNTY: 1,
    AreaKind.COUNTRY: 2,
    AreaKind.NORDIC: 3,
    AreaKind.EUROPE: 4,
    AreaKind.WORLD: 5,
}
