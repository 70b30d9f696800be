"""The list of flagged initiatives, flagging and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brygga.core.http import SignedInRequest
from brygga.taxonomy.selectors import area_names, county_choices, theme_names
from innovators.models import Initiative
from intermediaries import permissions, selectors, services
from intermediaries.enums import FlagReason
from intermediaries.forms import FlagForm, WithdrawForm
from intermediaries.models import Flag

PAGE_SIZE = 20


@require_GET
@login_not_required
def flags(request: HttpRequest) -> HttpResponse:
    """Everybody's list of what intermediaries hold to be promising."""
    organisations = selectors.flaggers(request.user)
    filters = selectors.read_filters(
        counties=request.GET.getlist("county"),
        themes=request.GET.getlist("theme"),
        reasons=request.GET.getlist("reason"),
        chosen_flaggers=request.GET.getlist("by"),
        flaggers=organisations,
    )
    if filters.unknown:
        messages.info(request, _("We left out a filter that we do not know."))
    page = Paginator(selectors.flags_for(request.user, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    language = get_language() or "sv"
    own = {organisation.pk for organisation in permissions.intermediaries_of(request.user)}
    staff = request.user.is_authenticated and request.user.is_staff
    rows = [
        {
            "flag": flag,
            "reasons": [FlagReason(code).label for code in flag.reasons],
            "places": area_names(flag.initiative.public_area_codes, language)[:3],
            "themes": theme_names(flag.initiative.theme_codes, language)[:3],
            "can_withdraw": staff or flag.organisation_id in own,
        }
        for flag in page.object_list
    ]
    facets = [
        _facet(_("Reason"), "reason", FlagReason.choices, filters.reasons, open=True),
        _facet(_("County"), "county", county_choices(language), filters.counties),
        _facet(_("Theme"), "theme", selectors.top_theme_choices(language), filters.themes),
        _facet(_("Flagged by"), "by", [(one.public_id, one.name) for one in organisations], filters.flaggers),
    ]
    return render(
        request,
        "intermediaries/flags.html",
        {
            "page": page,
            "rows": rows,
            "facets": facets,
            "filters_chosen": filters.chosen,
            "is_intermediary": bool(own),
        },
    )


def _facet(
    title: str, name: str, choices: Any, chosen: tuple[str, ...], *, open: bool = False
) -> dict[str, Any]:
    options = [{"value": code, "label": label, "checked": code in chosen} for code, label in choices]
    return {"title": title, "name": name, "options": options, "open": open or bool(chosen)}


@require_http_methods(["GET", "POST"])
def flag(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Flag one initiative."""
    initiative = get_object_or_404(
        Initiative.objects.visible_to(request.user).published().select_related("organisation"),
        public_id=public_id,
    )
    organisations = [
        organisation
        for organisation in permissions.intermediaries_of(request.user)
        if permissions.can_flag(request.user, initiative, organisation)
    ]
    if not organisations:
        raise PermissionDenied
    form = FlagForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.flag_initiative(
                initiative=initiative,
                organisation=given["organisation"],
                actor=request.user,
                reasons=given["reasons"],
                text=given["text"],
                evidence_url=given["evidence_url"],
                conflict=given["conflict"],
                now=timezone.now(),
            )
        except services.AlreadyFlagged:
            messages.info(request, _("Your organisation has flagged this initiative already."))
        else:
            messages.success(request, _("Thank you. The flag is now shown on the initiative’s page."))
        return redirect("innovators:detail", initiative.public_id)
    return render(
        request,
        "intermediaries/flag.html",
        {"form": form, "initiative": initiative, "organisation": form.only},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, flag_id: int) -> HttpResponse:
    """Take a flag back, with a reason."""
    flag = get_object_or_404(
        Flag.objects.filter(
            initiative__in=Initiative.objects.visible_to(request.user).values("pk")
        ).select_related("initiative", "organisation"),
        pk=flag_id,
    )
    if not permissions.can_withdraw(request.user, flag):
        raise PermissionDenied
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_flag(
                flag=flag, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except services.AlreadyWithdrawn:
            messages.info(request, _("The flag had been taken back already."))
        else:
            messages.success(request, _("The flag is taken back and no longer shown."))
        return redirect("intermediaries:flags")
    if flag.withdrawn_at is not None:
        messages.info(request, _("The flag had been taken back already."))
        return redirect("intermediaries:flags")
    return render(
        request,
        "intermediaries/withdraw.html",
        {"form": form, "flag": flag},
        status=422 if form.is_bound else 200,
    )
