"""Request types for views, so that mypy knows what middleware has put on a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from brygga.users.models import User


class BryggaRequest(HttpRequest):
    """Any request: signed in or not, from htmx or not."""

    htmx: HtmxDetails


class SignedInRequest(BryggaRequest):
    """A request that LoginRequiredMiddleware has let through."""

    user: User
