"""The servers themselves die in the middle of a run and start again: PostgreSQL, then Redis.

On a pair of servers of these tests' own. Workers, relay and beat live through both, and the result is that
of a run that nobody disturbed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.test import override_settings
from django.utils import timezone

from brygga.devservices.account import service_account
from brygga.devservices.location import Location, location_at
from brygga.devservices.postgresql import PostgreSQL
from brygga.devservices.valkey import Valkey
from brygga.outbox.models import OutboxMessage
from matching.engine import collection, encoded
from matching.engine.enums import ShardKind
from matching.engine.models import Match, MatchRun, MatchShard
from matching.engine.services import request_run
from tests.matching.engine.test_faults import BEAT, COLUMNS, _is_stuck, undisturbed
from tests.matching.engine.test_worker import RELAY, WORKER, running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HURRIED = {
    "BRYGGA_MATCHING_LEASE_SECONDS": "2",
    "BRYGGA_MATCHING_SHARD_ROWS": "1",
    "BRYGGA_MATCHING_TEND_SECONDS": "1",
}


@dataclass
class House:
    """Servers that may be killed, the processes that use them, and what a run finds when nobody dies."""

    database: PostgreSQL
    queue: Valkey
    processes: dict[str, subprocess.Popen[bytes]]
    whole: list[Any]

    def all_alive(self) -> bool:
        return all(process.poll() is None for process in self.processes.values())


@pytest.fixture(scope="module")
def house(django_db_blocker: Any) -> Iterator[House]:
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="brygga-", ignore_cleanup_errors=True))
        )
        location = location_at(folder, account=service_account(), ephemeral=False)
        location.prepare()
        database, queue = PostgreSQL(location), Valkey(location)
        for server in (database, queue):
            server.start()
            stack.callback(server.stop)
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in (HURRIED | location.environment).items():
            patched.setenv(name, value)
        stack.enter_context(override_settings(MATCHING_LEASE_SECONDS=2, MATCHING_SHARD_ROWS=1))
        stack.enter_context(_connected_to(location))
        with connection.cursor() as cursor:
            # A killed server loses nothing by it, only a machine without power would.
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_taxonomy", verbosity=0)
        whole = undisturbed()
        processes = {
            name: stack.enter_context(running(*command))
            for name, command in (("relay", RELAY), ("worker", WORKER), ("beat", BEAT))
        }
        yield House(database, queue, processes, whole)


@contextmanager
def _connected_to(location: Location) -> Iterator[None]:
    """Have this process' own connection lead to another server."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        HOST=str(location.sockets), NAME="app", USER="app", PASSWORD="", PORT="", CONN_HEALTH_CHECKS=False
    )
    _forget()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
        _forget()


def _forget() -> None:
    for module in (collection, encoded):
        module.forget()


def rows() -> list[Any]:
    return list(Match.objects.order_by("initiative", "offer").values_list(*COLUMNS))


@contextmanager
def stuck_in_a_part() -> Iterator[MatchRun]:
    """Ask for a run, and hold what its parts read until a worker waits for it in the first one."""
    Match.objects.all().delete()
    run = request_run(now=timezone.now())
    wait_for(lambda: MatchShard.objects.filter(run=run, kind=ShardKind.PLAN, state="done").exists(), 90)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE matching_matchsnapshot IN ACCESS EXCLUSIVE MODE")
            wait_for(_is_stuck, 60)
            yield run
    except Error:
        # The server went while we held the lock.
        connection.close()


def is_published(run: MatchRun) -> bool:
    return MatchRun.objects.filter(pk=run.pk, is_current=True).exists()


def kill(server: PostgreSQL | Valkey) -> None:
    process = server._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


def test_postgresql_killed_in_the_middle_of_a_run_and_started_again(house: House) -> None:
    with stuck_in_a_part() as run:
        kill(house.database)
        with pytest.raises(Error):
            rows()
        raise Error
    house.database.start()
    assert not is_published(run)
    assert rows() == []
    wait_for(lambda: is_published(run), 120)
    assert rows() == house.whole
    assert house.all_alive()


def test_redis_killed_in_the_middle_of_a_run_and_started_again(house: House) -> None:
    with stuck_in_a_part() as run:
        kill(house.queue)
        assert rows() == []
    assert not is_published(run)
    house.queue.start()
    wait_for(lambda: is_published(run), 120)
    assert rows() == house.whole
    assert house.all_alive()
    # What was asked for while the queue was away is done too.
    wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), 60)
