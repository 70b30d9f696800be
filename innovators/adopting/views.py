"""Adopters: the list, one of them, and registering, changing and closing one's own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core import slots
from brygga.core.enums import PublicationState
from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.organisations.registration.words import full_area_names
from brygga.taxonomy.selectors import county_choices, current_taxonomy, target_group_names, theme_names
from innovators.adopting import permissions, selectors, services
from innovators.adopting.forms import AdopterForm
from innovators.adopting.models import Adopter

PAGE_SIZE = 20
UNPROCESSABLE = 422


@login_not_required
@require_safe
def catalogue(request: BryggaRequest) -> HttpResponse:
    """Who wants to take something up; what is chosen stands in the address."""
    filters = selectors.read_filters(
        words=request.GET.get("q", ""),
        themes=request.GET.getlist("theme"),
        counties=request.GET.getlist("county"),
    )
    if filters.unknown:
        messages.info(request, _("We left out a filter that we do not know."))
    page = Paginator(selectors.adopters_for(request.user, filters), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    themes = [
        {"value": entry.code, "label": name, "checked": entry.code in filters.themes}
        for entry in current_taxonomy().themes.active()
        if entry.parent is None
        for name in theme_names([entry.code])
    ]
    counties = [
        {"value": code, "label": name, "checked": code in filters.counties} for code, name in county_choices()
    ]
    context = {
        "page": page,
        "cards": selectors.cards(page.object_list),
        "filters": filters,
        "filters_chosen": filters.chosen,
        "themes": themes,
        "counties": counties,
    }
    response = render(request, "innovators/adopting/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
def detail(request: BryggaRequest, public_id: str) -> HttpResponse:
    """What one organisation wants to take up. Its own people see it unpublished too, with what they can do."""
    adopter = _find(request, public_id)
    slots.fill("adopter_sections", [adopter], request)
    context = {
        "adopter": adopter,
        "owner": selectors.owner_in_words(adopter),
        "themes": [(code, name) for code in adopter.theme_codes for name in theme_names([code])],
        "groups": target_group_names(adopter.target_group_codes),
        "places": full_area_names(adopter.area_codes),
        "puts_in": selectors.puts_in_words(adopter),
        "money": selectors.money_in_words(adopter),
        "state": selectors.state_in_words(adopter),
        "missing": selectors.missing_answers(adopter),
        "can_change": request.user.is_authenticated and permissions.can_change_adopter(request.user, adopter),
    }
    return render(request, "innovators/adopting/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Register as an adopter. Whoever writes for no organisation learns what to do."""
    organisations = permissions.may_adopt_for(request.user)
    if not organisations:
        return render(request, "innovators/adopting/who_may.html", status=403)
    form = AdopterForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        adopter = services.register_adopter(
            organisation=form.cleaned_data["organisation"],
            actor=request.user,
            now=timezone.now(),
            values=form.values(),
        )
        messages.success(request, _("The draft is saved. Read it through, and publish it when it is ready."))
        return redirect("adopters:detail", adopter.public_id)
    return _form_page(request, form, reverse("adopters:list"), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change what one's own organisation looks for."""
    adopter = _find_own(request, public_id)
    data = request.POST if request.method == "POST" else None
    form = AdopterForm(data, organisations=[adopter.organisation], adopter=adopter)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_adopter(
                adopter=adopter, actor=request.user, now=timezone.now(), values=form.values()
            )
        except services.NotReady:
            # Published by a colleague while the form was open.
            form.say_what_is_missing()
        except services.ColleagueWasFirst:
            return _gone(request)
        else:
            messages.success(request, _("Saved."))
            return redirect("adopters:detail", public_id)
    return _form_page(request, form, reverse("adopters:detail", args=[public_id]), adopter)


@require_POST
def publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show it to everybody, also what was paused or closed."""
    adopter = _find_own(request, public_id)
    try:
        services.publish_adopter(adopter=adopter, actor=request.user, now=timezone.now())
    except services.NotReady:
        missing = ", ".join(selectors.missing_answers(adopter))
        messages.error(
            request, _("Before everybody can read it you need: %(missing)s.") % {"missing": missing}
        )
        return redirect("adopters:edit", public_id)
    except services.ColleagueWasFirst:
        return _gone(request)
    messages.success(request, _("Everybody can read it now. See below who has done something like it."))
    return redirect("adopters:detail", public_id)


@require_POST
def pause(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hide it for a while."""
    adopter = _find_own(request, public_id)
    try:
        services.pause_adopter(adopter=adopter, actor=request.user, now=timezone.now())
    except services.ColleagueWasFirst:
        messages.info(request, _("A colleague was first: here is how it stands."))
    else:
        messages.success(request, _("It is hidden for now. You can show it again."))
    return redirect("adopters:detail", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Stop looking, after a question."""
    adopter = _find_own(request, public_id)
    here = reverse("adopters:detail", args=[public_id])
    if adopter.state not in (PublicationState.PUBLISHED, PublicationState.PAUSED):
        return redirect(here)
    if request.method == "POST":
        services.close_adopter(adopter=adopter, actor=request.user, now=timezone.now())
        messages.success(request, _("It is closed. You can show it again."))
        return redirect(here)
    return render(request, "innovators/adopting/close.html", {"adopter": adopter, "back_url": here})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete a draft, after a question. What has been public is closed instead."""
    adopter = _find_own(request, public_id)
    here = reverse("adopters:detail", args=[public_id])
    if not adopter.is_draft:
        return redirect(here)
    if request.method == "POST":
        try:
            services.delete_draft(adopter=adopter, actor=request.user, now=timezone.now())
        except services.ColleagueWasFirst:
            messages.info(request, _("A colleague has just published it, so it is not deleted."))
            return redirect(here)
        messages.success(request, _("The draft is deleted."))
        return redirect("adopters:list")
    return render(request, "innovators/adopting/delete.html", {"adopter": adopter, "back_url": here})


def _find(request: BryggaRequest, public_id: str) -> Adopter:
    visible = Adopter.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, public_id=public_id)


def _find_own(request: SignedInRequest, public_id: str) -> Adopter:
    adopter = _find(request, public_id)
    if not permissions.can_change_adopter(request.user, adopter):
        raise PermissionDenied
    return adopter


def _gone(request: SignedInRequest) -> HttpResponse:
    messages.info(request, _("A colleague has just deleted the draft."))
    return redirect("adopters:list")


def _form_page(
    request: SignedInRequest, form: AdopterForm, back_url: str, adopter: Adopter | None
) -> HttpResponse:
    context = {
        "form": form,
        "adopter": adopter,
        "only": form.only if adopter is None else None,
        "back_url": back_url,
        "save_text": _("Save") if adopter else _("Save the draft"),
    }
    return render(
        request, "innovators/adopting/form.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )
