"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from brygga.organisations.rereading import reread_texts as reread


@shared_task(name="organisations.reread_texts", ignore_result=True, expires=3600)
def reread_texts() -> None:
    """After an upgrade that knows other words: find the heads of compounds anew. Else nothing. Safe to run twice."""
    reread(now=timezone.now())
