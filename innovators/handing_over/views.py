"""Hand an initiative to another organisation, and answer for the one that is asked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from innovators.handing_over import permissions, services
from innovators.handing_over.enums import HandoverState
from innovators.handing_over.forms import HandOverForm
from innovators.handing_over.models import InitiativeHandover
from innovators.selectors import telling
from innovators.views.register import find_for_members

UNPROCESSABLE = 422
_ANSWERS = {"accept": services.accept, "decline": services.decline, "withdraw": services.withdraw}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Choose who takes over. For owners of the organisation that has it."""
    initiative = find_for_members(request.user, public_id)
    if not permissions.can_hand_over(request.user, initiative):
        raise PermissionDenied
    waiting = InitiativeHandover.objects.waiting().filter(initiative=initiative).first()
    if waiting is not None:
        return redirect("innovators:handover", waiting.pk)
    own = Organisation.objects.owned_by(request.user).exclude(pk=initiative.organisation_id)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, own=list(own.order_by("name", "pk"))
    )
    if request.method == "POST" and form.is_valid() and form.organisation is not None:
        try:
            made = services.hand_over(
                initiative=initiative, organisation=form.organisation, actor=request.user, now=timezone.now()
            )
        except services.CannotHandOver:
            form.add_error(None, gettext("It cannot be handed over to them now. Choose another."))
        else:
            return _after(request, made)
    tasks = reverse("innovators:tasks", args=[public_id])
    context = {
        "form": form,
        "initiative": initiative,
        "back_url": tasks,
        "cancel_url": tasks,
        "save_text": gettext("Hand it over"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "innovators/handing_over/hand_over.html", context, status=status)


def _after(request: SignedInRequest, made: InitiativeHandover) -> HttpResponse:
    if made.state == HandoverState.ACCEPTED:
        said = gettext("“%(title)s” now belongs to %(organisation)s.")
        parameters = {"title": made.initiative.title, "organisation": str(made.organisation)}
        messages.success(request, said % parameters)
        return redirect("innovators:tasks", made.initiative.public_id)
    said = gettext("%(organisation)s is asked. The initiative is yours until they say yes.")
    messages.success(request, said % {"organisation": str(made.organisation)})
    return redirect("innovators:handover", made.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: SignedInRequest, number: int) -> HttpResponse:
    """Where a handover stands; the owners on either side answer it or take it back."""
    found = get_object_or_404(
        InitiativeHandover.objects.visible_to(request.user).select_related(
            "initiative", "organisation", "from_organisation", "asked_by"
        ),
        pk=number,
    )
    may_answer = permissions.can_take_over(request.user, found.organisation)
    answer = _ANSWERS.get(request.POST.get("answer", "")) if request.method == "POST" else None
    if answer is not None:
        try:
            done = answer(handover=found, actor=request.user, now=timezone.now())
        except services.SomebodyWasFirst:
            messages.info(request, gettext("It was answered or taken back already."))
        else:
            if done.state == HandoverState.ACCEPTED:
                messages.success(request, gettext("The initiative is yours now. Look through its answers."))
                return redirect("innovators:tasks", found.initiative.public_id)
            messages.success(request, gettext("It is done."))
        return HttpResponseRedirect(request.path)
    context = {
        "handover": found,
        "told": telling(found.initiative),
        "may_answer": may_answer and found.state == HandoverState.ASKED,
        "may_withdraw": permissions.can_withdraw(request.user, found) and found.state == HandoverState.ASKED,
    }
    return render(request, "innovators/handing_over/handover.html", context)
