"""Staff sign in with a second factor, or get no further."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from brygga.users.models import User
from brygga.users.selectors import has_second_factor

# Where the second factor is set up, and the way out.
OPEN_NAMES = frozenset(
    {"account_logout", "account_reauthenticate", "users:confirm-it-is-you", "core:set-theme"}
)


def require_mfa_for_staff(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead staff without a second factor to where one is set up, whatever page they ask for.

    Demo people are exempt, in demo mode only.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if not isinstance(user, User) or not _must_set_up(user) or _is_open(request.path_info):
            return get_response(request)
        if request.path_info.startswith("/api/"):
            return HttpResponse(status=403)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    return middleware


def _must_set_up(user: User) -> bool:
    if not user.is_staff or (settings.DEMO_MODE and user.is_demo):
        return False
    return not has_second_factor(user)


def _is_open(path: str) -> bool:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return False
    return name in OPEN_NAMES or name.startswith("mfa_")
