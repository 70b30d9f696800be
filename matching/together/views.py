"""Ask another initiative to do it together; read, answer and take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from brygga.core.http import SignedInRequest
from brygga.organisations.permissions import is_member
from innovators.models import Initiative
from innovators.selectors import owner_name, telling
from matching.desk.views.finding import visible_initiative
from matching.meeting.asking import MOST_A_DAY
from matching.meeting.forms import ContactForm
from matching.together import permissions, selectors, services
from matching.together.enums import TogetherSide
from matching.together.forms import AskTogetherForm, DeclineTogetherForm
from matching.together.models import TogetherQuestion

PAGE_SIZE = 20
UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """What others have asked us, or what we have asked others."""
    numbers = {
        "of_us": TogetherQuestion.objects.asked_of(request.user).count(),
        "by_us": TogetherQuestion.objects.asked_by(request.user).count(),
    }
    asked = request.GET.get("asked")
    by_us = asked == "by_us" or (asked != "of_us" and not numbers["of_us"] and bool(numbers["by_us"]))
    rows = selectors.questions_of(request.user, by_us=by_us)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    side = TogetherSide.ASKER if by_us else TogetherSide.ASKED
    shown = [{"standing": selectors.standing_of(one, side), **_names(one)} for one in page.object_list]
    context = {"page": page, "rows": shown, "by_us": by_us, "numbers": numbers}
    return render(request, "matching/together/questions.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask an initiative's people. Who has nothing to ask with learns what to do first."""
    theirs = visible_initiative(request.user, public_id)
    if is_member(request.user, theirs.organisation_id):
        raise PermissionDenied
    initiatives, organisations = selectors.may_ask_with(request.user, theirs)
    here = reverse("innovators:detail", args=[theirs.public_id])
    context = {
        "initiative": theirs,
        "told": telling(theirs),
        "owner": owner_name(theirs.organisation),
        "most": MOST_A_DAY,
        "back_url": here,
        "cancel_url": here,
        "save_text": _("Send the question"),
    }
    if not organisations:
        return _cannot_ask(request, context, "nothing_own")
    there = selectors.open_question(theirs, [one.pk for one in organisations])
    if there is not None and len(organisations) == 1:
        return _asked_already(request, there)
    form = AskTogetherForm(
        request.POST if request.method == "POST" else None,
        initiatives=initiatives,
        organisations=organisations,
        initial=_proposed(request, initiatives, organisations[0].public_id),
    )
    now = timezone.now()
    if len(organisations) == 1 or form.is_valid():
        organisation = organisations[0] if len(organisations) == 1 else form.chosen[0]
        why = services.why_not_ask(initiative=theirs, organisation=organisation, actor=request.user, now=now)
        if why is not None:
            return _cannot_ask(request, context, why)
    if request.method == "POST" and form.is_valid():
        organisation, own = form.chosen
        try:
            made = services.ask(
                initiative=theirs,
                organisation=organisation,
                own=own,
                actor=request.user,
                message=form.cleaned_data["message"],
                contact=form.contact,
                now=now,
            )
        except services.AlreadyAsked as already:
            return _asked_already(request, already.question)
        except services.CannotAsk as refused:
            return _cannot_ask(request, context, refused.why)
        messages.success(request, _("The question is sent. You get a notice when they answer."))
        return redirect("matching:together", made.public_id)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/together/ask.html", {**context, "form": form}, status=status)


def _proposed(request: SignedInRequest, initiatives: list[Initiative], organisation: str) -> dict[str, Any]:
    """Return what stands in the form beforehand: the initiative that one came from, or the one there is."""
    asked = request.GET.get("own", "")
    own = next((one for one in initiatives if one.public_id == asked), None)
    if own is None and len(initiatives) == 1:
        own = initiatives[0]
    about = own.public_id if own is not None else f"join-{organisation}" if not initiatives else ""
    return {"about": about, **vars(selectors.proposed_contact(own, request.user))}


def _asked_already(request: SignedInRequest, found: TogetherQuestion) -> HttpResponseRedirect:
    """Send on to the question there is. If the other side asked it, it is answered there."""
    if found.is_waiting and is_member(request.user, found.initiative.organisation_id):
        messages.info(request, _("They have asked you already. You answer their question here."))
    else:
        messages.info(request, _("The question has been asked already."))
    return redirect("matching:together", found.public_id)


def _cannot_ask(request: SignedInRequest, context: dict[str, Any], why: str) -> HttpResponse:
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "matching/together/cannot_ask.html", {**context, "why": why}, status=status)


@never_cache
@require_safe
def question(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One question as the reader's side sees it: after a yes, with contact details and what comes next."""
    found = _find(request, public_id)
    side = selectors.side_of(request.user, found)
    if side is None:
        raise Http404
    is_ours = side == TogetherSide.ASKER
    context = {
        "side": side,
        "is_ours": is_ours,
        "standing": selectors.standing_of(found, side),
        "contacts": selectors.contact_details(found, request.user),
        "own": selectors.own_to_read(found, request.user),
        "asked_by": str(found.asked_by) if found.asked_by and is_ours else "",
        "can_answer": found.is_waiting and permissions.can_answer(request.user, found),
        "can_withdraw": found.is_waiting and permissions.can_withdraw(request.user, found),
        **_names(found),
    }
    return render(request, "matching/together/question.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say yes, having chosen which contact details to show."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    proposed = selectors.proposed_contact(found.initiative, request.user)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=vars(proposed))
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(question=found, actor=request.user, contact=form.contact, now=timezone.now())
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said yes. Now you see each other’s contact details."))
        return redirect("matching:together", found.public_id)
    context = {"form": form, "save_text": _("Say yes and show these"), **_context_of_answer(found)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/together/accept.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say no, with a few words if one likes."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    form = DeclineTogetherForm(request.POST if request.method == "POST" else None)
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
        return redirect("matching:together", found.public_id)
    context = {"form": form, "save_text": _("Say no"), **_context_of_answer(found)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/together/decline.html", context, status=status)


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
        return redirect("matching:together", found.public_id)
    return render(request, "matching/together/withdraw.html", _context_of_answer(found))


def _find(request: SignedInRequest, public_id: str) -> TogetherQuestion:
    """Return a question that the person may read; strangers and staff meet 404."""
    found = (
        TogetherQuestion.objects.visible_to(request.user)
        .select_related("initiative__organisation", "organisation", "own", "asked_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _for_answering(request: SignedInRequest, public_id: str) -> TogetherQuestion:
    """Return what the person may answer; the asking side and readers meet 403, strangers 404."""
    found = _find(request, public_id)
    if not permissions.can_answer(request.user, found):
        raise PermissionDenied
    return found


def _answered(request: SignedInRequest, found: TogetherQuestion) -> HttpResponseRedirect:
    messages.info(request, _("It has been answered or taken back already. Here is where it stands."))
    return redirect("matching:together", found.public_id)


def _context_of_answer(found: TogetherQuestion) -> dict[str, Any]:
    back = reverse("matching:together", args=[found.public_id])
    return {"back_url": back, "cancel_url": back, **_names(found)}


def _names(one: TogetherQuestion) -> dict[str, Any]:
    return {
        "question": one,
        "initiative": telling(one.initiative),
        "asker": owner_name(one.organisation),
        "asked": owner_name(one.initiative.organisation),
        "own_title": selectors.title_of_own(one),
    }
