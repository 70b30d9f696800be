"""The outbox on a real PostgreSQL: each message once, nothing lost, nothing before the commit."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from kombu import pools
from kombu.exceptions import OperationalError as BrokerUnavailable

from brygga.outbox import relay, services
from brygga.outbox.models import MailboxMail, OutboxMessage
from brygga.outbox.tasks import deliver_mail, forget_done, outbox_task
from tests.factories import NOW

MAIL = {"subject": "Hej", "body": "Text.\n", "recipients": ["eva@exempel.example"]}


def put(key: str = "mail-1", **changes: Any) -> bool:
    options = {"task": "outbox.deliver_mail", "now": NOW, "arguments": MAIL, **changes}
    return services.enqueue(key=key, **options)


def in_threads(*work: Any) -> None:
    """Run each in a thread with a database connection of its own."""
    failures: list[BaseException] = []

    def run(one: Any) -> None:
        try:
            one()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    assert failures == []


@contextmanager
def broker(
    monkeypatch: pytest.MonkeyPatch, *, away: bool = False
) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Stand in for the one thing that leaves the machine: what is handed to the broker."""
    handed: list[tuple[str, dict[str, Any]]] = []

    def send_task(name: str, kwargs: dict[str, Any], **_: Any) -> None:
        if away:
            raise BrokerUnavailable("connection refused")
        handed.append((name, kwargs))

    with monkeypatch.context() as patched:
        patched.setattr(current_app, "send_task", send_task)
        yield handed


# -- putting in ------------------------------------------------------------------------------------


def test_the_same_deed_is_put_in_once(db: None) -> None:
    assert [put(), put(), put("mail-2")] == [True, False, True]
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_deed_put_in_at_once_is_there_once() -> None:
    together = threading.Barrier(4)
    outcomes: list[bool] = []

    def ask() -> None:
        together.wait(timeout=10)
        outcomes.append(put())

    in_threads(*[ask] * 4)

    assert sorted(outcomes) == [False, False, False, True]
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    class Regret(Exception):
        pass

    with broker(monkeypatch) as handed:
        with pytest.raises(Regret), transaction.atomic():
            put()
            raise Regret
        assert relay.hand_over_due() == 0

    assert handed == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    written, looked = threading.Event(), threading.Event()
    seen: list[int] = []

    def write() -> None:
        with transaction.atomic():
            put()
            written.set()
            assert looked.wait(timeout=10)

    def look() -> None:
        assert written.wait(timeout=10)
        seen.append(len(services.lease_due(now=timezone.now())))
        looked.set()

    in_threads(write, look)

    assert seen == [0]
    assert len(services.lease_due(now=timezone.now())) == 1


# -- leasing ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_hand_over_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(250):
        put(f"mail-{number}")
    together = threading.Barrier(2)

    def run() -> None:
        together.wait(timeout=10)
        relay.hand_over_due()

    with broker(monkeypatch) as handed:
        in_threads(run, run)

    counts = Counter(arguments["outbox_id"] for _, arguments in handed)
    assert len(counts) == 250
    assert set(counts.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_relay_takes_what_another_does_not_hold() -> None:
    for number in range(5):
        put(f"mail-{number}")
    holding, done = threading.Event(), threading.Event()
    taken: list[set[str]] = []

    def first() -> None:
        with transaction.atomic():
            taken.append({message.key for message in services.lease_due(now=timezone.now(), limit=2)})
            holding.set()
            assert done.wait(timeout=10)

    def second() -> None:
        assert holding.wait(timeout=10)
        taken.append({message.key for message in services.lease_due(now=timezone.now())})
        done.set()

    in_threads(first, second)

    assert [len(keys) for keys in taken] == [2, 3]
    assert taken[0].isdisjoint(taken[1])


def test_a_lease_that_passes_without_an_answer_is_sent_again(db: None) -> None:
    put(lease=timedelta(seconds=90))

    first = services.lease_due(now=NOW)
    during = services.lease_due(now=NOW + timedelta(seconds=89))
    after = services.lease_due(now=NOW + timedelta(seconds=90))

    assert [len(one) for one in (first, during, after)] == [1, 0, 1]
    assert after[0].attempts == 2


def test_what_is_not_due_yet_waits(db: None) -> None:
    put(due_at=NOW + timedelta(hours=1))

    assert services.lease_due(now=NOW + timedelta(minutes=59)) == []
    assert len(services.lease_due(now=NOW + timedelta(hours=1))) == 1


def test_oldest_first(db: None) -> None:
    put("later", due_at=NOW + timedelta(minutes=2))
    put("first", due_at=NOW)
    put("second", due_at=NOW + timedelta(minutes=1))

    leased = services.lease_due(now=NOW + timedelta(hours=1))

    assert [message.key for message in leased] == ["first", "second", "later"]


# -- the broker ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_messages_wait_and_go_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    put("mail-1")
    put("mail-2")

    with broker(monkeypatch, away=True):
        assert relay.hand_over_due() == 0
    waiting = OutboxMessage.objects.get(key="mail-1")
    assert waiting.done_at is None
    assert waiting.leased_until is None
    assert waiting.last_error == "broker away"
    assert waiting.due_at > timezone.now()

    OutboxMessage.objects.update(due_at=NOW, leased_until=None)
    with broker(monkeypatch) as handed:
        assert relay.hand_over_due() == 2
    assert {arguments["outbox_id"] for _, arguments in handed} == set(
        OutboxMessage.objects.values_list("pk", flat=True)
    )


def forget_connections() -> None:
    """Let Celery connect anew: a pool whose connections were only closed stays empty, and whoever asks waits."""
    pools.reset()
    current_app._pool = None
    current_app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_a_real_broker_that_nobody_answers_loses_nothing() -> None:
    """No stand-in: Celery itself, against an address where nothing listens."""
    put()
    old = current_app.conf.broker_url
    forget_connections()
    current_app.conf.broker_url = current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    try:
        assert relay.hand_over_due() == 0
    finally:
        current_app.conf.broker_url = current_app.conf.broker_write_url = old
        forget_connections()

    assert OutboxMessage.objects.get().last_error == "broker away"


def test_waiting_grows_with_each_failure_up_to_an_hour(db: None) -> None:
    put()
    waits = []
    for _ in range(14):
        (message,) = services.lease_due(now=OutboxMessage.objects.get().due_at)
        now = timezone.now()
        services.mark_failed(message_id=message.pk, error="SMTPServerDisconnected", now=now)
        waits.append(int((OutboxMessage.objects.get().due_at - now).total_seconds()))

    assert waits[:6] == [5, 10, 20, 40, 80, 160]
    assert waits[-1] == 3600


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_the_relay_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL_SECONDS", 8.0)
    stop, handed_over = threading.Event(), threading.Event()
    moments: dict[str, float] = {}

    def send_task(*_: Any, **__: Any) -> None:
        moments["handed"] = time.monotonic()
        stop.set()
        handed_over.set()

    def listen() -> None:
        relay.run(stop)

    def write() -> None:
        time.sleep(1.0)  # the relay is listening, and far from its next look
        put()
        moments["written"] = time.monotonic()
        assert handed_over.wait(timeout=15)

    with monkeypatch.context() as patched:
        patched.setattr(current_app, "send_task", send_task)
        in_threads(listen, write)

    assert moments["handed"] - moments["written"] < 2


@pytest.mark.django_db(transaction=True)
def test_without_a_notification_the_relay_still_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.2)
    stop = threading.Event()

    def write() -> None:
        time.sleep(0.5)
        OutboxMessage.objects.create(task="outbox.deliver_mail", key="silent", due_at=NOW)

    def send_task(*_: Any, **__: Any) -> None:
        stop.set()

    with monkeypatch.context() as patched:
        patched.setattr(current_app, "send_task", send_task)
        in_threads(lambda: relay.run(stop), write)

    assert stop.is_set()


# -- carrying out ----------------------------------------------------------------------------------


def run_mail(message: OutboxMessage) -> None:
    deliver_mail(outbox_id=message.pk, **message.arguments)


def test_a_mail_is_sent_and_its_text_forgotten(db: None) -> None:
    put()
    message = OutboxMessage.objects.get()
    run_mail(message)

    message.refresh_from_db()
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hej", "Text.\n", ["eva@exempel.example"])
    assert sent.alternatives == []
    assert message.done_at is not None
    assert message.arguments == {}


def test_delivered_twice_is_done_once(db: None) -> None:
    put()
    message = OutboxMessage.objects.get()
    run_mail(message)
    run_mail(message)

    assert len(mail.outbox) == 1


@override_settings(EMAIL_BACKEND="tests.outbox.broken.DeadServer")
def test_a_dead_mail_server_puts_the_mail_back(db: None) -> None:
    put()
    message = OutboxMessage.objects.get()
    run_mail(message)

    message.refresh_from_db()
    assert message.done_at is None
    assert message.last_error == "SMTPServerDisconnected"
    assert message.arguments == MAIL
    assert message.due_at > timezone.now()


@override_settings(EMAIL_BACKEND="brygga.outbox.mailbox.MailboxBackend")
def test_in_a_demo_mails_stay_here(db: None) -> None:
    put()
    run_mail(OutboxMessage.objects.get())

    caught = MailboxMail.objects.get()
    assert (caught.subject, caught.recipients, caught.body) == ("Hej", "eva@exempel.example", "Text.\n")
    assert mail.outbox == []


def test_tasks_bear_arguments_they_do_not_know(db: None) -> None:
    put(arguments={**MAIL, "from_a_newer_version": True})
    run_mail(OutboxMessage.objects.get())

    assert len(mail.outbox) == 1


def test_a_task_without_a_message_just_runs(db: None) -> None:
    ran: list[int] = []

    @outbox_task("tests.plain")
    def plain(*, number: int, **_: Any) -> None:
        ran.append(number)

    plain(number=7)

    assert ran == [7]


def test_done_messages_are_forgotten_after_thirty_days(db: None) -> None:
    now = timezone.now()
    for key, done_at in (
        ("old", now - timedelta(days=31)),
        ("new", now - timedelta(days=29)),
        ("waiting", None),
    ):
        OutboxMessage.objects.create(task="x", key=key, done_at=done_at, created_at=now - timedelta(days=90))

    forget_done()

    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {"new", "waiting"}


def test_every_scheduled_task_exists_and_forgetting_is_daily() -> None:
    import importlib

    for app in (config.name for config in apps.get_app_configs()):
        try:
            importlib.import_module(f"{app}.tasks")
        except ModuleNotFoundError as error:
            if error.name not in {f"{app}.tasks", app.split(".")[0]}:
                raise
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert "outbox.forget_done" in names
    assert names <= set(current_app.tasks)
    schedule = settings.CELERY_BEAT_SCHEDULE["outbox-forget-done"]["schedule"]
    assert schedule.is_due(timezone.now() - timedelta(days=1, minutes=1)).is_due


@pytest.mark.django_db(transaction=True)
def test_beat_takes_the_schedule_into_the_database() -> None:
    from django_celery_beat.models import PeriodicTask

    from brygga.core.beat import GuardedScheduler

    GuardedScheduler(app=current_app._get_current_object(), lazy=False)

    assert set(PeriodicTask.objects.values_list("task", flat=True)) >= {
        "outbox.forget_done",
        "pages.heartbeat",
    }
