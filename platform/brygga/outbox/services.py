"""Put something in the outbox, and do what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q

from brygga.outbox.models import OutboxMessage

CHANNEL = "brygga_outbox"
LEASE = timedelta(seconds=60)
# Waiting doubles from five seconds to an hour, so that a dead mail server is not hammered.
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)


def enqueue(
    *,
    task: str,
    key: str,
    now: datetime,
    arguments: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    lease: timedelta = LEASE,
) -> bool:
    """Ask for `task` to be run after this transaction commits. Return False when `key` was asked for before.

    `lease` is how long the work may take before it is thought lost and sent again.
    Writes one row and a PostgreSQL notification, which is delivered only on commit; touches no
    Redis, so a dead Redis never fails the caller.
    """
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    _, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "task": task,
            "arguments": dict(arguments or {}),
            "request_id": request_id,
            "created_at": now,
            "due_at": due_at or now,
            "lease_seconds": int(lease.total_seconds()),
        },
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return created


@transaction.atomic
def lease_due(*, now: datetime, limit: int = 100) -> list[OutboxMessage]:
    """Take up to `limit` due messages under a lease, skipping those another relay holds."""
    messages = list(
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(done_at__isnull=True, due_at__lte=now)
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
        .order_by("due_at", "id")[:limit]
    )
    for message in messages:
        message.leased_until = now + timedelta(seconds=message.lease_seconds)
        message.attempts += 1
    OutboxMessage.objects.bulk_update(messages, ["leased_until", "attempts"])
    return messages


def mark_done(*, message_id: int, now: datetime) -> None:
    """Record that the work is done, and forget its arguments: they may hold a sign-in code."""
    OutboxMessage.objects.filter(pk=message_id, done_at__isnull=True).update(
        done_at=now, leased_until=None, last_error="", arguments={}
    )


def mark_failed(*, message_id: int, error: str, now: datetime) -> None:
    """Put a message back to wait, longer for each attempt."""
    attempts = OutboxMessage.objects.filter(pk=message_id).values_list("attempts", flat=True).first() or 1
    wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 20), LONGEST_RETRY)
    OutboxMessage.objects.filter(pk=message_id, done_at__isnull=True).update(
        due_at=now + wait, leased_until=None, last_error=error[:500]
    )
