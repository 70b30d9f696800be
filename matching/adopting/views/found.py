"""What an adopter could take up, and who wants to take up what an initiative does."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from innovators.adopting.permissions import can_change_adopter
from matching.adopting.selectors import adopters_for_initiative, proven_for
from matching.adopting.views.finding import own_adopter
from matching.desk import permissions
from matching.desk.views.finding import own_initiative


@never_cache
@require_safe
def proven(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Initiatives that an adopter could take up. For its own people, of a draft too."""
    adopter = own_adopter(request.user, public_id)
    found = proven_for(adopter, request.user, timezone.now())
    context = {
        "adopter": adopter,
        "is_ready": found is not None,
        "found": found or [],
        "can_change": can_change_adopter(request.user, adopter),
    }
    return render(request, "matching/adopting/proven.html", context)


@never_cache
@require_safe
def wanting(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Adopters to whom an initiative could show how. For its own people."""
    initiative = own_initiative(request.user, public_id)
    if not initiative.is_published:
        return render(request, "matching/publish_first.html", {"initiative": initiative})
    found = adopters_for_initiative(initiative, request.user, timezone.now())
    context = {
        "initiative": initiative,
        "is_ready": found is not None,
        "found": found or [],
        "can_change": permissions.can_write_for(request.user, initiative.organisation_id),
        "says_where": bool(initiative.spread_area_codes or initiative.spread_area_words),
        "says_core": bool(initiative.core),
    }
    return render(request, "matching/adopting/wanting.html", context)
