"""Ways to ask on an initiative's page, and questions that wait on one's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.permissions import is_member
from innovators.models import Initiative
from matching.together.models import TogetherQuestion
from matching.together.selectors import answered_for, standing_among


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("initiative_sections", door)
    register("initiative_owner_actions", waiting)
    register("home_sections", home)


def door(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's public page, for everybody but its own people: a way to ask to do it together.

    Not where nobody is there to answer.
    """
    answered = answered_for(one for one in initiatives if one.is_published)
    others = [
        one for one in initiatives if one.pk in answered and not is_member(request.user, one.organisation_id)
    ]
    asked = standing_among(request.user, [one.pk for one in others])
    return {
        one.pk: render_to_string(
            "matching/together/_door.html", {"initiative": one, "asked": asked.get(one.pk)}, request
        )
        for one in others
    }


def waiting(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's own pages: questions that wait for an answer."""
    own = [one.pk for one in initiatives if is_member(request.user, one.organisation_id)]
    found: dict[int, list[TogetherQuestion]] = {}
    rows = TogetherQuestion.objects.waiting().asked_of(request.user).filter(initiative__in=own)
    for row in rows.order_by("asked_at", "pk"):
        found.setdefault(row.initiative_id, []).append(row)
    return {
        key: render_to_string("matching/together/_waiting.html", {"questions": questions}, request)
        for key, questions in found.items()
    }


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: questions that wait for us, and a way to those that we have asked."""
    contents = {}
    for user in users:
        of_us = TogetherQuestion.objects.asked_of(user).waiting().count()
        context = {"of_us": of_us, "has_asked": TogetherQuestion.objects.asked_by(user).exists()}
        if any(context.values()):
            contents[user.pk] = render_to_string("matching/together/_home.html", context, request)
    return contents
