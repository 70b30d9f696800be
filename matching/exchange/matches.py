"""Matches as exchange lines: every number, and every reason in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from brygga.organisations.profiles import Profile
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import Block, Collection, frozen_for
from matching.engine.encoding import (
    initiative_facts,
    offer_facts,
    open_offers,
    published_initiatives,
    read_initiatives,
    read_offers,
    today,
)
from matching.engine.explaining import reasons_of, sentence
from matching.engine.models import Match, MatchRun
from matching.engine.rescoring import KEPT
from matching.engine.selectors import for_explaining
from matching.engine.storing import StoredNumbers, pack_rules, pack_values, unpack
from matching.exchange.writing import reference
from matching.kernel import codes
from matching.kernel.arrays import InitiativeArrays
from matching.kernel.combine import base as base_fit
from matching.kernel.facts import InitiativeFacts, OfferFacts
from matching.kernel.scoring import BlockScores, PreparedOffers, score_block

Line = dict[str, Any]
#: Profiles read or scored at a time.
_CHUNK = 64


@dataclass(frozen=True)
class Wanted:
    """What to write. `top` None = all that is stored; `per` is initiative or offer."""

    per: str = "initiative"
    top: int | None = None
    all_verdicts: bool = False
    initiative: Initiative | None = None
    offer: SupportOffer | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the stored matches are enough."""
        return not self.all_verdicts and (self.top is None or self.top <= KEPT)


@dataclass(frozen=True)
class _Pair:
    """One pair's numbers, stored or scored now."""

    initiative: Profile
    offer: Profile
    first: InitiativeFacts
    second: OfferFacts
    verdict: str
    fit: float
    confidence: float
    numbers: StoredNumbers


class MatchWriter:
    """Writes one run's matches."""

    def __init__(self, run: MatchRun, now: datetime) -> None:
        self.run = run
        self.now = now
        self.frozen = frozen_for(run)
        self.base = round(base_fit(self.frozen.analysis.mean_array(), self.frozen.weights), 6)

    def lines(self, wanted: Wanted) -> Iterator[Line]:
        """Yield lines, best first within each initiative (or offer), these in the order of source and id."""
        return self._stored(wanted) if wanted.is_stored else self._scored(wanted)

    # -- from the stored rows ----------------------------------------------------------------------

    def _stored(self, wanted: Wanted) -> Iterator[Line]:
        mine, theirs = ("initiative", "offer") if wanted.per == "initiative" else ("offer", "initiative")
        rows = Match.objects.of(self.run).filter(
            initiative__in=published_initiatives().values("pk"),
            offer__in=open_offers(self.now).values("pk"),
        )
        if wanted.initiative:
            rows = rows.filter(initiative=wanted.initiative)
        if wanted.offer:
            rows = rows.filter(offer=wanted.offer)
        place = Window(
            RowNumber(), partition_by=mine, order_by=[F("fit").desc(), F(f"{theirs}__public_id").asc()]
        )
        for keys in _chunks(self._keys(rows, mine)):
            chosen = for_explaining(rows.filter(**{f"{mine}__in": keys})).annotate(place=place)
            by_key: dict[int, list[Any]] = {key: [] for key in keys}
            for match in chosen.order_by("place"):
                if wanted.top is None or match.place <= wanted.top:
                    by_key[getattr(match, f"{mine}_id")].append(match)
            for key in keys:
                for match in by_key[key]:
                    yield self._line(self._of_row(match), match.place)

    @staticmethod
    def _keys(rows: QuerySet[Match], mine: str) -> list[int]:
        ordered = rows.order_by(f"{mine}__source", f"{mine}__source_id", f"{mine}__public_id")
        return list(dict.fromkeys(ordered.values_list(f"{mine}_id", flat=True)))

    def _of_row(self, match: Match) -> _Pair:
        return _Pair(
            match.initiative,
            match.offer,
            initiative_facts(match.initiative, self.now),
            offer_facts(match.offer),
            match.verdict,
            match.fit,
            match.confidence,
            unpack(match.numbers, match.rules, self.frozen.analysis, self.frozen.weights),
        )

    # -- scored now, with the run's analysis and weights -------------------------------------------

    def _scored(self, wanted: Wanted) -> Iterator[Line]:
        collection = Collection(self.frozen, today(self.now))
        initiatives, offers = collection.initiatives(self.now), collection.offers(self.now)
        if not initiatives or not offers:
            return
        # A fresh collection holds each side in one block.
        rows, columns = initiatives[0], offers[0]
        first_facts = [
            facts
            for _, facts in read_initiatives(Initiative.objects.filter(pk__in=rows.keys.tolist()), self.now)
        ]
        second_facts = [
            facts for _, facts in read_offers(SupportOffer.objects.filter(pk__in=columns.keys.tolist()))
        ]
        first = _profiles(Initiative, wanted.initiative, rows)
        second = _profiles(SupportOffer, wanted.offer, columns)
        by_initiative = wanted.per == "initiative"
        outer, inner = (first, second) if by_initiative else (second, first)
        for places in _chunks([place for place, _ in outer]):
            picked = np.array(places, dtype=np.int64)
            others = np.array([place for place, _ in inner], dtype=np.int64)
            of_initiatives, of_offers = (picked, others) if by_initiative else (others, picked)
            scores = self._scores(rows, columns, of_initiatives, of_offers)
            named = dict(outer)
            for number, place in enumerate(places):
                yield from self._ranked(
                    wanted,
                    scores,
                    (number, named[place]),
                    inner,
                    lambda mine, other: (
                        (first_facts[mine], second_facts[other])
                        if by_initiative
                        else (first_facts[other], second_facts[mine])
                    ),
                    place,
                )

    def _scores(
        self,
        rows: Block[InitiativeArrays],
        columns: Block[PreparedOffers],
        of_initiatives: Any,
        of_offers: Any,
    ) -> BlockScores:
        prepared = columns.encoded
        if not np.array_equal(of_offers, np.arange(len(columns.keys))):
            prepared = PreparedOffers(columns.encoded.arrays.rows(of_offers), self.frozen.analysis)
        return score_block(
            rows.encoded.rows(of_initiatives),
            prepared,
            self.frozen.analysis,
            self.frozen.weights,
            today(self.now),
        )

    def _ranked(
        self,
        wanted: Wanted,
        scores: BlockScores,
        mine: tuple[int, Profile],
        others: Sequence[tuple[int, Profile]],
        facts: Any,
        place: int,
    ) -> Iterator[Line]:
        number, profile = mine
        by_initiative = wanted.per == "initiative"

        def at(other: int) -> tuple[int, int]:
            return (number, other) if by_initiative else (other, number)

        order = sorted(
            range(len(others)), key=lambda other: (-float(scores.fit[at(other)]), others[other][1].public_id)
        )
        eligible = [other for other in order if scores.eligible[at(other)]]
        stopped = [other for other in order if not scores.eligible[at(other)]] if wanted.all_verdicts else []
        ranked: list[tuple[int, int | None]] = [
            (other, rank)
            for rank, other in enumerate(eligible, start=1)
            if not wanted.top or rank <= wanted.top
        ]
        ranked += [(other, None) for other in stopped]
        for other, rank in ranked:
            there = at(other)
            first, second = facts(place, others[other][0])
            pair = _Pair(
                profile if by_initiative else others[other][1],
                others[other][1] if by_initiative else profile,
                first,
                second,
                codes.VERDICTS[scores.verdict[there]],
                float(scores.fit[there]),
                float(scores.confidence[there]),
                unpack(
                    pack_values(scores.values[there], scores.known[there]).tobytes(),
                    int(pack_rules(scores.requirement_verdicts[there])),
                    self.frozen.analysis,
                    self.frozen.weights,
                ),
            )
            yield self._line(pair, rank)

    # -- one line ----------------------------------------------------------------------------------

    def _line(self, pair: _Pair, rank: int | None) -> Line:
        reasons = reasons_of(
            self.frozen,
            pair.first,
            pair.second,
            numbers=pair.numbers,
            now=self.now,
        )
        requirements = [
            {
                "requirement": reason.criterion,
                "verdict": reason.verdict,
                "reason_sv": sentence(reason, "sv", "initiative"),
                "reason_en": sentence(reason, "en", "initiative"),
            }
            for reason in reasons
            if reason.is_requirement
        ]
        return {
            "initiative": reference(pair.initiative),
            "offer": reference(pair.offer),
            "rank": rank,
            "shown_rank": rank,
            "fit": pair.fit,
            "confidence": pair.confidence,
            "verdict": pair.verdict,
            "base": self.base,
            "criteria": [
                {
                    "criterion": reason.criterion,
                    "verdict": reason.verdict,
                    "value": reason.value,
                    "weight": reason.weight,
                    "contribution": reason.contribution,
                    "reason_sv": sentence(reason, "sv", "initiative"),
                    "reason_en": sentence(reason, "en", "initiative"),
                }
                for reason in reasons
                if not reason.is_requirement
            ],
            "requirements": requirements,
            "stopped_by": [rule["requirement"] for rule in requirements if rule["verdict"] == "does_not_fit"],
            "run": self.run.pk,
        }


def _profiles(model: Any, only: Profile | None, block: Block[Any]) -> list[tuple[int, Profile]]:
    """Return (place in the block, row) in the order of source and id."""
    place = {int(key): number for number, key in enumerate(block.keys)}
    rows = model.objects.filter(pk__in=place if only is None else [only.pk])
    rows = rows.only("pk", "public_id", "source", "source_id").order_by("source", "source_id", "public_id")
    return [(place[row.pk], row) for row in rows if row.pk in place]


def _chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    for first in range(0, len(keys), _CHUNK):
        yield list(keys[first : first + _CHUNK])
