"""A way to follow on an initiative's page, how many do so for its own people, and what one follows on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.permissions import is_member
from innovators.models import Initiative
from innovators.selectors import cards
from matching.following import selectors

MOST_AT_HOME = 5


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("initiative_actions", way_to_follow)
    register("initiative_owner_actions", followers)
    register("home_sections", home)


def way_to_follow(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's public page, for everybody but its own people: follow it, or stop."""
    others = [
        one for one in initiatives if one.is_published and not is_member(request.user, one.organisation_id)
    ]
    followed = selectors.follows_among(request.user, [one.pk for one in others])
    contents = {}
    for one in others:
        context = {"public_id": one.public_id, "follows": one.pk in followed}
        contents[one.pk] = render_to_string("matching/following/_button.html", context, request)
    return contents


def followers(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's own pages: how many follow it, never who."""
    own = [one for one in initiatives if is_member(request.user, one.organisation_id)]
    return {
        key: render_to_string("matching/following/_followers.html", {"words": words}, request)
        for key, words in selectors.followers_in_words(own).items()
    }


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: what the person last began to follow, if anything."""
    contents = {}
    for user in users:
        followed = list(selectors.followed_by(user)[: MOST_AT_HOME + 1])
        if followed:
            context = {"cards": cards(followed[:MOST_AT_HOME]), "has_more": len(followed) > MOST_AT_HOME}
            contents[user.pk] = render_to_string("matching/following/_home.html", context, request)
    return contents
