"""Error pages in our look, both languages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, gettext, override

from brygga.core.api import error_body, not_found_text

API = "/api/"


def _for_programs(request: HttpRequest, status: int) -> HttpResponse:
    """Answer a program as the API does, in the language it asks for."""
    with override(get_language_from_request(request)):
        texts = {
            400: gettext("The address holds something that we do not understand."),
            403: gettext("You may not do this."),
            404: not_found_text(),
            500: gettext("Something went wrong here. The fault is ours. Wait a moment and try again."),
        }
        return JsonResponse(error_body(texts[status]), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _for_programs(request, 400)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _for_programs(request, 403)
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _for_programs(request, 404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return _for_programs(request, 500)
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere: say so, and what to do."""
    if request.path.startswith(API):
        return _for_programs(request, 403)
    return render(request, "403_csrf.html", status=403)
