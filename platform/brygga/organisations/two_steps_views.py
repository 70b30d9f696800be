"""Owners ask all members for two-step sign-in, and see who has it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.formatting import format_day
from brygga.core.http import SignedInRequest
from brygga.organisations import services
from brygga.organisations.forms import TwoStepsForm
from brygga.organisations.member_views import get_to_manage
from brygga.organisations.two_steps import DEFAULT_DAYS, without_two_steps
from brygga.organisations.views import UNPROCESSABLE
from brygga.users.selectors import has_second_factor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def two_steps(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for two steps from a day, or stop asking."""
    organisation = get_to_manage(request, public_id)
    now = timezone.now()
    here = redirect("organisations:two-steps", public_id)
    if request.method == "POST" and "stop" in request.POST:
        services.stop_requiring_two_steps(organisation=organisation, actor=request.user, now=now)
        messages.success(request, _("Two-step sign-in is no longer asked for. Each member chooses."))
        return here
    suggested = timezone.localdate(now) + timedelta(days=DEFAULT_DAYS)
    form = TwoStepsForm(
        request.POST if request.method == "POST" else None, initial={"day": format_day(suggested)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.require_two_steps(
                organisation=organisation, day=form.cleaned_data["day"], actor=request.user, now=now
            )
        except services.BadDay:
            form.add_error("day", _("Choose a day from tomorrow and at most a year ahead."))
        except services.NoSecondFactor:
            return here
        else:
            messages.success(request, _("Saved. Those who lack two-step sign-in are told now."))
            return here
    context = {
        "organisation": organisation,
        "form": form,
        "lacking": without_two_steps(organisation),
        "must_first": not has_second_factor(request.user),
        "back_url": reverse("organisations:members", args=[public_id]),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organisations/two_steps.html", context, status=status)
