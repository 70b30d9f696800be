"""A catalogue: search, filters with counts, chips that take them away, order and paging.

Everything that is asked for stands in the address, so a result can be sent to somebody else. What
the address holds and we do not know is left out and said, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from brygga.core.forms import Text
from brygga.organisations.registration.best_first import found_by_text
from brygga.organisations.registration.facets import Facet, Option
from brygga.organisations.registration.search import Planner, SearchPlan
from brygga.organisations.registration.suggesting import nearest_text

PAGE_SIZE = 20
MOST_COUNTED = 10_000
BEST = "best"


@dataclass(frozen=True)
class Catalogue:
    """What can be searched and how. `orders` maps a sorting's name to its title and columns."""

    profiles: QuerySet[Any]
    facets: tuple[Facet, ...]
    plan_search: Planner
    orders: Mapping[str, tuple[Text, tuple[Any, ...]]]


class CappedPaginator(Paginator[Any]):
    """Counts no further than MOST_COUNTED: beyond that nobody pages, and counting is slow."""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())

    @property
    def is_capped(self) -> bool:
        return self.counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)


@dataclass(frozen=True)
class CatalogueResult:
    """Everything a page of a catalogue shows."""

    text: str
    # Everything that is found, for those who count it in another way.
    found: QuerySet[Any]
    order: str
    orders: list[dict[str, Any]]
    page: Page[Any]
    total: int
    is_capped: bool
    facets: list[dict[str, Any]]
    chips: list[dict[str, str]]
    notices: list[str]
    # What to take away when nothing was found: the criterion that alone removed most.
    removed_most: dict[str, Any] | None
    # What somebody may have meant who found nothing, and finds something.
    did_you_mean: dict[str, Any] | None

    @property
    def filters_chosen(self) -> int:
        """How many filters are chosen; what is written in the search box is none."""
        return len(self.chips) - bool(self.text)


def read_catalogue(catalogue: Catalogue, asked: MultiValueDict[str, Any]) -> CatalogueResult:
    """Answer what the address asks. The number of queries does not depend on what is found."""
    text = " ".join(str(asked.get("q", "")).replace("\x00", "").split())[:200]
    plan = catalogue.plan_search(text) if text else SearchPlan([])
    options = {facet.name: facet.options() for facet in catalogue.facets}
    chosen, notices = _chosen(catalogue, options, asked)
    conditions: dict[str, Q] = {
        facet.name: facet.condition(chosen[facet.name]) for facet in catalogue.facets if chosen[facet.name]
    }
    order = _order(catalogue, plan, str(asked.get("sort", "")))
    best_first: list[int] = []
    if not plan.is_empty:
        # Looked for once; every count and list after that starts from the rows found.
        best_first = found_by_text(catalogue.profiles, plan, MOST_COUNTED)
        conditions["q"] = Q(pk__any_of=best_first[:MOST_COUNTED])
    named = {name: _quoted(", ".join(_labels(options[name], values))) for name, values in chosen.items()}
    named["q"] = _quoted(text)
    found = _narrowed(catalogue.profiles, conditions)
    is_more = len(conditions) == 1 and len(best_first) > MOST_COUNTED
    page: Page[Any]
    if order == BEST:
        kept = set(found.order_by().values_list("pk", flat=True)) if len(conditions) > 1 else set(best_first)
        ranked = Paginator([pk for pk in best_first[:MOST_COUNTED] if pk in kept], PAGE_SIZE)
        total, is_capped = ranked.count, is_more
        page = ranked.get_page(asked.get("page") or 1)
        rows = catalogue.profiles.order_by().in_bulk(list(page.object_list))
        page.object_list = [rows[pk] for pk in page.object_list if pk in rows]
    else:
        paginator = CappedPaginator(found.order_by(*catalogue.orders[order][1]), PAGE_SIZE)
        page = paginator.get_page(asked.get("page") or 1)
        total, is_capped = paginator.count, paginator.is_capped or is_more
    return CatalogueResult(
        text=text,
        found=found,
        order=order,
        orders=_shown_orders(catalogue, plan, order),
        page=page,
        total=total,
        is_capped=is_capped,
        facets=[
            _shown_facet(facet, options[facet.name], chosen[facet.name], catalogue.profiles, conditions)
            for facet in catalogue.facets
        ],
        chips=_chips(catalogue, options, chosen, text, asked),
        notices=notices,
        removed_most=_removed_most(catalogue, conditions, named, asked) if not total else None,
        did_you_mean=_did_you_mean(catalogue, conditions, text, asked) if text and not best_first else None,
    )


def _narrowed(profiles: QuerySet[Any], conditions: Mapping[str, Q], without: str = "") -> QuerySet[Any]:
    for name, condition in conditions.items():
        if name != without:
            profiles = profiles.filter(condition)
    return profiles


def _chosen(
    catalogue: Catalogue, options: Mapping[str, list[Option]], asked: MultiValueDict[str, Any]
) -> tuple[dict[str, list[str]], list[str]]:
    chosen: dict[str, list[str]] = {}
    notices = []
    for facet in catalogue.facets:
        known = {option.value for option in options[facet.name]}
        values = list(dict.fromkeys(str(value) for value in asked.getlist(facet.name) if value))
        chosen[facet.name] = [value for value in values if value in known]
        if unknown := [value[:40] for value in values if value not in known]:
            notices.append(
                gettext("We do not know the filter “%(values)s” and have left it out.")
                % {"values": ", ".join(unknown[:3])}
            )
    return chosen, notices


def _order(catalogue: Catalogue, plan: SearchPlan, asked: str) -> str:
    if asked in catalogue.orders:
        return asked
    return next(iter(catalogue.orders)) if plan.is_empty else BEST


def _shown_orders(catalogue: Catalogue, plan: SearchPlan, order: str) -> list[dict[str, Any]]:
    shown = [] if plan.is_empty else [{"value": BEST, "label": gettext("Best hit"), "chosen": order == BEST}]
    return [
        *shown,
        *(
            {"value": name, "label": str(title), "chosen": order == name}
            for name, (title, _columns) in catalogue.orders.items()
        ),
    ]


def _shown_facet(
    facet: Facet,
    options: list[Option],
    chosen: list[str],
    profiles: QuerySet[Any],
    conditions: Mapping[str, Q],
) -> dict[str, Any]:
    """Return the filter for the page, counted as if it alone were not chosen."""
    counts = facet.count(_narrowed(profiles, conditions, without=facet.name))
    opened = {*chosen, *(option.parent for option in options if option.value in chosen)}
    shown = [
        {
            "value": option.value,
            "label": f"– {option.label}" if option.parent else option.label,
            "count": counts[option.value],
            "checked": option.value in chosen,
        }
        for option in options
        if option.value in chosen or (counts[option.value] and (not option.parent or option.parent in opened))
    ]
    return {"name": facet.name, "title": facet.title, "options": shown, "open": bool(chosen)}


def _quoted(text: str) -> str:
    return gettext("“%(text)s”") % {"text": text}


def _labels(options: list[Option], values: list[str]) -> list[str]:
    return [option.label for option in options if option.value in values]


def _address(asked: MultiValueDict[str, Any], name: str, value: str | None = None) -> str:
    """Return the parameters without one value, or without all values of a name; always the first page."""
    pairs = [
        (key, one)
        for key, values in asked.lists()
        for one in values
        if one and key != "page" and not (key == name and (value is None or one == value))
    ]
    return "?" + urlencode(pairs)


def _chips(
    catalogue: Catalogue,
    options: Mapping[str, list[Option]],
    chosen: Mapping[str, list[str]],
    text: str,
    asked: MultiValueDict[str, Any],
) -> list[dict[str, str]]:
    chips = [{"text": _quoted(text), "url": _address(asked, "q")}] if text else []
    for facet in catalogue.facets:
        labels = {option.value: option.label for option in options[facet.name]}
        chips += [
            {"text": labels[value], "url": _address(asked, facet.name, value)} for value in chosen[facet.name]
        ]
    return chips


def _did_you_mean(
    catalogue: Catalogue, conditions: Mapping[str, Q], text: str, asked: MultiValueDict[str, Any]
) -> dict[str, Any] | None:
    """Return another way to write the text that finds something. At most three queries."""
    profiles = _narrowed(catalogue.profiles, conditions, without="q")
    meant = nearest_text(profiles, text)
    if not meant:
        return None
    plan = catalogue.plan_search(meant)
    count = profiles.filter(plan.condition()).order_by()[: MOST_COUNTED + 1].count()
    if plan.is_empty or not count:
        return None
    others = _address(asked, "q").removeprefix("?")
    url = "?" + "&".join(one for one in (urlencode({"q": meant}), others) if one)
    return {"text": meant, "count": min(count, MOST_COUNTED), "url": url}


def _removed_most(
    catalogue: Catalogue,
    conditions: Mapping[str, Q],
    named: Mapping[str, str],
    asked: MultiValueDict[str, Any],
) -> dict[str, Any] | None:
    """Return the criterion without which most would be found, in one query for all of them."""
    if not conditions:
        return None
    counts = catalogue.profiles.order_by().aggregate(
        **{
            f"without_{name}": Count(
                "pk",
                filter=Q(*(other for key, other in conditions.items() if key != name)) or None,
                distinct=True,
            )
            for name in conditions
        }
    )
    name = max(conditions, key=lambda one: counts[f"without_{one}"])
    return {
        "title": named[name],
        "count": counts[f"without_{name}"],
        "url": _address(asked, name),
    }
