from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.core.enums import PublicationState

if TYPE_CHECKING:
    from brygga.organisations.querysets import OrganisationQuerySet
    from brygga.users.models import User
    from innovators.models import Initiative

# Filled from above in AppConfig.ready(): who else may see an initiative that is not for everyone.
# Each rule gets organisations, whose people see it, and returns a condition on Initiative.
VisibilityRule = Callable[["OrganisationQuerySet"], Q]
_visibility_rules: list[VisibilityRule] = []
_FOR_EVERYONE = Q(state=PublicationState.PUBLISHED, visibility="everyone")


def register_visibility_rule(rule: VisibilityRule) -> None:
    if rule not in _visibility_rules:
        _visibility_rules.append(rule)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def published(self) -> InitiativeQuerySet:
        return self.filter(state=PublicationState.PUBLISHED)

    def public(self) -> InitiativeQuerySet:
        """Published and for everyone: what a stranger, a feed or a count may know of."""
        return self.published().filter(visibility="everyone")

    def visible_to(self, user: User | AnonymousUser) -> InitiativeQuerySet:
        """Initiatives whose public page the user may read."""
        if not user.is_authenticated:
            return self.filter(_FOR_EVERYONE)
        if user.is_staff:
            return self
        from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

        return self.seen_from(Organisation.objects.of(user))

    def seen_from(self, organisations: OrganisationQuerySet) -> InitiativeQuerySet:
        """Initiatives whose public page the people of at least one of the organisations may read."""
        mine = organisations.values("pk")
        published = Q(state=PublicationState.PUBLISHED)
        shared = self.model.shared_with.through.objects.filter(organisation__in=mine).values("initiative_id")
        # No joins in the condition, only subqueries: a join would double rows.
        rule = _FOR_EVERYONE | Q(organisation__in=mine) | (published & Q(visibility="chosen", pk__in=shared))
        for extra in _visibility_rules:
            fitting = published & Q(visibility="fitting_givers") & extra(organisations)
            rule |= Q(pk__in=self.model._default_manager.filter(fitting).values("pk"))
        return self.filter(rule)


class KeptQuerySet(models.QuerySet[Any]):
    """Rows about an initiative's work: those that stand, and those that can still be brought back."""

    def standing(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def removed_after(self, moment: datetime) -> Self:
        return self.filter(removed_at__gt=moment)


class RecordQuerySet(KeptQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What stands and the user may read: of initiatives they see, and internal rows of their own."""
        from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets
        from innovators.models import Initiative  # noqa: PLC0415 - as above

        seen = Initiative.objects.visible_to(user).values("pk")
        own = Initiative.objects.filter(organisation__in=Organisation.objects.of(user).values("pk"))
        return (
            self.standing()
            .filter(initiative__in=seen)
            .filter(Q(visibility="page") | Q(initiative__in=own.values("pk")))
        )
