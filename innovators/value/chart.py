"""The chart of one indicator: its measurements over time, with where it began and what is hoped for.

The axis of numbers always holds nought, so that a small change never looks large, and steps of 1, 2 or 5
times a power of ten. Days lie where they fall in time. Cost: one pass over the measurements.

The drawing says nothing that the table beside it does not say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor, log10

# The drawing's measures, in steps that are a pixel each on a phone.
WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 12.0, 30.0
MOST_STEPS = 4


@dataclass(frozen=True)
class Measured:
    on: date
    number: Decimal


@dataclass(frozen=True)
class Place:
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    y: float
    number: Decimal


@dataclass(frozen=True)
class Chart:
    places: tuple[Place, ...]
    ticks: tuple[Tick, ...]
    baseline_y: float | None
    target_y: float | None
    first: date
    last: date

    @property
    def line(self) -> str:
        """The path from measurement to measurement."""
        return "M" + "L".join(f"{place.x:.1f} {place.y:.1f}" for place in self.places)


def draw(
    measured: Iterable[Measured], *, baseline: Decimal | None = None, target: Decimal | None = None
) -> Chart | None:
    """Return the chart, or None when nothing has been measured. The order of `measured` is of no matter."""
    points = sorted(measured, key=lambda one: one.on)
    if not points:
        return None
    every = [one.number for one in points]
    every += [number for number in (baseline, target) if number is not None]
    numbers = axis(min(every), max(every))
    low, high = numbers[0], numbers[-1]

    def y_of(number: Decimal) -> float:
        share = float((number - low) / (high - low))
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    first, last = points[0].on, points[-1].on
    days = (last - first).days

    def x_of(day: date) -> float:
        share = (day - first).days / days if days else 0.5
        return LEFT + 8 + share * (WIDTH - LEFT - RIGHT - 16)

    return Chart(
        places=tuple(Place(x_of(one.on), y_of(one.number)) for one in points),
        ticks=tuple(Tick(y_of(number), number) for number in numbers),
        baseline_y=None if baseline is None else y_of(baseline),
        target_y=None if target is None else y_of(target),
        first=first,
        last=last,
    )


def axis(least: Decimal, greatest: Decimal) -> list[Decimal]:
    """Return the numbers of an axis that holds these two and nought, evenly apart.

    >>> [str(number) for number in axis(Decimal(3), Decimal(17))]
    ['0', '5', '10', '15', '20']
    """
    low, high = min(least, Decimal(0)), max(greatest, Decimal(0))
    if low == high:
        high = Decimal(1)
    step = round_step((high - low) / MOST_STEPS)
    first, last = (
        (low / step).to_integral_value("ROUND_FLOOR"),
        (high / step).to_integral_value("ROUND_CEILING"),
    )
    return [step * number for number in range(int(first), int(last) + 1)]


def round_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2 and 5 times a power of ten that is at least this much."""
    power = Decimal(10) ** floor(log10(least))
    # The logarithm is rounded: one power lower is tried too.
    return min(step for times in ("0.5", "1", "2", "5", "10") if (step := power * Decimal(times)) >= least)
