"""The one way to write the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db.models import Model

from brygga.audit.models import AuditEvent

if TYPE_CHECKING:
    from brygga.users.models import User


def record(
    *,
    verb: str,
    subject: Model,
    actor: User | None,
    now: datetime,
    organisation_id: int | None = None,
    details: dict[str, Any] | None = None,
    label: str = "",
) -> AuditEvent:
    """Write one audit row inside the caller's transaction. `details` holds codes and ids, never people's text."""
    event = _event(verb, subject, actor, now, organisation_id, details, label)
    event.save(force_insert=True)
    return event


def record_each(
    *,
    verb: str,
    subjects: Iterable[tuple[Model, dict[str, Any]]],
    actor: User | None,
    now: datetime,
    organisation_id: int | None = None,
) -> None:
    """Write a row for each of several subjects with its details, as `record` does. One query for any number."""
    AuditEvent.objects.bulk_create(
        _event(verb, subject, actor, now, organisation_id, details, "") for subject, details in subjects
    )


def _event(
    verb: str,
    subject: Model,
    actor: User | None,
    now: datetime,
    organisation_id: int | None,
    details: dict[str, Any] | None,
    label: str,
) -> AuditEvent:
    if not label:
        label = "system" if actor is None else ("staff" if actor.is_staff else "person")
    return AuditEvent(
        at=now,
        actor_id=actor.pk if actor else None,
        actor_label=label,
        verb=verb,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        organisation_id=organisation_id,
        details=details or {},
        # A caller may have sent it: it is cut to what the column holds.
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )
