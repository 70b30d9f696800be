"""What everybody may know about matching: the weights in use, and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from brygga.core.enums import PublicationState
from matching.desk.comparison import CRITERION_NAMES
from matching.engine.models import Match
from matching.engine.selectors import current_run


@dataclass(frozen=True)
class WeightLine:
    """One criterion and how much of the whole it is, as a share and in words of ten."""

    name: str | Promise
    share: float
    percent: int


@dataclass(frozen=True)
class WeightsInUse:
    """The weights of the run that pages show now, heaviest first."""

    lines: list[WeightLine]
    published_at: datetime | None
    initiatives: int
    offers: int
    matches: int
    engine_version: str


def weights_in_use() -> WeightsInUse | None:
    """Return the current run's weights, or None before the first run. Two queries."""
    run = current_run()
    if run is None:
        return None
    total = sum(run.weights.values()) or 1.0
    lines = [
        WeightLine(CRITERION_NAMES[name], weight / total, round(100 * weight / total))
        for name, weight in run.weights.items()
        if name in CRITERION_NAMES
    ]
    return WeightsInUse(
        sorted(lines, key=lambda line: -line.share),
        run.published_at,
        run.initiatives,
        run.offers,
        number_of_matches(),
        run.engine_version,
    )


def number_of_matches() -> int:
    """Return how many pairs that everybody may know of fit each other now. One query."""
    rows = Match.objects.current().filter(
        initiative__state=PublicationState.PUBLISHED,
        initiative__visibility="everyone",
        offer__state=PublicationState.PUBLISHED,
    )
    return rows.count()
