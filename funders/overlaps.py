"""Offers of one's own that say nearly the same: advice, so that a reader does not meet the same thing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import Q

from brygga.core.enums import PublicationState
from brygga.organisations.registration.search import areas_within, terms_within
from brygga.organisations.registration.words import Terms
from funders.models import SupportOffer

MOST_READ, MOST_TOLD = 200, 3
#: States in which an offer gives support, or may come to.
_ALIVE = (PublicationState.DRAFT, PublicationState.PUBLISHED, PublicationState.PAUSED)


def overlapping_own_offers(offer: SupportOffer, today: date) -> list[SupportOffer]:
    """Return the giver's other offers of the same kind, about the same, in the same place, at the same time.

    An offer for everything is no overlap with one for something: that is often meant. Two queries.
    """
    kinds = {line.kind for line in offer.support.all()}
    if not kinds:
        return []
    others = (
        SupportOffer.objects.filter(organisation=offer.organisation_id, state__in=_ALIVE)
        .filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today))
        .exclude(pk=offer.pk)
        .defer("search_swedish", "search_english", "description")
        .prefetch_related("support")
        .order_by("-changed_at", "-pk")[:MOST_READ]
    )
    return [
        other
        for other in others
        if kinds & {line.kind for line in other.support.all()}
        and _meet(offer.theme_codes, other.theme_codes, lambda codes: terms_within(Terms.THEME, codes))
        and _meet(offer.area_codes, other.area_codes, areas_within)
        and _at_one_time(offer, other)
    ][:MOST_TOLD]


def _meet(
    mine: Sequence[str] | None, theirs: Sequence[str] | None, within: Callable[[Iterable[str]], list[str]]
) -> bool:
    """Whether two choices share something, one inside the other counted; none said meets none said."""
    if not mine or not theirs:
        return not mine and not theirs
    return bool(set(within(mine)) & set(within(theirs)))


def _at_one_time(one: SupportOffer, other: SupportOffer) -> bool:
    first = max(one.opens_on or date.min, other.opens_on or date.min)
    last = min(one.closes_on or date.max, other.closes_on or date.max)
    return first <= last
