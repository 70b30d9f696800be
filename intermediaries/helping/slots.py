"""On my page: help one has asked for, and people who wait for one's intermediary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from intermediaries.helping.models import HelpRequest
from intermediaries.permissions import intermediaries_of


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    contents = {}
    for user in users:
        waits = HelpRequest.objects.reaching(user).waiting().count() if intermediaries_of(user) else 0
        context = {
            "own": list(
                HelpRequest.objects.of(user).select_related("organisation").order_by("-asked_at", "-pk")[:3]
            ),
            "waits": waits,
        }
        if any(context.values()):
            contents[user.pk] = render_to_string("intermediaries/helping/_home.html", context, request)
    return contents
