"""The relay: hands due outbox messages to Celery as soon as they are committed."""

from __future__ import annotations

import threading

import structlog
from celery import current_app
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerUnavailable
from redis.exceptions import RedisError

from brygga.outbox import services

logger = structlog.get_logger(__name__)
POLL_SECONDS = 2.0


def hand_over_due() -> int:
    """Send every due message to Celery. Return how many were sent; 0 also when the broker is away."""
    sent = 0
    while messages := services.lease_due(now=timezone.now()):
        for message in messages:
            with structlog.contextvars.bound_contextvars(request_id=message.request_id or None):
                try:
                    current_app.send_task(
                        message.task, kwargs={**message.arguments, "outbox_id": message.pk}, retry=False
                    )
                except (BrokerUnavailable, RedisError, OSError) as error:
                    logger.warning("broker_unavailable", error=type(error).__name__)
                    services.mark_failed(message_id=message.pk, error="broker away", now=timezone.now())
                    return sent
            sent += 1
    return sent


def run(stop: threading.Event) -> None:
    """Hand over messages until `stop` is set: at each notification, and every two seconds in case one was lost."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {services.CHANNEL}")
    while not stop.is_set():
        hand_over_due()
        for _ in connection.connection.notifies(timeout=POLL_SECONDS, stop_after=1):
            break
