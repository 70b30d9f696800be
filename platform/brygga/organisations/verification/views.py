"""Owners ask us to check their organisation, and read what we answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.organisations.member_views import get_to_manage
from brygga.organisations.models import Organisation
from brygga.organisations.verification import services
from brygga.organisations.verification.enums import VerificationState
from brygga.organisations.verification.forms import VerificationForm
from brygga.organisations.verification.models import VerificationRequest
from brygga.organisations.verification.selectors import newest_request
from brygga.organisations.views import UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask; or see where it stands, and take the request back."""
    organisation = get_to_manage(request, public_id)
    if not organisation.name:
        raise Http404
    newest = newest_request(organisation)
    if request.method == "POST" and "take_back" in request.POST:
        return _take_back(request, organisation, newest)
    state = newest.state if newest is not None else ""
    has_answer = state == VerificationState.DECLINED and "again" not in request.GET
    if not organisation.is_verified and state != VerificationState.OPEN and not has_answer:
        return _ask(request, organisation)
    if request.method == "POST":
        # A second click, or a colleague was first: where it stands is on the page.
        return redirect("organisations:verification", public_id)
    context = {"organisation": organisation, "verification": newest, "states": VerificationState}
    return render(request, "organisations/verification_asked.html", context)


def _ask(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    form = VerificationForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        here = redirect("organisations:verification", organisation.public_id)
        try:
            services.ask_for_verification(
                organisation=organisation, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.TooManyRequests:
            form.add_error(None, gettext("You have asked several times already. Write to us instead."))
        except (services.AlreadyAsked, services.NotToVerify):
            messages.info(request, gettext("A colleague has asked already, or you are verified by now."))
            return here
        else:
            messages.success(request, gettext("Sent. We look at it and answer you here and by mail."))
            return here
    context = {
        "organisation": organisation,
        "form": form,
        "back_url": reverse("organisations:detail", args=[organisation.public_id]),
        "save_text": gettext("Send"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organisations/verification.html", context, status=status)


def _take_back(
    request: SignedInRequest, organisation: Organisation, newest: VerificationRequest | None
) -> HttpResponse:
    if (
        newest is not None
        and str(newest.pk) == request.POST["take_back"]
        and services.take_back_verification(verification=newest, actor=request.user, now=timezone.now())
    ):
        messages.success(request, gettext("You no longer ask us to check your organisation."))
    else:
        messages.info(
            request, gettext("There was nothing to take back: it is answered, or taken back already.")
        )
    return redirect("organisations:detail", organisation.public_id)
