"""Full runs: carry one out and publish it at once.

Rows are the truth: a run that was killed is begun again by whoever holds its outbox message. What is
published stays published until the next run is whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from brygga.taxonomy.selectors import current_taxonomy
from matching.engine.collection import Stamp, current_trees, stamps_of_initiatives, stamps_of_offers
from matching.engine.control import ENGINE_VERSION, waiting_run
from matching.engine.encoding import (
    open_offers,
    published_initiatives,
    read_initiatives,
    read_offers,
    today,
)
from matching.engine.enums import RunState
from matching.engine.models import Match, MatchAnalysis, MatchRun, ProfileScoring
from matching.engine.rescoring import rescore_rows
from matching.engine.storing import write_matches
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import encode_initiatives, encode_offers
from matching.kernel.combine import Weights
from matching.kernel.fitting import fit_analysis
from matching.kernel.topk import PairTable, match_all

#: Matches kept of each initiative and of each offer.
KEPT = 50
#: Published runs kept: the current one and the one to go back to.
RUNS_KEPT = 2
_RUN_LOCK = 7_402_001

Tell = Callable[[str], None]


class RunBusy(Exception):
    """Another run is being carried out; ask again later."""


def run_now(*, now: datetime, tell: Tell | None = None) -> MatchRun:
    """Carry out a full run in this process; waits for one that is under way. Returns it, published."""
    return execute_run(run_id=waiting_run(now=now).pk, now=now, tell=tell, wait=True)


def execute_run(*, run_id: int, now: datetime, tell: Tell | None = None, wait: bool = False) -> MatchRun:
    """Carry out a run and publish it. Safe to run twice; one run at a time.

    Raises RunBusy when another is under way and `wait` is false. A run that fails is marked so with
    its error, which is raised again; what was published stays.
    """
    with _only_run(wait):
        run = MatchRun.objects.get(pk=run_id)
        if run.state in (RunState.PUBLISHED, RunState.FAILED):
            return run
        # A run that says it is running and does not hold the lock was killed: it begins anew.
        MatchRun.objects.filter(pk=run.pk).update(
            state=RunState.RUNNING,
            started_at=timezone.now(),
            initiatives_done=0,
            matches_found=0,
            engine_version=ENGINE_VERSION,
            error="",
        )
        try:
            _carry_out(run, now, tell or (lambda line: None))
        except Exception as error:
            MatchRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
                state=RunState.FAILED,
                error=f"{type(error).__name__}: {error}"[:500],
                finished_at=timezone.now(),
            )
            Match.objects.filter(from_run=run.pk).delete()
            raise
        _prune()
        run.refresh_from_db()
        return run


@contextmanager
def _only_run(wait: bool) -> Iterator[None]:
    """Hold the lock that makes runs go one at a time; the database lets go of it when we die."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_RUN_LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_RUN_LOCK])
            row = cursor.fetchone()
            if not row or not row[0]:
                raise RunBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_RUN_LOCK])


@dataclass(frozen=True)
class _Snapshot:
    """Stamps of every profile as the run has read it."""

    initiatives: dict[int, Stamp]
    offers: dict[int, Stamp]

    @classmethod
    def take(cls, now: datetime) -> _Snapshot:
        return cls(stamps_of_initiatives(), stamps_of_offers(now))

    def digest(self, taxonomy_version: object) -> str:
        content = repr((sorted(self.initiatives.items()), sorted(self.offers.items()), taxonomy_version))
        return hashlib.sha256(content.encode()).hexdigest()

    def changed_since(self, earlier: _Snapshot) -> tuple[list[int], list[int]]:
        """Return the initiatives and offers that came, changed or went after `earlier`."""
        return (
            _differing(earlier.initiatives, self.initiatives),
            _differing(earlier.offers, self.offers),
        )


def _differing(earlier: dict[int, Stamp], later: dict[int, Stamp]) -> list[int]:
    return [key for key in earlier.keys() | later.keys() if earlier.get(key) != later.get(key)]


def _carry_out(run: MatchRun, now: datetime, tell: Tell) -> None:
    trees = current_trees()
    # Stamps first: what changes while we read is found again before publishing.
    snapshot = _Snapshot.take(now)
    initiative_rows = [(row.pk, facts) for row, facts in read_initiatives(published_initiatives(), now)]
    offer_rows = [(row.pk, facts) for row, facts in read_offers(open_offers(now))]
    initiatives = encode_initiatives([facts for _, facts in initiative_rows], trees)
    offers = encode_offers([facts for _, facts in offer_rows], trees)
    tell(f"{len(initiatives)} initiatives and {len(offers)} offers read")
    weights = Weights()
    stored = MatchAnalysis.objects.create(
        engine_version=ENGINE_VERSION, weights=asdict(weights), payload=b"", created_at=now
    )
    analysis = fit_analysis(initiatives, offers, now_day=today(now), number=stored.pk)
    MatchAnalysis.objects.filter(pk=stored.pk).update(payload=analysis.to_bytes())
    MatchRun.objects.filter(pk=run.pk).update(
        analysis=stored,
        weights=asdict(weights),
        input_digest=snapshot.digest(current_taxonomy().version),
        initiatives=len(initiatives),
        offers=len(offers),
    )
    run.refresh_from_db()
    table = _match(run, initiatives, offers, analysis, weights, now, tell)
    write_matches(
        table,
        analysis_id=stored.pk,
        run_id=run.pk,
        initiative_keys=np.array([key for key, _ in initiative_rows], dtype=np.int64),
        offer_keys=np.array([key for key, _ in offer_rows], dtype=np.int64),
        now=timezone.now(),
    )
    tell(f"{len(table)} matches stored")
    _publish(run, snapshot, now, tell)


def _match(
    run: MatchRun,
    initiatives: Any,
    offers: Any,
    analysis: Analysis,
    weights: Weights,
    now: datetime,
    tell: Tell,
) -> PairTable:
    def progress(done: int) -> None:
        MatchRun.objects.filter(pk=run.pk).update(initiatives_done=done)
        tell(f"{done} of {len(initiatives)} initiatives matched")

    return match_all(initiatives, offers, analysis, weights, today(now), k=KEPT, progress=progress)


def _publish(run: MatchRun, snapshot: _Snapshot, now: datetime, tell: Tell) -> None:
    """Renew what has changed since the snapshot, then make the run current, in one transaction."""
    while True:
        later = _Snapshot.take(now)
        initiatives, offers = later.changed_since(snapshot)
        if len(initiatives) + len(offers) <= 3:
            break
        tell(f"{len(initiatives) + len(offers)} profiles changed meanwhile: rescored")
        with transaction.atomic():
            rescore_rows(run=run, initiative_ids=initiatives, offer_ids=offers, now=now)
        snapshot = later
    with transaction.atomic():
        # Rescorings hold the current run's row shared: this waits for them, and those that come
        # after wait for us and then find the new run.
        list(MatchRun.objects.select_for_update().filter(is_current=True))
        later = _Snapshot.take(now)
        initiatives, offers = later.changed_since(snapshot)
        rescore_rows(run=run, initiative_ids=initiatives, offer_ids=offers, now=now)
        moment = timezone.now()
        MatchRun.objects.filter(is_current=True).update(is_current=False)
        MatchRun.objects.filter(pk=run.pk).update(
            state=RunState.PUBLISHED,
            is_current=True,
            matches_found=Match.objects.of(run).count(),
            finished_at=moment,
            published_at=moment,
        )
        _mark_done(later, moment)


def _mark_done(snapshot: _Snapshot, moment: datetime) -> None:
    """Say of the profiles that waited for rescoring that they are up to date, as this run saw them."""
    waiting = ProfileScoring.objects.filter(done_revision__lt=F("asked_revision"))
    for scoring in waiting.only("asked_revision", "initiative_id", "offer_id").iterator(chunk_size=1000):
        stamp = (
            snapshot.initiatives.get(scoring.initiative_id)
            if scoring.initiative_id
            else snapshot.offers.get(scoring.offer_id or 0)
        )
        if stamp is None or stamp[0] >= scoring.asked_revision:
            ProfileScoring.objects.filter(pk=scoring.pk, asked_revision=scoring.asked_revision).update(
                done_revision=scoring.asked_revision, done_at=moment
            )


def _prune() -> None:
    """Delete runs that nobody can go back to, their matches and their analyses."""
    kept = list(
        MatchRun.objects.filter(state=RunState.PUBLISHED)
        .order_by("-is_current", "-published_at")
        .values_list("pk", flat=True)[:RUNS_KEPT]
    )
    analyses = MatchRun.objects.filter(pk__in=kept).values("analysis")
    Match.objects.exclude(analysis__in=analyses).delete()
    MatchRun.objects.filter(state=RunState.PUBLISHED).exclude(pk__in=kept).delete()
    failed = MatchRun.objects.filter(state=RunState.FAILED).order_by("-pk").values_list("pk", flat=True)
    MatchRun.objects.filter(pk__in=list(failed[20:])).delete()
    MatchAnalysis.objects.filter(runs__isnull=True).delete()
