"""From a person's click to a match, through real processes: relay, Redis, worker. And through kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from brygga.outbox.models import OutboxMessage
from funders import services as funders
from innovators import services as innovators
from innovators.models import Initiative
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.engine.services import request_run, run_now
from tests.matching.engine.cast import grant, workshop

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


def environment() -> dict[str, str]:
    """Return the environment of a process that works on the test's own database."""
    settings = connection.settings_dict
    host = quote(str(settings["HOST"]), safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    password = f":{quote(str(settings['PASSWORD']), safe='')}" if settings["PASSWORD"] else ""
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{settings['USER']}{password}@{host}{port}/{settings['NAME']}",
        "DJANGO_SETTINGS_MODULE": "brygga.settings.test",
        "BRYGGA_REDIS_PREFIX": f"worker-test-{os.getpid()}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
    }


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process and its children in a group of their own, and leave none behind."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment(), start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


RELAY = ("manage.py", "relay")
WORKER = ("-m", "celery", "-A", "brygga.celery", "worker", "-Q", "short,default", "-c", "1", "-l", "WARNING")


def wait_for(is_so: Callable[[], bool], seconds: float) -> float:
    """Return how long it took. Fails when it has not come true."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if is_so():
            return time.monotonic() - begun
        time.sleep(0.1)
    raise AssertionError(f"not so within {seconds} s")


def is_done(initiative: Initiative) -> bool:
    return not ProfileScoring.objects.get(initiative=initiative).is_under_way


def publish(initiative: Initiative) -> Initiative:
    return innovators.publish_initiative(initiative=initiative, actor=None, now=timezone.now())


def test_published_changed_and_withdrawn_profiles_are_rescored_within_seconds() -> None:
    now = timezone.now()
    money = grant()
    run_now(now=now)
    with running(*RELAY), running(*WORKER):
        first = publish(workshop(draft=True))
        wait_for(lambda: is_done(first), 90)  # the worker starts, and loads scipy
        assert Match.objects.current().filter(initiative=first, offer=money).exists()
        second = publish(workshop(draft=True, title="En till"))
        taken = wait_for(lambda: is_done(second), 20)
        assert taken < 10
        assert Match.objects.filter(initiative=second, offer=money).exists()
        funders.pause_offer(offer=money, actor=None, now=timezone.now())
        wait_for(lambda: not Match.objects.current().filter(offer=money).exists(), 20)
        run = request_run(now=timezone.now())
        wait_for(lambda: MatchRun.objects.filter(pk=run.pk, is_current=True).exists(), 20)
        wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), 20)


def test_a_killed_worker_and_a_dead_relay_lose_nothing() -> None:
    grant()
    run_now(now=timezone.now())
    # Nobody is there to take it: it waits in the outbox.
    initiative = publish(workshop(draft=True))
    with connection.cursor() as cursor:
        # Held so that the task gets stuck in the middle of its work.
        cursor.execute("SELECT pg_advisory_lock(7402002, %s)", [initiative.pk])
    try:
        with running(*RELAY), running(*WORKER) as worker:
            wait_for(_somebody_waits_for_the_lock, 90)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(7402002, %s)", [initiative.pk])
    assert not is_done(initiative)
    message = OutboxMessage.objects.get(task="matching.rescore_initiative")
    assert (message.done_at, message.attempts) == (None, 1)
    # The lease runs out; nobody waits half a minute for a test.
    OutboxMessage.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    with running(*RELAY), running(*WORKER):
        wait_for(lambda: is_done(initiative), 90)
    assert Match.objects.filter(initiative=initiative).count() == 1


def _somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
