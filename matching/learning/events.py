"""The lists that givers chose from, put together again from what they decided. Loads the kernel.

Reading a list writes nothing here, so which list stood there is not stored: it is taken to be the published
run's ranking, less what had been decided before. That is right for somebody who decides on the order of
fit, and a little off after a change of the run or the profiles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

import numpy as np
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray

from funders.models import SupportLine, SupportOffer
from matching.awards.models import SupportGiven
from matching.desk.enums import DismissReason, Stage
from matching.desk.models import ShortlistEntry
from matching.engine.collection import Frozen
from matching.engine.models import Match
from matching.engine.storing import unpack
from matching.kernel import codes
from matching.kernel.learning import GAINS, JudgedList
from matching.learning.models import LearningReset
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction

#: Candidates of a list that a decision is compared with: a page.
LISTED = 20
#: The newest decisions that are learned from.
MOST_DECISIONS = 20_000
CRITERION_OF = {
    DismissReason.OTHER_THEME: "themes",
    DismissReason.OTHER_PLACE: "area",
    DismissReason.OTHER_STAGE: "process_parts",
    DismissReason.OTHER_SUPPORT: "support_kind",
    DismissReason.AMOUNT: "amount",
}
#: Counties with the three large cities.
LARGE_CITIES = {"SE-01", "SE-12", "SE-14"}
_SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True)
class Decision:
    """What a giver did with an initiative for one offer. `gain` is 0 for a case that was put aside."""

    offer: int
    initiative: int
    at: datetime
    gain: float
    criterion: int | None = None


@dataclass(frozen=True)
class _Ranked:
    """An offer's matches, best first."""

    initiatives: list[int]
    features: NDArray[np.float64]
    groups: dict[str, tuple[str, ...]]


def decisions() -> list[Decision]:
    """Return the newest decision that says most for each pair, oldest first; what is reset is left out."""
    forgotten = dict(
        LearningReset.objects.filter(forget_before__isnull=False).values_list(
            "organisation_id", "forget_before"
        )
    )
    owners = dict(SupportOffer.objects.values_list("pk", "organisation_id"))
    best: dict[tuple[int, int], Decision] = {}
    for one in _every_decision():
        before = forgotten.get(owners.get(one.offer, 0))
        known = best.get((one.offer, one.initiative))
        if (before is None or one.at >= before) and (known is None or one.gain > known.gain):
            best[one.offer, one.initiative] = one
    return sorted(best.values(), key=lambda one: (one.at, one.offer, one.initiative))[-MOST_DECISIONS:]


def _every_decision() -> Iterator[Decision]:
    entries = ShortlistEntry.objects.exclude(stage=Stage.SUGGESTED)
    for offer, initiative, stage, reason, at in entries.values_list(
        "offer_id", "initiative_id", "stage", "reason", "changed_at"
    ):
        if stage not in (Stage.DISMISSED, Stage.DECLINED):
            # What is in dialogue or has got support was picked out too; those say more of their own, below.
            yield Decision(offer, initiative, at, GAINS["shortlist"])
        else:
            name = CRITERION_OF.get(DismissReason(reason))
            place = codes.CRITERIA.index(name) if name else None
            yield Decision(offer, initiative, at, 0.0, place)
    # What the giver chose: to ask, or to say yes to a question. That somebody asks them is no choice of theirs.
    chosen = Introduction.objects.filter(Q(asked_side=Side.OFFER) | Q(state=IntroductionState.ACCEPTED))
    for offer, initiative, side, asked_at, answered_at in chosen.values_list(
        "offer_id", "initiative_id", "asked_side", "asked_at", "answered_at"
    ):
        at = asked_at if side == Side.OFFER or answered_at is None else answered_at
        yield Decision(offer, initiative, at, GAINS["contact"])
    given = SupportGiven.objects.filter(
        offer__isnull=False, initiative__isnull=False, decided_on__isnull=False
    )
    for offer_id, initiative_id, day in given.values_list("offer_id", "initiative_id", "decided_on"):
        if offer_id and initiative_id and day:
            at = timezone.make_aware(datetime.combine(day, time(12)))
            yield Decision(offer_id, initiative_id, at, GAINS["support"])


def judged_lists(frozen: Frozen) -> list[JudgedList]:
    """Return one list a decision, under the current run. Two queries an offer that something was decided for."""
    of_offers: dict[int, list[Decision]] = defaultdict(list)
    for one in decisions():
        of_offers[one.offer].append(one)
    lists: list[JudgedList] = []
    for offer, taken in sorted(of_offers.items()):
        lists += _lists_of(offer, taken, frozen)
    return lists


def _lists_of(offer: int, taken: list[Decision], frozen: Frozen) -> Iterator[JudgedList]:
    giver = SupportOffer.objects.filter(pk=offer).values_list("organisation_id", flat=True).first()
    kinds = sorted(SupportLine.objects.filter(offer=offer).values_list("kind", flat=True))
    ranked = _ranked(offer, frozen)
    row_of = {initiative: row for row, initiative in enumerate(ranked.initiatives)}
    decided_at = {row_of[one.initiative]: one.at for one in taken if one.initiative in row_of}
    for one in taken:
        mine = row_of.get(one.initiative)
        if mine is None:
            continue
        # What had been decided before stood there no more; what was decided later was not left alone.
        left = [row for row in range(len(row_of)) if decided_at.get(row) is None or decided_at[row] >= one.at]
        place = left.index(mine)
        shown = left[:LISTED] if place < LISTED else [*left[: LISTED - 1], mine]
        places = [left.index(row) for row in shown]
        here = shown.index(mine)
        features = ranked.features[shown]
        if one.gain == GAINS["support"]:
            # History knows of the support itself, so it cannot be learned from it.
            features[:, codes.CRITERIA.index("history")] = 0.0
        yield JudgedList(
            features=features,
            gain=np.where(np.arange(len(shown)) == here, one.gain, 0.0),
            place=np.array(places),
            dismissed=((here, one.criterion),) if not one.gain and one.criterion is not None else (),
            aside=tuple(
                place
                for place, row in enumerate(shown)
                if row in decided_at and (row != mine or (not one.gain and one.criterion is None))
            ),
            at=one.at.timestamp() / _SECONDS_A_DAY,
            giver=str(giver),
            kind=kinds[0] if kinds else "",
            groups={way: tuple(labels[row] for row in shown) for way, labels in ranked.groups.items()},
        )


def _ranked(offer: int, frozen: Frozen) -> _Ranked:
    rows = list(
        Match.objects.shown_to_givers()
        .filter(offer=offer)
        .order_by("-fit", "initiative__public_id")
        .values_list(
            "initiative_id",
            "numbers",
            "rules",
            "initiative__language",
            "initiative__public_area_codes",
            "initiative__organisation__kind",
        )
    )
    means = frozen.analysis.mean_array()
    features = np.zeros((len(rows), len(codes.CRITERIA)))
    for row, (_, numbers, rules, *_rest) in enumerate(rows):
        stored = unpack(numbers, rules, frozen.analysis, frozen.weights)
        features[row] = np.where(stored.known, np.array(stored.values) - means, 0.0)
    return _Ranked(
        [row[0] for row in rows],
        features,
        {
            "language": tuple(row[3] for row in rows),
            "county": tuple(county_class(row[4]) for row in rows),
            # Nobody is asked how large they are; the kind of organisation is the nearest that is known.
            "organisation": tuple(row[5] or "" for row in rows),
        },
    )


def county_class(areas: list[str] | None) -> str:
    """Return where an initiative works, coarsely: large cities' counties, other counties, wider, unknown."""
    if not areas:
        return ""
    # A municipality's code begins with its county's: SE-1480 lies in SE-14.
    counties = {code[: len("SE-14")] for code in areas if code.startswith("SE-")}
    if not counties:
        return "wider"
    return "large cities" if counties & LARGE_CITIES else "other counties"
