"""What organisations add to pages below: a notice before two-step sign-in is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.organisations.models import Organisation
from brygga.users.selectors import has_second_factor


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: from when one of my organisations asks for two steps, if I lack them. One query, seldom two."""
    contents = {}
    for user in users:
        first = (
            Organisation.objects.filter(memberships__user=user, two_steps_from__isnull=False)
            .order_by("two_steps_from", "pk")
            .first()
        )
        if first is not None and not has_second_factor(user):
            contents[user.pk] = render_to_string(
                "organisations/_two_steps_soon.html", {"organisation": first}, request
            )
    return contents
