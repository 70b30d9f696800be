"""Names hidden in one person's own view of an offer's cases, so that the case is read before who it is.

What rules and wishes need stays: place, kind of organisation, needs. The order stays too. It is remembered
in the session, changes nothing for colleagues and guards nothing: whoever opens a case sees its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import owner_name, telling
from matching.desk.cards import Case
from matching.desk.models import ShortlistEntry
from matching.desk.news import GoneNotice
from matching.engine.selectors import matches_for_offers

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from brygga.users.models import User

_KEY = "matching_names_hidden"
# A shorter name is also a part of ordinary words.
_SHORTEST_NAME = 3


def is_blind(session: SessionBase) -> bool:
    """Say whether the person has asked not to see names."""
    return bool(session.get(_KEY))


def set_blind(session: SessionBase, *, on: bool) -> None:
    """Hide or show names from now on, in this session."""
    if on:
        session[_KEY] = True
    else:
        session.pop(_KEY, None)


def numbers_of(offer: SupportOffer, user: User, now: datetime) -> dict[int, int]:
    """Return a number for each case of an offer: best fit first, then what only lies on the desk.

    The same case has the same number in every list and filter, as long as the matches are the same. Two
    queries.
    """
    return numbers_at([offer.pk], user, now)[offer.pk]


def numbers_at(offers: Iterable[int], user: User, now: datetime) -> dict[int, dict[int, int]]:
    """Return the numbers of the cases of several offers, by key of the offer. Two queries."""
    found: dict[int, dict[int, int]] = {offer: {} for offer in offers}
    pairs = list(matches_for_offers(found, user, now).values_list("offer_id", "initiative_id"))
    on_desk = ShortlistEntry.objects.filter(offer__in=list(found)).order_by("created_at", "pk")
    pairs += on_desk.values_list("offer_id", "initiative_id")
    for offer, initiative in pairs:
        found[offer].setdefault(initiative, len(found[offer]) + 1)
    return found


def numbered(initiatives: Iterable[Initiative], numbers: Mapping[int, int]) -> dict[int, int]:
    """Return the numbers, with new ones for initiatives that have none."""
    found = dict(numbers)
    for initiative in initiatives:
        found.setdefault(initiative.pk, len(found) + 1)
    return found


def number_as_name(number: int) -> str:
    """Return what an initiative is called while names are hidden."""
    return gettext("Initiative %(number)d") % {"number": number}


def kind_as_name(organisation: Organisation) -> str:
    """Return what an organisation is called while names are hidden: its kind, which rules need."""
    return str(organisation.get_kind_display()) if organisation.kind else ""


def without_names(text: str, initiative: Initiative) -> str:
    """Return a text that people wrote without the names that we know of: the initiative's and its owner's.

    Partners' names too, where they were brought along.
    """
    names = {initiative.title, initiative.title_second, initiative.organisation.name}
    names.add(owner_name(initiative.organisation))
    if "actors" in getattr(initiative, "_prefetched_objects_cache", {}):
        names.update(actor.name for actor in initiative.actors.all())
    names.discard(kind_as_name(initiative.organisation))
    known = sorted((re.escape(name) for name in names if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
    if not known:
        return text
    # With the s of a genitive: "Verkstadens" would else keep an end that tells.
    return re.sub(rf"(?<!\w)(?:{'|'.join(known)})s?(?!\w)", gettext("[name hidden]"), text, flags=re.I)


def hidden_case(case: Case, number: int) -> Case:
    """Return a case as a card without names. Badges name people: the page does not show them."""
    entry = case.entry
    if entry is not None:
        # A copy that is never saved: the note itself stays as it was written.
        entry = copy(entry)
        entry.note = without_names(entry.note, case.initiative)
    case.initiative.slots = {}  # type: ignore[attr-defined]  # put there by brygga.core.slots.fill
    return replace(
        case,
        title=number_as_name(number),
        language=get_language() or "sv",
        owner=kind_as_name(case.initiative.organisation),
        entry=entry,
    )


class ShownAt:
    """Cases of several offers as one person wants to see them: as they are, or without names.

    A case has the number that it has at its own offer.
    """

    def __init__(self, session: SessionBase, offers: Iterable[int], user: User, now: datetime) -> None:
        """Ask nothing unless names are hidden: then two queries for any number of offers."""
        self.is_blind = is_blind(session)
        self._numbers = numbers_at(offers, user, now) if self.is_blind else {}

    def __call__(self, case: Case, offer: int) -> Case:
        return hidden_case(case, self.number(offer, case.initiative.pk)) if self.is_blind else case

    def number(self, offer: int, initiative: int) -> int:
        """Return a case's number while names are hidden; a new one if it has none yet."""
        numbers = self._numbers.setdefault(offer, {})
        return numbers.setdefault(initiative, len(numbers) + 1)


class Shown:
    """Cases of one offer as one person wants to see them, as `ShownAt`."""

    def __init__(self, session: SessionBase, offer: SupportOffer, user: User, now: datetime) -> None:
        self._at, self._offer = ShownAt(session, [offer.pk], user, now), offer.pk
        self.is_blind = self._at.is_blind

    def __call__(self, case: Case) -> Case:
        return self._at(case, self._offer)


def title_for(session: SessionBase, initiative: Initiative) -> str:
    """Return what an initiative is called in what the person is told about it."""
    return gettext("The initiative") if is_blind(session) else telling(initiative).title


def gone_as_seen(session: SessionBase, gone: GoneNotice | None) -> GoneNotice | None:
    """Return what has gone from a list as the person wants to see it: without names, why stays."""
    if gone is None or not is_blind(session):
        return gone
    lines = [replace(line, name=gettext("An initiative"), language="", public_id="") for line in gone.lines]
    return replace(gone, lines=lines)
