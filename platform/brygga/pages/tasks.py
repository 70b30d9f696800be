"""The sign of life that `/readyz` looks for."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from brygga.pages.health import record_heartbeat


@shared_task(name="pages.heartbeat", ignore_result=True, expires=60)
def heartbeat(**_: Any) -> None:
    record_heartbeat()
