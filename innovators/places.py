"""Where initiatives are: how many in each municipality, as a map and as a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from brygga.core.formatting import format_number
from brygga.organisations.registration.facets import area_facet
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.maps import AreaMap, area_map

# The least number of each colour, lightest first.
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class MapArea:
    """A municipality on the map."""

    path: str
    level: str
    title: str


@dataclass(frozen=True)
class PlaceLine:
    code: str
    name: str
    number: int


@dataclass(frozen=True)
class CountyLine:
    """A county, how many initiatives it has, and its municipalities that have some."""

    code: str
    name: str
    number: int
    municipalities: list[PlaceLine]


@dataclass(frozen=True)
class PlacesPage:
    areas: list[MapArea]
    drawing: AreaMap
    legend: list[tuple[str, str]]
    counties: list[CountyLine]


def count_places(found: QuerySet[Any]) -> Counter[str]:
    """Count the initiatives in each county and municipality, as far as the public may know. One query."""
    return area_facet("place", "", "public_area_codes").count(found)


def places_page(found: QuerySet[Any]) -> PlacesPage:
    """Return the map of municipalities and the list that says the same. One query."""
    counted = count_places(found)
    areas = taxonomy.current_taxonomy().areas
    drawing = area_map(AreaKind.MUNICIPALITY)
    counties = [
        CountyLine(
            county,
            name,
            counted[county],
            [
                PlaceLine(code, taxonomy.area_name(code), counted[code])
                for code in areas[county].children
                if counted[code]
            ],
        )
        for county, name in taxonomy.county_choices()
        if counted[county]
    ]
    shapes = [
        MapArea(path, _level(counted[code]), _title(code, counted[code]))
        for code, path in drawing.paths.items()
    ]
    return PlacesPage(shapes, drawing, _legend(), counties)


def _level(number: int) -> str:
    step = sum(number >= least for least in STEPS)
    return f"step-{step}" if step else "none"


def _title(code: str, number: int) -> str:
    text = ngettext("%(place)s: %(number)s initiative", "%(place)s: %(number)s initiatives", number)
    return text % {"place": taxonomy.area_name(code), "number": format_number(number)}


def _legend() -> list[tuple[str, str]]:
    lines = [(f"step-{len(STEPS)}", gettext("%(number)s or more") % {"number": STEPS[-1]})]
    for step in range(len(STEPS) - 1, 0, -1):
        least, most = STEPS[step - 1], STEPS[step] - 1
        lines.append((f"step-{step}", str(least) if least == most else f"{least}–{most}"))
    return [*lines, ("none", gettext("None"))]
