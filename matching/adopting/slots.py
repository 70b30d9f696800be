"""Ways between those who want to take something up and those who have done it, on the pages of both and on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.permissions import is_member
from innovators.models import Adopter, Initiative
from matching.adopting.models import AdoptionQuestion
from matching.adopting.questions import to_answer


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("adopter_sections", on_adopter)
    register("initiative_sections", on_initiative)
    register("home_sections", home)


def on_adopter(adopters: Sequence[Adopter], request: HttpRequest) -> dict[Any, SafeString]:
    """For its own people a way to what they could take up; for others, to show them how."""
    contents = {}
    for adopter in adopters:
        if is_member(request.user, adopter.organisation_id):
            template = "matching/adopting/_own.html"
        elif adopter.is_published:
            template = "matching/adopting/_show_how.html"
        else:
            continue
        contents[adopter.pk] = render_to_string(template, {"adopter": adopter}, request)
    return contents


def on_initiative(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On the page of an initiative that says that others may do the same: a way for those who want to."""
    return {
        one.pk: render_to_string("matching/adopting/_take_up.html", {"initiative": one}, request)
        for one in initiatives
        if one.is_published
        and _may_be_done_by_others(one)
        and not is_member(request.user, one.organisation_id)
    }


def _may_be_done_by_others(initiative: Initiative) -> bool:
    said = (initiative.core, initiative.adaptable, initiative.spread_area_codes, initiative.spread_area_words)
    return any(said) or bool(initiative.spread_theme_codes or initiative.spread_target_group_codes)


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: questions about taking something up, and whether one waits for an answer."""
    contents = {}
    for user in users:
        if AdoptionQuestion.objects.visible_to(user).exists():
            context = {"waiting": to_answer(user)}
            contents[user.pk] = render_to_string("matching/adopting/_home.html", context, request)
    return contents
