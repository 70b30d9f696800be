"""Several cases of the desk at once: ask once what is to be done, say which are left, do it, undo it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from brygga.core.forms import BryggaForm
from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders.models import SupportOffer
from funders.selectors import telling as offer_telling
from innovators.selectors import telling
from matching.comparing.blind import ShownAt, number_as_name
from matching.desk import board, several, undoing
from matching.desk.enums import WITH_REASON, Deed, DismissReason, Stage, Why
from matching.desk.forms import FORMS_OF_DEEDS, SeveralForm
from matching.desk.models import ShortlistEntry
from matching.desk.querysets import Pair
from matching.desk.services import CannotAssign, NothingToUndo
from matching.desk.views.actions import UNPROCESSABLE, next_address
from matching.desk.views.case import JUST_MOVED
from matching.desk.views.finding import offers_of, own_offer, own_organisation
from matching.desk.views.side_by_side import COMPARE, compare, keep_ticks

#: So many names stand in one message; the others are counted.
MOST_NAMED = 8


@dataclass(frozen=True)
class Desk:
    """Where cases were chosen: at one offer, or at all of an organisation's. `back` is the page to return to."""

    organisation: Organisation
    offers: list[SupportOffer]
    back: str
    asks_at: str
    undone_at: str
    # Whose page tells what was done.
    told_at: dict[str, str]
    # With cases of several offers a name alone does not say which case it is.
    is_whole: bool = False


def _desk_of_offer(request: SignedInRequest, public_id: str) -> Desk:
    offer = own_offer(request.user, public_id, writing=True)
    return Desk(
        offer.organisation,
        [offer],
        next_address(request) or reverse("matching:desk", args=[public_id]),
        reverse("matching:several-cases", args=[public_id]),
        reverse("matching:undo-several", args=[public_id]),
        {"offer": public_id},
    )


def _whole_desk(request: SignedInRequest, public_id: str) -> Desk:
    organisation = own_organisation(request.user, public_id, writing=True)
    return Desk(
        organisation,
        offers_of(organisation, request.user),
        next_address(request) or reverse("matching:all-cases", args=[public_id]),
        reverse("matching:several-of-all", args=[public_id]),
        reverse("matching:undo-several-of-all", args=[public_id]),
        {"organisation": public_id},
        is_whole=True,
    )


@never_cache
@require_POST
def several_cases(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask about what was chosen on the desk of an offer, and do it when the person is sure."""
    return _ask_and_do(request, _desk_of_offer(request, public_id))


@never_cache
@require_POST
def several_of_all(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask about what was chosen among all cases of an organisation, and do it when the person is sure."""
    return _ask_and_do(request, _whole_desk(request, public_id))


def _ask_and_do(request: SignedInRequest, desk: Desk) -> HttpResponse:
    asked = SeveralForm(request.POST)
    seen = chosen_in(request)
    if request.POST.get("deed") == COMPARE:
        return compare(request, seen, desk.back)
    if not asked.is_valid() or not seen or not desk.offers:
        messages.info(request, _("Tick the cases first, and choose what to do with them."))
        return HttpResponseRedirect(desk.back)
    if len(seen) > several.MOST:
        said = _("You can change at most %(number)d cases at a time.") % {"number": several.MOST}
        messages.info(request, said)
        keep_ticks(request, seen)
        return HttpResponseRedirect(desk.back)
    deed, is_sure = asked.cleaned_data["deed"], asked.cleaned_data["sure"]
    writers = board.writers_of(desk.organisation.pk)
    form = FORMS_OF_DEEDS[deed](request.POST if is_sure else None, writers=writers)
    if is_sure and form.is_valid():
        try:
            done = several.change_several(
                offers=desk.offers,
                seen=seen,
                change=_change(deed, form, writers),
                actor=request.user,
                now=timezone.now(),
            )
        except CannotAssign:
            form.add_error("assignee", _("That person cannot take care of cases. Choose somebody else."))
        else:
            _tell(request, desk, deed, done)
            return HttpResponseRedirect(desk.back)
    found = several.sort_cases(offers=desk.offers, seen=seen, change=_as_asked(deed), actor=request.user)
    ready = {(entry.offer.public_id, entry.initiative.public_id) for entry in found.ready}
    number = len(found.ready)
    names = _names(request, desk, [*found.ready, *(one.entry for one in found.left)])
    return render(
        request,
        "matching/desk/several.html",
        {
            "action": desk.asks_at,
            "form": form,
            "deed": deed,
            "number": number,
            "question": question(deed, number),
            "ready": [(names[several.pair_of(entry)], entry) for entry in found.ready],
            "left": found.left,
            "left_by_reason": [
                (why, [names[several.pair_of(one.entry)] for one in found.left if one.why == why])
                for why in Why
                if any(one.why == why for one in found.left)
            ],
            "sent_again": [
                value for value in request.POST.getlist("shown") if tuple(value.split(".")[:2]) in ready
            ],
            "back_url": desk.back,
            "next": desk.back,
            "save_text": capfirst(button(deed, number)),
        },
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@require_POST
def undo_several(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put every case back as it lay, but for those that somebody has changed since."""
    return _undo(request, _desk_of_offer(request, public_id))


@require_POST
def undo_several_of_all(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The same from the page of all cases."""
    return _undo(request, _whole_desk(request, public_id))


def _undo(request: SignedInRequest, desk: Desk) -> HttpResponse:
    request.session.pop(JUST_MOVED, None)
    try:
        undone = undoing.undo_several(
            organisation=desk.organisation.pk,
            number=request.POST.get("number", ""),
            actor=request.user,
            now=timezone.now(),
        )
    except NothingToUndo:
        messages.info(request, _("There was nothing to undo: it has been done already."))
    else:
        if undone.number:
            said = ngettext(
                "%(number)d case is as it was.", "%(number)d cases are as they were.", undone.number
            )
            messages.success(request, said % {"number": undone.number})
        if undone.stays:
            said = ngettext(
                "%(number)d case has been changed since and stays: %(names)s.",
                "%(number)d cases have been changed since and stay: %(names)s.",
                len(undone.stays),
            )
            names = in_a_row(_names(request, desk, undone.stays).values())
            messages.warning(request, said % {"number": len(undone.stays), "names": names})
    return HttpResponseRedirect(desk.back)


def chosen_in(request: SignedInRequest) -> list[several.Seen]:
    """Return the cases that are ticked, as they lay on the page. What cannot be read was not made by the page."""
    every = "all" in request.POST
    ticked = set(request.POST.getlist("case"))
    found = []
    for value in request.POST.getlist("shown"):
        offer, initiative, stage, assignee, due_on, *_more = [*value.split("."), "", "", "", ""]
        if stage in Stage.values and (every or f"{offer}.{initiative}" in ticked):
            seen = several.Seen(offer, initiative, Stage(stage), _number(assignee), _day(due_on))
            found.append(seen)
    return found


def question(deed: Deed, number: int) -> str:
    """Return the one sentence that asks about a deed, with how many cases it is about."""
    return {
        Deed.SHORTLIST: ngettext(
            "Put %(number)d case on the shortlist?", "Put %(number)d cases on the shortlist?", number
        ),
        Deed.DIALOGUE: ngettext(
            "Move %(number)d case to those in dialogue?",
            "Move %(number)d cases to those in dialogue?",
            number,
        ),
        Deed.BACK: ngettext(
            "Put %(number)d case back among the suggestions?",
            "Put %(number)d cases back among the suggestions?",
            number,
        ),
        Deed.ASIDE: ngettext(
            "Put %(number)d case aside as not relevant?",
            "Put %(number)d cases aside as not relevant?",
            number,
        ),
        Deed.DECLINE: ngettext("Turn %(number)d case down?", "Turn %(number)d cases down?", number),
        Deed.ASSIGN: ngettext(
            "Who takes care of %(number)d case?", "Who takes care of %(number)d cases?", number
        ),
        Deed.DUE: ngettext(
            "When should %(number)d case be done?", "When should %(number)d cases be done?", number
        ),
    }[deed] % {"number": number}


def button(deed: Deed, number: int) -> str:
    """Return what the button says that does it."""
    if deed in (Deed.ASSIGN, Deed.DUE):
        said = ngettext("Save for %(number)d case", "Save for %(number)d cases", number)
    elif deed == Deed.DECLINE:
        said = ngettext("Turn %(number)d case down", "Turn %(number)d cases down", number)
    else:
        said = ngettext("Move %(number)d case", "Move %(number)d cases", number)
    return said % {"number": number}


def told(deed: Deed, number: int) -> str:
    """Return what has just been done with how many cases."""
    return {
        Deed.SHORTLIST: ngettext(
            "%(number)d case is on the shortlist.", "%(number)d cases are on the shortlist.", number
        ),
        Deed.DIALOGUE: ngettext(
            "%(number)d case is in dialogue. Nothing is sent.",
            "%(number)d cases are in dialogue. Nothing is sent.",
            number,
        ),
        Deed.BACK: ngettext(
            "%(number)d case is back among the suggestions.",
            "%(number)d cases are back among the suggestions.",
            number,
        ),
        Deed.ASIDE: ngettext(
            "%(number)d case is put aside. Nothing is sent.",
            "%(number)d cases are put aside. Nothing is sent.",
            number,
        ),
        Deed.DECLINE: ngettext(
            "%(number)d case is turned down. Nothing is sent.",
            "%(number)d cases are turned down. Nothing is sent.",
            number,
        ),
        Deed.ASSIGN: ngettext(
            "Who takes care is saved for %(number)d case.",
            "Who takes care is saved for %(number)d cases.",
            number,
        ),
        Deed.DUE: ngettext(
            "The day is saved for %(number)d case.", "The day is saved for %(number)d cases.", number
        ),
    }[deed] % {"number": number}


def in_a_row(names: Iterable[str]) -> str:
    """Return names as one text, the first few by name and the others counted."""
    every = list(names)
    more = len(every) - MOST_NAMED
    shown = ", ".join(_("“%(title)s”") % {"title": name} for name in every[:MOST_NAMED])
    if more <= 0:
        return shown
    counted = ngettext("%(names)s and %(number)d more", "%(names)s and %(number)d more", more)
    return counted % {"names": shown, "number": more}


def _change(deed: Deed, form: BryggaForm, writers: Sequence[User]) -> several.Change:
    given = form.cleaned_data
    return several.Change(
        deed,
        reason=DismissReason(given["reason"]) if "reason" in given else None,
        assignee=next((one for one in writers if one.pk == given.get("assignee")), None),
        due_on=given.get("due_on"),
    )


def _as_asked(deed: Deed) -> several.Change:
    """Return the deed as far as it is known before the person has said the reason, the person or the day."""
    return several.Change(deed, reason=DismissReason.OTHER if deed in WITH_REASON else None, is_said=False)


def _tell(request: SignedInRequest, desk: Desk, deed: Deed, done: several.Sorted) -> None:
    if done.number:
        request.session[JUST_MOVED] = {
            **desk.told_at,
            "number": done.number,
            "undo": desk.undone_at,
            "said": told(deed, len(done.ready)),
            "at": timezone.now().isoformat(),
        }
    elif all(one.why == Why.THERE for one in done.left):
        messages.info(request, _("It was so already. Nothing was changed."))
    # Where there was nothing to do there is nothing to tell: somebody may have clicked twice.
    lefts = [one for one in done.left if one.why != Why.THERE]
    names = _names(request, desk, [one.entry for one in lefts])
    for why in dict.fromkeys(one.why for one in lefts):
        left = [one.entry for one in lefts if one.why == why]
        row = in_a_row(names[several.pair_of(entry)] for entry in left)
        messages.info(
            request,
            _("Left as it is: %(names)s. %(why)s") % {"names": row, "why": why.label},
        )


def _names(request: SignedInRequest, desk: Desk, entries: Sequence[ShortlistEntry]) -> dict[Pair, str]:
    """Return what each case is called; numbers for who has asked not to see names."""
    shown = ShownAt(request.session, {entry.offer_id for entry in entries}, request.user, timezone.now())
    names = {}
    for entry in entries:
        pair = several.pair_of(entry)
        name = number_as_name(shown.number(*pair)) if shown.is_blind else telling(entry.initiative).title
        if desk.is_whole:
            at = offer_telling(entry.offer).title
            name = _("%(case)s (%(support)s)") % {"case": name, "support": at}
        names[pair] = name
    return names


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
