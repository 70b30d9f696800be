"""What this app hears from below. Connected once, when apps are ready."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from brygga.users.signals import address_given
from innovators.kept_drafts import BECAME_KEY, SECRET_KEY, take_up_saved_here, tie_to_address

if TYPE_CHECKING:
    from brygga.users.models import User

logger = structlog.get_logger(__name__)


def connect() -> None:
    """Connect every receiver; doing it again changes nothing."""
    address_given.connect(remember_address, dispatch_uid="innovators.remember_address")
    user_logged_in.connect(take_up_after_signing_in, dispatch_uid="innovators.take_up_after_signing_in")


def remember_address(*, session: SessionBase, address: str, at: datetime, **_: Any) -> None:
    """A draft saved in this browser can be found by whoever shows that the address is theirs."""
    if secret := session.get(SECRET_KEY):
        tie_to_address(secret=secret, address=address, now=at)


def take_up_after_signing_in(*, request: Any, user: User, **_: Any) -> None:
    """A draft saved in this browser a moment ago becomes the person's own. Never stops a sign-in."""
    secret = request.session.pop(SECRET_KEY, "") if request is not None else ""
    if not secret:
        return
    try:
        initiative = take_up_saved_here(secret=secret, actor=user, now=timezone.now())
    except Exception as error:
        # Without its text: what the database says of a row may quote what somebody wrote.
        logger.error("kept_draft_not_taken_up", error=type(error).__name__)
        return
    if initiative is not None:
        request.session[BECAME_KEY] = initiative.public_id
