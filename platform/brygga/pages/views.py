"""Pages about the service, and the two that everybody starts from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from brygga.core import slots
from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.pages.personal_data import PERSONAL_DATA

# When the statement was last gone through; the text itself says what was found.
ACCESSIBILITY_ASSESSED_ON = date(2026, 11, 20)
ACCESSIBILITY_UPDATED_ON = date(2026, 11, 22)
PRIVACY_UPDATED_ON = date(2026, 11, 22)


def _slot(name: str, request: HttpRequest) -> list[Any]:
    """Return what the apps above show in a place that belongs to no object."""
    return list(slots.fill(name, [None], request).get(None, []))


@login_not_required
@require_safe
def start(request: BryggaRequest) -> HttpResponse:
    """The first question, the three doors, real numbers, how it works, and examples from the apps above."""
    context = {
        "question": _slot("start_question", request),
        "figures": _slot("start_figures", request),
        "sections": _slot("start_sections", request),
    }
    return render(request, "pages/start.html", context)


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """One's own page: what the apps above have for this person, or where to begin."""
    slots.fill("home_sections", [request.user], request)
    sections = request.user.slots["home_sections"]  # type: ignore[attr-defined]  # put there by fill
    # What the apps highest up have to say is nearest to what one came for: answers and matches, then profiles.
    return render(request, "pages/home.html", {"sections": sections[::-1]})


@login_not_required
@require_safe
def about(request: BryggaRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@login_not_required
@require_safe
def how_we_match(request: BryggaRequest) -> HttpResponse:
    context = {"rules": _slot("how_we_match_rules", request), "weights": _slot("how_we_match", request)}
    return render(request, "pages/how_we_match.html", context)


@login_not_required
@require_safe
def accessibility(request: BryggaRequest) -> HttpResponse:
    """The accessibility statement with its eleven legal parts."""
    context = {"assessed_on": ACCESSIBILITY_ASSESSED_ON, "updated_on": ACCESSIBILITY_UPDATED_ON}
    return render(request, "pages/accessibility.html", context)


@login_not_required
@require_safe
def privacy(request: BryggaRequest) -> HttpResponse:
    """The privacy notice, rendered from the same list that the code is checked against."""
    context = {"entries": PERSONAL_DATA, "updated_on": PRIVACY_UPDATED_ON}
    return render(request, "pages/privacy.html", context)


@login_not_required
@require_safe
def contact(request: BryggaRequest) -> HttpResponse:
    return render(request, "pages/contact.html")


@login_not_required
@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def robots(request: BryggaRequest) -> HttpResponse:
    """What search engines may read: public pages, no account pages. Nothing at all of a demo."""
    if settings.DEMO_MODE:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /api/"]
        lines += [f"Disallow: {reverse('users:account')}", "Disallow: /en/account/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
