"""Introductions: ask, read, answer."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from brygga.core.http import BryggaRequest, SignedInRequest
from funders.selectors import telling as offer_telling
from innovators.selectors import owner_name
from innovators.selectors import telling as initiative_telling
from matching.desk.decided import Pair, standing_of, support_in_words, told_decisions
from matching.desk.models import Decision
from matching.desk.services import note_opened
from matching.desk.views.finding import own_initiative, own_offer, visible_case, visible_offer
from matching.meeting import asking, permissions, selectors, services
from matching.meeting.answer_days import promised_day
from matching.meeting.blocking.selectors import blocks_of
from matching.meeting.conversation.selectors import unread_numbers
from matching.meeting.enums import Asked, IntroductionState, Side
from matching.meeting.forms import AskForm, AskGiverForm, ContactForm, DeclineForm
from matching.meeting.models import Introduction
from matching.meeting.proposing.selectors import proposals_behind
from matching.meeting.views import conversation as talk
from matching.meeting.views import proposals, times
from matching.meeting.views.finding import find_introduction

PAGE_SIZE = 20
UNPROCESSABLE = 422
CONFLICT = 409


@require_GET
def introductions(request: SignedInRequest) -> HttpResponse:
    """What others have asked of us, what we have asked of others, or what others propose to us."""
    counts = selectors.number_of_introductions(request.user)
    wanted = request.GET.get("asked")
    asked = Asked(wanted) if wanted in Asked.values else _first_list(counts)
    if asked == Asked.PROPOSED:
        context = {"asked": asked, "counts": counts, "blocks": _blocks(request)}
        return render(request, "matching/introductions.html", {**context, **proposals.made_to_us(request)})
    page = Paginator(selectors.introductions_of(request.user, asked), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    unread = unread_numbers(request.user)
    decisions = told_decisions(page.object_list)
    rows = [_row(introduction, asked, unread, decisions) for introduction in page.object_list]
    return render(
        request,
        "matching/introductions.html",
        {"page": page, "rows": rows, "asked": asked, "counts": counts, "blocks": _blocks(request)},
    )


def _blocks(request: SignedInRequest) -> list[dict[str, Any]]:
    """Return whom the person's organisations take no questions from, and which of it they may lift. One query."""
    return [
        {
            "block": one,
            "name": owner_name(one.against),
            "may_lift": permissions.can_lift_block(request.user, one),
        }
        for one in blocks_of(request.user)
    ]


def _first_list(counts: dict[Asked, int]) -> Asked:
    """Show questions to answer first; who has got none sees their own, or what others propose."""
    return next((asked for asked in Asked if counts[asked]), Asked.OF_US)


def _row(
    introduction: Introduction, asked: Asked, unread: dict[int, int], decisions: dict[Pair, Decision]
) -> dict[str, Any]:
    side = introduction.answering_side if asked == Asked.OF_US else Side(introduction.asked_side)
    return {
        "introduction": introduction,
        "side": side,
        "unread": unread.get(introduction.pk, 0),
        "standing": standing_of(introduction, side, decisions),
        **_names(introduction),
    }


def _names(introduction: Introduction) -> dict[str, Any]:
    return {
        "initiative": initiative_telling(introduction.initiative),
        "offer": offer_telling(introduction.offer),
        "seeker": owner_name(introduction.initiative.organisation),
        "giver": owner_name(introduction.offer.organisation),
    }


def _the_other(introduction: Introduction) -> dict[str, Any]:
    """Return the names, and as `other` whom the one who answers has to do with."""
    names = _names(introduction)
    return {**names, "other": names["seeker" if introduction.waits_for_giver else "giver"]}


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: BryggaRequest, public_id: str) -> HttpResponse:
    """One introduction as the reader's side sees it: once both have said yes, with contact details and talk.

    Open, so that what somebody writes while their session ends is kept; nobody is shown anything unless
    signed in.
    """
    if not request.user.is_authenticated:
        return talk.keep_for_signing_in(request, reverse("matching:introduction", args=[public_id]))
    signed_in = cast(SignedInRequest, request)
    found = find_introduction(signed_in.user, public_id)
    written = talk.write(signed_in, found) if request.method == "POST" else None
    if written is not None and written.answer is not None:
        return written.answer
    return _show(signed_in, found, written)


def _show(request: SignedInRequest, found: Introduction, written: talk.Written | None) -> HttpResponse:
    side = permissions.side_of(request.user, found)
    if side is None:
        raise Http404
    waiting = found.state == IntroductionState.ASKED
    decisions = told_decisions([found])
    decision = decisions.get((found.offer_id, found.initiative_id))
    return render(
        request,
        "matching/introduction.html",
        {
            "introduction": found,
            "side": side,
            "standing": standing_of(found, side, decisions),
            "decision": decision,
            "support": support_in_words(decision) if decision else "",
            "contacts": selectors.contact_details(found, request.user),
            "can_answer": waiting and permissions.can_answer(request.user, found),
            "can_withdraw": waiting and permissions.can_withdraw(request.user, found),
            "is_ours": side == found.asked_side,
            "asked_by": str(found.asked_by) if found.asked_by and side == found.asked_side else "",
            "list": Asked.BY_US if side == found.asked_side else Asked.OF_US,
            "proposals": proposals_behind(found),
            **_names(found),
            **talk.conversation_context(request, found, side, written),
            **times.meeting_context(request, found),
        },
        status=written.status if written else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Ask the people behind a shortlisted initiative to be introduced."""
    giving = own_offer(request.user, offer, writing=True)
    wanted = visible_case(request.user, giving, initiative)
    back = reverse("matching:shortlist", args=[giving.public_id])
    open_one = selectors.open_introduction(giving, wanted)
    if open_one is not None:
        return _asked_already(request, open_one, Side.OFFER)
    why = services.why_not_ask(offer=giving, initiative=wanted, actor=request.user, now=timezone.now())
    context = {
        "offer": giving,
        "initiative": wanted,
        "title": initiative_telling(wanted).title,
        "owner": owner_name(wanted.organisation),
        "back_url": back,
        "back_text": _("Back to the shortlist"),
        "save_text": _("Send the question"),
        "cancel_url": back,
    }
    if why is not None:
        return render(
            request, "matching/cannot_ask.html", {**context, "why": why}, status=_status_of(request)
        )
    proposed = selectors.proposed_contact_of_offer(giving, request.user)
    initial = {**vars(proposed), "message": selectors.proposed_message(giving, wanted)}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_for_introduction(
                offer=giving,
                initiative=wanted,
                actor=request.user,
                message=form.cleaned_data["message"],
                contact=form.contact,
                now=timezone.now(),
            )
        except services.AlreadyAsked as already:
            return _asked_already(request, already.introduction, Side.OFFER)
        except services.CannotAsk as refused:
            return render(
                request, "matching/cannot_ask.html", {**context, "why": refused.why}, status=CONFLICT
            )
        note_opened(initiative=wanted, offer=giving, side="offer", actor=request.user, now=timezone.now())
        messages.success(request, _("The question is sent. They decide whether to say yes."))
        return redirect("matching:introduction", asked.public_id)
    return render(
        request,
        "matching/ask.html",
        {**context, "form": form},
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_giver(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Ask the giver of an offer that fits one's own initiative to be introduced."""
    mine = own_initiative(request.user, initiative)
    theirs = visible_offer(request.user, offer)
    if not permissions.can_ask_giver(request.user, mine):
        raise PermissionDenied
    open_one = selectors.open_introduction(theirs, mine)
    if open_one is not None:
        return _asked_already(request, open_one, Side.INITIATIVE)
    now = timezone.now()
    back = reverse("matching:pair-for-initiative", args=[mine.public_id, theirs.public_id])
    context = {
        "offer": theirs,
        "initiative": mine,
        "told": offer_telling(theirs),
        "own": initiative_telling(mine),
        "giver": owner_name(theirs.organisation),
        "last_day": promised_day(theirs.answer_days, now),
        "most": asking.MOST_A_DAY,
        "back_url": back,
        "save_text": _("Send the question"),
        "cancel_url": back,
    }
    why = asking.why_not_ask_giver(offer=theirs, initiative=mine, now=now)
    if why is not None:
        status = CONFLICT if request.method == "POST" else 200
        return render(request, "matching/cannot_ask_giver.html", {**context, "why": why}, status=status)
    initial = vars(selectors.proposed_contact_of_initiative(mine, request.user))
    form = AskGiverForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asked = asking.ask_giver(
                offer=theirs,
                initiative=mine,
                actor=request.user,
                message=form.cleaned_data["message"],
                contact=form.contact,
                now=now,
            )
        except services.AlreadyAsked as already:
            return _asked_already(request, already.introduction, Side.INITIATIVE)
        except services.CannotAsk as refused:
            return render(
                request,
                "matching/cannot_ask_giver.html",
                {**context, "why": refused.why},
                status=CONFLICT,
            )
        note_opened(initiative=mine, offer=theirs, side="initiative", actor=request.user, now=now)
        messages.success(request, _("The question is sent. You get a notice when the giver answers."))
        return redirect("matching:introduction", asked.public_id)
    return render(
        request,
        "matching/ask_giver.html",
        {**context, "form": form},
        status=UNPROCESSABLE if form.is_bound else 200,
    )


def _asked_already(request: SignedInRequest, found: Introduction, side: Side) -> HttpResponseRedirect:
    """Send on to the question there is. If the other side asked it, it is answered there."""
    if found.state == IntroductionState.ASKED and found.asked_side != side:
        messages.info(request, _("They have asked you already. You answer their question here."))
    else:
        messages.info(request, _("The question has been asked already."))
    return redirect("matching:introduction", found.public_id)


def _status_of(request: SignedInRequest) -> int:
    return CONFLICT if request.method == "POST" else 200


def _for_answering(request: SignedInRequest, public_id: str) -> Introduction:
    """Return what the person may answer; the asking side and readers meet 403, strangers 404."""
    found = find_introduction(request.user, public_id)
    if not permissions.can_answer(request.user, found):
        raise PermissionDenied
    return found


def _answered(request: SignedInRequest, found: Introduction) -> HttpResponseRedirect:
    messages.info(request, _("It has been answered or taken back already. Here is where it stands."))
    return redirect("matching:introduction", found.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say yes, having chosen which contact details to show."""
    found = _for_answering(request, public_id)
    if found.state != IntroductionState.ASKED:
        return _answered(request, found)
    is_giver = found.waits_for_giver
    proposed = (
        selectors.proposed_contact_of_offer(found.offer, request.user)
        if is_giver
        else selectors.proposed_contact_of_initiative(found.initiative, request.user)
    )
    form = ContactForm(request.POST if request.method == "POST" else None, initial=vars(proposed))
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(introduction=found, actor=request.user, contact=form.contact, now=timezone.now())
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said yes. Now you see each other’s contact details."))
        return redirect("matching:introduction", found.public_id)
    return render(
        request,
        "matching/accept.html",
        {
            "form": form,
            "introduction": found,
            "back_url": reverse("matching:introduction", args=[found.public_id]),
            "save_text": _("Say yes and show these"),
            "cancel_url": reverse("matching:introduction", args=[found.public_id]),
            **_the_other(found),
        },
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say no, with a few words if one likes."""
    found = _for_answering(request, public_id)
    if found.state != IntroductionState.ASKED:
        return _answered(request, found)
    form = DeclineForm(request.POST if request.method == "POST" else None, to_giver=not found.waits_for_giver)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline(
                introduction=found,
                actor=request.user,
                answer=form.cleaned_data["answer"],
                is_blocking=form.cleaned_data["block"],
                now=timezone.now(),
            )
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said no. No contact details were shown."))
        return redirect("matching:introduction", found.public_id)
    return render(
        request,
        "matching/decline.html",
        {
            "form": form,
            "introduction": found,
            "back_url": reverse("matching:introduction", args=[found.public_id]),
            "save_text": _("Say no"),
            "cancel_url": reverse("matching:introduction", args=[found.public_id]),
            **_the_other(found),
        },
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the question back, after asking whether one is sure."""
    found = find_introduction(request.user, public_id)
    if not permissions.can_withdraw(request.user, found):
        raise PermissionDenied
    if found.state != IntroductionState.ASKED:
        return _answered(request, found)
    if request.method == "POST":
        try:
            services.withdraw(introduction=found, actor=request.user, now=timezone.now())
        except services.AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("The question is taken back. No contact details were shown."))
        return redirect("matching:introduction", found.public_id)
    names = _names(found)
    return render(
        request,
        "matching/withdraw.html",
        {
            "introduction": found,
            "back_url": reverse("matching:introduction", args=[found.public_id]),
            "told": names["seeker" if found.asked_side == Side.OFFER else "giver"],
            **names,
        },
    )
