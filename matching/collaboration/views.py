"""The pages "other initiatives to work with" and, while one is being written, "initiatives like yours"."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from brygga.core.http import SignedInRequest
from brygga.organisations.permissions import can_write_for
from matching.collaboration.selectors import Collaborator, collaborators_for
from matching.desk import permissions
from matching.desk.selectors import missing_facts
from matching.desk.views.finding import own_initiative
from matching.following.selectors import follows_among
from matching.together.selectors import answered_for, standing_among

# Beside a question a few are enough; the page has more.
BESIDE_QUESTION, ON_PAGE = 3, 10


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def similar(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Initiatives like one that is being written, a draft too; a part of the question's page for a script."""
    initiative = own_initiative(request.user, public_id)
    found = collaborators_for(initiative, request.user, timezone.now()) or []
    most = BESIDE_QUESTION if request.htmx else ON_PAGE
    context = {
        "initiative": initiative,
        "found": found[:most],
        # Beside a question one comes back to the question.
        "back": (request.htmx.current_url_abs_path if request.htmx else None) or request.path,
        **_between(request, found[:most]),
        "has_more": len(found) > most,
        "can_change": can_write_for(request.user, initiative.organisation_id),
    }
    template = (
        "matching/collaboration/_similar.html" if request.htmx else "matching/collaboration/similar.html"
    )
    return render(request, template, context)


@never_cache
@require_safe
def together(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Initiatives that an initiative could do something together with. For its own people."""
    initiative = own_initiative(request.user, public_id)
    if not initiative.is_published:
        return render(request, "matching/publish_first.html", {"initiative": initiative})
    found = collaborators_for(initiative, request.user, timezone.now())
    context = {
        "initiative": initiative,
        "is_ready": found is not None,
        "found": found or [],
        "back": request.path,
        **_between(request, found or []),
        "missing": missing_facts(initiative),
        "can_change": permissions.can_write_for(request.user, initiative.organisation_id),
    }
    return render(request, "matching/collaboration/together.html", context)


def _between(request: SignedInRequest, found: list[Collaborator]) -> dict[str, Any]:
    """Return which of them the person follows, what has been asked, and who is there to answer. Three queries."""
    keys = [one.card.initiative.pk for one in found]
    return {
        "followed": follows_among(request.user, keys),
        "asked": standing_among(request.user, keys),
        "answered": answered_for(one.card.initiative for one in found),
    }
