"""What intermediaries propose: choose support for an initiative, propose, read, say yes or no, take back."""

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
from funders.selectors import cards, giver_name
from funders.selectors import telling as offer_telling
from innovators.selectors import owner_name
from innovators.selectors import telling as initiative_telling
from matching.desk.services import note_opened
from matching.desk.views.finding import visible_initiative, visible_offer
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing import permissions, selectors, services
from matching.meeting.proposing.enums import ProposalState, Role
from matching.meeting.proposing.forms import DeclineProposalForm, ProposeForm, TakeUpForm
from matching.meeting.proposing.models import Proposal
from matching.meeting.selectors import proposed_contact_of_initiative, proposed_contact_of_offer
from matching.meeting.services import AlreadyAsked, AnsweredAlready, CannotAsk
from matching.meeting.sides import writing_side_of

PAGE_SIZE = 20
LONGEST_SEARCH = 200
UNPROCESSABLE = 422
CONFLICT = 409


# -- for those who propose -------------------------------------------------------------------------


@require_safe
def ours(request: SignedInRequest) -> HttpResponse:
    """What one's own intermediaries have proposed, and where each stands in plain words."""
    proposals = selectors.proposals_by(request.user)
    page = Paginator(proposals, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [_row(one, Role.INTERMEDIARY) for one in page.object_list]
    is_intermediary = bool(rows) or bool(selectors.proposing_organisations(request.user))
    context = {"page": page, "rows": rows, "is_intermediary": is_intermediary}
    return render(request, "matching/proposing/ours.html", context)


@require_safe
def choose(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Choose the support to propose for an initiative: what fits best first, or what one searches for."""
    found = visible_initiative(request.user, initiative)
    organisations = selectors.may_propose_for(
        request.user, found, selectors.proposing_organisations(request.user)
    )
    if not organisations:
        raise PermissionDenied
    now, asked = timezone.now(), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    offers = selectors.support_to_propose(found, request.user, asked, now)
    page = Paginator(offers, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    bands = selectors.bands_of(found, shown, now)
    made = selectors.proposed_already(found, shown, organisations)
    rows = []
    for card in cards(shown, timezone.localdate(now)):
        band, share = bands.get(card.offer.pk, ("", 0.0))
        rows.append({"card": card, "band": band, "share": share, "made": made.get(card.offer.pk)})
    return render(
        request,
        "matching/proposing/choose.html",
        {
            "initiative": found,
            "told": initiative_telling(found),
            "owner": owner_name(found.organisation),
            "asked": asked,
            "page": page,
            "rows": rows,
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Say to both sides why they should meet, and what tie there is."""
    theirs, support = visible_initiative(request.user, initiative), visible_offer(request.user, offer)
    organisations = [
        one
        for one in selectors.proposing_organisations(request.user)
        if permissions.can_propose(request.user, one, theirs, support)
    ]
    if not organisations:
        raise PermissionDenied
    now = timezone.now()
    form = ProposeForm(request.POST if request.method == "POST" else None, organisations=organisations)
    context = {
        "initiative": theirs,
        "offer": support,
        "told": initiative_telling(theirs),
        "offer_told": offer_telling(support),
        "owner": owner_name(theirs.organisation),
        "giver": giver_name(support.organisation),
        "form": form,
        "organisation": form.only,
        "most": services.MOST_A_DAY,
        "save_text": _("Send the proposal to both"),
        "back_url": reverse("matching:propose-support", args=[theirs.public_id]),
        "cancel_url": reverse("innovators:detail", args=[theirs.public_id]),
    }
    why = services.why_not_propose(
        offer=support, initiative=theirs, organisation=organisations[0], actor=request.user, now=now
    )
    waiting = Proposal.objects.waiting().filter(
        offer=support, initiative=theirs, organisation__in=organisations
    )
    if len(organisations) == 1 and (standing := waiting.first()) is not None:
        return _proposed_already(request, standing)
    if why is not None:
        return _cannot_propose(request, context, why)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.propose(
                offer=support,
                initiative=theirs,
                organisation=given["organisation"],
                actor=request.user,
                text=given["text"],
                conflict=given["conflict"],
                now=now,
            )
        except services.AlreadyProposed as already:
            return _proposed_already(request, already.proposal)
        except CannotAsk as refused:
            return _cannot_propose(request, context, refused.why)
        messages.success(request, _("The proposal is sent. Each of the two decides for itself."))
        return redirect("matching:proposal", made.public_id)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/proposing/propose.html", context, status=status)


def _proposed_already(request: SignedInRequest, standing: Proposal) -> HttpResponseRedirect:
    messages.info(request, _("You have proposed this already. Here is where it stands."))
    return redirect("matching:proposal", standing.public_id)


def _cannot_propose(request: SignedInRequest, context: dict[str, Any], why: str) -> HttpResponse:
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "matching/proposing/cannot_propose.html", {**context, "why": why}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the proposal back while it waits, after asking whether one is sure."""
    found = _find(request, public_id)
    if not permissions.can_withdraw_proposal(request.user, found):
        raise PermissionDenied
    if not found.is_waiting:
        return _answered(request, found)
    if request.method == "POST":
        try:
            services.withdraw_proposal(proposal=found, actor=request.user, now=timezone.now())
        except AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("The proposal is taken back. Nobody gets a mail about it."))
        return redirect("matching:proposal", found.public_id)
    context = {"back_url": reverse("matching:proposal", args=[found.public_id]), **_names(found)}
    return render(request, "matching/proposing/withdraw.html", context)


# -- for the two that it is about ------------------------------------------------------------------


def made_to_us(request: SignedInRequest) -> dict[str, Any]:
    """Return what the list of contacts shows of what others propose to us."""
    proposals = selectors.proposals_to(request.user)
    page = Paginator(proposals, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        _row(
            one,
            Role.INITIATIVE if is_member(request.user, one.initiative.organisation_id) else Role.OFFER,
        )
        for one in page.object_list
    ]
    return {"page": page, "rows": rows}


@never_cache
@require_safe
def proposal(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One proposal, as the side or the intermediary that the reader belongs to sees it."""
    found = _find(request, public_id)
    role = selectors.role_of(request.user, found)
    if role is None:
        raise Http404
    is_side = role != Role.INTERMEDIARY
    return render(
        request,
        "matching/proposing/proposal.html",
        {
            "role": role,
            "standing": selectors.proposal_standing(found, role),
            "is_side": is_side,
            "can_answer": is_side
            and found.is_waiting
            and permissions.can_answer_proposal(request.user, found),
            "can_withdraw": not is_side
            and found.is_waiting
            and permissions.can_withdraw_proposal(request.user, found),
            "introduction": found.introduction if is_side else None,
            # Those who made it, and whoever wrote it.
            "shows_answer": found.answer and (not is_side or found.answered_side == role),
            **_names(found),
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say yes: write to the other side, and choose how they reach one if they say yes too."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    now, side = timezone.now(), writing_side_of(request.user, found)
    own_contact = (
        proposed_contact_of_initiative(found.initiative, request.user)
        if side == Side.INITIATIVE
        else proposed_contact_of_offer(found.offer, request.user)
    )
    form = TakeUpForm(request.POST if request.method == "POST" else None, initial=vars(own_contact))
    context = {"form": form, "side": side, "save_text": _("Say yes and send"), **_context_of_answer(found)}
    why = services.why_not_take_up(proposal=found, actor=request.user, now=now)
    if why is not None:
        return _cannot_take_up(request, context, why)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.take_up(
                proposal=found,
                actor=request.user,
                message=form.cleaned_data["message"],
                contact=form.contact,
                now=now,
            )
        except AlreadyAsked as already:
            return _led_to(request, already.introduction)
        except AnsweredAlready:
            return _answered(request, found)
        except CannotAsk as refused:
            return _cannot_take_up(request, context, refused.why)
        note_opened(
            initiative=found.initiative,
            offer=found.offer,
            side="initiative" if side == Side.INITIATIVE else "offer",
            actor=request.user,
            now=now,
        )
        messages.success(request, _("You said yes. Now the other side decides."))
        return redirect("matching:introduction", asked.public_id)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/proposing/take_up.html", context, status=status)


def _cannot_take_up(request: SignedInRequest, context: dict[str, Any], why: str) -> HttpResponse:
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "matching/proposing/cannot_take_up.html", {**context, "why": why}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say no, with a few words to those who proposed it if one likes."""
    found = _for_answering(request, public_id)
    if not found.is_waiting:
        return _answered(request, found)
    form = DeclineProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_proposal(
                proposal=found, actor=request.user, answer=form.cleaned_data["answer"], now=timezone.now()
            )
        except AnsweredAlready:
            return _answered(request, found)
        messages.success(request, _("You said no. No contact details were shown."))
        return redirect("matching:proposal", found.public_id)
    context = {"form": form, "save_text": _("Say no"), **_context_of_answer(found)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "matching/proposing/decline.html", context, status=status)


# -- for all of them -------------------------------------------------------------------------------


def _find(request: SignedInRequest, public_id: str) -> Proposal:
    """Return a proposal that the person may read; strangers and staff meet 404."""
    found = (
        Proposal.objects.visible_to(request.user)
        .select_related("initiative__organisation", "offer__organisation", "organisation", "introduction")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _for_answering(request: SignedInRequest, public_id: str) -> Proposal:
    """Return what the person may answer; readers and those who made it meet 403, strangers 404."""
    found = _find(request, public_id)
    if not permissions.can_answer_proposal(request.user, found):
        raise PermissionDenied
    return found


def _context_of_answer(found: Proposal) -> dict[str, Any]:
    back = reverse("matching:proposal", args=[found.public_id])
    return {"back_url": back, "cancel_url": back, **_names(found)}


def _answered(request: SignedInRequest, found: Proposal) -> HttpResponseRedirect:
    """Send on to where it stands: whoever was second to say yes answers the question of the first."""
    found.refresh_from_db()
    if found.state == ProposalState.TAKEN_UP and found.introduction is not None:
        led_to = Introduction.objects.visible_to(request.user).filter(pk=found.introduction.pk).first()
        if led_to is not None:
            return _led_to(request, led_to)
    messages.info(
        request, _("The proposal has been answered or taken back already. Here is where it stands.")
    )
    return redirect("matching:proposal", found.public_id)


def _led_to(request: SignedInRequest, introduction: Introduction) -> HttpResponseRedirect:
    messages.info(request, _("One of you has said yes already. Go on here."))
    return redirect("matching:introduction", introduction.public_id)


def _row(one: Proposal, role: Role) -> dict[str, Any]:
    names = _names(one)
    other = names["offer" if role == Role.INITIATIVE else "initiative"]
    return {
        "role": role,
        "title": other.title,
        "standing": selectors.proposal_standing(one, role),
        **names,
    }


def _names(one: Proposal) -> dict[str, Any]:
    return {
        "proposal": one,
        "initiative": initiative_telling(one.initiative),
        "offer": offer_telling(one.offer),
        "seeker": owner_name(one.initiative.organisation),
        "giver": owner_name(one.offer.organisation),
        "maker": owner_name(one.organisation),
    }
