from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from matching.meeting.enums import IntroductionState

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.together.models import TogetherQuestion


class TogetherQuerySet(models.QuerySet["TogetherQuestion"]):
    def waiting(self) -> TogetherQuerySet:
        return self.filter(state=IntroductionState.ASKED)

    def standing(self) -> TogetherQuerySet:
        """Those that wait or have got a yes."""
        return self.filter(state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED])

    def asked_of(self, user: User | AnonymousUser) -> TogetherQuerySet:
        """What others have asked the user's organisations."""
        return self.filter(initiative__organisation__in=_organisations_of(user))

    def asked_by(self, user: User | AnonymousUser) -> TogetherQuerySet:
        """What the user's organisations have asked."""
        return self.filter(organisation__in=_organisations_of(user))

    def visible_to(self, user: User | AnonymousUser) -> TogetherQuerySet:
        """Questions of the user's organisations, on either side. Nobody else sees them, staff included."""
        mine = _organisations_of(user)
        return self.filter(Q(organisation__in=mine) | Q(initiative__organisation__in=mine))


def _organisations_of(user: User | AnonymousUser) -> Any:
    from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

    return Organisation.objects.of(user).values("pk")
