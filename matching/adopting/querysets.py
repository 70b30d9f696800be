from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from matching.meeting.enums import IntroductionState

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.adopting.models import AdoptionQuestion


class AdoptionQuestionQuerySet(models.QuerySet["AdoptionQuestion"]):
    def visible_to(self, user: User | AnonymousUser) -> AdoptionQuestionQuerySet:
        """Questions of the user's organisations, on either side. Nobody else sees them, staff included."""
        from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

        mine = Organisation.objects.of(user).values("pk")
        return self.filter(Q(adopter__organisation__in=mine) | Q(initiative__organisation__in=mine))

    def waiting(self) -> AdoptionQuestionQuerySet:
        return self.filter(state=IntroductionState.ASKED)

    def open(self) -> AdoptionQuestionQuerySet:
        """Waiting, or answered with a yes."""
        return self.filter(state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED])
