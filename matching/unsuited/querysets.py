"""What lies aside: asked wherever an initiative's people meet support that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef

from brygga.organisations.models import Organisation

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.models import Initiative
    from matching.unsuited.models import Unsuited


class UnsuitedQuerySet(models.QuerySet["Unsuited"]):
    def visible_to(self, user: User | AnonymousUser) -> UnsuitedQuerySet:
        """What the people of one's own organisations have put aside. Givers never see it."""
        return self.filter(initiative__organisation__in=Organisation.objects.of(user).values("pk"))

    def offers_of(self, initiative: Initiative) -> Any:
        """Return the keys of the offers that an initiative has put aside, as a subquery."""
        return self.filter(initiative=initiative).values("offer")

    def of_pair(self) -> Exists:
        """Return a condition for rows with an offer and an initiative: the initiative has put the offer aside."""
        return Exists(self.filter(offer=OuterRef("offer_id"), initiative=OuterRef("initiative_id")))
