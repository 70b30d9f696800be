"""What applying elsewhere adds to pages below: a way to say so, figures, support that is shown, a line at home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.permissions import is_member
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.applying import selectors

MOST_ON_OFFER = 3


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("offer_sections", on_offer)
    register("initiative_sections", support_shown)
    register("initiative_owner_actions", way_to_list)
    register("home_sections", at_home)


def on_offer(offers: Sequence[SupportOffer], request: HttpRequest) -> dict[Any, SafeString]:
    """On the page of support that is applied for elsewhere: figures, and for own initiatives a way to say so."""
    contents = {}
    today = timezone.localdate()
    for offer in offers:
        if not selectors.is_applied_for_elsewhere(offer) or not offer.is_published:
            continue
        choices = _choices(offer, request, today)
        figure = selectors.figure_of(offer)
        if choices or figure:
            contents[offer.pk] = render_to_string(
                "matching/applying/_on_offer.html",
                {"offer": offer, "choices": choices, "figure": figure},
                request,
            )
    return contents


def _choices(offer: SupportOffer, request: HttpRequest, today: Any) -> list[selectors.Choice]:
    if not request.user.is_authenticated or is_member(request.user, offer.organisation_id):
        return []
    own = (
        Initiative.objects.published()
        .filter(organisation__members=request.user)
        .select_related("organisation")
        .order_by("-changed_at", "-pk")[:MOST_ON_OFFER]
    )
    return selectors.choices_of(offer, list(own), request.user, today)


def support_shown(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's page: support that its people say that they have got, and chose to show."""
    return {
        number: render_to_string("matching/applying/_shown.html", {"shown": shown}, request)
        for number, shown in selectors.shown_support(initiatives).items()
    }


def way_to_list(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's own pages: what it has meant to apply for elsewhere, when there is something."""
    own = [one for one in initiatives if is_member(request.user, one.organisation_id)]
    numbers = selectors.numbers_of(own, timezone.localdate())
    return {
        one.pk: render_to_string(
            "matching/applying/_own.html", {"initiative": one, "numbers": numbers[one.pk]}, request
        )
        for one in own
        if one.pk in numbers
    }


def at_home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: one line, when there is something to tell or to look up."""
    contents = {}
    for user in users:
        numbers = selectors.numbers_at_home(user, timezone.localdate())
        if numbers["number"]:
            contents[user.pk] = render_to_string("matching/applying/_home.html", numbers, request)
    return contents
