"""What everybody may read: the catalogue of support and an offer's page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from brygga.core.http import BryggaRequest
from brygga.core.slots import fill
from brygga.organisations.permissions import is_member
from brygga.organisations.registration.catalogue import read_catalogue
from funders import permissions, selectors
from funders.models import SupportOffer


@login_not_required
@require_GET
def catalogue(request: BryggaRequest) -> HttpResponse:
    """Open and coming support, searched and filtered by the address."""
    now = timezone.now()
    result = read_catalogue(selectors.offer_catalogue(request.user, now), request.GET)
    response = render(
        request,
        "funders/catalogue.html",
        {
            "result": result,
            "cards": selectors.cards(result.page.object_list, selectors.day_of(now)),
            "page": result.page,
            "filters_chosen": result.filters_chosen,
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_GET
def detail(request: BryggaRequest, public_id: str) -> HttpResponse:
    """An offer's public page. Its own people see it in any state, with what they can do."""
    offer = (
        SupportOffer.objects.visible_to(request.user)
        .select_related("organisation")
        .prefetch_related("support")
        .filter(public_id=public_id)
        .first()
    )
    if offer is None:
        raise Http404
    is_own = is_member(request.user, offer.organisation_id)
    fill("offer_sections", [offer], request)
    if is_own:
        fill("offer_owner_actions", [offer], request)
    now = timezone.now()
    state, following = selectors.state_in_words(offer, now)
    return render(
        request,
        "funders/detail.html",
        {
            "offer": offer,
            "shown": selectors.offer_page(offer, now),
            "is_own": is_own,
            "can_change": is_own
            and request.user.is_authenticated
            and permissions.can_change_offer(request.user, offer),
            "state_text": state,
            "state_next": following,
        },
    )
