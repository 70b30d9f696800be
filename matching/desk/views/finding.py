"""Find the profiles that a page of matching is about, closed by default.

Members only: strangers and staff meet 404, readers who try to write 403. Never fetches contact details.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import permissions

if TYPE_CHECKING:
    from brygga.users.models import User

MOST_FOUND = 5


def own_initiative(user: User, public_id: str) -> Initiative:
    mine = Organisation.objects.of(user).values("pk")
    found = (
        Initiative.objects.filter(organisation__in=mine, public_id=public_id)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_offer(user: User, public_id: str, *, writing: bool = False) -> SupportOffer:
    mine = Organisation.objects.of(user).values("pk")
    found = (
        SupportOffer.objects.filter(organisation__in=mine, public_id=public_id)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    if writing and not permissions.can_use_desk(user, found):
        raise PermissionDenied
    return found


def own_organisation(user: User, public_id: str, *, writing: bool = False) -> Organisation:
    found = Organisation.objects.of(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if writing and not permissions.can_write_for(user, found.pk):
        raise PermissionDenied
    return found


def offers_of(organisation: Organisation, user: User) -> list[SupportOffer]:
    """Return an organisation's offers in any state, by name. One query."""
    rows = SupportOffer.objects.visible_to(user).filter(organisation=organisation)
    offers = list(rows.select_related("organisation").defer("search_swedish", "search_english"))
    return sorted(offers, key=lambda offer: (offer.title.casefold(), offer.pk))


def visible_initiative(user: User, public_id: str) -> Initiative:
    """Return a published initiative that the user may read."""
    found = visible_initiatives(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def visible_case(user: User, offer: SupportOffer, public_id: str) -> Initiative:
    """Return a published initiative at one's own offer; 404 too for who stands aside from the case."""
    found = visible_initiative(user, public_id)
    if not permissions.sees_case(user, offer, found):
        raise Http404
    return found


def visible_offer(user: User, public_id: str) -> SupportOffer:
    """Return a published offer that the user may read."""
    found = visible_offers(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def visible_initiatives(user: User) -> QuerySet[Initiative]:
    return Initiative.objects.published().visible_to(user).select_related("organisation")


def visible_offers(user: User) -> QuerySet[SupportOffer]:
    return SupportOffer.objects.published().visible_to(user).select_related("organisation")


def named_like(
    profiles: QuerySet[Initiative] | QuerySet[SupportOffer], text: str
) -> list[Initiative | SupportOffer]:
    """Return a few profiles whose name, owner or pasted address is what somebody wrote."""
    pasted = [piece for piece in text.rstrip("/").split("/") if piece]
    condition = Q(title__icontains=text) | Q(title_second__icontains=text)
    condition |= Q(organisation__name__icontains=text) & ~Q(organisation__kind="individual")
    condition |= Q(public_id__in=pasted)
    return list(profiles.filter(condition).order_by("title", "pk")[:MOST_FOUND])
