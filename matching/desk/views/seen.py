"""Small POSTs beside reading: a suggestion was opened, what has gone was read. Reading itself writes nothing."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from brygga.core.http import SignedInRequest
from matching.desk import services
from matching.desk.views.actions import next_address
from matching.desk.views.finding import own_initiative, own_offer, visible_case, visible_offer

NOTED = 204


@require_POST
def pair_for_initiative(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Sent by the page of a pair when it has come: the innovator's side has opened it."""
    mine = own_initiative(request.user, initiative)
    theirs = visible_offer(request.user, offer)
    services.note_opened(
        initiative=mine, offer=theirs, side="initiative", actor=request.user, now=timezone.now()
    )
    return HttpResponse(status=NOTED)


@require_POST
def pair_for_offer(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Sent by the page of a pair when it has come: the giver's side has opened it."""
    mine = own_offer(request.user, offer)
    theirs = visible_case(request.user, mine, initiative)
    services.note_opened(initiative=theirs, offer=mine, side="offer", actor=request.user, now=timezone.now())
    return HttpResponse(status=NOTED)


@require_POST
def gone_for_initiative(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put away the notice of support that has gone, as far as it was shown."""
    initiative = own_initiative(request.user, public_id)
    services.note_gone_read(
        profile=initiative, actor=request.user, now=timezone.now(), until=_shown_until(request)
    )
    return redirect("matching:for-initiative", public_id)


@require_POST
def gone_for_offer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put away the notice of initiatives that have gone, as far as it was shown, or of a new order."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    if "order" in request.POST:
        services.note_order_read(offer=offer, actor=request.user, now=now)
    else:
        services.note_gone_read(profile=offer, actor=request.user, now=now, until=_shown_until(request))
    return redirect(next_address(request) or reverse("matching:for-offer", args=[public_id]))


def _shown_until(request: SignedInRequest) -> datetime | None:
    """Return the moment the shown notice ended with; None if there is none to be read."""
    try:
        moment = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
