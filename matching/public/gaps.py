"""Where is support missing? Need against supply, in a table, on a map and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_number
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import AreaKind, ProcessPart, SupportKind
from brygga.taxonomy.maps import AreaMap, area_map
from brygga.taxonomy.querysets import swedish_sort_key
from matching.public.counting import UNSAID, WIDER, count_needs, count_supply
from matching.public.kept import Kept, kept
from matching.public.suppression import NOTHING, TOTAL, Cell, Showing, Shown, shown

NAME = "gaps"
PART, KIND, COUNTY = "part", "kind", "county"
DIMENSIONS = (PART, KIND, COUNTY)
MOST_HIGHLIGHTS = 5
_MOST_OF_FEW = 2


class Level(TextChoices):
    """What need and supply say together, from nobody asking to nobody giving."""

    NOBODY = "nobody", _("No initiative looks for it")
    FEW = "few", _("Too few initiatives to show")
    PLENTY = "plenty", _("More offers than initiatives")
    SOME = "some", _("1 to 3 initiatives an offer")
    MANY = "many", _("3 to 10 initiatives an offer")
    CROWDED = "crowded", _("10 initiatives an offer or more")
    MISSING = "missing", _("Looked for, and no offer at all")


_STEPS = ((1.0, Level.PLENTY), (3.0, Level.SOME), (10.0, Level.MANY))
_ORDER = {level: number for number, level in enumerate(Level)}
_TITLES: dict[str, Promise] = {
    PART: _("Part of the process"),
    KIND: _("Kind of support"),
    COUNTY: _("County"),
}
_ALL: dict[str, Promise] = {
    PART: _("All parts"),
    KIND: _("All kinds of support"),
    COUNTY: _("All of Sweden"),
}


class Sort(TextChoices):
    GAP = "gap", _("Initiatives an offer")
    NAME = "name", ""
    NEED = "need", _("Initiatives that look for it")
    SUPPLY = "supply", _("Open offers")


@dataclass(frozen=True)
class Gaps:
    """What may be shown of both sides, by (part, kind, county)."""

    needs: dict[Cell, Shown]
    supply: dict[Cell, Shown]

    def at(self, cell: Cell) -> tuple[Shown, Shown]:
        return self.needs.get(cell, NOTHING), self.supply.get(cell, NOTHING)


def gaps() -> Kept[Gaps]:
    """Return the numbers and when they were counted. No query when they are kept."""
    return kept(NAME, count_gaps)


def count_gaps(now: datetime) -> Gaps:
    """Count both sides. Four statements, whatever there is."""
    return Gaps(shown(count_needs()), shown(count_supply(timezone.localdate(now))))


# -- what is asked -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GapQuery:
    """What the address asks for: one member or TOTAL of each dimension, by what the rows go, their order."""

    chosen: Cell = (TOTAL, TOTAL, TOTAL)
    rows: str = COUNTY
    sort: str = Sort.GAP
    descending: bool = True

    @property
    def address(self) -> str:
        """The address's parameters, without those that say what is so anyway."""
        said = {name: value for name, value in zip(DIMENSIONS, self.chosen, strict=True) if value}
        if self.rows != COUNTY:
            said["rows"] = str(self.rows)
        if (self.sort, self.descending) != (Sort.GAP, True):
            said["sort"] = f"-{self.sort}" if self.descending else self.sort
        return "?" + urlencode(said)

    def cell(self, member: str) -> Cell:
        """Return the cell of a row."""
        return tuple(
            member if name == self.rows else chosen
            for name, chosen in zip(DIMENSIONS, self.chosen, strict=True)
        )


def members(dimension: str) -> list[tuple[str, str]]:
    """Return codes and names, in the order of the lists, the odd one out last."""
    if dimension == PART:
        return [*_pairs(ProcessPart), (UNSAID, gettext("No part named"))]
    if dimension == KIND:
        return _pairs(SupportKind)
    return [*taxonomy.county_choices(), (WIDER, gettext("The whole country, or no county named"))]


def _pairs(choices: type[TextChoices]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices.choices]


def read_query(asked: MultiValueDict[str, Any]) -> tuple[GapQuery, list[str]]:
    """Return what is asked, and in words what we could not make out and have left out."""
    unknown = []

    def one(name: str, known: Iterable[str], otherwise: str) -> str:
        value = str(asked.get(name) or "").replace("\x00", "")
        if value and value not in known:
            unknown.append(f"{name}={value[:40]}")
        return value if value in known else otherwise

    chosen = tuple(one(name, dict(members(name)), TOTAL) for name in DIMENSIONS)
    rows = one("rows", DIMENSIONS, COUNTY)
    # A row for what is chosen would stand alone: then the rows go by the next dimension that is open.
    open_ones = [name for name, value in zip(DIMENSIONS, chosen, strict=True) if not value]
    if rows not in open_ones and open_ones:
        rows = KIND if KIND in open_ones else open_ones[0]
    sort = one("sort", [*Sort.values, *(f"-{value}" for value in Sort.values)], f"-{Sort.GAP}")
    query = GapQuery(chosen, rows, sort.removeprefix("-"), sort.startswith("-"))
    notices = [
        gettext("We do not know “%(value)s” and have left it out.") % {"value": value} for value in unknown
    ]
    return query, notices


# -- what is answered --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row of the table: texts to show, and the numbers to sort by."""

    code: str
    name: str
    need: Shown
    supply: Shown

    @property
    def level(self) -> Level:
        return level(self.need, self.supply)

    @property
    def need_text(self) -> str:
        return in_words(self.need)

    @property
    def supply_text(self) -> str:
        return in_words(self.supply)

    @property
    def ratio(self) -> float | None:
        """How many initiatives there are for each offer, where both are told."""
        if self.need.is_exact and self.supply.is_exact and self.supply.number:
            return self.need.number / self.supply.number
        return None

    @property
    def ratio_text(self) -> str:
        return "–" if self.ratio is None else format_number(round(self.ratio, 1))


@dataclass(frozen=True)
class Column:
    """A heading that sorts when it is pressed."""

    title: str
    url: str
    sorted: str
    is_number: bool


@dataclass(frozen=True)
class MapArea:
    path: str
    level: Level
    title: str


@dataclass(frozen=True)
class GapPage:
    """Everything the page shows."""

    query: GapQuery
    columns: list[Column]
    rows: list[Row]
    total: Row
    selects: list[dict[str, Any]]
    row_choices: list[dict[str, Any]]
    areas: list[MapArea]
    drawing: AreaMap
    legend: list[Level]
    highlights: list[dict[str, Any]]
    subject: str
    counted_at: datetime


def level(need: Shown, supply: Shown) -> Level:
    """Say what the two mean together, from nothing but what is shown of them."""
    if need == NOTHING:
        return Level.NOBODY
    if not need.number:
        return Level.FEW
    if supply == NOTHING:
        return Level.MISSING
    ratio = need.number / (supply.number or _MOST_OF_FEW)
    return next((found for limit, found in _STEPS if ratio < limit), Level.CROWDED)


def in_words(number: Shown) -> str:
    if number.showing is Showing.EXACT:
        return format_number(number.number)
    if number.showing is Showing.AT_LEAST:
        return gettext("at least %(number)s") % {"number": format_number(number.number)}
    return gettext("fewer than 3") if number.showing is Showing.FEW else gettext("not shown")


def table(found: Gaps, query: GapQuery) -> tuple[list[Row], Row]:
    """Return the rows in the order asked for, and the row of all of them."""
    rows = [Row(code, name, *found.at(query.cell(code))) for code, name in members(query.rows)]
    total = Row(TOTAL, str(_ALL[query.rows]), *found.at(query.cell(TOTAL)))
    if all(query.chosen):
        # Everything is chosen: the one cell is the whole answer.
        code = query.chosen[DIMENSIONS.index(query.rows)]
        return [], Row(code, dict(members(query.rows))[code], *found.at(query.chosen))
    return sorted(rows, key=_sort_key(query), reverse=query.descending), total


def _sort_key(query: GapQuery) -> Callable[[Row], Any]:
    keys: dict[str, Callable[[Row], Any]] = {
        Sort.NAME: lambda row: swedish_sort_key(row.name),
        Sort.NEED: lambda row: _size(row.need),
        Sort.SUPPLY: lambda row: _size(row.supply),
        Sort.GAP: lambda row: (_ORDER[row.level], row.ratio or 0.0, row.need.number),
    }
    return keys[query.sort]


def _size(number: Shown) -> float:
    """Order by what is shown: "fewer than 3" between nothing and three."""
    return number.number if number.number or number.is_exact else 1.5


def gap_page(kept_gaps: Kept[Gaps], query: GapQuery) -> GapPage:
    found = kept_gaps.value
    rows, total = table(found, query)
    return GapPage(
        query=query,
        columns=[_column(query, sort) for sort in (Sort.NAME, Sort.NEED, Sort.SUPPLY, Sort.GAP)],
        rows=rows,
        total=total,
        selects=[_select(query, name) for name in (KIND, PART, COUNTY)],
        row_choices=[
            {"title": _TITLES[name], "url": replace(query, rows=name).address, "chosen": name == query.rows}
            for name, chosen in zip(DIMENSIONS, query.chosen, strict=True)
            if not chosen
        ],
        areas=_areas(found, query),
        drawing=area_map(AreaKind.COUNTY),
        legend=list(reversed(Level)),
        highlights=_highlights(found, query),
        subject=_subject(query),
        counted_at=kept_gaps.counted_at,
    )


def _column(query: GapQuery, sort: Sort) -> Column:
    is_sorted = query.sort == sort
    # The first press shows the largest first, names from A; the second turns it round.
    descending = not query.descending if is_sorted else sort is not Sort.NAME
    return Column(
        str(_TITLES[query.rows] if sort is Sort.NAME else sort.label),
        replace(query, sort=sort, descending=descending).address,
        ("descending" if query.descending else "ascending") if is_sorted else "",
        sort is not Sort.NAME,
    )


def _select(query: GapQuery, name: str) -> dict[str, Any]:
    chosen = query.chosen[DIMENSIONS.index(name)]
    options = [(TOTAL, str(_ALL[name])), *members(name)]
    return {
        "name": name,
        "title": _TITLES[name],
        "options": [{"value": code, "label": label, "chosen": code == chosen} for code, label in options],
    }


def _areas(found: Gaps, query: GapQuery) -> list[MapArea]:
    part, kind, _ = query.chosen
    drawing = area_map(AreaKind.COUNTY)
    areas = []
    for code, name in taxonomy.county_choices():
        row = Row(code, name, *found.at((part, kind, code)))
        title = gettext("%(county)s: %(level)s") % {"county": name, "level": row.level.label}
        areas.append(MapArea(drawing.paths[code], row.level, title))
    return areas


def _highlights(found: Gaps, query: GapQuery) -> list[dict[str, Any]]:
    """Return where most is missing: kinds of support in parts of the process, at the chosen place."""
    chosen_part, chosen_kind, county = query.chosen
    names = dict(members(PART)), dict(members(KIND))
    rows = []
    for part in [chosen_part] if chosen_part else [part.value for part in ProcessPart]:
        for kind in [chosen_kind] if chosen_kind else SupportKind.values:
            row = Row(kind, f"{names[1][kind]} · {names[0][part]}", *found.at((part, kind, county)))
            if row.level in (Level.MANY, Level.CROWDED, Level.MISSING):
                rows.append((row, GapQuery((part, kind, TOTAL))))
    rows.sort(key=lambda pair: _sort_key(GapQuery())(pair[0]), reverse=True)
    return [{"row": row, "url": other.address} for row, other in rows[:MOST_HIGHLIGHTS]]


def _subject(query: GapQuery) -> str:
    """Return what the numbers are about, in words: "Mentoring · Develop and test · Skåne"."""
    return " · ".join(
        dict(members(name)).get(query.chosen[DIMENSIONS.index(name)], str(_ALL[name]))
        for name in (KIND, PART, COUNTY)
    )


def file_rows(found: Gaps, query: GapQuery) -> tuple[list[str], list[list[object]]]:
    """Return the header and the rows of the table as they stand on the page, all of them last."""
    rows, total = table(found, query)
    header = [
        str(_TITLES[query.rows]),
        gettext("Code"),
        *(str(sort.label) for sort in (Sort.NEED, Sort.SUPPLY, Sort.GAP)),
        gettext("In words"),
    ]
    return header, [
        [row.name, row.code, row.need_text, row.supply_text, row.ratio_text, str(row.level.label)]
        for row in [*rows, total]
    ]
