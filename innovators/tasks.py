"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from innovators import looking_over
from innovators.kept_drafts import forget_old_drafts
from innovators.records.services import forget_removed_records as forget_records


@shared_task(name="innovators.forget_kept_drafts", ignore_result=True, expires=3600)
def forget_kept_drafts() -> None:
    """Delete drafts of visitors who never came back. Safe to run twice."""
    forget_old_drafts(now=timezone.now())


@shared_task(name="innovators.forget_removed_records", ignore_result=True, expires=3600)
def forget_removed_records() -> None:
    """Delete what was taken away from journals, value and spread more than a week ago. Safe to run twice."""
    forget_records(now=timezone.now())


@shared_task(name="innovators.ask_if_true", ignore_result=True, expires=3600)
def ask_if_true() -> None:
    """Ask those whom nobody has heard of for a year whether it still holds. Safe to run twice."""
    looking_over.ask_all_due(now=timezone.now())
