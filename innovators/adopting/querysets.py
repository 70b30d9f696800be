from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.core.enums import PublicationState

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.adopting.models import Adopter


class AdopterQuerySet(models.QuerySet["Adopter"]):
    def published(self) -> AdopterQuerySet:
        """What everybody may read."""
        return self.filter(state=PublicationState.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> AdopterQuerySet:
        """Everybody sees what is published, staff and its own people also the rest."""
        if not user.is_authenticated:
            return self.published()
        if user.is_staff:
            return self
        mine = user.memberships.values("organisation")
        return self.filter(Q(state=PublicationState.PUBLISHED) | Q(organisation__in=mine))
