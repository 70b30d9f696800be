"""Who reads that somebody asks for help: they themselves, and intermediaries that it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.organisations.models import Organisation

if TYPE_CHECKING:
    from brygga.users.models import User
    from intermediaries.helping.models import HelpRequest


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def waiting(self) -> HelpRequestQuerySet:
        return self.filter(taken_at__isnull=True)

    def of(self, user: User | AnonymousUser) -> HelpRequestQuerySet:
        """What the user has asked."""
        return self.filter(asked_by_id=user.pk) if user.is_authenticated else self.none()

    def reaching(self, user: User | AnonymousUser) -> HelpRequestQuerySet:
        """What the user may answer for a verified intermediary, or has answered."""
        mine = Organisation.objects.writable_by(user).intermediaries().values("pk")
        may_answer = Q(
            taken_at__isnull=True,
            pk__in=self.model.reached.through.objects.filter(organisation__in=mine).values("helprequest"),
        )
        return self.filter(may_answer | Q(organisation__in=mine)).exclude(asked_by_id=user.pk)

    def visible_to(self, user: User | AnonymousUser) -> HelpRequestQuerySet:
        if not user.is_authenticated:
            return self.none()
        reaching = self.model._default_manager.reaching(user).values("pk")
        return self.filter(Q(asked_by_id=user.pk) | Q(pk__in=reaching))
