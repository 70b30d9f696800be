"""Ask the other side to talk: "we want to take this up", and "we can show you how"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from brygga.core.enums import PublicationState
from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from innovators.adopting.selectors import owner_in_words
from innovators.models import Adopter, Initiative
from innovators.selectors import owner_name, telling
from matching.adopting import services
from matching.adopting.enums import AdoptionSide
from matching.adopting.forms import AdoptionAskForm
from matching.adopting.models import AdoptionQuestion
from matching.adopting.questions import open_question, proposed_contact

UNPROCESSABLE = 422
CONFLICT = 409


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    """An adopter asks the people behind an initiative. Who has told of nothing to take up learns to begin there."""
    rows = Initiative.objects.published().visible_to(request.user).select_related("organisation")
    initiative = rows.filter(public_id=public_id).first()
    if initiative is None:
        raise Http404
    mine = Organisation.objects.writable_by(request.user).exclude(pk=initiative.organisation_id)
    own = (
        Adopter.objects.published().filter(organisation__in=mine.values("pk")).select_related("organisation")
    )
    context = {
        "initiative": initiative,
        "title": telling(initiative).title,
        "owner": owner_name(initiative.organisation),
        "back_url": reverse("innovators:detail", args=[public_id]),
        "back_text": _("Back to the initiative"),
    }
    return _ask(request, AdoptionSide.ADOPTER, initiative, list(own.order_by("title", "pk")), context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def show_how(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The people behind an initiative offer an adopter to show how. Who has none published learns what to do."""
    rows = Adopter.objects.visible_to(request.user).published().select_related("organisation")
    adopter = rows.filter(public_id=public_id).first()
    if adopter is None:
        raise Http404
    mine = Organisation.objects.writable_by(request.user).exclude(pk=adopter.organisation_id)
    own = Initiative.objects.filter(state=PublicationState.PUBLISHED, organisation__in=mine.values("pk"))
    context = {
        "adopter": adopter,
        "title": adopter.title,
        "owner": owner_in_words(adopter),
        "back_url": reverse("adopters:detail", args=[public_id]),
        "back_text": _("Back to what they look for"),
    }
    initiatives = list(own.select_related("organisation").order_by("title", "pk"))
    return _ask(request, AdoptionSide.INITIATIVE, adopter, initiatives, context)


def _ask(
    request: SignedInRequest,
    side: AdoptionSide,
    other: Adopter | Initiative,
    own: Sequence[Any],
    context: dict[str, Any],
) -> HttpResponse:
    template = f"matching/adopting/{'take_up' if side == AdoptionSide.ADOPTER else 'show_how'}"
    if not own:
        return render(request, f"{template}_first.html", context)
    wanted = request.GET.get("for", "")
    first = next((one for one in own if one.public_id == wanted), own[0])
    is_decided = len(own) == 1 or first.public_id == wanted
    if request.method != "POST" and is_decided:
        # What cannot be asked is told before anybody has written.
        pair = _pair(side, other, first)
        already = open_question(**pair)
        if already is not None:
            return _asked_already(request, already, side)
        why = services.why_not_ask(**pair, side=side, now=timezone.now())
        if why is not None:
            return _cannot(request, why, side, first, context, 200)
    initial = vars(proposed_contact(first, request.user)) | ({"profile": wanted} if is_decided else {})
    form = AdoptionAskForm(request.POST if request.method == "POST" else None, profiles=own, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            asked = services.ask(
                **_pair(side, other, chosen),
                side=side,
                actor=request.user,
                message=form.cleaned_data["message"],
                contact=form.contact,
                now=timezone.now(),
            )
        except services.AlreadyAsked as already_asked:
            return _asked_already(request, already_asked.question, side)
        except services.CannotAsk as refused:
            return _cannot(request, refused.why, side, chosen, context, CONFLICT)
        messages.success(request, _("The question is sent. You get a notice when they answer."))
        return redirect("matching:adoption", asked.public_id)
    context |= {"form": form, "own": form.only, "save_text": _("Send the question")}
    return render(
        request,
        f"{template}.html",
        {**context, "cancel_url": context["back_url"]},
        status=UNPROCESSABLE if form.is_bound else 200,
    )


def _pair(side: AdoptionSide, other: Any, own: Any) -> dict[str, Any]:
    if side == AdoptionSide.ADOPTER:
        return {"adopter": own, "initiative": other}
    return {"adopter": other, "initiative": own}


def _cannot(
    request: SignedInRequest, why: str, side: AdoptionSide, own: Any, context: dict[str, Any], status: int
) -> HttpResponse:
    more = {"why": why, "is_adopter": side == AdoptionSide.ADOPTER, "own": own, "most": services.MOST_A_DAY}
    return render(request, "matching/adopting/cannot_ask.html", context | more, status=status)


def _asked_already(request: SignedInRequest, found: AdoptionQuestion, side: AdoptionSide) -> HttpResponse:
    """Send on to the question there is. If the other side asked it, it is answered there."""
    if found.is_waiting and found.asked_side != side:
        messages.info(request, _("They have asked you already. You answer their question here."))
    else:
        messages.info(request, _("The question has been asked already."))
    return redirect("matching:adoption", found.public_id)
