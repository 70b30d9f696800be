from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.core.enums import PublicationState

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer


class SupportOfferQuerySet(models.QuerySet["SupportOffer"]):
    def published(self) -> SupportOfferQuerySet:
        return self.filter(state=PublicationState.PUBLISHED)

    def open_on(self, day: date) -> SupportOfferQuerySet:
        """Published and neither before its opening nor after its closing day (Stockholm's calendar)."""
        return self.published().filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=day), Q(closes_on__isnull=True) | Q(closes_on__gte=day)
        )

    def not_over_on(self, day: date) -> SupportOfferQuerySet:
        """Published and not after its closing day: open now, or opening later."""
        return self.published().filter(Q(closes_on__isnull=True) | Q(closes_on__gte=day))

    def visible_to(self, user: User | AnonymousUser) -> SupportOfferQuerySet:
        """Offers whose public page the user may read."""
        if user.is_authenticated and user.is_staff:
            return self
        rule = Q(state=PublicationState.PUBLISHED)
        if user.is_authenticated:
            from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

            rule |= Q(organisation__in=Organisation.objects.of(user).values("pk"))
        return self.filter(rule)
