"""What probes ask. JSON, no language, no session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.pages import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part's state. 503 only when nothing can be served: without the database."""
    seen = health.look()
    return JsonResponse({"status": seen.status, **seen.states}, status=200 if seen.can_serve else 503)
