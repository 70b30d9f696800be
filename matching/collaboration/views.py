"""The page "other initiatives to work with"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from matching.collaboration.selectors import collaborators_for
from matching.desk import permissions
from matching.desk.selectors import missing_facts
from matching.desk.views.finding import own_initiative


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
        "missing": missing_facts(initiative),
        "can_change": permissions.can_write_for(request.user, initiative.organisation_id),
    }
    return render(request, "matching/collaboration/together.html", context)
