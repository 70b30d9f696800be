"""Is the service alive, and what does it have to do without?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone

from brygga.core import warming
from brygga.outbox.models import OutboxMessage

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_SECONDS = 30
# Three beats missed: the worker, beat or the broker has stopped.
LATE_SECONDS = 100
BACKLOG = timedelta(minutes=5)

OK = "ok"
_schema = {"is_current": False}


@dataclass(frozen=True)
class Health:
    """`states` names each part: "ok", or in a word or two what is wrong."""

    states: dict[str, str]

    @property
    def can_serve(self) -> bool:
        """Without the database nothing works; without the rest people can read and write drafts."""
        return self.states["database"] == OK

    @property
    def status(self) -> str:
        if not self.can_serve:
            return "down"
        return OK if set(self.states.values()) == {OK} else "degraded"


def record_heartbeat() -> None:
    """Say that a worker runs what beat sends. Called in the worker."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=LATE_SECONDS * 10)


def look() -> Health:
    """Ask every part. Raises nothing, and takes at most a few seconds."""
    states = {"database": _database()}
    if states["database"] == OK:
        states["migrations"] = _migrations()
        states["outbox"] = _outbox()
    states["redis"] = _redis()
    states["worker"] = _worker() if states["redis"] == OK else "unknown"
    if not warming.is_done():
        states["warming"] = "under way"
    return Health(states)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        connection.close()
        return "unreachable"
    return OK


def _migrations() -> str:
    if _schema["is_current"]:
        return OK  # a running process never sees migrations it was not started with
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "not applied"
    except DatabaseError:
        return "unknown"
    _schema["is_current"] = True
    return OK


def _outbox() -> str:
    now = timezone.now()
    waiting = OutboxMessage.objects.filter(done_at__isnull=True, due_at__lt=now - BACKLOG)
    # Handed over for the first time and under way: what is loaded with old dates is not old.
    under_way = Q(attempts__lte=1, leased_until__gt=now)
    try:
        waits = waiting.exclude(under_way).exists()
    except DatabaseError:
        return "unknown"
    return "waiting" if waits else OK


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError):
        return "unreachable"
    return OK


def _worker() -> str:
    beaten_at = cache.get(HEARTBEAT_KEY)
    if not isinstance(beaten_at, float):
        return "not seen"
    return OK if time.time() - beaten_at < LATE_SECONDS else "late"
