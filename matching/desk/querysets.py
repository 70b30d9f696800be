"""Who stands aside from what: asked wherever a giver's people meet a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from matching.desk.models import Recusal


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def initiatives_hidden_from(self, person: User | AnonymousUser, offer: SupportOffer) -> Any:
        """Return the keys of the initiatives whose cases at this offer the person stands aside from, as a subquery."""
        return self.filter(offer=offer, person_id=person.pk).values("initiative")

    def of_pair(self, person: User | AnonymousUser) -> Exists:
        """Return a condition for rows with an offer and an initiative: the person stands aside from the pair."""
        return Exists(
            self.filter(offer=OuterRef("offer_id"), initiative=OuterRef("initiative_id"), person_id=person.pk)
        )
