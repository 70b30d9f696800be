"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from brygga.outbox.tasks import outbox_task
from matching.engine import control


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
    """Carry out one full run."""
    from matching.engine.services import execute_run  # noqa: PLC0415 - as above

    execute_run(run_id=run_id, now=timezone.now())


@shared_task(name="matching.request_run", ignore_result=True)
def request_run() -> None:
    """Ask for the nightly full run: what has opened or closed, and words that are new."""
    control.request_run(now=timezone.now())
