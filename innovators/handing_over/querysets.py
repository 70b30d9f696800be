"""Who sees that an initiative is to be handed over: the owners on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.organisations.models import Organisation
from innovators.handing_over.enums import HandoverState

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.handing_over.models import InitiativeHandover


class HandoverQuerySet(models.QuerySet["InitiativeHandover"]):
    def waiting(self) -> HandoverQuerySet:
        return self.filter(state=HandoverState.ASKED)

    def visible_to(self, user: User | AnonymousUser) -> HandoverQuerySet:
        """Those that the user, as an owner, has asked of somebody or is asked to answer."""
        mine = Organisation.objects.owned_by(user).values("pk")
        return self.filter(Q(organisation__in=mine) | Q(from_organisation__in=mine))

    def asked_of(self, user: User | AnonymousUser) -> HandoverQuerySet:
        return self.filter(organisation__in=Organisation.objects.owned_by(user).values("pk"))
