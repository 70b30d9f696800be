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
    """The initiative's title and public id; `can_ask` when nothing has been asked yet and asking has begun."""

    title: str
    language: str
    public_id: str
    can_ask: bool


def begun_for(offers: Iterable[SupportOffer], user: User) -> dict[int, BegunFor]:
    """Return, by offer, the initiative it was begun for, as long as the user may see it. Three queries."""
    by_key = {offer.pk: offer for offer in offers}
    rows = list(OfferedSupport.objects.filter(~Recusal.objects.of_pair(user), offer__in=by_key))
    visible = Initiative.objects.published().visible_to(user).in_bulk([row.initiative_id for row in rows])
    asked = set(Introduction.objects.filter(offer__in=by_key).values_list("offer_id", "initiative_id"))
    found = {}
    for row in rows:
        initiative = visible.get(row.initiative_id)
        if initiative is not None and (row.offer_id, row.initiative_id) not in asked:
            told = telling(initiative)
            found[row.offer_id] = BegunFor(
                told.title, told.language, initiative.public_id, by_key[row.offer_id].is_published
            )
    return found
