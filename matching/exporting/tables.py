"""The lists of matches as tables: the rows, order and filters of the page, every page of it.

Holds what the page holds and no more: never contact details. Rows are read a hundred at a time, while
the file is being sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.table_files import Cells, Table, numbered_rows
from funders.models import SupportOffer
from funders.selectors import places_in_words
from innovators.models import Initiative
from innovators.selectors import need_in_words, public_places
from matching.desk import news, selectors
from matching.desk.board import Card, Place, cards
from matching.desk.cards import Case, SupportCard, case_of, cases, giver_tag, support_cards
from matching.desk.enums import Stage
from matching.desk.models import Recusal, ShortlistEntry
from matching.engine.models import Match
from matching.engine.selectors import MatchExplanation
from matching.learning.selectors import in_this_order
from matching.meeting.models import Introduction
from matching.meeting.selectors import newest_introductions

if TYPE_CHECKING:
    from brygga.users.models import User

# What an initiative is shown as to the one who asks for the file: as it is, or without its name.
Showing = Callable[[Case], Case]
ShowingAt = Callable[[Case, int], Case]


CASE_COLUMNS: dict[str, str | Promise] = {
    "place": _("Place in the list"),
    "initiative": _("Initiative"),
    "owner": _("Who leads it"),
    "where": _("Where they work"),
    "fit": _("How well it fits"),
    "sureness": _("How sure we are"),
    "reasons": _("Why it fits"),
    "check": _("Check this"),
    "needs": _("Needs and amounts"),
    "stage": _("Where they stand"),
    "note": _("Note"),
    "moved_by": _("Moved by"),
    "moved_on": _("Moved"),
    "introduction": _("Introduction"),
    "published_on": _("Published"),
    "address": _("Address"),
}
SHORTLIST_COLUMNS = {
    key: name for key, name in CASE_COLUMNS.items() if key not in ("fit", "sureness", "reasons", "check")
} | {"reason": _("Reason")}
ALL_CASES_COLUMNS: dict[str, str | Promise] = {
    "place": _("Place in the list"),
    "initiative": _("Initiative"),
    "owner": _("Who leads it"),
    "where": _("Where they work"),
    "new": _("New"),
    "introduction": _("Introduction"),
    "aside": _("Stands aside"),
    "note": _("Note"),
    "support": _("Support"),
    "stage": _("Where it lies"),
    "moved_by": _("Moved by"),
    "moved_on": _("Moved"),
    "fit": _("How well it fits"),
    "taken_care_of_by": _("Taken care of by"),
    "due_on": _("Due"),
    "answer_by": _("Answer by"),
    "address": _("Address"),
}
SUPPORT_COLUMNS: dict[str, str | Promise] = {
    "place": _("Place in the list"),
    "support": _("Support"),
    "giver": _("Who gives it"),
    "where": _("Place"),
    "fit": _("How well it fits"),
    "sureness": _("How sure we are"),
    "reasons": _("Why it fits"),
    "check": _("Check this"),
    "kinds": _("Kind of support"),
    "closes": _("When one can apply"),
    "closes_on": _("Closes"),
    "decided_on": _("Decision"),
    "how": _("How to apply"),
    "known": _("About the giver"),
    "address": _("Address"),
}


def case_table(
    offer: SupportOffer, matches: QuerySet[Match], keys: Sequence[int], showing: Showing, now: datetime
) -> Table:
    """Return an offer's matches, by primary key in the order of the page."""

    def rows(part: Sequence[int]) -> list[Cells]:
        found = in_this_order(matches, part)
        initiatives = [match.initiative_id for match in found]
        entries = selectors.entries_of(offer, initiatives)
        made = cases(found, entries, newest_introductions(offer, initiatives), now)
        return [_case_cells(showing(case), CASE_COLUMNS) for case in made]

    return Table(CASE_COLUMNS, numbered_rows(keys, rows))


def shortlist_table(offer: SupportOffer, user: User, showing: Showing) -> Table:
    """Return what lies on an offer's shortlist, and after that what is put aside, as the page has them."""
    on_desk = ShortlistEntry.objects.filter(offer=offer).exclude(
        initiative__in=Recusal.objects.initiatives_hidden_from(user, offer)
    )
    keys: list[int] = []
    for stage in (Stage.SHORTLISTED, Stage.DISMISSED):
        keys += on_desk.filter(stage=stage).order_by("-changed_at", "-pk").values_list("pk", flat=True)

    def rows(part: Sequence[int]) -> list[Cells]:
        wanted = (
            on_desk.filter(pk__in=part)
            .select_related("initiative__organisation", "changed_by")
            .defer("initiative__search_swedish", "initiative__search_english")
            .prefetch_related("initiative__needs")
        )
        found = {entry.pk: entry for entry in wanted}
        entries = [found[key] for key in part if key in found]
        initiatives = [entry.initiative_id for entry in entries]
        introductions = newest_introductions(offer, initiatives)
        visible = set(
            Initiative.objects.published()
            .visible_to(user)
            .filter(pk__in=initiatives)
            .values_list("pk", flat=True)
        )
        return [
            _case_cells(
                showing(case_of(entry.initiative, None, entry, introductions.get(entry.initiative_id))),
                SHORTLIST_COLUMNS,
                is_visible=entry.initiative_id in visible,
            )
            for entry in entries
        ]

    return Table(SHORTLIST_COLUMNS, numbered_rows(keys, rows))


def all_cases_table(
    offers: Sequence[SupportOffer], places: Sequence[Place], user: User, showing: ShowingAt, now: datetime
) -> Table:
    """Return cases of several offers, in the order of the page of all cases."""

    def rows(part: Sequence[Place]) -> list[Cells]:
        found = cards(offers, part, user, now, showing)
        return [_card_cells(card) for card in found.values()]

    return Table(ALL_CASES_COLUMNS, numbered_rows(places, rows))


def support_table(
    initiative: Initiative, matches: QuerySet[Match], *, first_page: int | None, now: datetime
) -> Table:
    """Return an initiative's matches with support, in the order of the page.

    `first_page`: how many of the best are spread among givers there; None where the order is another.
    """
    keys = list(matches.values_list("pk", flat=True))
    if first_page is not None:
        best = in_this_order(matches, keys[:first_page])
        _new, opened = news.new_and_opened_offers(initiative, [match.offer_id for match in best])
        keys[:first_page] = [match.pk for match in selectors.with_more_givers(best, opened)]

    def rows(part: Sequence[int]) -> list[Cells]:
        return [_support_cells(card) for card in support_cards(in_this_order(matches, part), now)]

    return Table(SUPPORT_COLUMNS, numbered_rows(keys, rows))


def _case_cells(case: Case, columns: dict[str, Any], *, is_visible: bool = True) -> Cells:
    """Return a case's cells but the first, in the order of the columns."""
    entry, introduction = case.entry, case.introduction
    is_placed = entry is not None and case.stage != Stage.SUGGESTED
    told = {
        "initiative": case.title,
        "owner": case.owner,
        "where": ", ".join(public_places(case.initiative)),
        **_why(case.why),
        "needs": "; ".join(need_in_words(need) for need in case.initiative.needs.all()),
        "stage": str(Stage(case.stage).label),
        "note": entry.note if entry else "",
        "moved_by": str(entry.changed_by or gettext("A colleague")) if entry and is_placed else "",
        "moved_on": _day(entry.changed_at) if entry and is_placed else "",
        "introduction": _state(introduction),
        "published_on": _day(case.initiative.published_at),
        "address": _address("innovators:detail", case.initiative.public_id) if is_visible else "",
        "reason": str(entry.get_reason_display()) if entry and case.stage == Stage.DISMISSED else "",
    }
    return [told[key] for key in columns if key != "place"]


def _card_cells(card: Card) -> Cells:
    """Return the cells of a case at some offer but the first, in the order of the columns."""
    case, entry = card.case, card.case.entry
    told = {
        "initiative": case.title,
        "owner": case.owner,
        "where": ", ".join(public_places(case.initiative)),
        "new": gettext("New") if card.is_new else "",
        "introduction": _state(case.introduction),
        "aside": ", ".join(str(recusal.person) for recusal in card.recusals),
        "note": entry.note if entry else "",
        "support": card.support.title,
        "stage": str(card.stage.label),
        "moved_by": str(entry.changed_by or "") if entry else "",
        "moved_on": _day(entry.changed_at) if entry else "",
        "fit": _band_in_words(card.how_well.band) if card.how_well else "",
        "taken_care_of_by": str(card.assignee or ""),
        "due_on": card.due_on.isoformat() if card.due_on else "",
        "answer_by": card.answer_by.isoformat() if card.answer_by else "",
        "address": _address("innovators:detail", case.initiative.public_id) if card.is_visible else "",
    }
    return [told[key] for key in ALL_CASES_COLUMNS if key != "place"]


def _support_cells(card: SupportCard) -> Cells:
    offer = card.offer
    told = {
        "support": card.title,
        "giver": card.giver,
        "where": ", ".join(places_in_words(offer)),
        **_why(card.why),
        "kinds": "; ".join(str(line.get_kind_display()) for line in offer.support.all()),
        "closes": card.closes,
        "closes_on": offer.closes_on.isoformat() if offer.closes_on else "",
        "decided_on": offer.decision_on.isoformat() if offer.decision_on else "",
        "how": card.apply_way,
        "known": giver_tag(offer)["text"],
        "address": _address("funders:detail", offer.public_id),
    }
    return [told[key] for key in SUPPORT_COLUMNS if key != "place"]


def _why(why: MatchExplanation | None) -> dict[str, str]:
    if why is None:
        return {"fit": "", "sureness": "", "reasons": "", "check": ""}
    return {
        "fit": _band_in_words(why.band),
        "sureness": why.confidence_words,
        "reasons": "; ".join(why.reasons),
        "check": why.caveat,
    }


def _band_in_words(band: str) -> str:
    words = {"strong": gettext("Strong match"), "good": gettext("Good match")}
    return words.get(band, gettext("Possible match"))


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""


def _state(introduction: Introduction | None) -> str:
    if introduction is None:
        return ""
    return (
        gettext("They want contact")
        if introduction.waits_for_giver
        else str(introduction.get_state_display())
    )


def _address(name: str, public_id: str) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=[public_id])
