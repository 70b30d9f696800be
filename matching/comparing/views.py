"""Cases of one offer side by side, and the switch that hides names in one's own view."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from brygga.core.http import SignedInRequest
from brygga.core.slots import fill
from matching.comparing import blind, selectors
from matching.desk.views.finding import own_offer

UNPROCESSABLE = 422


@never_cache
@require_safe
def compare(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Up to four initiatives beside one another; their public ids stand in the address, so it can be shared.

    Each colleague sees those that they may see themselves. More than four: which four?
    """
    offer = own_offer(request.user, public_id)
    asked = selectors.asked_for(request.GET.getlist("initiative"))
    found = selectors.initiatives_to_compare(request.user, offer, asked)
    now = timezone.now()
    hidden = blind.is_blind(request.session)
    numbers = blind.numbered(found, blind.numbers_of(offer, request.user, now)) if hidden else None
    too_many = len(found) > selectors.MOST
    columns, groups = selectors.comparison_of(offer, [] if too_many else found, now, numbers)
    if not hidden:
        fill("initiative_badges", [column.initiative for column in columns], request)
    return render(
        request,
        "matching/comparing/compare.html",
        {
            "offer": offer,
            "columns": columns,
            "groups": groups,
            "cards": selectors.as_cards(columns, groups),
            "too_few": len(found) < selectors.LEAST,
            "most": selectors.MOST,
            "choices": selectors.choices(found, numbers) if too_many else [],
            "number_asked": len(found),
            "number_missing": len(asked) - len(found),
            "is_scored": all(column.why for column in columns),
            "is_blind": hidden,
            "next": request.get_full_path(),
        },
        status=UNPROCESSABLE if too_many else 200,
    )


@require_POST
def switch_blind(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hide or show names in one's own view of cases, for this session."""
    own_offer(request.user, public_id)
    blind.set_blind(request.session, on=request.POST.get("hide") == "1")
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if is_ours and asked.startswith("/"):
        return HttpResponseRedirect(asked)
    return HttpResponseRedirect(reverse("matching:for-offer", args=[public_id]))
