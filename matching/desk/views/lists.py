"""The two lists of matches, and the giver's shortlist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.core.slots import fill
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.answers.in_place_views import pop_just_answered
from matching.comparing import blind
from matching.desk import news, permissions, selectors
from matching.desk.cards import case_of, cases, support_cards
from matching.desk.closed import last_matches_of
from matching.desk.enums import Deed, DismissReason, Stage
from matching.desk.models import ShortlistEntry
from matching.desk.views.case import pop_just_moved
from matching.desk.views.finding import own_initiative, own_offer
from matching.desk.views.side_by_side import pop_ticks
from matching.engine.selectors import (
    current_run,
    matches_for_initiative,
    matches_for_offer,
    scoring_status,
)
from matching.learning.selectors import in_sentences, in_this_order, in_use, order_by_choices
from matching.meeting.models import Introduction
from matching.meeting.selectors import introductions_with, newest_introductions
from matching.unsuited.selectors import lying_aside, pop_just_aside

PAGE_SIZE = 20
# After this long the page stops promising seconds.
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Freshness:
    """Is the list up to date, in what the page needs to say so."""

    is_under_way: bool
    is_slow: bool
    updated_at: datetime | None

    @property
    def is_today(self) -> bool:
        return self.updated_at is not None and timezone.localdate(self.updated_at) == timezone.localdate()


def _freshness(profile: Initiative | SupportOffer, now: datetime) -> Freshness:
    status, run = scoring_status(profile), current_run()
    slow = status.is_under_way and status.asked_at is not None and now - status.asked_at > SOON
    moments = [at for at in (status.done_at, run.published_at if run else None) if at is not None]
    # Before the first run everything waits for it, whatever has been asked for.
    return Freshness(status.is_under_way or run is None, slow, max(moments, default=None))


# -- for the innovator -----------------------------------------------------------------------------


@never_cache
@require_safe
def for_initiative(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Support that fits an initiative, with reasons. For its own people."""
    initiative = own_initiative(request.user, public_id)
    if not initiative.is_published:
        return render(request, "matching/publish_first.html", {"initiative": initiative})
    now = timezone.now()
    asked = selectors.read_address(
        request.GET,
        {"kind": [code for code, _label in selectors.kind_choices()]},
        selectors.SUPPORT_SORTS,
        selectors.SECTIONS,
    )
    _tell_unknown(request, asked)
    every = matches_for_initiative(initiative, request.user, now)
    sections, kinds = selectors.support_figures(every)
    page = Paginator(selectors.narrowed_support(every, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    best_first = list(page.object_list)
    new, opened = news.new_and_opened_offers(initiative, [match.offer_id for match in best_first])
    # Nothing moves from one page to another.
    is_spread = asked.sort == "fit" and page.number == 1
    shown = selectors.with_more_givers(best_first, opened) if is_spread else best_first
    total = every.order_by().count()
    response = render(
        request,
        "matching/for_initiative.html",
        {
            "initiative": initiative,
            "page": page,
            "cards": support_cards(
                shown, now, new, introductions_with(initiative, [match.offer_id for match in shown])
            ),
            "moved_down": shown != best_first,
            "gone": news.gone_from(initiative, request.user, now),
            "gone_url": reverse("matching:gone-for-initiative", args=[public_id]),
            "total": total,
            "asked": asked,
            "section_links": _sections(asked.section, total, sections),
            "facets": [
                selectors.facet(_("Kind of support"), "kind", selectors.kind_choices(), asked, kinds),
                _sorts(asked, {"fit": _("Best fit first"), "closing": _("Closing soonest first")}),
            ],
            "filters_chosen": asked.number,
            "freshness": _freshness(initiative, now),
            "status_url": reverse("matching:initiative-status", args=[public_id]),
            "missing": selectors.missing_facts(initiative),
            "can_change": permissions.can_write_for(request.user, initiative.organisation_id),
            "aside": lying_aside(initiative, request.user).count(),
            "just_answered": pop_just_answered(request.session, initiative),
            "just_aside": pop_just_aside(request.session, initiative),
            "next": request.get_full_path(),
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _sections(chosen: str, total: int, figures: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"value": "", "label": _("All"), "count": total, "chosen": not chosen},
        {"value": "money", "label": _("Money"), "count": figures["money"], "chosen": chosen == "money"},
        {
            "value": "other",
            "label": _("Other support"),
            "count": figures["other"],
            "chosen": chosen == "other",
        },
    ]


def _sorts(asked: selectors.Asked, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "title": _("Order"),
        "name": "sort",
        "type": "radio",
        "open": True,
        "options": [
            {"value": value, "label": label, "checked": value == asked.sort, "count": None}
            for value, label in labels.items()
        ],
    }


def _case_sorts(has_learned: bool) -> dict[str, str]:
    learned = {"choices": _("By your earlier choices")} if has_learned else {}
    return learned | {"fit": _("Best fit first"), "newest": _("Newest first")}


def _tell_unknown(request: SignedInRequest, asked: selectors.Asked) -> None:
    if asked.unknown:
        messages.info(request, _("We left out a filter that we do not know."))


@never_cache
@require_safe
def initiative_status(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asked by the page while matches are being renewed: 204 as long as nothing is new."""
    initiative = own_initiative(request.user, public_id)
    return _status(request, initiative, reverse("matching:for-initiative", args=[public_id]))


@never_cache
@require_safe
def offer_status(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asked by the page while matches are being renewed: 204 as long as nothing is new."""
    offer = own_offer(request.user, public_id)
    return _status(request, offer, reverse("matching:for-offer", args=[public_id]))


def _status(request: SignedInRequest, profile: Initiative | SupportOffer, list_url: str) -> HttpResponse:
    now = timezone.now()
    freshness = _freshness(profile, now)
    if freshness.is_under_way and not freshness.is_slow:
        return HttpResponse(status=204)
    return render(
        request,
        "matching/_status.html",
        {
            "freshness": freshness,
            "status_url": request.path,
            "list_url": list_url,
            "is_new": True,
            # A list somebody is reading is never swapped under their eyes; an empty one is.
            "was_empty": request.GET.get("empty") == "1",
        },
    )


# -- for the giver ---------------------------------------------------------------------------------


@never_cache
@require_safe
def for_offer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Initiatives that fit an offer, ranked, with reasons. For the giver's own people."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    last = last_matches_of(offer, now)
    every = matches_for_offer(offer, request.user, now)
    if not offer.is_published and not (last and every.order_by().exists()):
        return render(request, "matching/publish_support_first.html", {"offer": offer})
    learned = in_use(offer.organisation_id)
    filters = selectors.case_filters()
    asked = selectors.read_address(
        request.GET,
        {name: [code for code, _label in choices] for name, choices in filters.items()},
        selectors.LEARNED_SORTS if learned else selectors.CASE_SORTS,
    )
    _tell_unknown(request, asked)
    narrowed = selectors.narrowed_cases(every, offer, asked)
    if learned and asked.sort == "choices":
        ordered = Paginator(order_by_choices(narrowed, learned), PAGE_SIZE).get_page(request.GET.get("page"))
        page: Any = ordered
        matches = in_this_order(narrowed, list(ordered.object_list))
    else:
        page = Paginator(narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
        matches = list(page.object_list)
    keys = [match.initiative_id for match in matches]
    fill("initiative_badges", [match.initiative for match in matches], request)
    stages = selectors.stage_figures(every, offer)
    found = cases(
        matches,
        selectors.entries_of(offer, keys),
        newest_introductions(offer, keys),
        now,
        news.new_initiatives(offer, keys),
    )
    shown = blind.Shown(request.session, offer, request.user, now)
    response = render(
        request,
        "matching/for_offer.html",
        {
            "offer": offer,
            "page": page,
            "cases": [shown(case) for case in found],
            "is_blind": shown.is_blind,
            "gone": blind.gone_as_seen(request.session, news.gone_from(offer, request.user, now)),
            "gone_url": reverse("matching:gone-for-offer", args=[public_id]),
            "new_order": news.new_order_of(offer) if asked.sort == "fit" else [],
            "total": sum(stages.values()),
            "asked": asked,
            "facets": [
                selectors.facet(_("Where they stand"), "stage", filters["stage"], asked, stages),
                selectors.facet(_("County"), "county", filters["county"], asked),
                selectors.facet(_("Theme"), "theme", filters["theme"], asked),
                _sorts(asked, _case_sorts(bool(learned))),
            ],
            "learned": in_sentences(learned)[:1] if learned and asked.sort == "choices" else None,
            "filters_chosen": asked.number,
            "freshness": _freshness(offer, now),
            "status_url": reverse("matching:offer-status", args=[public_id]),
            "can_write": permissions.can_use_desk(request.user, offer),
            "deeds": Deed.choices,
            "several_url": reverse("matching:several-cases", args=[offer.public_id]),
            "stages": stages,
            "ticked": pop_ticks(request),
            "moved": pop_just_moved(request, offer),
            "next": request.get_full_path(),
            "last": last,
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@require_safe
def shortlist(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The cases that colleagues have picked out, and below them those put aside."""
    offer = own_offer(request.user, public_id)
    page = Paginator(selectors.on_desk(offer, Stage.SHORTLISTED, request.user), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    aside_page = Paginator(selectors.on_desk(offer, Stage.DISMISSED, request.user), PAGE_SIZE).get_page(
        request.GET.get("aside")
    )
    picked, aside = list(page.object_list), list(aside_page.object_list)
    introductions = newest_introductions(offer, [entry.initiative_id for entry in picked])
    visible = set(
        Initiative.objects.published()
        .visible_to(request.user)
        .filter(pk__in=[entry.initiative_id for entry in [*picked, *aside]])
        .values_list("pk", flat=True)
    )
    shown = blind.Shown(request.session, offer, request.user, timezone.now())
    return render(
        request,
        "matching/shortlist.html",
        {
            "offer": offer,
            "page": page,
            "rows": [_desk_row(entry, introductions, visible, shown) for entry in picked],
            "aside_page": aside_page,
            "aside": [_desk_row(entry, {}, visible, shown) for entry in aside],
            "is_blind": shown.is_blind,
            "aside_open": "aside" in request.GET,
            "can_write": permissions.can_use_desk(request.user, offer),
            "moved": pop_just_moved(request, offer),
            "next": request.get_full_path(),
        },
    )


def _desk_row(
    entry: ShortlistEntry, introductions: dict[int, Introduction], visible: set[int], shown: blind.Shown
) -> dict[str, Any]:
    return {
        "entry": entry,
        "case": shown(case_of(entry.initiative, None, entry, introductions.get(entry.initiative_id))),
        "is_visible": entry.initiative_id in visible,
        "reason": DismissReason(entry.reason).label if entry.stage == Stage.DISMISSED else "",
        "who": str(entry.changed_by) if entry.changed_by else _("A colleague"),
    }
