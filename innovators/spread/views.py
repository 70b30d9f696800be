"""Who else does it: everybody's page, and what the initiative's people write."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brygga.core.http import BryggaRequest
from innovators.records.views import edit, find_for_reading, writers_context
from innovators.spread import selectors


@login_not_required
@require_GET
def spread(request: BryggaRequest, public_id: str) -> HttpResponse:
    """What must stay, what may be adapted, and those who have taken it up."""
    initiative = find_for_reading(request, public_id)
    return render(
        request,
        "innovators/spread/spread.html",
        {
            "initiative": initiative,
            "lists": selectors.lists_of(initiative),
            "lines": selectors.spread_lines(initiative, request.user),
            **writers_context(request, initiative, "spread"),
        },
    )


@login_not_required
def write(request: BryggaRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """Write down that somebody has taken it up, or change it."""
    return edit(request, public_id, kind="spread", number=number)
