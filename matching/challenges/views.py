"""Answer a challenge with one's own initiative or support, and take an answer away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from brygga.challenges.models import Challenge
from brygga.core.http import SignedInRequest
from matching.challenges import permissions, selectors, services
from matching.challenges.forms import AnswerForm, RemoveForm
from matching.challenges.models import ChallengeAnswer

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Choose what one answers with. Who has nothing published yet learns what to do."""
    challenge = _public(request, public_id)
    here = reverse("challenges:detail", args=[public_id])
    if not challenge.is_open:
        messages.info(request, _("The challenge has ended, so it takes no more answers."))
        return redirect(here)
    initiatives, offers = selectors.may_answer_with(request.user, challenge)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, initiatives=initiatives, offers=offers)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_challenge(
                challenge=challenge, profile=form.chosen(), actor=request.user, now=timezone.now()
            )
        except services.CannotAnswer:
            messages.error(
                request, _("That could not be added: the challenge or your page is no longer public.")
            )
        else:
            messages.success(request, _("You are shown among those who answer the challenge."))
        return redirect(here)
    context = {
        "form": form if form.profiles else None,
        "challenge": challenge,
        "back_url": here,
        "back_text": _("Back to the challenge"),
        "save_text": _("Answer the challenge"),
    }
    status = UNPROCESSABLE if form.is_bound and form.profiles else 200
    return render(request, "matching/challenges/answer.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_away(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Take one's own answer away, or as the challenge's own people somebody's, with a reason that they read."""
    found = _find(request, public_id, number)
    here = reverse("challenges:detail", args=[public_id])
    is_own = permissions.can_withdraw_answer(request.user, found)
    if not is_own and not permissions.can_remove_answer(request.user, found):
        raise PermissionDenied
    if found.removed_at is not None:
        return redirect(here)
    form = None if is_own else RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form is None:
            services.withdraw_answer(answer=found, actor=request.user, now=timezone.now())
            messages.success(request, _("You are no longer shown at the challenge."))
            return redirect(here)
        if form.is_valid():
            services.remove_answer(
                answer=found, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
            messages.success(request, _("It is taken away, and they are told. You can put it back."))
            return redirect(here)
    context = {
        "answer": found,
        "form": form,
        "back_url": here,
        "back_text": _("Back to the challenge"),
        "save_text": _("Take it away"),
    }
    template = "matching/challenges/withdraw.html" if is_own else "matching/challenges/remove.html"
    status = UNPROCESSABLE if form is not None and form.is_bound else 200
    return render(request, template, context, status=status)


@require_POST
def put_back(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Show an answer again."""
    found = _find(request, public_id, number)
    services.put_back_answer(answer=found, actor=request.user, now=timezone.now())
    messages.success(request, _("It is shown again."))
    return redirect("challenges:detail", public_id)


def _public(request: SignedInRequest, public_id: str) -> Challenge:
    visible = Challenge.objects.visible_to(request.user).public().select_related("organisation")
    return get_object_or_404(visible, public_id=public_id)


def _find(request: SignedInRequest, public_id: str, number: int) -> ChallengeAnswer:
    visible = ChallengeAnswer.objects.visible_to(request.user).select_related(
        "challenge__organisation", "initiative__organisation", "offer__organisation"
    )
    return get_object_or_404(visible, pk=number, challenge__public_id=public_id)
