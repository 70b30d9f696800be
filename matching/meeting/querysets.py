from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from matching.meeting.enums import IntroductionState, Side

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.meeting.models import Introduction


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def asked_of(self, user: User | AnonymousUser) -> IntroductionQuerySet:
        """Introductions that the user's organisations are asked for."""
        return self.filter(initiative__organisation__in=_organisations_of(user))

    def asked_by(self, user: User | AnonymousUser) -> IntroductionQuerySet:
        """Introductions that the user's organisations have asked for, but for cases they stand aside from."""
        return self.filter(_stays(user), offer__organisation__in=_organisations_of(user))

    def visible_to(self, user: User | AnonymousUser) -> IntroductionQuerySet:
        """Introductions of the user's organisations, on either side. Nobody else sees them, staff included.

        Nor does who stands aside from the case on the giver's side.
        """
        mine = _organisations_of(user)
        return self.filter(
            Q(initiative__organisation__in=mine) | Q(_stays(user), offer__organisation__in=mine)
        )

    def waiting(self) -> IntroductionQuerySet:
        return self.filter(state=IntroductionState.ASKED)

    def promised(self) -> IntroductionQuerySet:
        """Introductions with a yes and a day to answer by, and no decision: the giver owes an answer."""
        from matching.desk.models import Decision  # noqa: PLC0415 - models import querysets

        decided = Decision.objects.filter(
            entry__offer=OuterRef("offer_id"), entry__initiative=OuterRef("initiative_id")
        )
        owed = self.filter(~Exists(decided), state=IntroductionState.ACCEPTED, answer_by__isnull=False)
        # Who has ended the conversation themselves waits for nothing.
        return owed.exclude(ended_side=Side.INITIATIVE)


def _stays(user: User | AnonymousUser) -> Q:
    from matching.desk.models import Recusal  # noqa: PLC0415 - models import querysets

    return Q(~Recusal.objects.of_pair(user))


def _organisations_of(user: User | AnonymousUser) -> Any:
    from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

    return Organisation.objects.of(user).values("pk")
