"""Say that an imported offer is one's own organisation's, and read what staff answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from funders.claiming import services
from funders.claiming.enums import ClaimState
from funders.claiming.forms import ClaimForm
from funders.claiming.models import OfferClaim
from funders.models import SupportOffer

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask to take over an offer; or see the answer, and take the question back."""
    offer = SupportOffer.objects.visible_to(request.user).filter(public_id=public_id).first()
    if offer is None:
        raise Http404
    mine = list(Organisation.objects.writable_by(request.user).order_by("name", "pk"))
    claims = list(
        OfferClaim.objects.filter(offer=offer, organisation__in=mine)
        .exclude(state=ClaimState.TAKEN_BACK)
        .select_related("organisation")
        .order_by("-asked_at", "-pk")
    )
    if not claims and not services.is_to_claim(offer):
        raise Http404
    waiting = {one.organisation_id for one in claims if one.state == ClaimState.OPEN}
    free = [one for one in mine if one.pk not in waiting] if services.is_to_claim(offer) else []
    if request.method == "POST" and "take_back" in request.POST:
        return _take_back(request, offer, claims)
    if claims and not (free and "again" in request.GET):
        if request.method == "POST":
            # A second click, or a colleague was first: where it stands is on the page.
            return redirect("funders:claim", public_id)
        return render(
            request,
            "funders/claimed.html",
            {"offer": offer, "claim": claims[0], "can_ask_again": bool(free), "states": ClaimState},
        )
    return _ask(request, offer, free)


def _ask(request: SignedInRequest, offer: SupportOffer, free: list[Organisation]) -> HttpResponse:
    here = reverse("funders:claim", args=[offer.public_id])
    back = reverse("funders:detail", args=[offer.public_id])
    context = {"offer": offer, "back_url": back, "save_text": gettext("Send")}
    if not free:
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "funders/claim.html", context)
    form = ClaimForm(request.POST if request.method == "POST" else None, organisations=free)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_to_take_over(offer=offer, actor=request.user, now=timezone.now(), **form.chosen())
        except services.TooManyClaims:
            form.add_error(None, gettext("You have asked several times already. Write to us instead."))
        except (services.AlreadyClaimed, services.NotToClaim):
            messages.info(
                request, gettext("A colleague has asked already, or the support has got its giver.")
            )
            return redirect(here)
        else:
            messages.success(request, gettext("Sent. We look at it and answer you here and by mail."))
            return redirect(here)
    only = free[0] if len(free) == 1 else None
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "funders/claim.html", {**context, "form": form, "only": only}, status=status)


def _take_back(request: SignedInRequest, offer: SupportOffer, claims: list[OfferClaim]) -> HttpResponse:
    number = request.POST["take_back"]
    chosen = next((one for one in claims if str(one.pk) == number), None)
    if chosen is not None and services.take_back_claim(claim=chosen, actor=request.user, now=timezone.now()):
        messages.success(request, gettext("You no longer ask to take over the support."))
    else:
        messages.info(
            request, gettext("There was nothing to take back: it is answered, or taken back already.")
        )
    return redirect("funders:detail", offer.public_id)
