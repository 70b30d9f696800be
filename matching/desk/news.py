"""What is new on a list of matches, and what has gone from it since somebody opened it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day
from funders.models import SupportOffer
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import telling as initiative_telling
from matching.desk.models import Recusal
from matching.desk.querysets import Pair, in_pairs
from matching.engine.enums import Gone
from matching.engine.models import MatchSuggestion
from matching.engine.opened import gone_suggestions_of, new_suggestions_of, opened_of
from matching.engine.order import moved, opened_in_order
from matching.engine.selectors import current_run
from matching.unsuited.models import Unsuited

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
}
_NO_MATCH = _("it is not among the matches")
_HIDDEN_OFFER = _("A support that is no longer public")
_HIDDEN_INITIATIVE = _("An initiative that is no longer public")
#: What something is called, in which language, and its public id.
Told = tuple[str | Promise, str, str]


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


def new_and_opened_offers(initiative: Initiative, offers: Iterable[int]) -> tuple[set[int], set[int]]:
    """Return which of the offers, as keys, are put forward and new to the initiative's people, and which are opened.

    Two queries.
    """
    keys = list(offers)
    new = new_suggestions_of(initiative).filter(offer__in=keys)
    opened = opened_of(initiative).filter(offer__in=keys)
    return (
        set(new.order_by().values_list("offer", flat=True)),
        set(opened.order_by().values_list("offer", flat=True)),
    )


def new_initiatives(offer: SupportOffer, initiatives: Iterable[int]) -> set[int]:
    """Return which of the initiatives, as keys, nobody of the offer has opened yet. One query."""
    rows = new_suggestions_of(offer).filter(initiative__in=list(initiatives))
    return set(rows.order_by().values_list("initiative", flat=True))


def new_pairs(offers: Iterable[int]) -> set[Pair]:
    """Return the cases of some offers, by key, that are put forward and nobody of theirs has opened. One query."""
    rows = MatchSuggestion.objects.filter(offer__in=list(offers), gone_at=None, seen_by_offer_at=None)
    return set(rows.values_list("offer_id", "initiative_id"))


def gone_from(profile: Initiative | SupportOffer, user: User, now: datetime) -> GoneNotice | None:
    """Return what has gone from a profile's list of matches. Two queries at most."""
    seeks = isinstance(profile, Initiative)
    gone = gone_suggestions_of(profile, now=now)
    # What its people have put aside themselves they do not wait to hear of.
    rows = _named(gone.filter(~Unsuited.objects.of_pair()) if seeks else gone)
    if not rows or rows[0].gone_at is None:
        return None
    others = [row.offer_id if seeks else row.initiative_id for row in rows]
    visible = (
        _visible_offers(others, user)
        if isinstance(profile, Initiative)
        else _visible_initiatives(others, user, profile)
    )
    reasons, hidden = (TO_INITIATIVE, _HIDDEN_OFFER) if seeks else (TO_OFFER, _HIDDEN_INITIATIVE)
    lines = []
    for row, other in list(zip(rows, others, strict=True))[:MOST_NAMED]:
        because = reasons[Gone(row.gone_because)]
        name, language, public_id = visible.get(other, (hidden, "", ""))
        lines.append(GoneLine(name, because, language, public_id))
    return GoneNotice(lines, rows[0].gone_at.isoformat(), more=len(rows) > MOST_NAMED)


def new_order_of(offer: SupportOffer) -> list[str]:
    """Return why what an offer's people have opened stands in another order on their list. Empty: it does not.

    Three queries. Nothing in it tells which initiatives have moved.
    """
    rows = moved(opened_in_order(offer))
    if not rows:
        return []
    since = min(row.seen_at for row in rows)
    because = []
    run = current_run()
    if run is not None and run.published_at is not None and run.published_at > since:
        because.append(
            gettext("everything was compared anew on %(day)s") % {"day": format_day(run.published_at)}
        )
    if offer.changed_at > since:
        because.append(gettext("your support has changed"))
    if changed := sum(row.has_changed for row in rows):
        because.append(
            ngettext("%(n)d initiative has changed", "%(n)d initiatives have changed", changed)
            % {"n": changed}
        )
    return because or [gettext("the matches were made anew after a change of what they rest on")]


def why_gone(pairs: Iterable[Pair]) -> dict[Pair, str | Promise]:
    """Return why cases are no matches any more. Two queries.

    Where nobody had opened it, nobody has noted why: then that it is no match is all there is to say.
    """
    cases = list(pairs)
    keys = {initiative for _offer, initiative in cases}
    published = set(Initiative.objects.published().filter(pk__in=keys).values_list("pk", flat=True))
    because: dict[Pair, str | Promise] = {
        pair: _NO_MATCH if pair[1] in published else TO_OFFER[Gone.INITIATIVE_CLOSED] for pair in cases
    }
    rows = MatchSuggestion.everything.filter(in_pairs(cases), gone_at__isnull=False)
    for offer, initiative, cause in rows.exclude(gone_because=Gone.OFFER_CLOSED).values_list(
        "offer_id", "initiative_id", "gone_because"
    ):
        because[offer, initiative] = TO_OFFER[Gone(cause)]
    return because


def _visible_offers(keys: list[int], user: User) -> dict[int, Told]:
    offers = SupportOffer.objects.published().visible_to(user).in_bulk(keys)
    told = {key: offer_telling(offer) for key, offer in offers.items()}
    return {key: (one.title, one.language, offers[key].public_id) for key, one in told.items()}


def _visible_initiatives(keys: list[int], user: User, offer: SupportOffer) -> dict[int, Told]:
    aside = Recusal.objects.initiatives_hidden_from(user, offer)
    initiatives = Initiative.objects.published().visible_to(user).exclude(pk__in=aside).in_bulk(keys)
    told = {key: initiative_telling(one) for key, one in initiatives.items()}
    return {key: (one.title, one.language, initiatives[key].public_id) for key, one in told.items()}


def _named(gone: QuerySet[MatchSuggestion]) -> list[MatchSuggestion]:
    """Return the latest, and one more to know whether there are more. Names are read apart, if visible."""
    return list(gone.select_related(None)[: MOST_NAMED + 1])
