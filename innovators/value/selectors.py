"""Reads of what an initiative leads to: its indicators with their numbers, drawn and in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext

from brygga.core.formatting import format_day
from innovators.enums import ValueKind
from innovators.models import Indicator, Initiative, Measurement
from innovators.value.chart import HEIGHT, LEFT, RIGHT, WIDTH, Measured, draw
from innovators.value.forms import KIND_HINTS
from innovators.value.numbers import written, written_short

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class MeasurementLine:
    number: int
    on: date
    written: str
    source: str


@dataclass(frozen=True)
class DrawnChart:
    """A chart as templates draw it: numbers as SVG wants them, words as people do."""

    view_box: str
    line: str
    places: list[tuple[str, str]]
    ticks: list[tuple[str, str, str]]
    baseline_y: str
    target_y: str
    left: str
    right: str
    axis_y: str
    first: str
    last: str
    summary: str


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator: the latest number, where it began, what is hoped for, and all measurements."""

    indicator: Indicator
    latest: str
    latest_on: date | None
    baseline: str
    target: str
    chart: DrawnChart | None
    # The latest first.
    measurements: list[MeasurementLine]

    @property
    def table_id(self) -> str:
        return f"numbers-{self.indicator.pk}"


@dataclass(frozen=True)
class ValueGroup:
    kind: str
    label: str
    hint: str
    cards: list[IndicatorCard]


def value_groups(initiative: Initiative, user: User | AnonymousUser) -> list[ValueGroup]:
    """Return the indicators that somebody may read under the three kinds, empty ones too. Two queries."""
    indicators = list(
        Indicator.objects.visible_to(user).filter(initiative=initiative).order_by("created_at", "pk")
    )
    measured: dict[int, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.standing().filter(indicator__in=[one.pk for one in indicators])
    for row in rows.order_by("measured_on", "pk"):
        measured[row.indicator_id].append(row)
    return [
        ValueGroup(
            kind=kind.value,
            label=str(kind.label),
            hint=str(KIND_HINTS[kind]),
            cards=[_card(one, measured[one.pk]) for one in indicators if one.kind == kind],
        )
        for kind in ValueKind
    ]


def with_unit(number: Decimal | None, unit: str) -> str:
    """Return "12 personer", "40 %", or nothing."""
    if number is None:
        return ""
    return f"{written(number)}\u00a0{unit}" if unit else written(number)


def _card(indicator: Indicator, measured: list[Measurement]) -> IndicatorCard:
    latest = measured[-1] if measured else None
    return IndicatorCard(
        indicator=indicator,
        latest=written(latest.number) if latest else "",
        latest_on=latest.measured_on if latest else None,
        baseline=with_unit(indicator.baseline, indicator.unit),
        target=with_unit(indicator.target, indicator.unit),
        # A single number is no change over time.
        chart=_chart(indicator, measured) if len(measured) > 1 else None,
        measurements=[
            MeasurementLine(row.pk, row.measured_on, with_unit(row.number, indicator.unit), row.source)
            for row in reversed(measured)
        ],
    )


def _chart(indicator: Indicator, measured: list[Measurement]) -> DrawnChart | None:
    chart = draw(
        (Measured(row.measured_on, row.number) for row in measured),
        baseline=indicator.baseline,
        target=indicator.target,
    )
    if chart is None:
        return None
    first, last = format_day(chart.first), format_day(chart.last)
    return DrawnChart(
        view_box=f"0 0 {WIDTH:g} {HEIGHT:g}",
        line=chart.line,
        places=[(f"{place.x:.1f}", f"{place.y:.1f}") for place in chart.places],
        ticks=[(f"{tick.y:.1f}", f"{tick.y + 4:.1f}", written_short(tick.number)) for tick in chart.ticks],
        baseline_y="" if chart.baseline_y is None else f"{chart.baseline_y:.1f}",
        target_y="" if chart.target_y is None else f"{chart.target_y:.1f}",
        left=f"{LEFT:g}",
        right=f"{WIDTH - RIGHT:g}",
        axis_y=f"{HEIGHT - 8:g}",
        first=first,
        last=last if chart.last != chart.first else "",
        summary=gettext("%(name)s: from %(first)s on %(first_day)s to %(last)s on %(last_day)s.")
        % {
            "name": indicator.name,
            "first": with_unit(measured[0].number, indicator.unit),
            "first_day": first,
            "last": with_unit(measured[-1].number, indicator.unit),
            "last_day": last,
        },
    )
