"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerUnavailable
from redis.exceptions import RedisError

from brygga.outbox.tasks import outbox_task
from matching.applying import asking
from matching.desk import reminding
from matching.engine import control, leases
from matching.following import services as following
from matching.intake import services as intake
from matching.meeting.reminding import remind_all_asked
from matching.public import services as counts

logger = structlog.get_logger(__name__)


@outbox_task("matching.rescore_initiative")
def rescore_initiative(*, initiative_id: int, **_: Any) -> None:
    """Renew one initiative's matches."""
    # Late: scipy and the kernel are loaded by workers only.
    from matching.engine.services import rescore_initiative_or_run  # noqa: PLC0415 - see above

    rescore_initiative_or_run(initiative_id=initiative_id, now=timezone.now())


@outbox_task("matching.rescore_offer")
def rescore_offer(*, offer_id: int, **_: Any) -> None:
    """Renew one offer's matches."""
    from matching.engine.services import rescore_offer_or_run  # noqa: PLC0415 - as above

    rescore_offer_or_run(offer_id=offer_id, now=timezone.now())


@outbox_task("matching.run")
def run(*, run_id: int, **_: Any) -> None:
    """Begin the run that waits, and call workers to it. From then on its rows are the truth."""
    if leases.begin_run(now=timezone.now()) is not None:
        _call_workers(1)


@shared_task(name="matching.work", ignore_result=True, time_limit=1700, expires=600)
def work() -> None:
    """Do one part of the run under way, and call for the next: other tasks get their turn between."""
    from matching.engine.services import work_once  # noqa: PLC0415 - as above

    with _database_may_be_away():
        if work_once(holder=leases.own_name(), now=timezone.now(), is_worker=True):
            _call_workers(control.calls_after_a_part(now=timezone.now()))


@shared_task(name="matching.tend", ignore_result=True, expires=30)
def tend() -> None:
    """Hand out lost parts again, begin the run that waits, call workers that are missing, and be ready."""
    # Late: this queue's worker is the one that rescores, and it loads the kernel for that.
    from matching.engine.services import make_ready  # noqa: PLC0415 - see above

    with _database_may_be_away():
        _call_workers(control.tend_runs(now=timezone.now()))
        make_ready(now=timezone.now())


@contextmanager
def _database_may_be_away() -> Iterator[None]:
    """Leave what cannot be done without the database to the next call of `tend`."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        logger.warning("match_database_unavailable", error=type(error).__name__)


def _call_workers(number: int) -> None:
    """Send calls that there is work. That none arrives is mended by `tend`."""
    for _ in range(number):
        try:
            work.apply_async(retry=False)
        except (BrokerUnavailable, RedisError, OSError) as error:
            logger.warning("broker_unavailable", error=type(error).__name__)
            return


@shared_task(name="matching.request_run", ignore_result=True)
def request_run() -> None:
    """Ask for the nightly full run: what has opened or closed, and words that are new."""
    control.request_run(now=timezone.now())


@shared_task(name="matching.renew_public_counts", ignore_result=True, expires=15)
def renew_public_counts() -> None:
    """Count again what the public pages show, where it is old."""
    counts.renew_public_counts()


@shared_task(name="matching.keep_answer_days", ignore_result=True, expires=12 * 3600)
def keep_answer_days() -> None:
    """Remind givers of the day to answer, and answer for them when it has passed. Safe to run twice.

    And those whom givers have asked, of the question.
    """
    reminding.tell_all_due(now=timezone.now())
    remind_all_asked(now=timezone.now())


@shared_task(name="matching.forget_tables", ignore_result=True, expires=3000)
def forget_tables() -> None:
    """Delete tables of cases that are a day old. Safe to run twice."""
    intake.forget_tables(now=timezone.now())


@shared_task(name="matching.ask_how_it_went", ignore_result=True, expires=12 * 3600)
def ask_how_it_went() -> None:
    """Ask those who meant to apply elsewhere how it went. Safe to run twice."""
    asking.ask_all_due(now=timezone.now())


@outbox_task("matching.tell_followers")
def tell_followers(
    *, initiative_id: int, kind: str, key: str, record_id: int | None = None, **_: Any
) -> None:
    """Tell those who follow an initiative what has happened there."""
    following.tell_followers(
        initiative_id=initiative_id, kind=kind, key=key, record_id=record_id, now=timezone.now()
    )


@shared_task(name="matching.learn", ignore_result=True, time_limit=1700, expires=3600)
def learn() -> None:
    """Learn from what givers have chosen. Safe to run twice."""
    from matching.learning.fitting import learn as learn_now  # noqa: PLC0415 - loads scipy

    learn_now(now=timezone.now())
