"""How two runs differ: which pairs came, which went, which are put in other words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import frozen_for
from matching.engine.enums import Verdict
from matching.engine.models import Match, MatchRun
from matching.kernel.combine import GOOD_ABOVE_BASE, STRONG_ABOVE_BASE
from matching.kernel.combine import base as base_fit

#: Pairs named of each kind.
MOST_EXAMPLES = 10
BANDS = ("possible", "good", "strong")


@dataclass(frozen=True)
class Example:
    """One pair, with its fit in either run, None where it is not."""

    initiative: str
    offer: str
    earlier: float | None
    later: float | None


@dataclass(frozen=True)
class Comparison:
    """Pairs of two runs. `moved` counts those in both whose band differs, as (from, to)."""

    came: int
    went: int
    stayed: int
    moved: dict[tuple[str, str], int]
    came_examples: list[Example]
    went_examples: list[Example]
    moved_examples: list[Example]


def compare(earlier: MatchRun, later: MatchRun) -> Comparison:
    """Compare the matches that two published runs show. Cost O(matches of both)."""
    joined, parameters = _joined(earlier, later)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE e.fit IS NULL), count(*) FILTER (WHERE l.fit IS NULL), "
            f"count(*) FILTER (WHERE e.fit = e.fit AND l.fit = l.fit) {joined}",
            parameters,
        )
        came, went, stayed = cursor.fetchone()
        cursor.execute(
            f"SELECT e.band, l.band, count(*) {joined} WHERE e.band <> l.band GROUP BY 1, 2 ORDER BY 1, 2",
            parameters,
        )
        moved = {(BANDS[first], BANDS[second]): number for first, second, number in cursor.fetchall()}
        pairs = []
        for condition, order in (
            ("e.fit IS NULL", "l.fit DESC"),
            ("l.fit IS NULL", "e.fit DESC"),
            ("e.band <> l.band", "abs(l.fit - e.fit) DESC"),
        ):
            cursor.execute(
                f"SELECT initiative_id, offer_id, e.fit, l.fit {joined} WHERE {condition} "
                f"ORDER BY {order}, initiative_id, offer_id LIMIT {MOST_EXAMPLES}",
                parameters,
            )
            pairs.append(cursor.fetchall())
    return Comparison(came, went, stayed, moved, *_named(pairs))


def _joined(earlier: MatchRun, later: MatchRun) -> tuple[str, list[Any]]:
    """Return the FROM clause that both runs' pairs stand side by side in, e and l, and its parameters."""
    parameters: list[Any] = []
    sides = []
    for run in (earlier, later):
        frozen = frozen_for(run)
        base = base_fit(frozen.analysis.mean_array(), frozen.weights)
        sides.append(
            "(SELECT initiative_id, offer_id, fit, "
            "(verdict = %s)::int * ((round((fit - %s)::numeric, 4) >= %s)::int "
            "+ (round((fit - %s)::numeric, 4) >= %s)::int) AS band "
            "FROM matching_match WHERE analysis_id = %s AND from_run <= %s "
            "AND (to_run IS NULL OR to_run > %s))"
        )
        parameters += [Verdict.FITS, base, GOOD_ABOVE_BASE, base, STRONG_ABOVE_BASE]
        parameters += [run.analysis_id, run.pk, run.pk]
    return f"FROM {sides[0]} e FULL JOIN {sides[1]} l USING (initiative_id, offer_id)", parameters


def _named(groups: list[list[Any]]) -> list[list[Example]]:
    initiatives = Initiative.objects.in_bulk({row[0] for rows in groups for row in rows})
    offers = SupportOffer.objects.in_bulk({row[1] for rows in groups for row in rows})
    return [
        [
            Example(
                initiatives[row[0]].title if row[0] in initiatives else "?",
                offers[row[1]].title if row[1] in offers else "?",
                row[2],
                row[3],
            )
            for row in rows
        ]
        for rows in groups
    ]


def comparable_with(run: MatchRun) -> MatchRun | None:
    """Return the published run before this one whose matches are still kept, if there is one."""
    if run.analysis_id is None or run.published_at is None:
        return None
    earlier = MatchRun.objects.filter(analysis__isnull=False, published_at__lt=run.published_at).order_by(
        "-published_at"
    )
    return next((one for one in earlier if Match.objects.of(one).exists()), None)
