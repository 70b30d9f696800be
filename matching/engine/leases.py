"""Who works on which part of a run. Rows are the truth: a lease that passes is handed out again.

Light: nothing of the kernel is loaded. Leases reckon with the real time, whatever day a run is about.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from matching.engine.enums import RunState, ShardKind, ShardState
from matching.engine.models import MatchRun, MatchShard

logger = structlog.get_logger(__name__)
#: So often may a part go wrong, or be lost with its worker, before the run is given up.
MOST_ATTEMPTS = 4
FIRST_WAIT = timedelta(seconds=2)


class LeaseLost(Exception):
    """The part is somebody else's now, or its run is over: what we have done is thrown away."""


def lease_time() -> timedelta:
    """Return how long a part is held without a sign of life."""
    return timedelta(seconds=settings.MATCHING_LEASE_SECONDS)


def own_name() -> str:
    """Return a name for this process and thread."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:120]


@transaction.atomic
def begin_run(*, now: datetime) -> MatchRun | None:
    """Return the run under way; if there is none, begin the one that waits."""
    running = MatchRun.objects.filter(state=RunState.RUNNING).first()
    if running is None:
        waiting = MatchRun.objects.select_for_update(skip_locked=True).filter(state=RunState.WAITING).first()
        # Two may come here at once: the constraint lets one through, the other finds it next time.
        if waiting is None or MatchRun.objects.filter(state=RunState.RUNNING).exists():
            return None
        MatchRun.objects.filter(pk=waiting.pk).update(
            state=RunState.RUNNING, started_at=now, finished_at=None, error=""
        )
        running = waiting
        running.refresh_from_db()
    MatchShard.objects.get_or_create(run=running, kind=ShardKind.PLAN, lo=0)
    return running


def free_parts(*, now: datetime) -> QuerySet[MatchShard]:
    """Return the parts of the run under way that somebody could take. Publishing comes last."""
    parts = MatchShard.objects.filter(run__state=RunState.RUNNING)
    free = parts.filter(state=ShardState.WAITING).filter(Q(not_before=None) | Q(not_before__lte=now))
    if parts.exclude(kind=ShardKind.PUBLISH).exclude(state=ShardState.DONE).exists():
        free = free.exclude(kind=ShardKind.PUBLISH)
    return free


@transaction.atomic
def take(*, holder: str, now: datetime) -> MatchShard | None:
    """Take the next part of the run under way that nobody works on, None when there is none."""
    free = free_parts(now=now)
    shard = (
        free.select_for_update(skip_locked=True, of=("self",))
        .defer("result")
        .order_by("run_id", "lo")
        .first()
    )
    if shard is None:
        return None
    MatchShard.objects.filter(pk=shard.pk).update(
        state=ShardState.LEASED,
        holder=holder,
        lease_until=now + lease_time(),
        heartbeat_at=now,
        started_at=now,
        attempts=F("attempts") + 1,
    )
    shard.refresh_from_db(fields=["state", "holder", "attempts", "lease_until"])
    return shard


def renew(shard: MatchShard, *, now: datetime) -> bool:
    """Say that we are alive. Return whether the part is still ours and its run under way."""
    held = MatchShard.objects.filter(
        pk=shard.pk, state=ShardState.LEASED, holder=shard.holder, run__state=RunState.RUNNING
    )
    return bool(held.update(lease_until=now + lease_time(), heartbeat_at=now))


def finish(shard: MatchShard, *, now: datetime, result: bytes = b"", pairs: int = 0) -> None:
    """Record a part as done, inside the caller's transaction. Raises LeaseLost."""
    # The run is held, so that it can not be cancelled between this look and the commit.
    if not MatchRun.objects.select_for_update().filter(pk=shard.run_id, state=RunState.RUNNING).exists():
        raise LeaseLost
    held = MatchShard.objects.filter(pk=shard.pk, state=ShardState.LEASED, holder=shard.holder)
    if not held.update(
        state=ShardState.DONE,
        holder="",
        lease_until=None,
        finished_at=now,
        error="",
        pairs=pairs,
    ):
        raise LeaseLost
    store_result(shard.pk, result)


def store_result(key: int, content: bytes) -> None:
    """Write what a part has found, tens of megabytes, without writing it out as text first."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("UPDATE matching_matchshard SET result = %b WHERE id = %s", [content, key])


def result_of(key: int) -> bytes:
    """Read what a part has found."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SELECT result FROM matching_matchshard WHERE id = %s", [key], binary=True)
        (content,) = cursor.fetchone() or (b"",)
    return bytes(content)


@transaction.atomic
def went_wrong(shard: MatchShard, *, error: Exception, now: datetime, most: int = MOST_ATTEMPTS) -> None:
    """Put a part back with its error, to be tried later; after `most` attempts the run has failed."""
    words = f"{type(error).__name__}: {error}"[:500]
    run = MatchRun.objects.select_for_update().get(pk=shard.run_id)
    held = MatchShard.objects.filter(pk=shard.pk, state=ShardState.LEASED, holder=shard.holder)
    is_over = shard.attempts >= most
    state = ShardState.FAILED if is_over else ShardState.WAITING
    wait = FIRST_WAIT * 2 ** (shard.attempts - 1)
    if held.update(state=state, holder="", lease_until=None, error=words, not_before=now + wait) and is_over:
        _fail(run, words, now)


def _fail(run: MatchRun, error: str, now: datetime) -> None:
    MatchRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=RunState.FAILED, error=error, finished_at=now
    )


@transaction.atomic
def take_back_expired(*, now: datetime) -> int:
    """Let parts whose holders have gone silent wait again; return how many."""
    silent = list(
        MatchShard.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=ShardState.LEASED, lease_until__lt=now)
        .select_related("run")
        .defer("result")
    )
    for shard in silent:
        words = f"Nothing was heard of {shard.holder} since {shard.heartbeat_at:%Y-%m-%d %H:%M:%S}"[:500]
        logger.warning("match_shard_lost", shard=shard.pk, run=shard.run_id, attempts=shard.attempts)
        is_over = shard.attempts >= MOST_ATTEMPTS
        MatchShard.objects.filter(pk=shard.pk).update(
            state=ShardState.FAILED if is_over else ShardState.WAITING,
            holder="",
            lease_until=None,
            error=words,
        )
        if is_over:
            _fail(shard.run, words, now)
    return len(silent)


@contextmanager
def kept_alive(shard: MatchShard) -> Iterator[None]:
    """Renew a lease from a thread of its own while the work is under way."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(shard, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(lease_time().total_seconds())


def _beat(shard: MatchShard, stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.MATCHING_LEASE_SECONDS / 4):
            try:
                if not renew(shard, now=timezone.now()):
                    return
            except DatabaseError:
                # The next beat tries with another connection; if none comes through, the lease passes.
                connection.close()
    finally:
        connection.close()
