"""What adopters add to pages below: what an organisation looks for, and one's own on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.taxonomy.enums import OrganisationKind
from innovators.adopting import permissions
from innovators.adopting.models import Adopter
from innovators.adopting.selectors import cards

MOST_ON_PAGE = 20
MOST_AT_HOME = 5
#: Who is asked on their own page whether there is something to take up.
OFTEN_ADOPT = frozenset({OrganisationKind.MUNICIPALITY, OrganisationKind.REGION})


def of_organisation(organisations: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On an organisation's page: what it wants to take up, as far as the reader may see it."""
    contents = {}
    for organisation in organisations:
        shown = (
            Adopter.objects.visible_to(request.user)
            .filter(organisation=organisation)
            .select_related("organisation")
            .order_by("-published_at", "-pk")[:MOST_ON_PAGE]
        )
        found = cards(shown)
        if found:
            contents[organisation.pk] = render_to_string(
                "innovators/adopting/_organisation.html", {"cards": found}, request
            )
    return contents


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: what one's organisations look for; those of municipalities and regions, a way to the first."""
    contents = {}
    for user in users:
        organisations = permissions.may_adopt_for(user)
        if not organisations:
            continue
        own = Adopter.objects.filter(organisation__in=organisations).select_related("organisation")
        rows = cards(own.order_by("-changed_at", "-pk")[:MOST_AT_HOME])
        if rows or any(one.kind in OFTEN_ADOPT for one in organisations):
            contents[user.pk] = render_to_string("innovators/adopting/_home.html", {"cards": rows}, request)
    return contents
