"""What everybody may know about matching: the weights in use, figures, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import PublicationState
from matching.desk.comparison import CRITERION_NAMES
from matching.engine.control import DENSE_MARK
from matching.engine.models import Match, MatchRun


@dataclass(frozen=True)
class WeightLine:
    """One criterion and how much of the whole it is, as a share and in words of ten."""

    name: str | Promise
    share: float
    percent: int


@dataclass(frozen=True)
class WeightsInUse:
    """The weights of the run that pages show now, heaviest first.

    `learned_from` is the number of choices that they were learned from, None where people have set them.
    `has_word_model` tells whether a dense model reads the texts too.
    """

    lines: list[WeightLine]
    published_at: datetime | None
    initiatives: int
    offers: int
    matches: int
    engine_version: str
    learned_from: int | None
    values: dict[str, float]
    has_word_model: bool


def weights_in_use() -> WeightsInUse | None:
    """Return the current run's weights, or None before the first run. Two queries."""
    run = (
        MatchRun.objects.filter(is_current=True)
        .annotate(
            made_by=F("analysis__engine_version"), choices=F("weights_version__learned_from__decisions")
        )
        .first()
    )
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
        run.choices,
        run.weights,
        DENSE_MARK in (run.made_by or ""),
    )


def number_of_matches() -> int:
    """Return how many pairs that everybody may know of fit each other now. One query."""
    rows = Match.objects.current().filter(
        initiative__state=PublicationState.PUBLISHED,
        initiative__visibility="everyone",
        offer__state=PublicationState.PUBLISHED,
    )
    return rows.count()


@dataclass(frozen=True)
class QualityLine:
    """A figure and the interval it lies in, in per cent, and how many cases it rests on."""

    label: str | Promise
    percent: int
    low: int
    high: int
    cases: int

    @property
    def width(self) -> int:
        """How wide the interval is, for its drawing."""
        return self.high - self.low


@dataclass(frozen=True)
class BandLine:
    """A word for how well a pair fits, and how many of a hundred judged pairs with that word were good ones."""

    word: str
    percent: int
    low: int
    high: int
    pairs: int


@dataclass(frozen=True)
class Quality:
    """How good the matching was when it was last measured, with `weights`. `bands`: strong, good, possible."""

    lines: list[QualityLine]
    bands: list[BandLine]
    measured_on: date
    engine_version: str
    judged_pairs: int
    weights: dict[str, float]

    def is_of(self, weights: Mapping[str, float]) -> bool:
        """Say whether it was measured with these weights, but for rounding."""
        names = {*self.weights, *weights}
        return all(abs(self.weights.get(name, 0.0) - weights.get(name, 0.0)) < 1e-4 for name in names)


_QUALITY = Path(__file__).with_name("quality.json")
_SHOWN: dict[tuple[str, str, str], Promise] = {
    ("links.history_off", "all", "recall@5"): _(
        "The support that real initiatives in fact got is among our first five"
    ),
    ("links.history_off", "all", "recall@1"): _("The support that they got is the very first"),
    ("links.history_off", "en", "recall@5"): _("Among the first five, for initiatives written in English"),
    ("judged.fit", "all", "right_order"): _(
        "Two initiatives that people graded differently stand in the same order in our list"
    ),
    ("judged.fit", "money", "right_order"): _("The same order, when the support is money"),
    ("judged.fit", "other_support", "right_order"): _("The same order, when the support is something else"),
    ("collaboration", "all", "good_pair_among_the_first_10"): _(
        "An initiative that people thought good to work with is among the first ten"
    ),
}


@cache
def quality() -> Quality:
    """Return the figures of the report that `python -m benchmarks.quality --write` keeps. No query."""
    report = json.loads(_QUALITY.read_text(encoding="utf-8"))
    rows = {(row["what"], row["group"], row["measure"]): row for row in report["figures"]}
    return Quality(
        [
            QualityLine(
                label,
                round(100 * rows[key]["mean"]),
                round(100 * rows[key]["low"]),
                round(100 * rows[key]["high"]),
                rows[key]["n"],
            )
            for key, label in _SHOWN.items()
        ],
        [
            BandLine(
                row["band"],
                round(100 * row["share"]),
                round(100 * row["low"]),
                round(100 * row["high"]),
                row["n"],
            )
            for row in report["bands"]["figures"]
        ],
        date.fromisoformat(report["measured_on"]),
        report["engine_version"],
        report["judged_pairs"],
        report["weights"],
    )
