"""Celery tasks: thin shells around one service call each."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from brygga.notifications import digest, newsletter


@shared_task(name="notifications.tell_all_due", ignore_result=True, expires=300)
def tell_all_due() -> None:
    """Send tips to those whose time has come. Safe to run twice."""
    digest.tell_all_due(now=timezone.now())


@shared_task(name="notifications.send_newsletter", ignore_result=True, expires=300)
def send_newsletter() -> None:
    """Send the month's letter to those whose time has come. Safe to run twice."""
    newsletter.send_all_due(now=timezone.now())


@shared_task(name="notifications.forget_unconfirmed", ignore_result=True, expires=3600)
def forget_unconfirmed() -> None:
    """Delete addresses that nobody has confirmed in seven days."""
    newsletter.forget_unconfirmed(now=timezone.now())
