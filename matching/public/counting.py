"""How many initiatives need, and how many offers give: by part of the process, kind of support and county.

One statement for each side, so that a hundred thousand profiles are counted where they lie. Only what a
visitor may see is counted. The cells are named (part, kind, county), TOTAL for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import QuerySet

from brygga.taxonomy import selectors
from brygga.taxonomy.enums import ProcessPart
from funders.models import SupportLine, SupportOffer
from innovators.models import Initiative, Need
from matching.public.suppression import TOTAL, Cell

# No part said, or an offer for every part; no county of Sweden, or the whole country.
UNSAID = "unsaid"
WIDER = "wider"
# In the statements: an array that names nothing.
_ANY = "any"
_PARTS = (*(part.value for part in ProcessPart), UNSAID)


class _Places(NamedTuple):
    """Every area in or around a county, and the county it lies in (WIDER for those around)."""

    areas: list[str]
    counties: list[str]


def counties() -> list[str]:
    return [code for code, _name in selectors.county_choices()]


def _places() -> _Places:
    areas = selectors.current_taxonomy().areas
    found: dict[str, str] = {}
    for county in counties():
        found.update(dict.fromkeys(areas[county].ancestors, WIDER))
    for code in areas:
        if (inside := selectors.county_of(code)) is not None:
            found[code] = inside
    return _Places(list(found), list(found.values()))


# One row for each thing and each of its members in a dimension, and one for the total.
_COUNT = """
WITH shown (id, parts, areas) AS MATERIALIZED ({shown}),
place AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS place (area, county)),
kind AS (
    SELECT DISTINCT rows.{owner} AS id, rows.kind FROM {rows} rows JOIN shown ON shown.id = rows.{owner}
),
by_kind AS (SELECT id, kind FROM kind UNION ALL SELECT DISTINCT id, %s FROM kind),
by_part AS (
    SELECT id, part FROM shown, unnest(parts) AS part GROUP BY id, part
    UNION ALL SELECT id, %s FROM shown WHERE coalesce(cardinality(parts), 0) = 0
    UNION ALL SELECT id, %s FROM shown
),
located AS (
    SELECT shown.id, place.county FROM shown, unnest(shown.areas) AS area JOIN place USING (area)
    GROUP BY shown.id, place.county
),
{by_county}
SELECT part, kind, county, count(*)
FROM by_kind JOIN by_part USING (id) JOIN by_county USING (id)
GROUP BY part, kind, county
"""
# An initiative lies in the counties it names; one that names none is wider (or has not said).
_INITIATIVE_COUNTIES = """
inside AS (SELECT id, county FROM located WHERE county <> %s),
by_county AS (
    SELECT id, county FROM inside
    UNION ALL SELECT id, %s FROM shown WHERE NOT EXISTS (SELECT 1 FROM inside WHERE inside.id = shown.id)
    UNION ALL SELECT id, %s FROM shown
)
"""
# Support for an area around the counties, or without a place, can be used in each of them.
_OFFER_COUNTIES = """
everywhere AS (
    SELECT id FROM shown WHERE coalesce(cardinality(areas), 0) = 0
    UNION SELECT id FROM located WHERE county = %s
),
by_county AS (
    SELECT id, county FROM located
        WHERE NOT EXISTS (SELECT 1 FROM everywhere WHERE everywhere.id = located.id)
    UNION ALL SELECT id, %s FROM everywhere
    UNION ALL SELECT id, %s FROM shown
        WHERE NOT EXISTS (SELECT 1 FROM everywhere WHERE everywhere.id = shown.id)
        AND NOT EXISTS (SELECT 1 FROM located WHERE located.id = shown.id)
    UNION ALL SELECT id, %s FROM shown
)
"""


def _counted(
    profiles: QuerySet[Any],
    area_field: str,
    rows: type[Any],
    owner: str,
    by_county: str,
    members: Iterable[str],
) -> Counter[Cell]:
    places = _places()
    chosen = profiles.order_by().values_list("pk", "process_parts", area_field)
    sql, parameters = chosen.query.sql_with_params()
    statement = _COUNT.format(shown=sql, rows=rows._meta.db_table, owner=owner, by_county=by_county)
    with transaction.atomic(), connection.cursor() as cursor:
        # For this statement alone: millions of small rows are joined without going to disk.
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        cursor.execute(
            statement,
            [*parameters, places.areas, places.counties, TOTAL, _ANY, TOTAL, *members],
        )
        return Counter({(part, kind, county): number for part, kind, county, number in cursor.fetchall()})


def count_needs() -> dict[Cell, int]:
    """Count the initiatives that need something. One statement, and one before it."""
    shown = Initiative.objects.published().visible_to(AnonymousUser())
    counted = _counted(
        shown, "public_area_codes", Need, "initiative_id", _INITIATIVE_COUNTIES, [WIDER, WIDER, TOTAL]
    )
    return {(UNSAID if part == _ANY else part, *rest): number for (part, *rest), number in counted.items()}


def count_supply(today: date) -> dict[Cell, int]:
    """Count the offers that are open today; one for everywhere counts in every county. Two statements."""
    shown = SupportOffer.objects.visible_to(AnonymousUser()).open_on(today)
    counted = _counted(
        shown, "area_codes", SupportLine, "offer_id", _OFFER_COUNTIES, [WIDER, _ANY, WIDER, TOTAL]
    )
    every_county = [*counties(), WIDER]
    spread: Counter[Cell] = Counter()
    for (part, kind, county), number in counted.items():
        for one_part in _PARTS if part == _ANY else (part,):
            for one_county in every_county if county == _ANY else (county,):
                spread[one_part, kind, one_county] += number
    return dict(spread)
