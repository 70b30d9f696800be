"""Logs: a request's number goes with it into tasks, and no address or search word is ever written."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import structlog
from celery import current_app
from celery.app.task import Context
from django.core.cache import cache
from django.test import Client, override_settings
from django_structlog.celery.receivers import CeleryReceiver

from brygga.core.logs import without_private_details
from brygga.outbox import relay
from brygga.outbox.models import OutboxMessage
from tests.factories import UserFactory
from tests.kept_log import Kept

pytestmark = pytest.mark.django_db

PERSON = "eva.hemlig@canary.example"


@pytest.fixture
def tasks() -> dict[str, Any]:
    """Every task by name, as a worker knows them."""
    from brygga.celery import app

    app.loader.import_default_modules()
    found: dict[str, Any] = app.tasks
    return found


@pytest.fixture
def log(tasks: dict[str, Any]) -> Iterator[Kept]:
    """What would be written to the log: the real handler's formatter and filters, every level.

    After `tasks`: finding them configures logging anew.
    """
    cache.clear()
    root = logging.getLogger()
    real = next(handler for handler in root.handlers if handler.filters and handler.formatter)
    kept = Kept()
    kept.setFormatter(real.formatter)
    for one in real.filters:
        kept.addFilter(one)
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)


def test_signing_in_writes_no_address(log: Kept, tasks: dict[str, Any]) -> None:
    UserFactory(email=PERSON)
    client = Client()
    unknown = "okänd.person@canary.example"
    for address in (PERSON, unknown, "inte en adress @ canary.example"):
        client.post("/konto/logga-in/", {"login": address})
        client.post("/konto/logga-in/kod/", {"email": address})
        client.post(
            "/konto/skapa/", {"email": address, "name": "Eva Hemlig", "language": "sv", "website": ""}
        )
        client.post("/konto/losenord/glomt/", {"email": address})
        client.post("/konto/logga-in/losenord/", {"login": address, "password": "hemligt-losenord"})
    client.get(f"/konto/logga-in/?next=/min-sida/&email={PERSON}")
    client.get(f"/initiativ/?q={PERSON}")
    client.get("/initiativ/?q='min+sjukdom+är+hemlig'")
    client.get(f"/finns-inte/{PERSON}/")
    for message in OutboxMessage.objects.all():
        tasks[message.task].apply(kwargs={**message.arguments, "outbox_id": message.pk})
    written = "\n".join(log.lines)
    assert log.lines
    for secret in ("canary", "hemlig", "Hemlig"):
        assert secret not in written


def test_an_error_writes_no_address(log: Kept) -> None:
    try:
        raise ValueError(f"cannot reach {PERSON}")
    except ValueError:
        logging.getLogger("brygga").exception("failed for %s", PERSON)
        structlog.get_logger("brygga").exception("failed", email=PERSON, address=f"/x/?q={PERSON}")
    assert len(log.lines) == 2
    assert "canary" not in "\n".join(log.lines)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("GET /initiativ/?q=min+adress", "GET /initiativ/?…"),
        ("GET /initiativ/?q='it's mine", "GET /initiativ/?… mine"),
        ('GET /x/?a="b"&c=d', "GET /x/?…"),
        ("mail to eva+tag@sub.exempel.example failed", "mail to (e-mail) failed"),
    ],
)
def test_details_are_taken_out(written: str, kept: str) -> None:
    assert without_private_details(written) == kept


def lines_about(log: Kept, event: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in log.lines]
    return [line for line in found if event in str(line.get("event"))]


def test_the_number_of_a_request_goes_with_it_into_the_task(log: Kept, tasks: dict[str, Any]) -> None:
    UserFactory(email=PERSON)
    response = Client().post("/konto/logga-in/kod/", {"email": PERSON}, headers={"X-Request-ID": "made-up"})
    assert response.status_code == 302
    message = OutboxMessage.objects.get()
    number = lines_about(log, "request_finished")[0]["request_id"]
    # Ours, not one that a caller makes up.
    assert UUID(number)
    assert message.request_id == number

    structlog.contextvars.clear_contextvars()
    with current_app.connection_for_write() as broker:
        broker.SimpleQueue("short").clear()
        assert relay.hand_over_due() == 1
        sent = broker.SimpleQueue("short").get(timeout=5)
        sent.ack()
    assert sent.headers["__django_structlog__"]["request_id"] == number

    # What a worker does with the message: what it binds, every line of the task carries.
    task = tasks[message.task]
    received = SimpleNamespace(name=task.name, request=Context(sent.headers))
    CeleryReceiver().receiver_task_prerun(task_id=sent.headers["id"], task=received)
    task.apply(kwargs={**message.arguments, "outbox_id": message.pk})
    structlog.contextvars.clear_contextvars()
    started = lines_about(log, "task_started")[-1]
    assert (started["task"], started["request_id"]) == ("outbox.deliver_mail", number)
    message.refresh_from_db()
    assert message.done_at is not None


@pytest.mark.parametrize("number", ["x" * 500, "å" * 100, '"},{"event":"forged"', "a\tb"])
def test_a_made_up_number_breaks_nothing(log: Kept, number: str) -> None:
    UserFactory(email=PERSON)
    headers = {"X-Request-ID": number}
    response = Client().post("/konto/logga-in/kod/", {"email": PERSON}, headers=headers)
    assert response.status_code == 302
    assert len(OutboxMessage.objects.get().request_id) <= 64
    for line in log.lines:
        json.loads(line)
    assert not lines_about(log, "forged")


def test_a_host_that_is_not_ours_is_one_line(log: Kept) -> None:
    with override_settings(ALLOWED_HOSTS=["brygga.example"]):
        response = Client().get("/healthz", headers={"host": "robot.example"})
    assert response.status_code == 400
    (line,) = [line for line in map(json.loads, log.lines) if line["logger"].startswith("django.security")]
    assert line["level"] == "warning"
    assert "exception" not in line
