"""When two sides meet: propose, pick, ask for others, take back, call off, and the calendar file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from brygga.core.icalendar import CONTENT_TYPE
from brygga.organisations.registration.kept_texts import keep_text
from innovators.selectors import owner_name
from matching.meeting import permissions
from matching.meeting.conversation.services import ConversationClosed
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.meeting.sides import organisation_on, other_side, writing_side_of
from matching.meeting.times import calling_off, selectors, services
from matching.meeting.times.forms import CallOffForm, TimesForm
from matching.meeting.times.models import MeetingProposal
from matching.meeting.views.finding import find_introduction

UNPROCESSABLE = 422
CONFLICT = 409


def meeting_context(request: SignedInRequest, found: Introduction) -> dict[str, Any]:
    """Return what the page of an introduction shows of when they meet."""
    if found.state != IntroductionState.ACCEPTED:
        return {}
    meeting = selectors.meeting_of(found)
    if not found.is_open_for_talk and meeting.agreed is None and meeting.called_off is None:
        return {}
    can_converse = permissions.can_converse(request.user, found)
    may_write = found.is_open_for_talk and can_converse
    side = writing_side_of(request.user, found) if may_write else None
    waiting, now = meeting.waiting, timezone.now()
    off = meeting.called_off
    return {
        "meeting": meeting,
        "may_call_off": can_converse and _is_to_come(meeting.agreed, now),
        "is_off_by_us": off is not None and off.called_off_side == permissions.side_of(request.user, found),
        "may_propose": may_write and waiting is None,
        "may_pick": waiting is not None and side is not None and waiting.side != side,
        "may_take_back": waiting is not None and side is not None and waiting.side == side,
        "now": now,
    }


def _is_to_come(agreed: MeetingProposal | None, now: datetime) -> bool:
    return agreed is not None and agreed.ends_at is not None and agreed.ends_at > now


def _for_writing(request: SignedInRequest, public_id: str) -> Introduction:
    found = find_introduction(request.user, public_id)
    if not permissions.can_converse(request.user, found):
        raise PermissionDenied
    return found


def _back(found: Introduction) -> HttpResponse:
    return redirect(reverse("matching:introduction", args=[found.public_id]) + "#meeting")


def _closed(request: SignedInRequest, found: Introduction) -> HttpResponse:
    messages.info(request, _("You cannot agree on a meeting now. The page says where it stands."))
    return _back(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Three times, a way and a place."""
    found = _for_writing(request, public_id)
    if not found.is_open_for_talk:
        return _closed(request, found)
    form = TimesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.propose_times(
                introduction=found,
                actor=request.user,
                times=given["times"],
                minutes=given["minutes"],
                way=given["way"],
                where=given["where"],
                key=given["key"],
                now=timezone.now(),
            )
        except services.ProposalWaits:
            messages.info(request, _("Times have been proposed already. Answer them first."))
            return _back(found)
        except ConversationClosed:
            return _closed(request, found)
        messages.success(request, _("Your times are sent. They pick one or ask for others."))
        return _back(found)
    here = reverse("matching:introduction", args=[found.public_id])
    context = {
        "form": form,
        "back_url": here,
        "back_text": _("Back to the conversation"),
        "save_text": _("Send the times"),
        "cancel_url": here,
    }
    return render(
        request, "matching/times/propose.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )


@require_POST
def answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Pick one of their times, say that none is possible, or take one's own back, as the button says."""
    found = _for_writing(request, public_id)
    number = request.POST.get("proposal", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    proposal = MeetingProposal.objects.filter(introduction=found, pk=int(number) if is_number else 0).first()
    if proposal is None:
        messages.info(request, _("Choose one of the times first."))
        return _back(found)
    proposal.introduction = found
    try:
        said = _answered(request, proposal)
    except services.AnsweredAlready:
        said = _("Somebody was first: the times have been answered or taken back. Here is where it stands.")
    except services.BadTimes:
        said = _("Choose one of the times that is still to come.")
    except ConversationClosed:
        return _closed(request, found)
    messages.info(request, said)
    return _back(found)


def _answered(request: SignedInRequest, proposal: MeetingProposal) -> str:
    now = timezone.now()
    if "others" in request.POST:
        services.ask_for_other_times(proposal=proposal, actor=request.user, now=now)
        return _("They are told that none of the times is possible. Propose times yourself, if you like.")
    if "take_back" in request.POST:
        services.take_back_times(proposal=proposal, actor=request.user, now=now)
        return _("The times are taken back.")
    picked = parse_datetime(request.POST.get("picked", "")[:40]) if request.POST.get("picked") else None
    if picked is None or timezone.is_naive(picked):
        raise services.BadTimes
    services.pick_time(proposal=proposal, actor=request.user, picked=picked, now=now)
    return _("The time is agreed. Put it in your calendar with the file below.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say what happens, take a few words along, and call the meeting off. Never refused for being done often."""
    found = _for_writing(request, public_id)
    agreed = selectors.meeting_of(found).agreed
    form = CallOffForm(request.POST if request.method == "POST" else None, agreed=agreed)
    if agreed is None or not _is_to_come(agreed, timezone.now()) or not form.is_about(agreed):
        return _nothing_to_call_off(request, found)
    status = UNPROCESSABLE if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        agreed.introduction = found
        given = form.cleaned_data
        try:
            calling_off.call_off(
                meeting=agreed, actor=request.user, text=given["text"], key=given["key"], now=timezone.now()
            )
        except calling_off.NothingToCallOff:
            return _nothing_to_call_off(request, found)
        except ConversationClosed:
            status = CONFLICT
            form.add_error(
                "text", _("The conversation is ended, so your words cannot be sent. Remove them to call off.")
            )
        else:
            messages.success(
                request, _("The meeting is called off. They are told, and so are your calendars.")
            )
            return _back(found)
    here = reverse("matching:introduction", args=[found.public_id])
    context = {
        "form": form,
        "agreed": agreed,
        "shows_text": found.is_open_for_talk or form.is_bound,
        "them": owner_name(organisation_on(found, other_side(writing_side_of(request.user, found)))),
        "back_url": here,
        "back_text": _("Back to the conversation"),
        "save_text": _("Call off the meeting"),
        "cancel_url": here,
    }
    return render(request, "matching/times/call_off.html", context, status=status)


def _nothing_to_call_off(request: SignedInRequest, found: Introduction) -> HttpResponse:
    if request.POST.get("text", "").strip():
        # What was written is found in the conversation's form.
        here = reverse("matching:introduction", args=[found.public_id])
        keep_text(request.session, here, request.POST)
    messages.info(request, _("There is no such meeting to call off any more. Here is where it stands."))
    return _back(found)


@never_cache
@require_safe
def calendar_file(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The meeting, agreed or called off, for one's own calendar."""
    found = find_introduction(request.user, public_id)
    content = selectors.calendar_file(found)
    if content is None:
        raise Http404
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": 'attachment; filename="brygga.ics"'},
    )
