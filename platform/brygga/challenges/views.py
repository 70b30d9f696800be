"""Challenges: the list, one of them, and telling, changing and ending one's own."""

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

from brygga.challenges import permissions, selectors, services
from brygga.challenges.forms import ChallengeForm
from brygga.challenges.models import Challenge
from brygga.core import slots
from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.taxonomy.selectors import (
    area_name,
    county_choices,
    current_taxonomy,
    municipality_choices,
    theme_names,
)

PAGE_SIZE = 20
UNPROCESSABLE = 422


@login_not_required
@require_safe
def catalogue(request: BryggaRequest) -> HttpResponse:
    """All public challenges; what is chosen stands in the address."""
    filters = selectors.read_filters(
        words=request.GET.get("q", ""),
        themes=request.GET.getlist("theme"),
        counties=request.GET.getlist("county"),
        ended=request.GET.get("ended", ""),
    )
    if filters.unknown:
        messages.info(request, _("We left out a filter that we do not know."))
    page = Paginator(selectors.challenges_for(request.user, filters), PAGE_SIZE).get_page(
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
        "ended": [{"value": "yes", "label": _("Show ended ones too"), "checked": filters.with_ended}],
        "may_tell": bool(permissions.public_bodies_of(request.user)),
    }
    response = render(request, "challenges/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
def detail(request: BryggaRequest, public_id: str) -> HttpResponse:
    """A challenge and those who answer it. Its own people see it as a draft too, with what they can do."""
    challenge = _find(request, public_id)
    slots.fill("challenge_sections", [challenge], request)
    context = {
        "challenge": challenge,
        "place": area_name(challenge.area_code) if challenge.area_code else "",
        "subject": "".join(theme_names([challenge.theme_code])) if challenge.theme_code else "",
        "state": selectors.state_in_words(challenge),
        "can_change": request.user.is_authenticated
        and permissions.can_change_challenge(request.user, challenge),
        "can_publish": request.user.is_authenticated
        and permissions.can_tell_challenge(request.user, challenge.organisation),
        "is_ready": bool(challenge.theme_code or challenge.area_code),
    }
    return render(request, "challenges/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Tell a challenge. Whoever does not speak for a verified public body learns who may."""
    bodies = permissions.public_bodies_of(request.user)
    if not bodies:
        return render(request, "challenges/who_may.html", status=403)
    form = ChallengeForm(request.POST if request.method == "POST" else None, organisations=bodies)
    if request.method == "POST" and form.is_valid():
        challenge = services.tell_challenge(
            organisation=form.cleaned_data["organisation"],
            actor=request.user,
            now=timezone.now(),
            values=form.values(),
        )
        messages.success(request, _("The draft is saved. Read it through, and publish it when it is ready."))
        return redirect("challenges:detail", challenge.public_id)
    return _form_page(request, form, reverse("challenges:list"), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change one's own challenge."""
    challenge = _find_own(request, public_id)
    data = request.POST if request.method == "POST" else None
    form = ChallengeForm(data, organisations=[challenge.organisation], challenge=challenge)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_challenge(
                challenge=challenge, actor=request.user, now=timezone.now(), values=form.values()
            )
        except services.NotReady:
            # Published by a colleague while the form was open.
            form.add_error("theme_code", _("Choose a subject or write a place: the challenge is public."))
        else:
            messages.success(request, _("Saved."))
            return redirect("challenges:detail", public_id)
    return _form_page(request, form, reverse("challenges:detail", args=[public_id]), challenge)


@require_POST
def publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Publish a draft, or open an ended challenge again."""
    challenge = _find_own(request, public_id)
    try:
        services.publish_challenge(challenge=challenge, actor=request.user, now=timezone.now())
    except services.NotReady:
        messages.error(
            request, _("Choose a subject or write a place first: those who work with it find it so.")
        )
        return redirect("challenges:edit", public_id)
    messages.success(
        request, _("The challenge is public. Share its address with those who may have an answer.")
    )
    return redirect("challenges:detail", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """End a challenge, after a question."""
    challenge = _find_own(request, public_id)
    here = reverse("challenges:detail", args=[public_id])
    if not challenge.is_open:
        return redirect(here)
    if request.method == "POST":
        services.end_challenge(challenge=challenge, actor=request.user, now=timezone.now())
        messages.success(request, _("The challenge has ended. You can open it again."))
        return redirect(here)
    return render(request, "challenges/end.html", {"challenge": challenge, "back_url": here})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete a draft, after a question. What has been public is ended instead."""
    challenge = _find_own(request, public_id)
    here = reverse("challenges:detail", args=[public_id])
    if not challenge.is_draft:
        return redirect(here)
    if request.method == "POST":
        try:
            services.delete_draft(challenge=challenge, actor=request.user, now=timezone.now())
        except services.ColleagueWasFirst:
            messages.info(request, _("A colleague has just published it, so it is not deleted."))
            return redirect(here)
        messages.success(request, _("The draft is deleted."))
        return redirect("challenges:list")
    return render(request, "challenges/delete.html", {"challenge": challenge, "back_url": here})


def _find(request: BryggaRequest, public_id: str) -> Challenge:
    visible = Challenge.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, public_id=public_id)


def _find_own(request: SignedInRequest, public_id: str) -> Challenge:
    challenge = _find(request, public_id)
    if not permissions.can_change_challenge(request.user, challenge):
        raise PermissionDenied
    return challenge


def _form_page(
    request: SignedInRequest, form: ChallengeForm, back_url: str, challenge: Challenge | None
) -> HttpResponse:
    context = {
        "form": form,
        "challenge": challenge,
        "only": form.only if challenge is None else None,
        "back_url": back_url,
        "save_text": _("Save") if challenge else _("Save the draft"),
        "places": [name for _code, name in (*county_choices(), *municipality_choices())],
    }
    return render(request, "challenges/form.html", context, status=UNPROCESSABLE if form.is_bound else 200)
