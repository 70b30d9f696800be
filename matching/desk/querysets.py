"""Who stands aside from what: asked wherever a giver's people meet a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from matching.desk.models import Recusal


#: A case is an offer and an initiative, here as keys.
Pair = tuple[int, int]


def in_pairs(pairs: Iterable[Pair]) -> Q:
    """Return a condition for rows with an offer and an initiative: the pair is one of these."""
    initiatives: dict[int, list[int]] = {}
    for offer, initiative in pairs:
        initiatives.setdefault(offer, []).append(initiative)
    condition = Q(pk__in=[])
    for offer, keys in initiatives.items():
        condition |= Q(offer=offer, initiative__in=keys)
    return condition


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def initiatives_hidden_from(self, person: User | AnonymousUser, offer: SupportOffer) -> Any:
        """Return the keys of the initiatives whose cases at this offer the person stands aside from, as a subquery."""
        return self.filter(offer=offer, person_id=person.pk).values("initiative")

    def of_pair(self, person: User | AnonymousUser) -> Exists:
        """Return a condition for rows with an offer and an initiative: the person stands aside from the pair."""
        return Exists(
            self.filter(offer=OuterRef("offer_id"), initiative=OuterRef("initiative_id"), person_id=person.pk)
        )
