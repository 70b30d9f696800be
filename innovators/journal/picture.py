"""The picture of the process: six lanes over time, made on the server from the journal.

Time is cut into at most `MOST_COLUMNS` columns of the same length (days, weeks, months, quarters, years,
or several years), from the first step to today, so that pauses show as pauses. A part that was worked on
in a column has a dot in its lane, larger for more steps. Dots of one column are joined by a bar; from
each column a thread leads on to the next one that has any, between the lanes that lie nearest: it runs
straight where a part goes on, and weaves where the work moves. Cost: one pass over the steps.

The drawing says nothing that the table beside it does not say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from brygga.taxonomy.enums import ProcessPart

PARTS: tuple[str, ...] = tuple(ProcessPart.values)
MOST_COLUMNS = 24
# The drawing's measures, in steps that are a pixel each on a phone.
WIDTH, LEFT, RIGHT = 340.0, 10.0, 44.0
LANE, FIRST_LANE, LANE_LINE = 46.0, 16.0, 30.0
# Half of what a name on the axis takes, and where the column of today begins.
LABEL_HALF, TODAY = 32.0, WIDTH - 32.0
MOST_LABELS = 4


@dataclass(frozen=True)
class Moment:
    """A step of the work: the day, and the parts it was about."""

    on: date
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """How time is cut: which column a day falls in, counted from anywhere, and how a column is called."""

    name: str
    number: Callable[[date], int]


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _years(length: int) -> Scale:
    return Scale("year", lambda day: day.year // length)


SCALES = (
    Scale("day", date.toordinal),
    Scale("week", lambda day: (day.toordinal() - 1) // 7),
    Scale("month", _months),
    Scale("quarter", lambda day: _months(day) // 3),
    *(_years(length) for length in (1, 2, 5, 10, 50, 500)),
)


@dataclass(frozen=True)
class Dot:
    part: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Bar:
    """Parts that were worked on at the same time."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class AxisLabel:
    x: float
    on: date


@dataclass(frozen=True)
class Lane:
    """One part: where its line lies, and what the table says of it."""

    part: str
    y: float
    steps: int
    # How often the work came back to it after it had been elsewhere.
    returns: int
    first: date | None
    latest: date | None
    is_now: bool


@dataclass(frozen=True)
class Picture:
    scale: str
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    threads: tuple[str, ...]
    labels: tuple[AxisLabel, ...]
    steps: int

    @property
    def height(self) -> float:
        return FIRST_LANE + LANE * len(self.lanes) + 24

    @property
    def axis_y(self) -> float:
        return self.height - 8

    @property
    def returns(self) -> int:
        return sum(lane.returns for lane in self.lanes)

    @property
    def parts_worked_on(self) -> int:
        return sum(lane.steps > 0 for lane in self.lanes)

    @property
    def first(self) -> date | None:
        return min((lane.first for lane in self.lanes if lane.first), default=None)


def draw(moments: Iterable[Moment], current: Collection[str], today: date) -> Picture | None:
    """Return the picture, or None when nothing has been written. The order of `moments` is of no matter."""
    steps = sorted(moments, key=lambda moment: (moment.on, moment.parts))
    if not steps:
        return None
    first, last = steps[0].on, max(steps[-1].on, today)
    scale = scale_for(first, last)
    start = scale.number(first)
    number = scale.number(last) - start + 1
    width = (WIDTH - LEFT - RIGHT) / number
    columns: dict[int, Counter[str]] = {}
    began: dict[int, date] = {}
    for moment in steps:
        column = scale.number(moment.on) - start
        columns.setdefault(column, Counter()).update(set(moment.parts))
        began.setdefault(column, moment.on)
    placed = [(LEFT + (column + 0.5) * width, counted) for column, counted in sorted(columns.items())]
    return Picture(
        scale=scale.name,
        lanes=tuple(_lane(part, position, steps, current) for position, part in enumerate(PARTS)),
        dots=tuple(
            Dot(part, x, lane_y(position), _radius(counted[part], width))
            for x, counted in placed
            for position, part in enumerate(PARTS)
            if counted[part]
        ),
        bars=tuple(
            Bar(x, lane_y(min(lanes)), lane_y(max(lanes)))
            for x, counted in placed
            if len(lanes := _lanes_of(counted)) > 1
        ),
        threads=tuple(
            _thread(x, _lanes_of(counted), next_x, _lanes_of(following))
            for (x, counted), (next_x, following) in pairwise(placed)
        ),
        labels=tuple(_labels(began, width)),
        steps=len(steps),
    )


def scale_for(first: date, last: date) -> Scale:
    """Return the finest scale whose columns from the first day to the last are few enough."""
    fitting = (one for one in SCALES if one.number(last) - one.number(first) < MOST_COLUMNS)
    return next(fitting, SCALES[-1])


def lane_y(position: int) -> float:
    """Return where the line of a lane lies; its name stands above it."""
    return FIRST_LANE + position * LANE + LANE_LINE


def _lanes_of(counted: Counter[str]) -> list[int]:
    return [position for position, part in enumerate(PARTS) if counted[part]]


def _radius(steps: int, width: float) -> float:
    """Two steps, and four, make a dot larger; it never leaves its column."""
    return min({1: 4.0, 2: 5.25, 3: 5.25}.get(steps, 6.5), width / 2)


def _thread(x: float, lanes: list[int], next_x: float, following: list[int]) -> str:
    start, end = min(
        ((one, other) for one in lanes for other in following),
        key=lambda pair: (abs(pair[0] - pair[1]), pair),
    )
    middle = (x + next_x) / 2
    y, next_y = lane_y(start), lane_y(end)
    return f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {next_y:.1f} {next_x:.1f} {next_y:.1f}"


def _labels(began: dict[int, date], width: float) -> Iterable[AxisLabel]:
    """Name a few columns that have steps, so far apart that the names do not meet."""
    latest = -WIDTH
    for column, on in sorted(began.items()):
        x = min(max(LEFT + (column + 0.5) * width, LABEL_HALF), TODAY - LABEL_HALF)
        if x - latest >= (WIDTH - RIGHT) / MOST_LABELS:
            yield AxisLabel(x, on)
            latest = x


def _lane(part: str, position: int, steps: list[Moment], current: Collection[str]) -> Lane:
    own = [moment.on for moment in steps if part in moment.parts]
    worked = [part in moment.parts for moment in steps]
    begun = sum(now and not before for before, now in pairwise([False, *worked]))
    return Lane(
        part=part,
        y=lane_y(position),
        steps=len(own),
        returns=max(begun - 1, 0),
        first=own[0] if own else None,
        latest=own[-1] if own else None,
        is_now=part in current,
    )
