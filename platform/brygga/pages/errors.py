"""Error pages in our look, both languages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_from_request, gettext, override

from brygga.core.api import error_body, not_found_text
from brygga.organisations.registration.kept_texts import keep_text

API = "/api/"
# Pages that show again what was kept of a text.
SHOWING_KEPT_TEXTS = ("innovators:create", "innovators:question", "funders:question")


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
    """The form was too old or came from elsewhere: say so, and what to do.

    Whoever signs in makes the forms in their other windows too old. What was typed in one of ours, where
    people write at length, is kept and shown again to be sent once more.
    """
    if request.path.startswith(API):
        return _for_programs(request, 403)
    if _is_own_writing(request) and keep_text(request.session, request.path, request.POST):
        messages.info(request, gettext("The page was too old to be saved. What you wrote is still here."))
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


def _is_own_writing(request: HttpRequest) -> bool:
    """Whether a browser vouches that the form is one of our own, on a page that shows kept texts.

    No other site can make a browser say so; without the word nothing is kept.
    """
    found = request.resolver_match
    if request.method != "POST" or found is None or found.view_name not in SHOWING_KEPT_TEXTS:
        return False
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
