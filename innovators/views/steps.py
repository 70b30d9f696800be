"""An initiative's public life: publish, pause, close, delete a draft; and the list of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brygga.core.enums import PublicationState
from brygga.core.http import SignedInRequest
from brygga.organisations.permissions import can_write_for
from brygga.organisations.registration.views import show_check
from innovators import looking_over, selectors, services
from innovators.models import Initiative
from innovators.views.register import REGISTRATION, find_for_members, find_for_writing

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Publish, from the answers page. A second click finds it published and says so."""
    initiative = find_for_writing(request.user, public_id)
    done = redirect("innovators:published", public_id)
    if request.method != "POST":
        return redirect("innovators:check", public_id)
    if initiative.is_published:
        return done
    try:
        services.publish_initiative(initiative=initiative, actor=request.user, now=timezone.now())
    except services.CannotPublish as refused:
        fresh = find_for_writing(request.user, public_id)
        if fresh.is_published:
            return done
        if refused.missing:
            return show_check(request, REGISTRATION, fresh, status=422, refused=True)
        messages.warning(
            request, gettext("Somebody changed it at the same moment. Look through it once more.")
        )
        return redirect("innovators:check", public_id)
    return done


@require_GET
def published(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The receipt: reference, what happens next and when."""
    initiative = find_for_members(request.user, public_id)
    if not initiative.is_published:
        return redirect("innovators:detail", public_id)
    return render(request, "innovators/published.html", {"initiative": initiative})


def _step(
    request: SignedInRequest,
    public_id: str,
    *,
    to: PublicationState,
    service: Callable[..., Any],
    template: str,
    said: str,
) -> HttpResponse:
    """Ask, then do. Doing it twice is doing it once."""
    initiative = find_for_writing(request.user, public_id)
    tasks = reverse("innovators:tasks", args=[public_id])
    if request.method != "POST":
        return render(request, template, {"initiative": initiative, "back_url": tasks})
    if initiative.state != to:
        try:
            service(initiative=initiative, actor=request.user, now=timezone.now())
        except services.StepRefused:
            messages.warning(request, gettext("That is not possible now. Here is where it stands."))
            return HttpResponseRedirect(tasks)
    messages.success(request, said)
    return HttpResponseRedirect(tasks)


@require_POST
def still_true(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say that what it says still holds. We ask again in a year."""
    initiative = find_for_writing(request.user, public_id)
    looking_over.say_still_true(initiative=initiative, actor=request.user, now=timezone.now())
    messages.success(request, gettext("Thank you. We ask again in a year."))
    return redirect("innovators:tasks", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _step(
        request,
        public_id,
        to=PublicationState.PAUSED,
        service=services.pause_initiative,
        template="innovators/pause.html",
        said=gettext("It is paused. Nobody else sees it until you publish it again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _step(
        request,
        public_id,
        to=PublicationState.CLOSED,
        service=services.close_initiative,
        template="innovators/close.html",
        said=gettext("It is closed and no longer shown."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete a draft for good, after asking."""
    initiative = find_for_writing(request.user, public_id)
    if request.method != "POST":
        return render(
            request,
            "innovators/delete.html",
            {"initiative": initiative, "back_url": reverse("innovators:tasks", args=[public_id])},
        )
    try:
        services.delete_draft(initiative=initiative, actor=request.user, now=timezone.now())
    except services.CannotDelete:
        messages.warning(request, gettext("It has been public and cannot be deleted. You can close it."))
        return redirect("innovators:tasks", public_id)
    messages.success(request, gettext("The draft is deleted."))
    return redirect("innovators:mine")


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """The initiatives of one's organisations, the last changed first."""
    page = Paginator(selectors.own_initiatives(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [own_row(request, initiative) for initiative in page.object_list]
    return render(request, "innovators/mine.html", {"page": page, "rows": rows})


def own_row(request: SignedInRequest, initiative: Initiative) -> dict[str, Any]:
    state, following = selectors.state_in_words(initiative)
    can_change = can_write_for(request.user, initiative.organisation_id)
    return {
        "initiative": initiative,
        "url": reverse(
            "innovators:tasks" if can_change else "innovators:detail", args=[initiative.public_id]
        ),
        "state": state,
        "next": following,
        "owner": str(initiative.organisation),
    }
