"""Make, renew and end the private address of one's calendar."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from brygga.audit.services import record
from brygga.users.models import User
from matching.calendar.models import CalendarAddress

# Random bytes of a secret: too many to guess, so a plain hash keeps it.
_BYTES = 32


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def make_address(*, actor: User, now: datetime) -> str:
    """Give the person a new secret, which is kept nowhere; the one before stops working at once."""
    secret = secrets.token_urlsafe(_BYTES)
    address, is_first = CalendarAddress.objects.update_or_create(
        user=actor, defaults={"secret_hash": hashed(secret), "created_at": now}
    )
    verb = "calendar_address_made" if is_first else "calendar_address_renewed"
    record(verb=verb, subject=address, actor=actor, now=now)
    return secret


@transaction.atomic
def remove_address(*, actor: User, now: datetime) -> bool:
    """End the person's address at once. Return False when there was none (any more)."""
    address = CalendarAddress.objects.select_for_update().filter(user=actor).first()
    if address is None:
        return False
    record(verb="calendar_address_removed", subject=address, actor=actor, now=now)
    address.delete()
    return True
