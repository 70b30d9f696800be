"""Whoever has to sign in with a second factor does, or gets no further."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from brygga.users.models import User
from brygga.users.second_factor import must_set_up

# Where the second factor is set up, and the ways out.
OPEN_NAMES = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "users:confirm-it-is-you",
        "core:set-theme",
    }
)
# Where somebody was on the way to; the pages about two steps lead there when they are set up.
GOING_TO = "two_steps_going_to"
FORBIDDEN = 403
# Never written into a page: what proves who somebody is. A form's prefix may stand before the name.
_SECRET = re.compile(r"password|(?:^|-)code$", re.IGNORECASE)


def require_second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead people who need a second factor and have none to where one is set up, whatever page they ask for.

    What they were sending is not lost: the page that stops them holds it and sends it afterwards.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if not isinstance(user, User):
            return get_response(request)
        if not must_set_up(user) or _is_open(request.path_info):
            if request.session.get(GOING_TO) == request.get_full_path():
                del request.session[GOING_TO]
            return get_response(request)
        if request.path_info.startswith("/api/"):
            return HttpResponse(status=FORBIDDEN)
        if user.is_staff:
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        if request.method == "POST":
            return _keep(request)
        request.session[GOING_TO] = request.get_full_path()
        return HttpResponseRedirect(reverse("mfa_index"))

    return middleware


def _keep(request: HttpRequest) -> HttpResponse:
    """Answer a form with a page that holds what was written, to be sent when the second factor is there.

    Passwords and codes are not held: the form asks for them again.
    """
    secret = {name for name in request.POST if _SECRET.search(name)}
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and name not in secret
        for value in values
    ]
    context = {
        "kept": kept,
        "action": request.get_full_path(),
        "has_files": bool(request.FILES),
        "has_secrets": bool(secret),
    }
    return render(request, "users/two_steps_first.html", context, status=FORBIDDEN)


def _is_open(path: str) -> bool:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return False
    return name in OPEN_NAMES or name.startswith("mfa_")
