"""Filters with counts: each knows its condition, its options and how many profiles each option has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, Count, Model, Q, QuerySet

from brygga.core.forms import Text
from brygga.organisations.registration.search import areas_within, terms_within
from brygga.organisations.registration.words import Terms
from brygga.taxonomy import selectors
from brygga.taxonomy.enums import AreaKind


@dataclass(frozen=True)
class Option:
    """One box of a filter. `parent` is shown as long as it has hits, its children once it is chosen."""

    value: str
    label: str
    parent: str = ""


@dataclass(frozen=True)
class Facet:
    """A filter: `name` is its parameter in the address; several values widen the result."""

    name: str
    title: Text
    options: Callable[[], list[Option]]
    condition: Callable[[list[str]], Q]
    count: Callable[[QuerySet[Any]], Counter[str]]


def _count_arrays(
    field: str, expand: Callable[[str], Iterable[str]]
) -> Callable[[QuerySet[Any]], Counter[str]]:
    """Count profiles per code, each once even where several of its codes lie under the same one."""

    def count(profiles: QuerySet[Any]) -> Counter[str]:
        counted: Counter[str] = Counter()
        known: dict[str, tuple[str, ...]] = {}
        rows = profiles.order_by().values_list(field).annotate(number=Count("*")).values_list(field, "number")
        for codes, number in rows:
            reached: set[str] = set()
            for code in codes or ():
                if code not in known:
                    known[code] = tuple(expand(code))
                reached.update(known[code])
            for code in reached:
                counted[code] += number
        return counted

    return count


def area_facet(name: str, title: Text, field: str) -> Facet:
    """Counties, and the municipalities of a chosen county."""

    def options() -> list[Option]:
        areas = selectors.current_taxonomy().areas
        found: list[Option] = []
        for code, label in selectors.county_choices():
            found.append(Option(code, label))
            found += [Option(child, selectors.area_name(child), code) for child in areas[code].children]
        return found

    def expand(code: str) -> Iterable[str]:
        areas = selectors.current_taxonomy().areas
        wanted = (AreaKind.COUNTY, AreaKind.MUNICIPALITY)
        return (
            one
            for one in (code, *selectors.area_ancestors(code))
            if one in areas and areas[one].kind in wanted
        )

    return Facet(
        name,
        title,
        options,
        lambda chosen: Q(**{f"{field}__overlap": areas_within(chosen)}),
        _count_arrays(field, expand),
    )


def terms_facet(name: str, title: Text, terms: Terms, field: str = "") -> Facet:
    """A word list; the second level shows under a chosen first."""
    column = field or f"{terms.value}_codes"

    def expand(code: str) -> Iterable[str]:
        return terms.vocabulary.with_ancestors(code)

    def options() -> list[Option]:
        active = terms.vocabulary.active()
        names = dict(zip([e.code for e in active], terms.names(e.code for e in active), strict=True))
        found: list[Option] = []
        for entry in active:
            if entry.parent is None:
                found.append(Option(entry.code, names[entry.code]))
                found += [
                    Option(child, names[child], entry.code) for child in entry.children if child in names
                ]
        return found

    return Facet(
        name,
        title,
        options,
        lambda chosen: Q(**{f"{column}__overlap": terms_within(terms, chosen)}),
        _count_arrays(column, expand),
    )


def array_facet(name: str, title: Text, field: str, choices: type[Choices]) -> Facet:
    """A fixed list stored as an array."""
    return Facet(
        name,
        title,
        lambda: [Option(str(value), str(label)) for value, label in choices.choices],
        lambda chosen: Q(**{f"{field}__overlap": chosen}),
        _count_arrays(field, lambda code: (code,)),
    )


def column_facet(name: str, title: Text, path: str, choices: type[Choices]) -> Facet:
    """A fixed list in a column of the profile or of what it points to."""

    def count(profiles: QuerySet[Any]) -> Counter[str]:
        rows = profiles.order_by().values_list(path).annotate(number=Count("*"))
        return Counter({str(value): number for value, number in rows if value is not None})

    return Facet(
        name,
        title,
        lambda: [Option(str(value), str(label)) for value, label in choices.choices],
        lambda chosen: Q(**{f"{path}__in": chosen}),
        count,
    )


def rows_facet(
    name: str, title: Text, rows: type[Model], owner: str, field: str, choices: type[Choices]
) -> Facet:
    """A fixed list in rows of the profile, such as the kinds of support needed."""

    def count(profiles: QuerySet[Any]) -> Counter[str]:
        found = (
            rows._default_manager.filter(**{f"{owner}__in": profiles.order_by().values("pk")})
            .values_list(field)
            .annotate(number=Count(owner, distinct=True))
            .order_by()
        )
        return Counter(dict(found))

    return Facet(
        name,
        title,
        lambda: [Option(str(value), str(label)) for value, label in choices.choices],
        # A subquery, so that several fitting rows do not double a profile.
        lambda chosen: Q(pk__in=rows._default_manager.filter(**{f"{field}__in": chosen}).values(owner)),
        count,
    )
