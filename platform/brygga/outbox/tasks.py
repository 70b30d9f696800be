"""How an outbox message is carried out, and the mail task."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from brygga.outbox import attachments, services
from brygga.outbox.models import OutboxMessage

logger = structlog.get_logger(__name__)


def outbox_task(name: str) -> Callable[[Callable[..., None]], Any]:
    """Make a Celery task that marks its outbox message done, or puts it back with the error.

    The wrapped function gets the message's arguments by keyword; unknown ones are dropped by
    `**_`, so that an older worker survives a newer caller. Called without `outbox_id` it just runs.
    """

    def decorate(function: Callable[..., None]) -> Any:
        @shared_task(name=name, ignore_result=True)
        @functools.wraps(function)
        def run(*, outbox_id: int | None = None, **arguments: Any) -> None:
            if outbox_id is None:
                function(**arguments)
                return
            if not OutboxMessage.objects.filter(pk=outbox_id, done_at__isnull=True).exists():
                return  # delivered twice, done once
            try:
                function(**arguments)
            except Exception as error:
                logger.exception("outbox_task_failed", task=name, outbox_id=outbox_id)
                services.mark_failed(message_id=outbox_id, error=type(error).__name__, now=timezone.now())
                return
            services.mark_done(message_id=outbox_id, now=timezone.now())

        return run

    return decorate


@outbox_task("outbox.deliver_mail")
def deliver_mail(
    *,
    subject: str,
    body: str,
    recipients: list[str],
    html: str = "",
    headers: dict[str, str] | None = None,
    attached: dict[str, Any] | None = None,
    **_: Any,
) -> None:
    """Send one mail. Its text was rendered when the event happened, in the recipient's language.

    What is `attached` is made now.
    """
    mail = EmailMultiAlternatives(subject=subject, body=body, to=recipients, headers=headers or {})
    if html:
        mail.attach_alternative(html, "text/html")
    attachment = attachments.make(**attached) if attached else None
    if attachment is not None:
        mail.attach(attachment.as_part())
    mail.send()


@shared_task(name="outbox.forget_done", ignore_result=True)
def forget_done() -> None:
    """Delete messages done more than thirty days ago; their keys are no longer needed against doubles."""
    OutboxMessage.objects.filter(done_at__lt=timezone.now() - timedelta(days=30)).delete()
