"""Renew one profile's matches in the current run, with that run's frozen analysis.

The numbers are those that a full run with the same analysis gives. Of the stored set (the best of
each initiative and of each offer together) a changed profile's own part is exact; that it pushes
somebody out of another's list is left to the next full run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import Collection, collection_for
from matching.engine.encoding import open_offers, published_initiatives, read_initiatives, read_offers
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.engine.storing import pack_rules, pack_values
from matching.engine.suggesting import settle
from matching.kernel import codes
from matching.kernel.arrays import encode_initiatives, encode_offers
from matching.kernel.scoring import BlockScores, PreparedOffers, score_block
from matching.kernel.topk import match_rows

KEPT = 50
_LOCKS = {True: 7_402_002, False: 7_402_003}


class NoCurrentRun(Exception):
    """Nothing has been published yet: a full run is needed first."""


@transaction.atomic
def rescore_initiative(*, initiative_id: int, now: datetime) -> None:
    """Renew an initiative's matches, or remove them if it no longer takes part. Safe to run twice.

    Raises NoCurrentRun.
    """
    _rescore(is_initiative=True, pk=initiative_id, now=now)


@transaction.atomic
def rescore_offer(*, offer_id: int, now: datetime) -> None:
    """Renew an offer's matches, or remove them if it no longer takes part. Raises NoCurrentRun."""
    _rescore(is_initiative=False, pk=offer_id, now=now)


def _rescore(*, is_initiative: bool, pk: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        # One at a time per profile, so that an older state never overwrites a newer one.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS[is_initiative], pk])
    run = _current_run_shared()
    side = {"initiative_id": pk} if is_initiative else {"offer_id": pk}
    # The revision is read before the profile: what is newer than that is asked for by itself.
    model: Any = Initiative if is_initiative else SupportOffer
    revision = model.objects.filter(pk=pk).values_list("revision", flat=True).first()
    if revision is None:
        return
    rescore_rows(
        run=run,
        initiative_ids=[pk] if is_initiative else [],
        offer_ids=[] if is_initiative else [pk],
        now=now,
    )
    settle(
        run,
        now=now,
        at=timezone.now(),
        initiative_ids=[pk] if is_initiative else [],
        offer_ids=[] if is_initiative else [pk],
    )
    ProfileScoring.objects.filter(**side, done_revision__lt=revision).update(
        done_revision=revision, done_at=timezone.now()
    )


def _current_run_shared() -> MatchRun:
    """Return the current run, held so that no other can be published before we are done."""
    for _ in range(3):
        current = MatchRun.objects.filter(is_current=True).values_list("pk", flat=True).first()
        if current is None:
            break
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM matching_matchrun WHERE id = %s AND is_current FOR SHARE", [current]
            )
            if cursor.fetchone():
                return MatchRun.objects.get(pk=current)
    raise NoCurrentRun


def rescore_rows(
    *, run: MatchRun, initiative_ids: Sequence[int], offer_ids: Sequence[int], now: datetime
) -> None:
    """Replace the rows of some profiles in a run. Inside the caller's transaction."""
    if not initiative_ids and not offer_ids:
        return
    collection = collection_for(run, now)
    for pk in initiative_ids:
        _replace(run, _initiative_rows(collection, pk, now), is_initiative=True, pk=pk)
    for pk in offer_ids:
        _replace(run, _offer_rows(collection, pk, now), is_initiative=False, pk=pk)


@dataclass(frozen=True)
class _Pair:
    """One scored pair that may meet: `other` is the primary key of the other side."""

    other: int
    other_key: str
    fit: float
    confidence: float
    verdict: str
    numbers: bytes
    rules: int


def _initiative_rows(collection: Collection, pk: int, now: datetime) -> list[_Pair]:
    found = list(read_initiatives(published_initiatives().filter(pk=pk), now))
    if not found:
        return []
    frozen = collection.frozen
    arrays = encode_initiatives([found[0][1]], frozen.trees)
    pairs: list[_Pair] = []
    for block in collection.offers(now):
        scores = score_block(arrays, block.encoded, frozen.analysis, frozen.weights, collection.day)
        keys = block.encoded.arrays.keys
        for column in np.flatnonzero(scores.eligible[0] & block.is_valid):
            pairs.append(_pair(scores, (0, int(column)), int(block.keys[column]), keys[column]))
    return pairs


def _offer_rows(collection: Collection, pk: int, now: datetime) -> list[_Pair]:
    found = list(read_offers(open_offers(now).filter(pk=pk)))
    if not found:
        return []
    frozen = collection.frozen
    prepared = PreparedOffers(encode_offers([found[0][1]], frozen.trees), frozen.analysis)
    pairs: list[_Pair] = []
    for block, initiatives in collection.prepared_initiatives(now):
        # The best one of one offer: every initiative that may meet it.
        table, _ = match_rows(
            initiatives, prepared, frozen.analysis, frozen.weights, collection.day, 0, len(initiatives), KEPT
        )
        table = table.take(block.is_valid[table.initiative])
        numbers, rules = pack_values(table.values, table.known), pack_rules(table.requirement_verdicts)
        pairs += [
            _Pair(
                other=int(block.keys[table.initiative[row]]),
                other_key=block.encoded.keys[table.initiative[row]],
                fit=float(table.fit[row]),
                confidence=float(table.confidence[row]),
                verdict=codes.VERDICTS[table.verdict[row]],
                numbers=numbers[row].tobytes(),
                rules=int(rules[row]),
            )
            for row in range(len(table))
        ]
    return pairs


def _pair(scores: BlockScores, place: tuple[int, int], other: int, other_key: str) -> _Pair:
    return _Pair(
        other=other,
        other_key=other_key,
        fit=float(scores.fit[place]),
        confidence=float(scores.confidence[place]),
        verdict=codes.VERDICTS[scores.verdict[place]],
        numbers=pack_values(scores.values[place], scores.known[place]).tobytes(),
        rules=int(pack_rules(scores.requirement_verdicts[place])),
    )


_WRITTEN = ("fit", "confidence", "verdict", "numbers", "rules")


def _replace(run: MatchRun, pairs: list[_Pair], *, is_initiative: bool, pk: int) -> None:
    """Make the stored pairs of one profile those of `pairs` that belong there; write differences only."""
    mine, theirs = ("initiative_id", "offer_id") if is_initiative else ("offer_id", "initiative_id")
    if run.analysis_id is None:
        raise NoCurrentRun
    pairs = sorted(pairs, key=lambda pair: (-pair.fit, pair.other_key))
    chosen = pairs[:KEPT]
    if len(pairs) > KEPT:
        last = _last_kept(run, mine, pk, theirs, [pair.other for pair in pairs[KEPT:]])
        chosen += [pair for pair in pairs[KEPT:] if pair.fit > last.get(pair.other, -1.0)]
    rows = Match.objects.filter(analysis_id=run.analysis_id, to_run__isnull=True, **{mine: pk})
    stored = {
        other: (key, fit, confidence, verdict, bytes(numbers), rules)
        for key, other, fit, confidence, verdict, numbers, rules in rows.values_list("pk", theirs, *_WRITTEN)
    }
    wanted = {pair.other: tuple(getattr(pair, name) for name in _WRITTEN) for pair in chosen}
    outdated = [row[0] for other, row in stored.items() if wanted.get(other) != row[1:]]
    Match.objects.filter(pk__in=outdated).delete()
    now = timezone.now()
    Match.objects.bulk_create(
        (
            Match(
                analysis_id=run.analysis_id,
                from_run=run.pk,
                scored_at=now,
                **{mine: pk, theirs: other},
                **dict(zip(_WRITTEN, numbers, strict=True)),
            )
            for other, numbers in wanted.items()
            if other not in stored or stored[other][1:] != numbers
        ),
        batch_size=500,
    )


def _last_kept(run: MatchRun, mine: str, pk: int, theirs: str, others: list[int]) -> dict[int, float]:
    """Return, for those whose list is full without this profile, the fit of the last in it."""
    ranked = (
        Match.objects.filter(analysis_id=run.analysis_id, to_run__isnull=True, **{f"{theirs}__in": others})
        .exclude(**{mine: pk})
        .annotate(place=Window(RowNumber(), partition_by=theirs, order_by="-fit"))
        .filter(place=KEPT)
    )
    return dict(ranked.values_list(theirs, "fit"))
