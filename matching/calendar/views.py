"""Days in one's own calendar: a private address that calendars read, and one day as a file."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.core.icalendar import CONTENT_TYPE, calendar
from funders.models import SupportOffer
from matching.calendar import selectors, services
from matching.calendar.models import CalendarAddress


@never_cache
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Say what the calendar holds, and whether there is an address."""
    address = CalendarAddress.objects.filter(user=request.user).first()
    return render(request, "matching/calendar/page.html", {"address": address})


@never_cache
@require_POST
@sensitive_variables("secret")
def make(request: SignedInRequest) -> HttpResponse:
    """Make or renew the address and show it, this once, in the answer to the form itself."""
    secret = services.make_address(actor=request.user, now=timezone.now())
    address = f"{settings.SITE_ADDRESS}{reverse('matching:calendar-feed')}?key={secret}"
    return render(request, "matching/calendar/made.html", {"address": address})


@require_POST
def remove(request: SignedInRequest) -> HttpResponse:
    """End the address."""
    if services.remove_address(actor=request.user, now=timezone.now()):
        messages.success(request, _("The address is removed. Calendars that read it get nothing more."))
    return redirect("matching:calendar")


@login_not_required
@require_safe
@sensitive_variables("secret")
def feed(request: BryggaRequest) -> HttpResponseBase:
    """Answer a calendar program that has the secret. It stands in the query, which no log keeps."""
    secret = request.GET.get("key", "")
    person = selectors.person_behind(secret) if secret else None
    if person is None:
        raise Http404
    now = timezone.now()
    with override(person.language):
        events = selectors.days_of(person, now)
        octets = calendar(events, name=_("Brygga: days for support"))
    etag = f'"{hashlib.sha256(octets).hexdigest()[:32]}"'
    changed = int(selectors.changed_at(events, now=now).timestamp())
    response = HttpResponse(octets, content_type=CONTENT_TYPE)
    response["ETag"], response["Last-Modified"] = etag, http_date(changed)
    response["Content-Disposition"] = 'inline; filename="brygga.ics"'
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag, changed, response) or response


@login_not_required
@require_safe
def closing_day(request: BryggaRequest, public_id: str) -> HttpResponse:
    """Answer with the last day to apply for an offer, for anybody who may read the offer."""
    offers = SupportOffer.objects.published().visible_to(request.user).select_related("organisation")
    offer = offers.filter(public_id=public_id).first()
    event = selectors.closing_day(offer) if offer is not None else None
    if event is None:
        raise Http404
    response = HttpResponse(calendar([event]), content_type=CONTENT_TYPE)
    name = _("last-day") + f"-{event.starts.isoformat()}.ics"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
