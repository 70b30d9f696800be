"""What givers add to pages below: one's own offers on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from funders import selectors
from funders.models import SupportOffer

MOST_AT_HOME = 5
MOST_ON_PAGE = 50


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


def of_organisation(organisations: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On an organisation's page: its offers that are open or coming, the newest first."""
    contents = {}
    today = timezone.localdate()
    for organisation in organisations:
        published = (
            SupportOffer.objects.visible_to(request.user).not_over_on(today).filter(organisation=organisation)
        )
        shown = list(selectors.with_card_rows(published).order_by("-published_at", "-pk")[:MOST_ON_PAGE])
        if shown:
            context = {"cards": selectors.cards(shown, today)}
            contents[organisation.pk] = render_to_string("funders/_organisation.html", context, request)
    return contents
