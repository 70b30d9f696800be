"""Was it really the person who signed in, and not long ago?

allauth asks people with a password or a second factor to prove themselves again before they change
how they sign in. Those who sign in by e-mail code have nothing it can ask for: they get a new code here.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from brygga.users.models import User

RECENT_SECONDS = 15 * 60
FORM_SECONDS = RECENT_SECONDS + 60 * 60
CODE_SECONDS = 10 * 60
MOST_ATTEMPTS = 5
SESSION_KEY = "confirm_it_is_you"

View = Callable[..., HttpResponse]


def recent_sign_in_required(view: View) -> View:
    """Let only those on who have just shown that it is they: by password, second factor or a new code."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            if get_reauthentication_flows(request.user):
                # allauth asks, keeps a posted form meanwhile and then carries it out.
                raise_if_reauthentication_required(request, app="allauth.account")
            # Whoever opened the form in time gets an hour to fill it in.
            elif must_confirm(
                request, request.user, FORM_SECONDS if request.method == "POST" else RECENT_SECONDS
            ):
                address = reverse("users:confirm-it-is-you")
                return HttpResponseRedirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def must_confirm(request: HttpRequest, user: User, seconds: int = RECENT_SECONDS) -> bool:
    """Tell whether somebody who signs in by code did so longer ago than that."""
    if get_reauthentication_flows(user):
        return False
    moments = [record["at"] for record in get_authentication_records(request, user)]
    return not moments or time.time() - max(moments) > seconds


def send_code(request: HttpRequest, user: User) -> None:
    """Mail a new code. The session keeps only what can check it."""
    code = f"{secrets.randbelow(10**6):06d}"
    request.session[SESSION_KEY] = {"hash": _hash(code), "at": time.time(), "attempts": 0}
    address = EmailAddress.objects.get_primary_email(user) or user.email
    get_adapter(request).send_mail("account/email/login_code", address, {"user": user, "code": code})


def has_open_code(request: HttpRequest) -> bool:
    state: dict[str, Any] = request.session.get(SESSION_KEY) or {}
    return bool(state) and time.time() - state["at"] < CODE_SECONDS and state["attempts"] < MOST_ATTEMPTS


def check_code(request: HttpRequest, user: User, code: str) -> bool:
    """Return whether the code is right; if so the person counts as just signed in. Wrong ones are counted."""
    if not has_open_code(request):
        return False
    state: dict[str, Any] = request.session[SESSION_KEY]
    digits = "".join(character for character in code if character.isdigit())
    if not hmac.compare_digest(_hash(digits), state["hash"]):
        request.session[SESSION_KEY] = {**state, "attempts": state["attempts"] + 1}
        return False
    del request.session[SESSION_KEY]
    record_authentication(request, user, method="code", email=user.email, reauthenticated=True)
    return True


def _hash(code: str) -> str:
    # Salted by SECRET_KEY, so that a leaked session table does not give six digits away.
    return salted_hmac("brygga.users.recent", code, algorithm="sha256").hexdigest()
