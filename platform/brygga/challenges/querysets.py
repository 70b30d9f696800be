from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.challenges.enums import ChallengeState

if TYPE_CHECKING:
    from brygga.challenges.models import Challenge
    from brygga.users.models import User


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def public(self) -> ChallengeQuerySet:
        """What everybody may read: open ones, and those that have ended."""
        return self.exclude(state=ChallengeState.DRAFT)

    def open(self) -> ChallengeQuerySet:
        return self.filter(state=ChallengeState.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> ChallengeQuerySet:
        """Everybody sees what is public, staff and its own people also drafts."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff:
            return self
        mine = user.memberships.values("organisation")
        return self.filter(~Q(state=ChallengeState.DRAFT) | Q(organisation__in=mine))
