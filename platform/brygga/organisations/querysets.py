from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.organisations.enums import WRITING_ROLES

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User

M = TypeVar("M", bound=models.Model)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations the user belongs to in any role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)

    def writable_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Organisations in whose name the user may write."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role__in=WRITING_ROLES)

    def owned_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role="owner")

    def verified(self) -> OrganisationQuerySet:
        return self.filter(verified_at__isnull=False)

    def intermediaries(self) -> OrganisationQuerySet:
        """Verified organisations that identify, follow up and evaluate initiatives."""
        return self.filter(is_intermediary=True).verified()

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Members see their own; everybody sees those that are verified or from a named source."""
        if user.is_authenticated and user.is_staff:
            return self
        shown = Q(verified_at__isnull=False) | ~Q(source="")
        if user.is_authenticated:
            mine = self.model._default_manager.filter(memberships__user=user).values("pk")
            return self.filter(shown | Q(pk__in=mine))
        return self.filter(shown)
