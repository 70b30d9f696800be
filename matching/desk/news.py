"""What is new on a list of matches, and what has gone from it since somebody opened it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funders.models import SupportOffer
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import telling as initiative_telling
from matching.engine.enums import Gone
from matching.engine.models import MatchSuggestion
from matching.engine.opened import gone_suggestions_of, new_suggestions_of

if TYPE_CHECKING:
    from brygga.users.models import User

MOST_NAMED = 10

_NEW_RUN = _("everything has been compared anew, and it is no longer among the matches")
TO_INITIATIVE = {
    Gone.NEW_RUN: _NEW_RUN,
    Gone.INITIATIVE_CHANGED: _("your initiative has changed, and it no longer matches"),
    Gone.OFFER_CHANGED: _("the support has changed, and it no longer matches"),
    Gone.INITIATIVE_CLOSED: _("your initiative was not published"),
    Gone.OFFER_CLOSED: _("the support has closed"),
}
TO_OFFER = {
    Gone.NEW_RUN: _NEW_RUN,
    Gone.INITIATIVE_CHANGED: _("the initiative has changed, and it no longer matches"),
    Gone.OFFER_CHANGED: _("your support has changed, and it no longer matches"),
    Gone.INITIATIVE_CLOSED: _("the initiative is no longer published"),
    Gone.OFFER_CLOSED: _("your support has closed"),
}


@dataclass(frozen=True)
class GoneLine:
    """Something that was opened and has gone. Without a public id it is hidden now, and not named."""

    name: str | Promise
    because: str | Promise
    language: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class GoneNotice:
    """What has gone, the latest first; `until` is the moment of the latest, `more` if not all are named."""

    lines: list[GoneLine]
    until: str
    more: bool


def new_offers(initiative: Initiative, offers: Iterable[int]) -> set[int]:
    """Return which of the offers, as keys, nobody of the initiative has opened yet. One query."""
    rows = new_suggestions_of(initiative).filter(offer__in=list(offers))
    return set(rows.order_by().values_list("offer", flat=True))


def new_initiatives(offer: SupportOffer, initiatives: Iterable[int]) -> set[int]:
    """Return which of the initiatives, as keys, nobody of the offer has opened yet. One query."""
    rows = new_suggestions_of(offer).filter(initiative__in=list(initiatives))
    return set(rows.order_by().values_list("initiative", flat=True))


def is_new_pair(profile: Initiative | SupportOffer, other: Initiative | SupportOffer) -> bool:
    """Say whether a pair is put forward and new to the profile's people."""
    wanted = {"offer": other.pk} if isinstance(profile, Initiative) else {"initiative": other.pk}
    return new_suggestions_of(profile).filter(**wanted).exists()


def gone_from_initiative(initiative: Initiative, user: User, now: datetime) -> GoneNotice | None:
    """Return the support that has gone from an initiative's list. Two queries at most."""
    rows = _named(gone_suggestions_of(initiative, now=now))
    visible = (
        {
            one.pk: one
            for one in SupportOffer.objects.published()
            .visible_to(user)
            .filter(pk__in=[row.offer_id for row in rows])
        }
        if rows
        else {}
    )
    lines = []
    for row in rows[:MOST_NAMED]:
        because, offer = TO_INITIATIVE[Gone(row.gone_because)], visible.get(row.offer_id)
        if offer is None:
            lines.append(GoneLine(_("A support that is no longer public"), because))
        else:
            told = offer_telling(offer)
            lines.append(GoneLine(told.title, because, told.language, offer.public_id))
    return _notice(rows, lines)


def gone_from_offer(offer: SupportOffer, user: User, now: datetime) -> GoneNotice | None:
    """Return the initiatives that have gone from an offer's list. Two queries at most."""
    rows = _named(gone_suggestions_of(offer, now=now))
    visible = (
        {
            one.pk: one
            for one in Initiative.objects.published()
            .visible_to(user)
            .filter(pk__in=[row.initiative_id for row in rows])
        }
        if rows
        else {}
    )
    lines = []
    for row in rows[:MOST_NAMED]:
        because, initiative = TO_OFFER[Gone(row.gone_because)], visible.get(row.initiative_id)
        if initiative is None:
            lines.append(GoneLine(_("An initiative that is no longer public"), because))
        else:
            told = initiative_telling(initiative)
            lines.append(GoneLine(told.title, because, told.language, initiative.public_id))
    return _notice(rows, lines)


def _named(gone: QuerySet[MatchSuggestion]) -> list[MatchSuggestion]:
    """Return the latest, and one more to know whether there are more. Names are read apart, if visible."""
    return list(gone.select_related(None)[: MOST_NAMED + 1])


def _notice(rows: list[MatchSuggestion], lines: list[GoneLine]) -> GoneNotice | None:
    if not rows or rows[0].gone_at is None:
        return None
    return GoneNotice(lines, rows[0].gone_at.isoformat(), more=len(rows) > MOST_NAMED)
