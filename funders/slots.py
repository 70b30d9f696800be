"""What givers add to pages below: one's own offers on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from funders import selectors

MOST_AT_HOME = 5


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: the offers last worked on. Nothing where there are none."""
    contents = {}
    now = timezone.now()
    for user in users:
        own = list(selectors.own_offers(user)[: MOST_AT_HOME + 1])
        rows = [
            {"offer": offer, "state": selectors.state_in_words(offer, now)[0]} for offer in own[:MOST_AT_HOME]
        ]
        if not rows:
            continue
        contents[user.pk] = render_to_string(
            "funders/_home.html", {"rows": rows, "has_more": len(own) > MOST_AT_HOME}, request
        )
    return contents
