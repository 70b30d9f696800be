"""All cases of an organisation's offers, as one table: for who works with several kinds of support at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders.models import SupportOffer
from funders.selectors import telling
from matching.comparing.blind import ShownAt, is_blind
from matching.desk import all_cases, board, permissions, selectors
from matching.desk.views import side_by_side
from matching.desk.views.board import desk_choices
from matching.desk.views.case import pop_just_moved
from matching.desk.views.finding import offers_of, own_organisation


@dataclass(frozen=True)
class Asking:
    """What somebody asked to see of an organisation's cases, and the cases that answer it, in order."""

    organisation: Organisation
    offers: list[SupportOffer]
    writers: list[User]
    asked: selectors.Asked
    words: str
    every: list[board.Place]
    rows: list[board.Place]


def asked_for(request: SignedInRequest, public_id: str, now: datetime) -> Asking:
    """Read what the address asks for. The page and the file are made of the same."""
    organisation = own_organisation(request.user, public_id)
    offers = offers_of(organisation, request.user)
    writers = board.writers_of(organisation.pk)
    asked = selectors.read_address(
        request.GET,
        {
            "offer": [offer.public_id for offer in offers],
            "stage": all_cases.STAGES,
            "who": [board.MINE, board.NOBODY, *(str(one.pk) for one in writers)],
            "due": board.DUE,
            "answer": board.ANSWER,
            "contact": (board.WANTS_CONTACT,),
            "new": (board.IS_NEW,),
            "rows": [str(board.MOST_ROWS)],
        },
        all_cases.ALL_SORTS,
    )
    words = request.GET.get("q", "").replace("\x00", "").strip()[: all_cases.MOST_WORDS]
    if words and is_blind(request.session):
        # Who does not want to see names does not find by them either.
        asked.unknown.append(words[:40])
        words = ""
    chosen = [offer for offer in offers if not asked["offer"] or offer.public_id in asked["offer"]]
    every = board.places(
        [offer.pk for offer in chosen],
        request.user,
        now,
        with_suggestions=all_cases.wants_suggestions(asked),
    )
    today = timezone.localdate(now)
    rows = all_cases.chosen(every, asked, request.user, today)
    if words:
        rows = all_cases.with_words(rows, words)
    rows = all_cases.ordered(rows, asked.sort, request.user, today)
    return Asking(organisation, offers, writers, asked, words, every, rows)


@never_cache
@require_safe
def all_of_them(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Every case of all of an organisation's offers. For the giver's own people, readers too."""
    now = timezone.now()
    asking = asked_for(request, public_id, now)
    asked, organisation, offers = asking.asked, asking.organisation, asking.offers
    if asked.unknown:
        messages.info(request, _("We left out a filter that we do not know."))
    as_seen = ShownAt(request.session, [offer.pk for offer in offers], request.user, now)
    size = board.MOST_ROWS if asked["rows"] else board.PAGE_SIZE
    page = Paginator(asking.rows, size).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    cards = board.cards(offers, shown, request.user, now, as_seen)
    shortcuts = _shortcuts(asking, request.user, now)
    by_shortcut = any(one["is_chosen"] for one in shortcuts)
    is_sorted = asked.sort != all_cases.TO_DO
    response = render(
        request,
        "matching/desk/all_cases.html",
        {
            "organisation": organisation,
            "givers": selectors.givers_of(request.user),
            "offers": offers,
            "is_blind": as_seen.is_blind,
            "asked": asked,
            "words": asking.words,
            "filters": _filters(asking),
            "shortcuts": shortcuts,
            "is_chosen": bool(asked.number or asking.words or is_sorted),
            # What a shortcut says already need not be shown once more.
            "is_open": bool(asked.number > by_shortcut or asking.words or is_sorted),
            "number": len(asking.rows),
            "several_url": reverse("matching:several-of-all", args=[public_id]),
            "page": page,
            "cards": [cards[row.pair] for row in shown],
            "can_write": permissions.can_write_for(request.user, organisation.pk),
            "deeds": side_by_side.choices(),
            "ticked": side_by_side.pop_ticks(request),
            "moved": pop_just_moved(request, *offers, organisation=public_id),
            "next": request.get_full_path(),
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _filters(asking: Asking) -> list[dict[str, Any]]:
    asked = asking.asked
    offers = [("", _("All")), *((one.public_id, telling(one).title) for one in asking.offers)]
    stages = [
        ("", _("What is under way")),
        *((stage.value, str(stage.label)) for stage in board.COLUMNS),
        (all_cases.EVERYTHING, _("Everything, suggestions too")),
    ]
    first = [("offer", _("Support"), offers), ("stage", _("Where they lie"), stages)]
    return [
        {"name": name, "label": label, "options": options, "chosen": "".join(asked[name][:1])}
        for name, label, options in first
    ] + desk_choices(
        asked,
        asking.writers,
        sorts={
            all_cases.TO_DO: _("What there is to do first"),
            "stage": _("Where they lie"),
            "moved": _("Last moved first"),
            "due": _("Due first"),
            "answer": _("Answer soonest first"),
            "fit": _("Best fit first"),
            "title": _("Name"),
        },
        with_rows=True,
    )


def _shortcuts(asking: Asking, user: User, now: datetime) -> list[dict[str, Any]]:
    labels = {
        "contact": _("Want contact"),
        "who": _("Mine"),
        "due": _("Late"),
        "answer": _("Late with an answer"),
    }
    found = all_cases.figures(asking.every, user, timezone.localdate(now))
    offers = asking.asked["offer"]
    return [
        {
            "label": labels[name],
            "number": number,
            "url": "?" + urlencode({name: value, "offer": offers}, doseq=True),
            "is_chosen": asking.asked[name] == [value],
            # How many are one's own is no news.
            "is_quiet": name == "who",
        }
        for (name, value), number in found.items()
        if number
    ]
