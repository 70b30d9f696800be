"""Offer support from an initiative's page. Who has no account writes first and signs in after."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from brygga.core.http import BryggaRequest
from brygga.core.limits import Limit, is_within
from brygga.organisations.permissions import is_member
from funders.selectors import page_language
from innovators.models import Initiative
from innovators.selectors import owner_name, telling
from matching.offering import services
from matching.offering.forms import OfferForm

#: Where a visitor's session keeps what they wrote, until they have signed in.
KEPT = "support_offered"
KEPT_SECONDS = 2 * 3600
OFFERING = Limit("offer-support", 20, 10 * 60)
UNPROCESSABLE = 422
TOO_OFTEN = 429


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def offer_support(request: BryggaRequest, public_id: str) -> HttpResponse:
    """Three fields. Signed in, they become a draft; else they wait until one has signed in."""
    initiative = (
        Initiative.objects.published()
        .visible_to(request.user)
        .select_related("organisation")
        .filter(public_id=public_id)
        .first()
    )
    if initiative is None:
        raise Http404
    if is_member(request.user, initiative.organisation_id):
        raise PermissionDenied
    kept = _kept(request, public_id)
    form = OfferForm(request.POST if request.method == "POST" else None, initial=kept)
    status = 200
    is_too_often = False
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            is_too_often = not is_within(OFFERING, get_adapter().get_client_ip(request))
            if not is_too_often:
                return _go_on(request, initiative, form)
            status = TOO_OFTEN
    told = telling(initiative)
    context = {
        "form": form,
        "title": told.title,
        "owner": owner_name(initiative.organisation),
        "is_kept": bool(kept) and request.user.is_authenticated,
        "is_too_often": is_too_often,
        "back_url": reverse("innovators:detail", args=[public_id]),
        "back_text": _("Back to the initiative"),
        "save_text": _("Save the offer") if request.user.is_authenticated else _("Go on"),
    }
    return render(request, "matching/offering/offer.html", context, status=status)


def _go_on(request: BryggaRequest, initiative: Initiative, form: OfferForm) -> HttpResponse:
    if not request.user.is_authenticated:
        here = reverse("matching:offer-support", args=[initiative.public_id])
        given = {**form.cleaned_data, "key": str(form.cleaned_data["key"] or "")}
        request.session[KEPT] = {"for": initiative.public_id, "at": time.time(), "given": given}
        messages.info(
            request, _("What you wrote is kept. Sign in or create an account, and you go on from there.")
        )
        return redirect(f"{reverse('account_login')}?next={here}")
    given = form.cleaned_data
    offer = services.offer_support(
        initiative=initiative,
        actor=request.user,
        kind=given["kind"],
        words=given["words"],
        who=given["who"],
        language=page_language(),
        now=timezone.now(),
        key=given["key"],
    )
    request.session.pop(KEPT, None)
    messages.success(
        request,
        _(
            "Your offer is saved as a draft. Answer what is left and publish it. Then we ask them to meet you."
        ),
    )
    return redirect("funders:tasks", offer.public_id)


def _kept(request: BryggaRequest, public_id: str) -> dict[str, Any]:
    """Return what was written here before signing in, unless it is for another initiative or too old."""
    kept = request.session.get(KEPT) or {}
    if kept.get("for") != public_id or time.time() - kept.get("at", 0) > KEPT_SECONDS:
        return {}
    return {name: value for name, value in kept["given"].items() if value}
