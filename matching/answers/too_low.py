"""An initiative that no requirement stops and that is not on an offer's list: its points, and what it lacks.

Points are hundredths of fit: what each criterion gives, of what it could give, together makes the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from brygga.core.formatting import format_number
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.comparison import CRITERION_NAMES, Comparison
from matching.engine.models import Match, MatchRun
from matching.engine.selectors import CriterionResult, MatchExplanation

#: So many criteria are named: those that take most.
MOST_NAMED = 3


@dataclass(frozen=True)
class Place:
    """The last of those that an offer's list takes by fit: its fit, how well that is, and how many are taken."""

    fit: float
    band: str
    share: float
    kept: int


@dataclass(frozen=True)
class Loss:
    """A criterion that gives less than it could. `is_enough`: with all of it the initiative would be on the list."""

    name: str | Promise
    gives: str
    could_give: str
    sentence: str
    yours: str
    theirs: str
    is_known: bool
    is_enough: bool


@dataclass(frozen=True)
class TooLow:
    """How far an initiative is from an offer's list, in points, and what takes most."""

    points: str
    needed: str
    missing: str
    is_tie: bool
    last: Place
    losses: tuple[Loss, ...]

    @property
    def enough(self) -> list[str]:
        """The criteria that would each be enough alone."""
        return [str(one.name) for one in self.losses if one.is_enough]


def last_place(offer: SupportOffer) -> Place | None:
    """Return the last place that fit alone gives on an offer's list, None while there is room. One query."""
    from matching.engine.rescoring import KEPT  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain
    from matching.engine.selectors import how_well  # noqa: PLC0415 - as above

    rows = Match.objects.current().filter(offer=offer).order_by("-fit", "initiative__public_id")
    last = next(iter(rows[KEPT - 1 : KEPT]), None)
    if last is None:
        return None
    well = how_well(last)
    return Place(last.fit, well.band, well.share, KEPT)


def too_low(
    why: MatchExplanation,
    initiative: Initiative,
    offer: SupportOffer,
    last: Place,
    run: MatchRun,
    today: date,
) -> TooLow:
    """Say by how much a pair is too low for an offer's list, and why. No query."""
    missing = last.fit - why.fit
    said = Comparison(initiative, offer, today)
    worst = sorted(_given(why, run), key=lambda one: one[1] - one[2])
    return TooLow(
        points=_points(why.fit, missing),
        needed=_points(last.fit, missing),
        missing=_points(missing, missing),
        is_tie=missing <= 0,
        last=last,
        losses=tuple(
            Loss(
                name=CRITERION_NAMES[one.criterion],
                gives=_points(gives, 1),
                could_give=_points(could, 1),
                sentence=one.sentence,
                yours=said.criterion(one.criterion).offer,
                theirs=said.criterion(one.criterion).initiative,
                is_known=one.value is not None,
                is_enough=could - gives > missing,
            )
            for one, gives, could in worst[:MOST_NAMED]
            if could > gives
        ),
    )


def _given(why: MatchExplanation, run: MatchRun) -> Sequence[tuple[CriterionResult, float, float]]:
    """Return what each criterion gives and could give; what is not known gives what it does on average."""
    from matching.engine.collection import frozen_for  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain
    from matching.kernel import codes  # noqa: PLC0415 - as above

    means = dict(zip(codes.CRITERIA, frozen_for(run).analysis.mean_array().tolist(), strict=True))
    return [
        (one, one.weight * (means[one.criterion] if one.value is None else one.value), one.weight)
        for one in why.criteria
    ]


def _points(fit: float, difference: float) -> str:
    """Return a fit in points, with as many decimals as it takes to tell two apart that differ by so much."""
    decimals = 0 if abs(difference) >= 0.01 else 2
    return format_number(round(fit * 100, decimals) if decimals else round(fit * 100))
