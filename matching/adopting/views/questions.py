"""Questions between adopters and initiatives: the list, one of them, and answering it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from brygga.organisations.registration.services import InvalidAnswers
from innovators.adopting.selectors import owner_in_words
from innovators.selectors import owner_name, telling
from matching.adopting import permissions, questions, services
from matching.adopting.enums import AdoptionSide
from matching.adopting.models import AdoptionQuestion
from matching.meeting.forms import ContactForm, DeclineForm

PAGE_SIZE = 20
UNPROCESSABLE = 422


@never_cache
@require_safe
def adoptions(request: SignedInRequest) -> HttpResponse:
    """What one's organisations have asked, and been asked, about taking something up."""
    page = Paginator(questions.questions_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [_shown(request, one) for one in page.object_list]
    return render(request, "matching/adopting/questions.html", {"page": page, "rows": rows})


@never_cache
@require_safe
def adoption(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One question as the reader's side sees it: once both have said yes, with contact details."""
    found = _find(request, public_id)
    shown = _shown(request, found)
    context = {
        **shown,
        "contacts": questions.contact_details(found, request.user),
        "can_answer": found.is_waiting and permissions.can_answer(request.user, found),
        "can_withdraw": found.is_waiting and permissions.can_withdraw(request.user, found),
        "can_tell": found.is_accepted
        and found.spread_id is None
        and permissions.can_tell_taken_up(request.user, found),
        "asked_by": str(found.asked_by) if found.asked_by and shown["is_ours"] else "",
        "sees_initiative": type(found.initiative)
        .objects.visible_to(request.user)
        .filter(pk=found.initiative_id)
        .exists(),
        "sees_adopter": type(found.adopter)
        .objects.visible_to(request.user)
        .filter(pk=found.adopter_id)
        .exists(),
    }
    return render(request, "matching/adopting/question.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say yes, having chosen which contact details to show."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    ours = found.initiative if found.answering_side == AdoptionSide.INITIATIVE else found.adopter
    initial = vars(questions.proposed_contact(ours, request.user))
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(question=found, actor=request.user, contact=form.contact, now=timezone.now())
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said yes. Now you see each other’s contact details."))
        return redirect("matching:adoption", found.public_id)
    return _form(request, "matching/adopting/accept.html", found, form, _("Say yes and show these"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say no, with a few words if one likes."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    form = DeclineForm(request.POST if request.method == "POST" else None, to_giver=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline(
                question=found,
                actor=request.user,
                answer=form.cleaned_data["answer"],
                is_blocking=form.cleaned_data["block"],
                now=timezone.now(),
            )
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said no. No contact details were shown."))
        return redirect("matching:adoption", found.public_id)
    return _form(request, "matching/adopting/decline.html", found, form, _("Say no"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the question back, after asking whether one is sure."""
    found = _find(request, public_id)
    if not permissions.can_withdraw(request.user, found):
        raise PermissionDenied
    if not found.is_waiting:
        return _answered(request, found)
    if request.method == "POST":
        try:
            services.withdraw(question=found, actor=request.user, now=timezone.now())
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("The question is taken back. No contact details were shown."))
        return redirect("matching:adoption", found.public_id)
    back = reverse("matching:adoption", args=[found.public_id])
    context = {**_shown(request, found), "back_url": back}
    return render(request, "matching/adopting/withdraw.html", context)


@require_POST
def taken_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write among those who do it too that the adopter has begun."""
    found = _find(request, public_id)
    try:
        made = services.tell_taken_up(question=found, actor=request.user, now=timezone.now())
    except services.NotYet:
        messages.error(request, _("Both have to say yes first."))
        return redirect("matching:adoption", public_id)
    except InvalidAnswers as refused:
        messages.error(request, " ".join(text for texts in refused.messages.values() for text in texts))
        return redirect("matching:adoption", public_id)
    messages.success(request, _("It stands among those who do it too. Write what they do in their own way."))
    return redirect("innovators:spread-change", found.initiative.public_id, made.pk)


def _find(request: SignedInRequest, public_id: str) -> AdoptionQuestion:
    rows = AdoptionQuestion.objects.visible_to(request.user).select_related(
        "adopter__organisation", "initiative__organisation", "asked_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _for_answering(request: SignedInRequest, public_id: str) -> AdoptionQuestion:
    """Return what the person may answer; the asking side and readers meet 403, strangers 404."""
    found = _find(request, public_id)
    if not permissions.can_answer(request.user, found):
        raise PermissionDenied
    return found


def _shown(request: SignedInRequest, found: AdoptionQuestion) -> dict[str, Any]:
    side = permissions.side_of(request.user, found)
    if side is None:
        raise Http404
    seeker, adopter = owner_name(found.initiative.organisation), owner_in_words(found.adopter)
    return {
        "question": found,
        "side": side,
        "is_ours": side == found.asked_side,
        "standing": questions.standing(found, side),
        "initiative": telling(found.initiative),
        "seeker": seeker,
        "adopter_name": adopter,
        "other": adopter if side == AdoptionSide.INITIATIVE else seeker,
    }


def _answered(request: SignedInRequest, found: AdoptionQuestion) -> HttpResponse:
    messages.info(request, _("It has been answered or taken back already. Here is where it stands."))
    return redirect("matching:adoption", found.public_id)


def _form(
    request: SignedInRequest, template: str, found: AdoptionQuestion, form: Any, save_text: str
) -> HttpResponse:
    here = reverse("matching:adoption", args=[found.public_id])
    context = {
        **_shown(request, found),
        "form": form,
        "back_url": here,
        "cancel_url": here,
        "save_text": save_text,
    }
    return render(request, template, context, status=UNPROCESSABLE if form.is_bound else 200)
