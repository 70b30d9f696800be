"""Names for codes, and choices for forms, in Swedish or English."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.selectors.current import current_taxonomy
from brygga.taxonomy.snapshot import Vocabulary
from brygga.taxonomy.sources import DATA_FOLDER

Choices = list[tuple[str, str]]
GroupedChoices = list[tuple[str, Choices]]


def _language(language: str | None) -> str:
    """Return `sv` or `en`: the given language, or the one the page is shown in."""
    return "en" if (language or get_language() or "sv").startswith("en") else "sv"


def area_name(code: str, language: str | None = None) -> str:
    """Return an area's name, or the text itself when it is not a code (a place that did not resolve)."""
    area = current_taxonomy().areas.get(code)
    return code if area is None else area.name(_language(language))


def area_names(codes: Iterable[str] | None, language: str | None = None) -> list[str]:
    """Return the names of areas, in the order given."""
    return [area_name(code, language) for code in codes or ()]


def area_ancestors(code: str) -> tuple[str, ...]:
    """Return the codes of the areas around one, nearest first; () for an unknown code."""
    area = current_taxonomy().areas.get(code)
    return () if area is None else area.ancestors


def county_of(code: str) -> str | None:
    """Return the county an area is or lies in; None for anything wider or unknown."""
    areas = current_taxonomy().areas
    if code not in areas:
        return None
    return next((c for c in (code, *areas[code].ancestors) if areas[c].kind == AreaKind.COUNTY), None)


def _names(vocabulary: Vocabulary, codes: Iterable[str] | None, language: str | None) -> list[str]:
    chosen = _language(language)
    return [
        vocabulary.entries[code].name(chosen) if code in vocabulary.entries else code for code in codes or ()
    ]


def theme_names(codes: Iterable[str] | None, language: str | None = None) -> list[str]:
    """Return the names of themes, in the order given; free words come back as they are."""
    return _names(current_taxonomy().themes, codes, language)


def target_group_names(codes: Iterable[str] | None, language: str | None = None) -> list[str]:
    """Return the names of target groups, in the order given; free words come back as they are."""
    return _names(current_taxonomy().target_groups, codes, language)


def method_names(codes: Iterable[str] | None, language: str | None = None) -> list[str]:
    """Return the names of methods, in the order given; free words come back as they are."""
    return _names(current_taxonomy().methods, codes, language)


def innovation_kind_names(codes: Iterable[str] | None, language: str | None = None) -> list[str]:
    """Return the names of kinds of innovation, in the order given; free words come back as they are."""
    return _names(current_taxonomy().innovation_kinds, codes, language)


def _grouped(vocabulary: Vocabulary, language: str | None) -> GroupedChoices:
    chosen = _language(language)
    return [
        (
            top.name(chosen),
            [(code, vocabulary.entries[code].name(chosen)) for code in (top.code, *top.children)],
        )
        for top in vocabulary.active()
        if top.parent is None
    ]


def _flat(vocabulary: Vocabulary, language: str | None) -> Choices:
    chosen = _language(language)
    return [(entry.code, entry.name(chosen)) for entry in vocabulary.active()]


def theme_choices(language: str | None = None) -> GroupedChoices:
    """Return themes in use, grouped by main theme; each group begins with the main theme itself."""
    return _grouped(current_taxonomy().themes, language)


def target_group_choices(language: str | None = None) -> Choices:
    """Return target groups in use, a group's parts right after it."""
    groups = _grouped(current_taxonomy().target_groups, language)
    return [choice for _name, choices in groups for choice in choices]


def method_choices(language: str | None = None) -> Choices:
    """Return methods in use, in list order."""
    return _flat(current_taxonomy().methods, language)


def innovation_kind_choices(language: str | None = None) -> Choices:
    """Return kinds of innovation in use, in list order."""
    return _flat(current_taxonomy().innovation_kinds, language)


def county_choices(language: str | None = None) -> Choices:
    """Return the counties by full name, in Swedish order."""
    chosen = _language(language)
    counties = current_taxonomy().areas_of_kind(AreaKind.COUNTY)
    return [(area.code, area.official_name(chosen)) for area in counties]


def municipality_choices(county: str | None = None, language: str | None = None) -> Choices:
    """Return the municipalities, all or those of one county, in Swedish order."""
    chosen = _language(language)
    return [
        (area.code, area.name(chosen))
        for area in current_taxonomy().areas_of_kind(AreaKind.MUNICIPALITY)
        if county is None or area.parent == county
    ]


_SHAPES: dict[Any, str] = {AreaKind.COUNTY: "counties", AreaKind.MUNICIPALITY: "municipalities"}


def shapes_file(kind: AreaKind) -> Path:
    """Return the GeoJSON file with the simplified shapes of counties or municipalities.

    Each feature's `id` and `properties.code` is the area code. Raises KeyError for other kinds.
    """
    return DATA_FOLDER / "shapes" / f"{_SHAPES[kind]}.geojson"
