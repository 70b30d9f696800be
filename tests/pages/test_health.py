"""What probes are told when parts are away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from brygga.outbox.models import OutboxMessage
from brygga.pages import health
from brygga.pages.tasks import heartbeat

NOBODY_HERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.delete(health.HEARTBEAT_KEY)
    health._schema["is_current"] = False
    yield
    cache.delete(health.HEARTBEAT_KEY)


def test_healthz_asks_nothing_but_the_process(client: Client) -> None:
    """No database fixture: a query would fail the test."""
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_ready_when_everything_is_there(client: Client, db: None) -> None:
    heartbeat.run()

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": "ok", "migrations": "ok", "outbox": "ok", "redis": "ok", "worker": "ok"},
    )


def test_degraded_when_no_worker_has_been_seen_or_it_is_late(client: Client, db: None) -> None:
    never = client.get("/readyz").json()
    cache.set(health.HEARTBEAT_KEY, time.time() - 500, timeout=60)
    late = client.get("/readyz")

    assert (never["status"], never["worker"]) == ("degraded", "not seen")
    assert (late.status_code, late.json()["worker"]) == (200, "late")


def test_degraded_but_serving_when_redis_is_away(client: Client, db: None) -> None:
    with override_settings(REDIS_URL=NOBODY_HERE):
        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["redis"] == "unreachable"
    assert response.json()["status"] == "degraded"


def test_degraded_when_the_outbox_is_not_emptied(client: Client, db: None) -> None:
    heartbeat.run()
    OutboxMessage.objects.create(task="x", key="x", due_at=timezone.now() - timedelta(minutes=6))

    assert client.get("/readyz").json()["outbox"] == "waiting"


def test_degraded_when_migrations_wait(client: Client, db: None) -> None:
    heartbeat.run()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications'")

    assert client.get("/readyz").json()["migrations"] == "not applied"


def test_down_when_the_database_is_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", refuse)
        away.setattr(connection, "close", lambda: None)
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert response.json()["database"] == "unreachable"


def test_probes_take_get_only(client: Client, db: None) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]


def test_what_is_loaded_with_old_dates_and_under_way_is_not_late(client: Client, db: None) -> None:
    heartbeat.run()
    now = timezone.now()
    message = OutboxMessage.objects.create(
        task="x",
        key="x",
        due_at=now - timedelta(days=30),
        attempts=1,
        leased_until=now + timedelta(minutes=1),
    )
    assert client.get("/readyz").json()["outbox"] == "ok"
    # Handed over a second time: nobody does it.
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=2)
    assert client.get("/readyz").json()["outbox"] == "waiting"


def test_a_worker_that_is_ready_is_seen_at_once(client: Client, db: None) -> None:
    from celery.signals import worker_ready

    assert client.get("/readyz").json()["worker"] == "not seen"
    worker_ready.send(sender=None)
    assert client.get("/readyz").json()["worker"] == "ok"
