"""What Brygga has learned of a giver's choices: read it, reset it, take that back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from matching.desk.views.finding import own_offer
from matching.learning import permissions, selectors, services


@never_cache
@require_safe
def learned(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What the giver's choices have taught, in plain sentences. For its own people."""
    offer = own_offer(request.user, public_id)
    return render(
        request,
        "matching/learning/learned.html",
        {
            "offer": offer,
            "learned": selectors.learned_of_giver(offer.organisation),
            "can_reset": permissions.can_reset_learning(request.user, offer.organisation_id),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Forget what was learned, after asking whether one is sure."""
    offer = own_offer(request.user, public_id)
    if not permissions.can_reset_learning(request.user, offer.organisation_id):
        raise PermissionDenied
    if request.method == "POST":
        services.reset_learning(organisation=offer.organisation, actor=request.user, now=timezone.now())
        messages.success(request, _("What was learned of your choices is forgotten."))
        return redirect("matching:learned", public_id)
    return render(
        request,
        "matching/learning/reset.html",
        {"offer": offer, "back_url": reverse("matching:learned", args=[public_id])},
    )


@require_POST
def undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the reset back."""
    offer = own_offer(request.user, public_id)
    try:
        services.undo_reset(organisation=offer.organisation, actor=request.user, now=timezone.now())
    except services.NothingToUndo:
        messages.info(request, _("There is nothing to take back."))
    else:
        messages.success(request, _("Your earlier choices count again."))
    return redirect("matching:learned", public_id)
