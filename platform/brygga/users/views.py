"""One's own account: who I am, how I sign in, which programs may read for me."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from brygga.core.http import SignedInRequest
from brygga.users import recent, services
from brygga.users.account_forms import PasswordLoginForm
from brygga.users.enums import TokenScope
from brygga.users.forms import CodeForm, ProfileForm, TokenForm
from brygga.users.models import ApiToken
from brygga.users.recent import recent_sign_in_required

UNPROCESSABLE = 422


class PasswordLoginView(LoginView):
    """Sign in with a password, for those who have chosen one."""

    template_name = "account/password_login.html"

    def get_form_class(self) -> type[PasswordLoginForm]:
        return PasswordLoginForm


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """Everything about the account on one page, each with its way to change it."""
    user = request.user
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    changing = EmailAddress.objects.filter(user=user, verified=False).first()
    return render(
        request,
        "users/account.html",
        {
            "second_factors": [
                label
                for kind, label in (("totp", _("App with codes")), ("webauthn", _("Passkey or security key")))
                if kind in kinds
            ],
            "has_password": user.has_usable_password(),
            "changing_to": changing.email if changing else "",
            "token_count": ApiToken.objects.filter(user=user, expiry__gt=timezone.now()).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Change name and language."""
    user = request.user
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={"name": user.name, "language": user.language},
    )
    if request.method == "POST" and form.is_valid():
        services.change_profile(user=user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Saved."))
            return redirect("users:account")
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "back_url": reverse("users:account"), "save_text": _("Save")}
    return render(request, "users/profile.html", context, status=status)


@require_safe
def tokens(request: SignedInRequest) -> HttpResponse:
    """List one's API tokens."""
    labels = dict(TokenScope.choices)
    rows = [
        {"token": token, "scopes": [labels.get(scope, scope) for scope in token.scopes]}
        for token in ApiToken.objects.filter(user=request.user).order_by("-created")
    ]
    return render(request, "users/tokens.html", {"rows": rows, "now": timezone.now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def create_token(request: SignedInRequest) -> HttpResponse:
    """Make a token and show it, this once, in the answer to the form itself: it is stored nowhere."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = services.create_token(user=request.user, now=timezone.now(), **form.cleaned_data)
        except services.TokenRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "users/token_created.html", {"token": token, "secret": secret})
    context = {"form": form, "back_url": reverse("users:tokens"), "save_text": _("Make the token")}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "users/create_token.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_token(request: SignedInRequest, token_key: str) -> HttpResponse:
    """Ask, then end a token."""
    token = ApiToken.objects.filter(user=request.user, token_key=token_key).first()
    if request.method == "POST":
        if services.revoke_token(user=request.user, token_key=token_key, now=timezone.now()):
            messages.success(request, _("The token is removed and no longer works."))
        return redirect("users:tokens")
    if token is None:
        raise Http404
    return render(request, "users/revoke_token.html", {"token": token})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_it_is_you(request: SignedInRequest) -> HttpResponse:
    """Send a code to somebody who signed in long ago, and let them on when they have written it."""
    going_to = _safe_next(request)
    if not recent.must_confirm(request, request.user):
        return HttpResponseRedirect(going_to)
    if request.method == "POST" and "resend" in request.POST:
        recent.send_code(request, request.user)
        return HttpResponseRedirect(request.get_full_path())
    if not recent.has_open_code(request):
        recent.send_code(request, request.user)
        if request.method == "POST":
            messages.info(request, _("The code no longer works. We have sent you a new one."))
            return HttpResponseRedirect(request.get_full_path())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if recent.check_code(request, request.user, form.cleaned_data["code"]):
            return HttpResponseRedirect(going_to)
        form.add_error(
            "code", _("That is not the code we sent last. Check the newest mail and write its six digits.")
        )
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "users/confirm_it_is_you.html", {"form": form}, status=status)


def _safe_next(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else reverse("users:account")


def unprocessable_when_invalid(view: Any) -> Any:
    """Answer 422 where allauth answers an invalid form with 200."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cast(HttpResponse, view(request, *args, **kwargs))
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == 200 and form is not None and form.is_bound and form.errors:
            response.status_code = UNPROCESSABLE
        return response

    return answer
