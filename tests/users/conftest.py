"""What a person does at the sign-in pages, as helpers for tests."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from brygga.outbox.models import OutboxMessage


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits of one test must not reach into the next."""
    cache.clear()


def waiting_mails() -> list[dict[str, object]]:
    """The mails in the outbox, oldest first: as the worker would get them."""
    messages = OutboxMessage.objects.filter(task="outbox.deliver_mail", done_at=None).order_by("pk")
    return [message.arguments for message in messages]


def newest_code() -> str:
    found = re.search(r"^ {4}(\d{6})$", str(waiting_mails()[-1]["body"]), re.MULTILINE)
    assert found, waiting_mails()[-1]
    return found[1]
