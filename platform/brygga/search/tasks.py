"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from brygga.search import services


@shared_task(name="search.tell_all_due", ignore_result=True, expires=300)
def tell_all_due() -> None:
    """Tell people what is new in what they follow. Safe to run twice."""
    services.tell_all_due(now=timezone.now())


@shared_task(name="search.forget_deleted", ignore_result=True, expires=3600)
def forget_deleted() -> None:
    """Delete searches for good that were deleted a week ago."""
    services.forget_deleted_searches(now=timezone.now())
