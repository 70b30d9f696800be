"""What dies in the middle of a run: the worker, the queue, the connection. The result is the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from matching.engine import leases
from matching.engine.enums import ShardKind, ShardState
from matching.engine.models import Match, MatchRun, MatchShard
from matching.engine.services import request_run, run_now, work_once
from tests.matching.engine.cast import garden, grant, mentor, workshop
from tests.matching.engine.test_worker import RELAY, WORKER, environment, running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

BEAT = ("-m", "celery", "-A", "brygga.celery", "beat", "--pidfile=", "-l", "WARNING")
COLUMNS = ("initiative", "offer", "verdict", "fit", "confidence", "numbers", "rules")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leases of two seconds, and a part for every initiative, here and in the processes started."""
    monkeypatch.setenv("BRYGGA_MATCHING_LEASE_SECONDS", "2")
    monkeypatch.setenv("BRYGGA_MATCHING_SHARD_ROWS", "1")
    with override_settings(MATCHING_LEASE_SECONDS=2, MATCHING_SHARD_ROWS=1):
        yield


def rows() -> list[Any]:
    return list(Match.objects.current().order_by("initiative", "offer").values_list(*COLUMNS))


def undisturbed() -> list[Any]:
    """Return what a run finds that nobody disturbs, and leave nothing of it but the run."""
    for number in range(3):
        workshop(title=f"Verkstad {number}", theme_codes=["employment"] if number % 2 else ["integration"])
        grant(title=f"Bidrag {number}", area_codes=["SE"] if number % 2 else ["SE-14"])
    garden(needs=["premises"])
    mentor()
    run_now(now=timezone.now())
    found = rows()
    assert len(found) > 6
    Match.objects.all().delete()
    return found


def planned() -> MatchRun:
    """Return a run whose parts wait for a worker."""
    run = request_run(now=timezone.now())
    leases.begin_run(now=timezone.now())
    assert work_once(holder="planner", now=timezone.now())
    assert MatchShard.objects.filter(run=run, kind=ShardKind.SCORE).count() == 4
    return run


@contextmanager
def stuck() -> Iterator[None]:
    """Hold a table that every part reads, so that a worker gets no further than to have begun."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE matching_matchsnapshot IN ACCESS EXCLUSIVE MODE")
        yield


def _is_stuck() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'matching_matchsnapshot'::regclass AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def _is_published(run: MatchRun) -> bool:
    return MatchRun.objects.filter(pk=run.pk, is_current=True).exists()


def _lose_the_queue() -> int:
    """Delete everything that the processes have put into Redis."""
    prefix = environment()["BRYGGA_REDIS_PREFIX"]
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        keys = list(client.scan_iter(f"{prefix}:*"))
        return int(client.delete(*keys)) if keys else 0


def test_a_worker_killed_in_a_part_and_a_queue_that_is_lost() -> None:
    whole = undisturbed()
    run = planned()
    with ExitStack() as processes:
        processes.enter_context(running(*RELAY))
        with stuck():
            worker = processes.enter_context(running(*WORKER))
            wait_for(_is_stuck, 120)
            os.killpg(worker.pid, signal.SIGKILL)
        assert MatchShard.objects.filter(state=ShardState.LEASED).count() == 1
        assert _lose_the_queue() > 0
        assert not _is_published(run)
        assert rows() == []
        processes.enter_context(running(*WORKER))
        processes.enter_context(running(*BEAT))
        wait_for(lambda: _is_published(run), 120)
    assert rows() == whole
    shards = MatchShard.objects.filter(run=run, kind=ShardKind.SCORE)
    assert sorted(shards.values_list("attempts", flat=True)) == [1, 1, 1, 2]


def test_a_connection_that_is_cut_in_a_part() -> None:
    whole = undisturbed()
    run = planned()
    with ExitStack() as processes:
        processes.enter_context(running(*RELAY))
        processes.enter_context(running(*WORKER))
        with stuck():
            wait_for(_is_stuck, 120)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE relation = 'matching_matchsnapshot'::regclass AND NOT granted"
                )
                assert cursor.fetchall() == [(True,)]
        processes.enter_context(running(*BEAT))
        wait_for(lambda: _is_published(run), 120)
    assert rows() == whole
