"""The number beside "Notices" in the header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from brygga.notifications.selectors import count_unread


def unread_notices(request: HttpRequest) -> dict[str, Any]:
    """Count only when a template asks: fragments and public pages cost nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(lambda: count_unread(user))}
