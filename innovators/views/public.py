"""What everybody may read: the catalogue and an initiative's page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from brygga.core.http import BryggaRequest
from brygga.core.slots import fill
from brygga.organisations.permissions import is_member
from brygga.organisations.registration.catalogue import read_catalogue
from innovators import permissions, selectors
from innovators.enums import CatalogueView
from innovators.models import Initiative
from innovators.places import places_page
from innovators.story import story_of


@login_not_required
@require_GET
def catalogue(request: BryggaRequest) -> HttpResponse:
    """Published initiatives that this visitor may see, searched and filtered by the address."""
    result = read_catalogue(selectors.initiative_catalogue(request.user), request.GET)
    asked = request.GET.get("view", "")
    shown_as = asked if asked in CatalogueView.values else CatalogueView.LIST
    initiatives = list(result.page.object_list)
    fill("initiative_badges", initiatives, request)
    response = render(
        request,
        "innovators/catalogue.html",
        {
            "result": result,
            "cards": selectors.cards(initiatives),
            "page": result.page,
            "filters_chosen": result.filters_chosen,
            "view": shown_as,
            "views": CatalogueView.choices,
            "places": places_page(result.found) if shown_as == CatalogueView.MAP else None,
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_GET
def detail(request: BryggaRequest, public_id: str) -> HttpResponse:
    """An initiative's public page. Its own people see it in any state, with what they can do."""
    initiative = (
        Initiative.objects.visible_to(request.user)
        .select_related("organisation")
        .filter(public_id=public_id)
        .first()
    )
    if initiative is None:
        raise Http404
    is_own = is_member(request.user, initiative.organisation_id)
    fill("initiative_badges", [initiative], request)
    fill("initiative_needs", [initiative], request)
    fill("initiative_sections", [initiative], request)
    fill("initiative_actions", [initiative], request)
    if is_own:
        fill("initiative_owner_actions", [initiative], request)
    state, following = selectors.state_in_words(initiative)
    return render(
        request,
        "innovators/detail.html",
        {
            "initiative": initiative,
            "shown": selectors.initiative_page(initiative),
            "story": story_of(initiative, request.user, localdate()),
            "pictures": list(initiative.pictures.order_by("pk")),
            "is_own": is_own,
            "can_change": is_own
            and request.user.is_authenticated
            and permissions.can_change_initiative(request.user, initiative),
            "state_text": state,
            "state_next": following,
        },
    )
