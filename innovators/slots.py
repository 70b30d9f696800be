"""What innovators add to pages below: one's own initiatives on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from innovators import selectors
from innovators.kept_drafts import drafts_waiting_for, first_words
from innovators.models import Initiative, InitiativeHandover

MOST_AT_HOME = 5
MOST_ON_PAGE = 50


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: what was saved before signing up, and the initiatives last worked on, if any."""
    contents = {}
    for user in users:
        own = list(selectors.own_initiatives(user)[: MOST_AT_HOME + 1])
        rows = [
            {"initiative": initiative, "state": selectors.state_in_words(initiative)[0]}
            for initiative in own[:MOST_AT_HOME]
        ]
        context = {
            "rows": rows,
            "has_more": len(own) > MOST_AT_HOME,
            "waiting": first_words(drafts_waiting_for(user, timezone.now())),
            "look_over": [one for one in own[:MOST_AT_HOME] if one.awaits_looking_over],
            "handovers": list(
                InitiativeHandover.objects.asked_of(user)
                .waiting()
                .select_related("initiative", "from_organisation")
                .order_by("asked_at", "pk")[:MOST_AT_HOME]
            ),
        }
        if rows or context["waiting"] or context["handovers"]:
            contents[user.pk] = render_to_string("innovators/_home.html", context, request)
    return contents


def of_organisation(organisations: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On an organisation's page: its published initiatives that the reader may see, the newest first."""
    contents = {}
    for organisation in organisations:
        published = Initiative.objects.published().visible_to(request.user).filter(organisation=organisation)
        shown = list(selectors.with_card_rows(published).order_by("-published_at", "-pk")[:MOST_ON_PAGE])
        if shown:
            context = {"cards": selectors.cards(shown)}
            contents[organisation.pk] = render_to_string("innovators/_organisation.html", context, request)
    return contents
