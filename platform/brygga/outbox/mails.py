"""Mails that one follows something by: text, why one gets it, and a way out of it in one click (RFC 8058)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from brygga.outbox.services import enqueue


def send_followed(
    *,
    key: str,
    recipient: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    stop_path: str,
    now: datetime,
) -> bool:
    """Put a mail in the outbox, in the language that is on; False when `key` has been sent before.

    `stop_path` is an address that stops these mails when it is POSTed to, whoever asks, without a cookie.
    The template gets it as `stop_link`, beside `site` and `contact_email`.
    """
    stop_link = settings.SITE_ADDRESS + stop_path
    filled = {
        **context,
        "stop_link": stop_link,
        "site": settings.SITE_ADDRESS,
        "contact_email": settings.CONTACT_EMAIL,
    }
    return enqueue(
        task="outbox.deliver_mail",
        key=key,
        now=now,
        arguments={
            "subject": " ".join(subject.split()),
            "body": render_to_string(template, filled).strip() + "\n",
            "recipients": [recipient],
            "headers": {
                "List-Unsubscribe": f"<{stop_link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        },
    )
