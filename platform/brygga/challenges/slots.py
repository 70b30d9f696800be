"""What challenges add to pages below: an organisation's challenges, and one's own on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.challenges import permissions
from brygga.challenges.models import Challenge
from brygga.challenges.selectors import cards

MOST_ON_PAGE = 20
MOST_AT_HOME = 5


def of_organisation(organisations: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On an organisation's page: its challenges that the reader may see, the newest first."""
    contents = {}
    for organisation in organisations:
        shown = (
            Challenge.objects.visible_to(request.user)
            .filter(organisation=organisation)
            .select_related("organisation")
            .order_by("state", "-published_at", "-pk")[:MOST_ON_PAGE]
        )
        may_tell = (
            permissions.can_tell_challenge(request.user, organisation)
            if request.user.is_authenticated
            else False
        )
        context = {"cards": cards(shown), "may_tell": may_tell}
        if context["cards"] or may_tell:
            contents[organisation.pk] = render_to_string("challenges/_organisation.html", context, request)
    return contents


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page, for people at a verified public body: its challenges, or a way to the first."""
    contents = {}
    for user in users:
        bodies = permissions.public_bodies_of(user)
        if bodies:
            own = Challenge.objects.filter(organisation__in=bodies).select_related("organisation")
            rows = cards(own.order_by("-changed_at", "-pk")[:MOST_AT_HOME])
            contents[user.pk] = render_to_string("challenges/_home.html", {"cards": rows}, request)
    return contents
