"""One profile against everything on the other side that its people may see. Loads the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import collection_for
from matching.engine.encoding import (
    initiative_facts,
    offer_facts,
    with_initiative_facts,
    with_offer_facts,
)
from matching.engine.selectors import current_run
from matching.kernel import codes
from matching.kernel.arrays import InitiativeArrays, OfferArrays, encode_initiatives, encode_offers
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from matching.kernel.facts import InitiativeFacts, OfferFacts
from matching.kernel.joining import joined
from matching.kernel.scoring import BlockScores, score_block
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.users.models import User

Facts = TypeVar("Facts", InitiativeFacts, OfferFacts)
Others = TypeVar("Others", InitiativeArrays, OfferArrays)


@dataclass(frozen=True)
class Against(Generic[Facts, Others]):
    """One profile's facts, and m others with what the rules say of each.

    `keys` are the others' primary keys. `fit` and `contributions` are 0 where only rules were asked.
    """

    facts: Facts
    others: Others
    keys: NDArray[np.int64]
    verdicts: NDArray[np.int8]
    fit: NDArray[np.float64]
    contributions: NDArray[np.float64]
    day: float

    @property
    def may_meet(self) -> NDArray[np.bool_]:
        """Which of the others no rule stops."""
        return np.asarray(overall_verdict(self.verdicts) != codes.DOES_NOT_FIT)

    def best_first(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return rows by fit, and then by key."""
        return rows[np.lexsort((self.others.key_order[rows], -self.fit[rows]))]


def offers_against(
    initiative: Initiative, user: User, now: datetime
) -> Against[InitiativeFacts, OfferArrays] | None:
    """Judge every offer that the user may see for an initiative. None when nothing has been matched yet.

    The numbers are those of the published run. Queries: constant, but for what has changed since the
    process last looked.
    """
    run = current_run()
    if run is None:
        return None
    collection = collection_for(run, now)
    frozen = collection.frozen
    row = with_initiative_facts(Initiative.objects.all()).get(pk=initiative.pk)
    facts = initiative_facts(row, now)
    mine = encode_initiatives([facts], frozen.trees)
    visible = _keys(
        SupportOffer.objects.not_over_on(timezone.localdate(now))
        .visible_to(user)
        .exclude(organisation=initiative.organisation_id)
        .exclude(pk__in=Unsuited.objects.offers_of(initiative))
        .values_list("pk", flat=True)
    )
    parts, keys, scores = [encode_offers([], frozen.trees)], [_keys([])], []
    for block in collection.offers(now):
        places = np.flatnonzero(block.is_valid & np.isin(block.keys, visible))
        parts.append(block.encoded.arrays.rows(places))
        keys.append(block.keys[places])
        block_scores = score_block(mine, block.encoded, frozen.analysis, frozen.weights, collection.day)
        scores.append(_cut(block_scores, places))
    others = joined([part for part in parts if len(part)] or parts[:1])
    verdicts, fit, contributions = _together(scores)
    return Against(facts, others, np.concatenate(keys), verdicts, fit, contributions, collection.day)


def initiatives_against(
    offer: SupportOffer, user: User, now: datetime
) -> Against[OfferFacts, InitiativeArrays] | None:
    """Judge every initiative that the user may see by an offer's rules; see `offers_against`.

    Without numbers: those would have all their texts read anew.
    """
    run = current_run()
    if run is None:
        return None
    collection = collection_for(run, now)
    trees = collection.frozen.trees
    facts = offer_facts(with_offer_facts(SupportOffer.objects.all()).get(pk=offer.pk))
    visible = _keys(
        Initiative.objects.published()
        .visible_to(user)
        .exclude(organisation=offer.organisation_id)
        .values_list("pk", flat=True)
    )
    parts, keys = [encode_initiatives([], trees)], [_keys([])]
    for block in collection.initiatives(now):
        places = np.flatnonzero(block.is_valid & np.isin(block.keys, visible))
        parts.append(block.encoded.rows(places))
        keys.append(block.keys[places])
    others = joined([part for part in parts if len(part)] or parts[:1])
    verdicts = requirement_verdicts(others, encode_offers([facts], trees), collection.day)[:, 0]
    nothing = np.zeros((len(others), len(codes.CRITERIA)))
    return Against(facts, others, np.concatenate(keys), verdicts, nothing[:, 0], nothing, collection.day)


_Scores = tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]


def _cut(scores: BlockScores, places: NDArray[np.int64]) -> _Scores:
    return (
        scores.requirement_verdicts[0, places],
        scores.fit[0, places],
        scores.contributions[0, places],
    )


def _together(scores: list[_Scores]) -> _Scores:
    none = (
        np.zeros((0, len(codes.REQUIREMENTS)), dtype=np.int8),
        np.zeros(0),
        np.zeros((0, len(codes.CRITERIA))),
    )
    verdicts, fit, contributions = zip(none, *scores, strict=True)
    return np.concatenate(verdicts), np.concatenate(fit), np.concatenate(contributions)


def _keys(keys: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(keys, dtype=np.int64)
