"""The sign of life that `/readyz` looks for: when a worker is ready, and then whenever beat asks."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from brygga.pages.health import record_heartbeat


@shared_task(name="pages.heartbeat", ignore_result=True, expires=60)
def heartbeat(**_: Any) -> None:
    record_heartbeat()


@worker_ready.connect(dispatch_uid="pages.heartbeat")
def worker_is_ready(**_: Any) -> None:
    """Say so at once: the first beat comes half a minute later."""
    record_heartbeat()
