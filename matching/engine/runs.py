"""Full runs: carry them out part by part, here or in workers.

Rows are the truth: whoever asks `work_once` does the next part that nobody holds. What is published
stays published until the next run is whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from matching.engine import encoded, planning, publishing, scoring
from matching.engine.control import waiting_run
from matching.engine.enums import RunState, ShardKind
from matching.engine.leases import (
    MOST_ATTEMPTS,
    LeaseLost,
    begin_run,
    kept_alive,
    own_name,
    take,
    take_back_expired,
    went_wrong,
)
from matching.engine.models import Match, MatchAnalysis, MatchRun, MatchShard
from matching.engine.stages import stage

logger = structlog.get_logger(__name__)
#: Runs whose matches are kept: the current one and the one to go back to.
RUNS_KEPT = 2
#: Records of runs, with their figures but without matches.
RECORDS_KEPT = 50
_LOOK_AGAIN_SECONDS = 0.3

Tell = Callable[[str], None]


class RunBusy(Exception):
    """Another run is being carried out; ask again later."""


class RunNotPublished(Exception):
    """The run has failed or was cancelled; the record says why."""


def run_now(*, now: datetime, tell: Tell | None = None) -> MatchRun:
    """Carry out a full run in this process; waits for one that is under way. Returns it, published.

    Workers that are there help. Raises RunNotPublished when the run was cancelled or failed elsewhere.
    """
    return execute_run(run_id=waiting_run(now=now).pk, now=now, tell=tell, wait=True)


def execute_run(*, run_id: int, now: datetime, tell: Tell | None = None, wait: bool = False) -> MatchRun:
    """Carry out a run and publish it. Safe to run twice; one run at a time.

    Raises RunBusy when another is under way and `wait` is false. A part that goes wrong here fails the
    run at once, and the error is raised again; what was published stays.
    """
    holder = own_name()
    while True:
        run = MatchRun.objects.get(pk=run_id)
        if run.is_over:
            break
        under_way = begin_run(now=timezone.now())
        if under_way is not None and under_way.pk != run_id and not wait:
            raise RunBusy
        if not work_once(holder=holder, now=now, tell=tell, attempts=1):
            # Others hold what is left.
            take_back_expired(now=timezone.now())
            time.sleep(_LOOK_AGAIN_SECONDS)
    if wait and run.state != RunState.PUBLISHED:
        raise RunNotPublished(run.error or run.get_state_display())
    return run


def work_once(
    *,
    holder: str,
    now: datetime,
    tell: Tell | None = None,
    attempts: int = MOST_ATTEMPTS,
    is_worker: bool = False,
) -> bool:
    """Do the next part that nobody holds. Return False when there is none.

    A worker renews its lease from a thread, and only records an error: the part is tried again. With
    `attempts` 1 the run fails at the first error, which is raised.
    """
    shard = take(holder=holder, now=timezone.now())
    if shard is None:
        return False
    run = MatchRun.objects.get(pk=shard.run_id)
    try:
        with kept_alive(shard) if is_worker else nullcontext():
            words = _do(shard, run, now)
    except LeaseLost:
        logger.info("match_shard_given_up", shard=shard.pk, run=run.pk)
    except Exception as error:
        logger.exception("match_shard_failed", shard=shard.pk, run=run.pk, kind=shard.kind)
        _record(shard, error, attempts)
        if not is_worker:
            raise
    else:
        if tell is not None:
            tell(words)
    return True


def _do(shard: MatchShard, run: MatchRun, now: datetime) -> str:
    if shard.kind == ShardKind.PLAN:
        with stage("plan"):
            return planning.plan(shard, run, now)
    if shard.kind == ShardKind.SCORE:
        with stage("score"):
            return scoring.score(shard, run)
    with stage("publish"):
        words = publishing.publish(shard, run)
    encoded.forget()
    with stage("prune"):
        prune(now=timezone.now())
    return words


def _record(shard: MatchShard, error: Exception, attempts: int) -> None:
    """Write down what went wrong, over a new connection if the old one is broken."""
    if isinstance(error, DatabaseError | InterfaceError) and not connection.in_atomic_block:
        close_old_connections()
    try:
        went_wrong(shard, error=error, now=timezone.now(), most=attempts)
    except (DatabaseError, InterfaceError):
        # The database is away: the lease passes, and the part is handed out again.
        logger.warning("match_shard_unrecorded", shard=shard.pk)


def prune(*, now: datetime) -> None:
    """Delete matches that nobody can go back to, and records of old runs."""
    published = MatchRun.objects.filter(state=RunState.PUBLISHED).order_by("-is_current", "-published_at")
    kept = list(published.values_list("pk", "analysis")[:RUNS_KEPT])
    if not kept:
        return
    analyses = {analysis for _, analysis in kept}
    # What is kept for givers stays, until their support is open again.
    Match.objects.exclude(analysis__in=analyses).filter(
        kept_at__isnull=True,
        analysis__in=MatchAnalysis.objects.exclude(runs__state=RunState.RUNNING).values("pk"),
    )._raw_delete(using="default")
    Match.objects.filter(
        kept_at__isnull=True, to_run__isnull=False, to_run__lte=min(run for run, _ in kept)
    )._raw_delete(using="default")
    over = MatchRun.objects.exclude(state__in=[RunState.WAITING, RunState.RUNNING])
    newest = list(over.order_by("-pk").values_list("pk", flat=True)[:RECORDS_KEPT])
    over.exclude(pk__in=[*newest, *(run for run, _ in kept)]).delete()
    MatchRun.objects.filter(state=RunState.PUBLISHED).exclude(analysis__in=analyses).update(analysis=None)
    # One that is just being learned belongs to no run yet.
    MatchAnalysis.objects.filter(runs__isnull=True, created_at__lt=now - timedelta(days=1)).delete()
    MatchAnalysis.objects.filter(runs__isnull=True).exclude(payload=b"").delete()
