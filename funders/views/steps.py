"""An offer's public life: publish, pause, close, delete a draft; and the list of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from brygga.core.enums import PublicationState
from brygga.core.http import SignedInRequest
from brygga.organisations.permissions import can_write_for
from brygga.organisations.registration.views import show_check
from funders import selectors, services
from funders.copying import copy_offer
from funders.models import SupportOffer
from funders.views.register import REGISTRATION, before_publishing, find_for_members, find_for_writing

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Publish, from the answers page. A second click finds it published and says so."""
    offer = find_for_writing(request.user, public_id)
    done = redirect("funders:published", public_id)
    if request.method != "POST":
        return redirect("funders:check", public_id)
    if offer.is_published:
        return done
    try:
        services.publish_offer(offer=offer, actor=request.user, now=timezone.now())
    except services.CannotPublish as refused:
        fresh = find_for_writing(request.user, public_id)
        if fresh.is_published:
            return done
        if refused.missing:
            more = before_publishing(fresh)
            return show_check(request, REGISTRATION, fresh, status=422, refused=True, **more)
        messages.warning(
            request, gettext("Somebody changed it at the same moment. Look through it once more.")
        )
        return redirect("funders:check", public_id)
    return done


@require_GET
def published(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The receipt: reference, what happens next and when."""
    offer = find_for_members(request.user, public_id)
    if not offer.is_published:
        return redirect("funders:detail", public_id)
    return render(request, "funders/published.html", {"offer": offer})


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
    offer = find_for_writing(request.user, public_id)
    tasks = reverse("funders:tasks", args=[public_id])
    if request.method != "POST":
        return render(request, template, {"offer": offer, "back_url": tasks})
    if offer.state != to:
        try:
            service(offer=offer, actor=request.user, now=timezone.now())
        except services.StepRefused:
            messages.warning(request, gettext("That is not possible now. Here is where it stands."))
            return HttpResponseRedirect(tasks)
    messages.success(request, said)
    return HttpResponseRedirect(tasks)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _step(
        request,
        public_id,
        to=PublicationState.PAUSED,
        service=services.pause_offer,
        template="funders/pause.html",
        said=gettext("It is paused. Nobody else sees it until you publish it again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _step(
        request,
        public_id,
        to=PublicationState.CLOSED,
        service=services.close_offer,
        template="funders/close.html",
        said=gettext("It is closed and no longer shown."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete a draft for good, after asking."""
    offer = find_for_writing(request.user, public_id)
    if request.method != "POST":
        return render(
            request,
            "funders/delete.html",
            {"offer": offer, "back_url": reverse("funders:tasks", args=[public_id])},
        )
    try:
        services.delete_draft(offer=offer, actor=request.user, now=timezone.now())
    except services.CannotDelete:
        messages.warning(request, gettext("It has been public and cannot be deleted. You can close it."))
        return redirect("funders:tasks", public_id)
    messages.success(request, gettext("The draft is deleted."))
    return redirect("funders:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def use_as_template(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A new draft with the answers of one's own offer, whatever its state; sent twice it is one draft."""
    offer = find_for_writing(request.user, public_id)
    if request.method != "POST":
        context = {"offer": offer, "key": uuid4(), "back_url": reverse("funders:mine")}
        return render(request, "funders/use_as_template.html", context)
    made = copy_offer(offer=offer, actor=request.user, now=timezone.now(), key=_key(request))
    messages.success(
        request,
        gettext("Here is a new draft with your answers. Say when one can apply, and look it through."),
    )
    return redirect("funders:tasks", made.public_id)


def _key(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """The offers of one's organisations, the last changed first."""
    page = Paginator(selectors.own_offers(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [own_row(request, offer) for offer in page.object_list]
    return render(request, "funders/mine.html", {"page": page, "rows": rows})


def own_row(request: SignedInRequest, offer: SupportOffer) -> dict[str, Any]:
    state, following = selectors.state_in_words(offer, timezone.now())
    can_change = can_write_for(request.user, offer.organisation_id)
    return {
        "offer": offer,
        "can_change": can_change,
        "url": reverse("funders:tasks" if can_change else "funders:detail", args=[offer.public_id]),
        "state": state,
        "next": following,
        "owner": selectors.giver_name(offer.organisation),
    }
