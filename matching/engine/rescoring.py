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
from django.utils import timezone
from numpy.typing import NDArray

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import Collection, collection_for
from matching.engine.encoding import open_offers, published_initiatives, read_initiatives, read_offers
from matching.engine.keeping import forget_if_open, take_away
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.engine.storing import Rows, copy_rows
from matching.engine.suggesting import settle
from matching.kernel import codes
from matching.kernel.arrays import encode_initiatives, encode_offers
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers
from matching.kernel.topk import PairTable, match_rows

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
        _replace(run, _initiative_rows(collection, pk, now), now, is_initiative=True, pk=pk)
    for pk in offer_ids:
        _replace(run, _offer_rows(collection, pk, now), now, is_initiative=False, pk=pk)


@dataclass(frozen=True)
class _Pairs:
    """The pairs of one profile that may meet, as they are stored; `order` is what breaks ties."""

    rows: Rows
    order: NDArray[np.int64]

    @classmethod
    def of(cls, tables: list[tuple[PairTable, NDArray[np.int64], NDArray[np.int64], list[str]]]) -> _Pairs:
        """Join tables; of each the primary keys of its initiatives and offers, and the others' public ids."""
        joined = Rows.joined([Rows.of_table(table, mine, theirs) for table, mine, theirs, _ in tables])
        names = [name for *_, found in tables for name in found]
        order = np.empty(len(names), dtype=np.int64)
        order[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        return cls(joined, order)


def _initiative_rows(collection: Collection, pk: int, now: datetime) -> _Pairs:
    found = list(read_initiatives(published_initiatives().filter(pk=pk), now))
    if not found:
        return _Pairs.of([])
    frozen = collection.frozen
    one = PreparedInitiatives.of(encode_initiatives([found[0][1]], frozen.trees), frozen.analysis)
    tables = []
    for block in collection.offers(now):
        # Of each offer the best of one initiative: every offer that it may meet.
        _, table = match_rows(one, block.encoded, frozen.analysis, frozen.weights, collection.day, 0, 1, KEPT)
        table = table.take(block.is_valid[table.offer])
        keys = block.encoded.arrays.keys
        tables.append((table, np.array([pk]), block.keys, [keys[place] for place in table.offer.tolist()]))
    return _Pairs.of(tables)


def _offer_rows(collection: Collection, pk: int, now: datetime) -> _Pairs:
    found = list(read_offers(open_offers(now).filter(pk=pk)))
    if not found:
        return _Pairs.of([])
    frozen = collection.frozen
    prepared = PreparedOffers(encode_offers([found[0][1]], frozen.trees), frozen.analysis)
    tables = []
    for block, initiatives in collection.prepared_initiatives(now):
        # Rules first: of those that break none all numbers are wanted, of the others nothing.
        verdicts = requirement_verdicts(initiatives.arrays, prepared.arrays, collection.day)
        may_meet = overall_verdict(verdicts)[:, 0] != codes.DOES_NOT_FIT
        chosen = np.flatnonzero(may_meet & block.is_valid)
        few = initiatives.rows(chosen)
        # The best one of one offer: every initiative that may meet it.
        table, _ = match_rows(
            few, prepared, frozen.analysis, frozen.weights, collection.day, 0, len(few), KEPT
        )
        keys = few.arrays.keys
        tables.append(
            (table, block.keys[chosen], np.array([pk]), [keys[place] for place in table.initiative.tolist()])
        )
    return _Pairs.of(tables)


def _replace(run: MatchRun, pairs: _Pairs, now: datetime, *, is_initiative: bool, pk: int) -> None:
    """Make the stored pairs of one profile those of `pairs` that belong there; write differences only."""
    if run.analysis_id is None:
        raise NoCurrentRun
    rows = pairs.rows.take(np.lexsort((pairs.order, -pairs.rows.fit.astype(np.int64))))
    others = rows.offer if is_initiative else rows.initiative
    belongs = np.ones(len(rows), dtype=bool)
    belongs[KEPT:] = rows.fit[KEPT:] > _last_kept(run, others[KEPT:], is_initiative=is_initiative, pk=pk)
    rows = rows.take(belongs)
    mine, theirs = ("initiative_id", "offer_id") if is_initiative else ("offer_id", "initiative_id")
    stored = {
        row[0]: row[1:]
        for row in Match.objects.filter(analysis_id=run.analysis_id, to_run__isnull=True, **{mine: pk})
        .values_list(theirs, "pk", "fit", "confidence", "verdict", "numbers", "rules")
        .iterator()
    }
    wanted = list(
        zip(
            (rows.offer if is_initiative else rows.initiative).tolist(),
            (rows.fit / 10_000).tolist(),
            (rows.confidence / 10_000).tolist(),
            [codes.VERDICTS[verdict] for verdict in rows.verdict.tolist()],
            [numbers.astype("<i4").tobytes() for numbers in rows.numbers],
            rows.rules.tolist(),
            strict=True,
        )
    )
    is_new = np.ones(len(rows), dtype=bool)
    for place, (other, *numbers) in enumerate(wanted):
        found = stored.get(other)
        if found is not None and [*found[1:4], bytes(found[4]), found[5]] == numbers:
            is_new[place] = False
            del stored[other]
    # What is left of the stored is no longer so.
    take_away([found[0] for found in stored.values()], run=run, now=now)
    copy_rows(rows.take(is_new), analysis_id=run.analysis_id, run_id=run.pk, now=timezone.now())
    if not is_initiative:
        forget_if_open(pk, now=now)


def _last_kept(
    run: MatchRun, others: NDArray[np.int64], *, is_initiative: bool, pk: int
) -> NDArray[np.uint16]:
    """Return, for each of the others, the fit of the last in its list without this profile, 0 if there is room.

    One short look in an index for each of them: a popular offer has far more pairs than its list has places.
    """
    result = np.zeros(len(others), dtype=np.uint16)
    if not len(others):
        return result
    mine, theirs = ("initiative_id", "offer_id") if is_initiative else ("offer_id", "initiative_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT other.place, last.fit FROM unnest(%s::bigint[]) WITH ORDINALITY other (key, place) "  # noqa: S608 - names of our own
            f"CROSS JOIN LATERAL (SELECT fit FROM matching_match WHERE analysis_id = %s AND to_run IS NULL "
            f"AND {theirs} = other.key AND {mine} <> %s "
            f"ORDER BY fit DESC, {mine} LIMIT 1 OFFSET %s) last",
            [others.tolist(), run.analysis_id, pk, KEPT - 1],
        )
        for place, fit in cursor.fetchall():
            result[place - 1] = round(fit * 10_000)
    return result
