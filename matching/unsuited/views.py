"""Put support aside with a reason, see what lies aside, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from funders.models import SupportOffer
from funders.selectors import giver_name, telling
from innovators.models import Initiative
from matching.desk.views.actions import next_address
from matching.desk.views.finding import own_initiative, visible_offer
from matching.desk.waiting import WaitsForWord, waiting_introduction
from matching.meeting.models import Introduction
from matching.unsuited import permissions, selectors, services
from matching.unsuited.enums import UnsuitedReason
from matching.unsuited.forms import UnsuitedForm
from matching.unsuited.models import Unsuited

PAGE_SIZE = 20
UNPROCESSABLE = 422


@never_cache
@require_safe
def unsuited(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What an initiative's people have put aside, the last first. For its own people."""
    initiative = own_initiative(request.user, public_id)
    rows = selectors.lying_aside(initiative, request.user)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "initiative": initiative,
        "page": page,
        "rows": [
            {"row": row, "told": telling(row.offer), "giver": giver_name(row.offer.organisation)}
            for row in page.object_list
        ],
        "can_change": permissions.can_put_aside(request.user, initiative),
        "next": request.get_full_path(),
    }
    return render(request, "matching/unsuited/unsuited.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def put_aside(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Ask why it does not suit, and take it out of the suggestions."""
    mine, theirs = _pair(request, initiative, offer)
    waits = waiting_introduction(theirs, mine)
    if waits is not None:
        return _to_introduction(request, waits)
    form = UnsuitedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.put_aside(
                initiative=mine,
                offer=theirs,
                reason=UnsuitedReason(form.cleaned_data["reason"]),
                actor=request.user,
                now=timezone.now(),
            )
        except WaitsForWord as word:
            return _to_introduction(request, word.introduction)
        request.session[selectors.JUST_ASIDE] = [mine.public_id, theirs.public_id]
        return _back(request, mine)
    back = next_address(request) or _list_of(mine)
    context: dict[str, Any] = {
        "form": form,
        "title": telling(theirs).title,
        "initiative": mine,
        "save_text": _("Put it aside"),
        "back_url": back,
        "cancel_url": back,
        "next": next_address(request),
    }
    return render(
        request, "matching/unsuited/put_aside.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )


@require_POST
def take_back(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Put it back among the suggestions, also when the support is hidden by now."""
    mine = own_initiative(request.user, initiative)
    if not permissions.can_put_aside(request.user, mine):
        raise PermissionDenied
    row = (
        Unsuited.objects.visible_to(request.user)
        .filter(initiative=mine, offer__public_id=offer)
        .select_related("offer__organisation")
        .first()
    )
    if row is None:
        # Taken back a moment ago, or never aside.
        visible_offer(request.user, offer)
        messages.info(request, _("It was among the suggestions already."))
        return _back(request, mine)
    services.take_back(initiative=mine, offer=row.offer, actor=request.user, now=timezone.now())
    title = telling(row.offer).title
    messages.success(request, _("“%(title)s” is among the suggestions again.") % {"title": title})
    return _back(request, mine)


def _pair(request: SignedInRequest, initiative: str, offer: str) -> tuple[Initiative, SupportOffer]:
    """Return both sides for somebody who may write for the initiative."""
    mine = own_initiative(request.user, initiative)
    theirs = visible_offer(request.user, offer)
    if theirs.organisation_id == mine.organisation_id:
        raise Http404
    if not permissions.can_put_aside(request.user, mine):
        raise PermissionDenied
    return mine, theirs


def _to_introduction(request: SignedInRequest, waits: Introduction) -> HttpResponse:
    messages.info(request, _("You are in contact about this support, so it stays among your suggestions."))
    return HttpResponseRedirect(reverse("matching:introduction", args=[waits.public_id]))


def _list_of(initiative: Initiative) -> str:
    return reverse("matching:for-initiative", args=[initiative.public_id])


def _back(request: SignedInRequest, initiative: Initiative) -> HttpResponse:
    return HttpResponseRedirect(next_address(request) or _list_of(initiative))
