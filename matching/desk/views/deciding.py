"""Decide about a case: say why, see what is sent, and only then decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import mail_of
from brygga.organisations.enums import WRITING_ROLES
from brygga.taxonomy.enums import SupportKind
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import owner_name
from matching.comparing.blind import title_for
from matching.desk import deciding, selectors, services
from matching.desk.decided import standing_of, support_in_words
from matching.desk.enums import DECIDED, DismissReason, Stage
from matching.desk.forms import DecideForm, DeclineForm, SupportForm
from matching.desk.models import Decision, ShortlistEntry
from matching.desk.views.actions import find_case, first_in_words, next_address
from matching.meeting.enums import Side
from matching.meeting.models import Introduction

UNPROCESSABLE = 422
CONFLICT = 409
_MAY_DECIDE = (Stage.SHORTLISTED, Stage.IN_DIALOGUE)

Decide = Callable[[DecideForm, datetime], Decision]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Turn a case down, with a reason for the desk and a message for who has said yes to an introduction."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    today = timezone.localdate()

    def decide(form: DecideForm, now: datetime) -> Decision:
        return deciding.decline(
            offer=giving,
            initiative=wanted,
            actor=request.user,
            reason=DismissReason(form.cleaned_data["reason"]),
            message=form.cleaned_data.get("message", ""),
            is_told=form.cleaned_data["told"],
            decided_on=today,
            now=now,
            seen=form.cleaned_data["seen"],
        )

    def proposed(form: DecideForm) -> Decision:
        return Decision(outcome=Stage.DECLINED, decided_on=today)

    def make(*given: Any, **more: Any) -> DecideForm:
        return DeclineForm(*given, **more)

    return _decide(request, giving, wanted, Stage.DECLINED, make, decide, proposed, {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Record that a case gets support: what, how much and when; who has said yes to an introduction is told."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    today = timezone.localdate()
    kinds = list(giving.support.values_list("kind", flat=True))

    def given_in(form: DecideForm) -> deciding.Given:
        asked = form.cleaned_data
        return deciding.Given(
            kind=SupportKind(asked["kind"]),
            amount=asked["amount"],
            hours=asked["hours"],
            decided_on=asked["decided_on"],
            starts_on=asked["starts_on"],
            ends_on=asked["ends_on"],
        )

    def decide(form: DecideForm, now: datetime) -> Decision:
        return deciding.support(
            offer=giving,
            initiative=wanted,
            actor=request.user,
            given=given_in(form),
            message=form.cleaned_data.get("message", ""),
            is_told=form.cleaned_data["told"],
            now=now,
            seen=form.cleaned_data["seen"],
        )

    def proposed(form: DecideForm) -> Decision:
        return Decision(outcome=Stage.SUPPORTED, **vars(given_in(form)))

    def make(*given: Any, **more: Any) -> DecideForm:
        return SupportForm(*given, today=today, **more)

    initial = {"decided_on": today, "kind": kinds[0] if len(kinds) == 1 else None}
    return _decide(request, giving, wanted, Stage.SUPPORTED, make, decide, proposed, initial)


def _decide(
    request: SignedInRequest,
    giving: SupportOffer,
    wanted: Initiative,
    outcome: Stage,
    make: Callable[..., DecideForm],
    decide: Decide,
    proposed: Callable[[DecideForm], Decision],
    initial: dict[str, Any],
) -> HttpResponse:
    """Ask, show what would be sent, decide. Nothing is sent to who is not told, and the page says so."""
    title = title_for(request.session, wanted)
    back = next_address(request) or reverse("matching:desk", args=[giving.public_id])
    entry = selectors.entries_of(giving, [wanted.pk]).get(wanted.pk)
    if entry is None or entry.stage not in (*_MAY_DECIDE, outcome):
        return _not_now(request, title, entry, back)
    if entry.stage == outcome:
        messages.info(request, first_in_words(title, entry))
        return HttpResponseRedirect(back)
    page = {"offer": giving, "initiative": wanted, "title": title, "back_url": back, "next": back}
    try:
        telling = deciding.introduction_to_tell(giving, wanted)
    except deciding.QuestionWaits as waits:
        status = CONFLICT if request.method == "POST" else 200
        return render(
            request, "matching/desk/question_waits.html", {**page, "waits": waits.introduction}, status=status
        )
    is_told = telling is not None
    shown = {**initial, "seen": entry.stage, "told": is_told}
    form = make(request.POST if request.method == "POST" else None, is_told=is_told, initial=shown)
    changed = form.is_bound and form.is_valid() and form.cleaned_data["told"] != is_told
    if form.is_bound and form.is_valid() and not changed and "change" not in request.POST:
        if telling is not None and "send" not in request.POST:
            return _preview(request, page, form, telling, proposed(form))
        try:
            decided = decide(form, timezone.now())
        except services.ColleagueWasFirst as first:
            messages.info(request, first_in_words(title, first.entry))
            return HttpResponseRedirect(back)
        except services.CannotMove as refused:
            return _not_now(request, title, refused.entry, back)
        except (deciding.TellingChanged, deciding.QuestionWaits):
            # Answered at this very moment: the page is asked for again, and says how it is now.
            messages.info(
                request, _("Something changed while you wrote. Read the page again before you decide.")
            )
            return HttpResponseRedirect(request.get_full_path())
        messages.success(request, _told_of_decision(title, decided))
        return HttpResponseRedirect(back)
    if changed:
        # The text stays; what the page says of who is told is new.
        messages.info(request, _("Something changed while you wrote. Read the page again before you decide."))
        form = make(initial={**shown, **form.cleaned_data, "told": is_told}, is_told=is_told)
    return render(
        request,
        "matching/desk/decide.html",
        {
            **page,
            "form": form,
            "outcome": outcome,
            "telling": telling,
            "owner": owner_name(wanted.organisation),
            "cancel_url": back,
            "save_text": _save_text(outcome, is_told=is_told),
        },
        status=_status(form, changed=changed, request=request),
    )


def _status(form: DecideForm, *, changed: bool, request: SignedInRequest) -> int:
    if changed:
        return CONFLICT
    return UNPROCESSABLE if form.is_bound and not form.is_valid() else 200


def _save_text(outcome: Stage, *, is_told: bool) -> str:
    if is_told:
        return _("See what is sent")
    return _("Record the support") if outcome == Stage.SUPPORTED else _("Turn it down")


def _not_now(request: SignedInRequest, title: str, entry: ShortlistEntry | None, back: str) -> HttpResponse:
    if entry is not None and entry.stage in DECIDED:
        messages.info(request, first_in_words(title, entry))
    else:
        messages.info(
            request,
            _("Put “%(title)s” on the shortlist first. Then you can decide about it.") % {"title": title},
        )
    return HttpResponseRedirect(back)


def _told_of_decision(title: str, decided: Decision) -> str:
    if decided.outcome == Stage.SUPPORTED:
        said = _("“%(title)s” gets support. They have been told.")
        silent = _("“%(title)s” gets support. Nothing is sent to them.")
    else:
        said = _("“%(title)s” is turned down. They have been told.")
        silent = _("“%(title)s” is turned down. Nothing is sent to them.")
    return (said if decided.is_told else silent) % {"title": title}


def _preview(
    request: SignedInRequest,
    page: dict[str, Any],
    form: DecideForm,
    telling: Introduction,
    decision: Decision,
) -> HttpResponse:
    """Show exactly what is sent: the mail, and what their page will say."""
    subject, body = mail_of(kind=NoticeKind.DECISION_MADE, parameters=deciding.notice_parameters(telling))
    typed = form.cleaned_data["message"]
    message = deciding.cleaned_message(typed)
    seekers = telling.initiative.organisation.memberships.filter(role__in=WRITING_ROLES)
    return render(
        request,
        "matching/desk/preview.html",
        {
            **page,
            "subject": subject,
            "body": body,
            "message": message,
            "is_masked": message != typed.strip(),
            "standing": standing_of(
                telling, Side.INITIATIVE, {(telling.offer_id, telling.initiative_id): decision}
            ),
            "support": support_in_words(decision),
            "receivers": seekers.exclude(user=request.user).count(),
            "owner": owner_name(telling.initiative.organisation),
            "sent_again": [
                (name, request.POST.get(name, "")) for name in form.fields if name in request.POST
            ],
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Take a decision back, after being told who is told of that."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    title = title_for(request.session, wanted)
    back = next_address(request) or reverse("matching:desk", args=[giving.public_id])
    entry = selectors.entries_of(giving, [wanted.pk]).get(wanted.pk)
    decision = Decision.objects.filter(entry=entry).first() if entry else None
    if decision is None:
        messages.info(request, _("There is no decision to take back."))
        return redirect(back)
    if request.method == "POST":
        try:
            lies = deciding.take_back(
                offer=giving,
                initiative=wanted,
                actor=request.user,
                now=timezone.now(),
                outcome=Stage(decision.outcome),
            )
        except services.NothingToUndo:
            messages.info(request, _("There is no decision to take back."))
        else:
            messages.success(
                request,
                _("The decision about “%(title)s” is taken back. The case lies under “%(stage)s”.")
                % {"title": title, "stage": lies.get_stage_display()},
            )
        return redirect(back)
    return render(
        request,
        "matching/desk/take_back.html",
        {"offer": giving, "title": title, "decision": decision, "back_url": back, "next": back},
    )
