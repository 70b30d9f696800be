"""What a giver does with a case: put it on the list, put it aside, undo, write a note.

Each is a POST that redirects; htmx gets the case's own card back instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brygga.core.http import SignedInRequest
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.comparing.blind import title_for
from matching.desk import permissions, services
from matching.desk.enums import DismissReason, Stage
from matching.desk.forms import DismissForm, NoteForm, ShortlistForm, UndoForm
from matching.desk.mentions import mentioned_in, who_can_be_mentioned
from matching.desk.models import NoteVersion, ShortlistEntry
from matching.desk.note_versions import earlier_versions
from matching.desk.selectors import case_on_desk
from matching.desk.views.case import JUST_MOVED, case_on_card
from matching.desk.views.finding import own_offer, visible_case
from matching.desk.waiting import WaitsForWord, waiting_introduction
from matching.meeting.models import Introduction

UNPROCESSABLE = 422
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_add(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Put a case on the shortlist; the page asks for a note, a card's button does not."""
    giving, wanted = find_case(request, offer, initiative)
    form = ShortlistForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.shortlist(
                offer=giving,
                initiative=wanted,
                actor=request.user,
                note=form.cleaned_data["note"],
                now=timezone.now(),
                seen=_seen(form),
            )
        except services.ColleagueWasFirst as first:
            return _colleague_was_first(request, giving, wanted, first.entry)
        except services.CannotMove as refused:
            return _stays(request, giving, wanted, Stage(refused.entry.stage))
        return _moved(request, giving, wanted, Stage.SHORTLISTED)
    return _ask(request, "matching/shortlist_add.html", giving, wanted, form, _("Put it on the list"))


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Put a case aside, with a reason. htmx shows the same form inside the card."""
    giving, wanted = find_case(request, offer, initiative)
    waits = waiting_introduction(giving, wanted)
    if waits is not None and stage_of(giving, wanted) != Stage.DISMISSED:
        return _waits_for_word(request, giving, wanted, waits)
    form = DismissForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": stage_of(giving, wanted)},
        # Several cards may show this form at once.
        auto_id=f"id_{wanted.public_id}_%s" if request.htmx else "id_%s",
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.dismiss(
                offer=giving,
                initiative=wanted,
                actor=request.user,
                reason=DismissReason(form.cleaned_data["reason"]),
                now=timezone.now(),
                seen=_seen(form),
            )
        except services.ColleagueWasFirst as first:
            return _colleague_was_first(request, giving, wanted, first.entry)
        except services.CannotMove as refused:
            return _stays(request, giving, wanted, Stage(refused.entry.stage))
        except WaitsForWord as word:
            # Asked or answered at this very moment.
            return _waits_for_word(request, giving, wanted, word.introduction)
        return _moved(request, giving, wanted, Stage.DISMISSED)
    template = "matching/_dismiss_form.html" if request.htmx else "matching/dismiss.html"
    return _ask(request, template, giving, wanted, form, _("Put it aside"))


@require_POST
def put_back(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Take a case off the shortlist, or out of those put aside."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    form = ShortlistForm(request.POST)
    try:
        services.put_back(
            offer=giving, initiative=wanted, actor=request.user, now=timezone.now(), seen=_seen(form)
        )
    except services.NothingToUndo:
        messages.info(request, _("It was off the list already."))
        return _back(request, giving)
    except services.ColleagueWasFirst as first:
        return _colleague_was_first(request, giving, wanted, first.entry)
    except services.CannotMove as refused:
        return _stays(request, giving, wanted, Stage(refused.entry.stage))
    return _moved(request, giving, wanted, Stage.SUGGESTED)


@require_POST
def undo(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Undo the step that the button stands beside, unless the case has moved on."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    form = UndoForm(request.POST)
    try:
        if not form.is_valid():
            raise services.NothingToUndo
        entry = services.undo(
            offer=giving,
            initiative=wanted,
            actor=request.user,
            now=timezone.now(),
            step=form.cleaned_data["step"],
        )
    except services.NothingToUndo:
        said = _("There was nothing to undo: it has been done already, or a colleague has moved the case.")
        if request.htmx:
            return _card(request, giving, wanted, said=said)
        messages.info(request, said)
        return _back(request, giving)
    said = _("Undone. %(title)s: %(stage)s.") % {
        "title": title_for(request.session, wanted),
        "stage": entry.get_stage_display().lower(),
    }
    if request.htmx:
        return _card(request, giving, wanted, said=said)
    messages.success(request, said)
    return _back(request, giving)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Write the note of a case on the desk, or put an earlier version of it back."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    entry = get_object_or_404(
        ShortlistEntry.objects.select_related("offer", "initiative", "changed_by"),
        offer=giving,
        initiative=wanted,
    )
    mark = services.note_mark(entry.note)
    people = who_can_be_mentioned(giving, wanted)
    form = NoteForm(
        _typed_or_put_back(request, entry) if request.method == "POST" else None,
        initial={"note": entry.note, "read": mark},
        people=people,
        writer=request.user,
    )
    theirs, is_second = "", False
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["note"]
        try:
            saved = services.change_note(
                entry=entry,
                actor=request.user,
                note=typed,
                now=timezone.now(),
                read=form.cleaned_data["read"] or None,
            )
        except services.ColleagueWasFirst as first:
            # Show both, save nothing, lose nothing: sending again writes what stands in the form.
            entry, theirs, is_second = first.entry, first.entry.note, True
            form = NoteForm(
                {"note": typed, "read": services.note_mark(entry.note)}, people=people, writer=request.user
            )
            form.is_valid()
        else:
            _tell_masked(request, typed, saved.note)
            _tell_saved(
                request, mentioned_in(saved.note, people) - mentioned_in(entry.note, people) - {request.user}
            )
            return _back(request, giving)
    return _ask(
        request,
        "matching/note.html",
        giving,
        wanted,
        form,
        _("Save the note"),
        status=CONFLICT if is_second else None,
        is_second=is_second,
        theirs=theirs,
        versions=earlier_versions(entry),
    )


def _typed_or_put_back(request: SignedInRequest, entry: ShortlistEntry) -> Mapping[str, Any]:
    """Return what the form is filled with: what somebody has written, or the version whose button they pressed."""
    if "version" not in request.POST:
        return request.POST
    number = request.POST["version"]
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    version = get_object_or_404(NoteVersion, entry=entry, pk=int(number) if is_number else 0)
    return {"note": version.text, "read": request.POST.get("read", "")}


def find_case(
    request: SignedInRequest, offer: str, initiative: str, *, must_be_visible: bool = True
) -> tuple[SupportOffer, Initiative]:
    """Return both sides for somebody who may write. What lies on the desk already may have been hidden since."""
    giving = own_offer(request.user, offer, writing=True)
    if not must_be_visible:
        entry = case_on_desk(giving, initiative)
        if entry is not None and permissions.sees_case(request.user, giving, entry.initiative):
            return giving, entry.initiative
    return giving, visible_case(request.user, giving, initiative)


def stage_of(offer: SupportOffer, initiative: Initiative) -> str:
    entry = ShortlistEntry.objects.filter(offer=offer, initiative=initiative).first()
    return entry.stage if entry else Stage.SUGGESTED


def _seen(form: Any) -> Stage | None:
    form.is_valid()
    seen = form.cleaned_data.get("seen")
    return Stage(seen) if seen else None


def _waits_for_word(
    request: SignedInRequest, offer: SupportOffer, initiative: Initiative, waits: Introduction
) -> HttpResponse:
    """Say who waits for a word and what one can do instead; htmx shows it inside the card."""
    template = "matching/desk/_waits_for_word.html" if request.htmx else "matching/desk/waits_for_word.html"
    status = CONFLICT if request.method == "POST" and not request.htmx else 200
    answer = _ask(request, template, offer, initiative, None, "", status=status, waits=waits)
    if request.method == "POST" and request.htmx:
        answer["HX-Retarget"] = f"#aside-{initiative.public_id}"
    return answer


def _ask(
    request: SignedInRequest,
    template: str,
    offer: SupportOffer,
    initiative: Initiative,
    form: Any,
    save_text: str,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    back = next_address(request) or reverse("matching:for-offer", args=[offer.public_id])
    response = render(
        request,
        template,
        {
            "form": form,
            "offer": offer,
            "initiative": initiative,
            "title": title_for(request.session, initiative),
            "save_text": save_text,
            "back_url": back,
            "cancel_url": back,
            "next": next_address(request),
            **more,
        },
        status=status or (UNPROCESSABLE if form and form.is_bound else 200),
    )
    if request.htmx and form and form.is_bound:
        # The form stands inside the card: an answer that cannot be accepted takes its place, not the card's.
        response["HX-Retarget"] = f"#aside-{initiative.public_id}"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _moved(
    request: SignedInRequest, offer: SupportOffer, initiative: Initiative, stage: Stage
) -> HttpResponse:
    # Whoever decides on a case has seen it, also without a script.
    services.note_opened(
        initiative=initiative, offer=offer, side="offer", actor=request.user, now=timezone.now()
    )
    title = title_for(request.session, initiative)
    said = told_of_move(title, stage)
    if request.htmx:
        return _card(request, offer, initiative, said=said, step=stage)
    request.session[JUST_MOVED] = {
        "offer": offer.public_id,
        "undo": reverse("matching:undo", args=[offer.public_id, initiative.public_id]),
        "step": stage.value,
        "said": said,
    }
    return _back(request, offer)


def _colleague_was_first(
    request: SignedInRequest, offer: SupportOffer, initiative: Initiative, entry: ShortlistEntry
) -> HttpResponse:
    said = first_in_words(title_for(request.session, initiative), entry)
    if request.htmx:
        return _card(request, offer, initiative, said=said)
    messages.info(request, said)
    return _back(request, offer)


def told_of_move(title: str, stage: Stage) -> str:
    """Return what has just been done with a case, in words."""
    return {
        Stage.SHORTLISTED: _("“%(title)s” is on the shortlist."),
        Stage.IN_DIALOGUE: _("“%(title)s” is in dialogue. Nothing is sent to them."),
        Stage.SUPPORTED: _("“%(title)s” gets support."),
        Stage.DECLINED: _("“%(title)s” is turned down."),
        Stage.DISMISSED: _("“%(title)s” is put aside. Nothing is sent to them."),
        Stage.SUGGESTED: _("“%(title)s” is back among the suggestions. Its note is kept."),
    }[stage] % {"title": title}


def first_in_words(title: str, entry: ShortlistEntry) -> str:
    """Return which colleague has moved a case, and whereto."""
    who = str(entry.changed_by) if entry.changed_by else _("A colleague")
    return {
        Stage.SHORTLISTED: _("%(who)s has put “%(title)s” on the shortlist already."),
        Stage.IN_DIALOGUE: _("%(who)s has moved “%(title)s” to those in dialogue."),
        Stage.SUPPORTED: _("%(who)s has decided already: “%(title)s” gets support."),
        Stage.DECLINED: _("%(who)s has decided already: “%(title)s” is turned down."),
        Stage.DISMISSED: _("%(who)s has put “%(title)s” aside already."),
        Stage.SUGGESTED: _("%(who)s has moved “%(title)s” back among the suggestions."),
    }[Stage(entry.stage)] % {"who": who, "title": title}


def _stays(
    request: SignedInRequest, offer: SupportOffer, initiative: Initiative, stage: Stage
) -> HttpResponse:
    said = _("“%(title)s” lies under “%(stage)s” and cannot be moved there.") % {
        "title": title_for(request.session, initiative),
        "stage": stage.label,
    }
    if request.htmx:
        return _card(request, offer, initiative, said=said)
    messages.info(request, said)
    return _back(request, offer)


def _card(
    request: SignedInRequest,
    offer: SupportOffer,
    initiative: Initiative,
    *,
    said: str,
    step: Stage | None = None,
) -> HttpResponse:
    """Answer htmx with the case as it lies now and what has just happened, which gets the focus."""
    response = render(
        request,
        "matching/_case.html",
        {
            "offer": offer,
            "case": case_on_card(request, offer, initiative),
            "said": said,
            "undo_step": step,
            "can_write": True,
            "next": next_address(request),
        },
    )
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _tell_masked(request: SignedInRequest, typed: str, saved: str) -> None:
    if typed.strip() != saved:
        messages.warning(
            request,
            _(
                "We hid a phone number or an e-mail address in the note. Contact details are shown "
                "when both sides have said yes to an introduction."
            ),
        )


def _tell_saved(request: SignedInRequest, told: set[User]) -> None:
    said = _("The note is saved.")
    if told:
        names = ", ".join(sorted(map(str, told), key=str.casefold))
        said = _("The note is saved. Those whom it mentions know of it: %(names)s.") % {"names": names}
    messages.success(request, said)


def next_address(request: SignedInRequest) -> str:
    """Return the page to go back to, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if here and asked.startswith("/") else ""


def _back(request: SignedInRequest, offer: SupportOffer) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        next_address(request) or reverse("matching:for-offer", args=[offer.public_id])
    )
