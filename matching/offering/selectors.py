"""For whom an offer was begun, as its own people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import telling
from matching.desk.models import Recusal
from matching.meeting.models import Introduction
from matching.offering.models import OfferedSupport

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class BegunFor:
    """The initiative's title and public id, and how far it is with the question.

    `waits` when we put it for them in time, `can_ask` when they may ask by hand, and `introduction` (its public id)
    when it has been asked.
    """

    title: str
    language: str
    public_id: str
    waits: bool
    can_ask: bool
    introduction: str


def begun_for(offers: Iterable[SupportOffer], user: User) -> dict[int, BegunFor]:
    """Return, by offer, the initiative it was begun for, as long as the user may see it. Three queries."""
    by_key = {offer.pk: offer for offer in offers}
    rows = list(OfferedSupport.objects.filter(~Recusal.objects.of_pair(user), offer__in=by_key))
    visible = Initiative.objects.published().visible_to(user).in_bulk([row.initiative_id for row in rows])
    asked = {
        (one.offer_id, one.initiative_id): one.public_id
        for one in Introduction.objects.filter(offer__in=by_key).order_by("pk")
    }
    found = {}
    for row in rows:
        initiative = visible.get(row.initiative_id)
        if initiative is not None:
            told, offer = telling(initiative), by_key[row.offer_id]
            introduction = asked.get((row.offer_id, row.initiative_id), "")
            found[row.offer_id] = BegunFor(
                told.title,
                told.language,
                initiative.public_id,
                # Published and checked, and still not asked: something stands in the way, which asking by hand tells.
                waits=row.asked_at is None
                and row.begun_by_id is not None
                and not (offer.is_published and offer.organisation.is_verified),
                can_ask=offer.is_published and not introduction,
                introduction=introduction,
            )
    return found
