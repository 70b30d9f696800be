from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.challenges.enums import ChallengeState
from brygga.challenges.models import Challenge
from funders.models import SupportOffer
from innovators.models import Initiative

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.challenges.models import ChallengeAnswer


class ChallengeAnswerQuerySet(models.QuerySet["ChallengeAnswer"]):
    def standing(self) -> ChallengeAnswerQuerySet:
        return self.filter(removed_at__isnull=True)

    def public(self) -> ChallengeAnswerQuerySet:
        """Those that stand, to challenges that everybody may read; the profile's own visibility is not asked."""
        return self.standing().exclude(challenge__state=ChallengeState.DRAFT)

    def visible_to(self, user: User | AnonymousUser) -> ChallengeAnswerQuerySet:
        """Those of which the user may see both ends."""
        initiatives = Initiative.objects.published().visible_to(user).values("pk")
        offers = SupportOffer.objects.published().visible_to(user).values("pk")
        return self.filter(
            Q(initiative__in=initiatives) | Q(offer__in=offers),
            challenge__in=Challenge.objects.visible_to(user).values("pk"),
        )
