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
        """Introductions that others have asked the user's organisations for."""
        of_initiative, of_offer = sides_of(user)
        return self.filter(
            (Q(asked_side=Side.OFFER) & of_initiative) | (Q(asked_side=Side.INITIATIVE) & of_offer)
        )

    def asked_by(self, user: User | AnonymousUser) -> IntroductionQuerySet:
        """Introductions that the user's organisations have asked for."""
        of_initiative, of_offer = sides_of(user)
        return self.filter(
            (Q(asked_side=Side.INITIATIVE) & of_initiative) | (Q(asked_side=Side.OFFER) & of_offer)
        )

    def visible_to(self, user: User | AnonymousUser) -> IntroductionQuerySet:
        """Introductions of the user's organisations, on either side. Nobody else sees them, staff included.

        Nor does who stands aside from the case on the giver's side.
        """
        of_initiative, of_offer = sides_of(user)
        return self.filter(of_initiative | of_offer)

    def waiting(self) -> IntroductionQuerySet:
        return self.filter(state=IntroductionState.ASKED)

    def waiting_for_giver(self) -> IntroductionQuerySet:
        """Questions that initiatives have asked and givers have not answered."""
        return self.waiting().filter(asked_side=Side.INITIATIVE)

    def promised(self) -> IntroductionQuerySet:
        """Introductions to which the initiative has said yes, with a day to answer by, that the giver owes an answer.

        To a question the answer is a yes or a no; after a yes it is a decision.
        """
        from matching.desk.models import Decision  # noqa: PLC0415 - models import querysets

        decided = Decision.objects.filter(
            entry__offer=OuterRef("offer_id"), entry__initiative=OuterRef("initiative_id")
        )
        owed = Q(~Exists(decided), state=IntroductionState.ACCEPTED) | Q(
            state=IntroductionState.ASKED, asked_side=Side.INITIATIVE
        )
        # Who has ended the conversation themselves waits for nothing.
        return self.filter(owed, answer_by__isnull=False).exclude(ended_side=Side.INITIATIVE)


def sides_of(user: User | AnonymousUser) -> tuple[Q, Q]:
    """Return the conditions that the user belongs to the initiative's side, and to the giver's.

    Who stands aside from the case does not belong to the giver's.
    """
    from matching.desk.models import Recusal  # noqa: PLC0415 - models import querysets

    mine = _organisations_of(user)
    of_offer = Q(~Recusal.objects.of_pair(user), offer__organisation__in=mine)
    return Q(initiative__organisation__in=mine), of_offer


def _organisations_of(user: User | AnonymousUser) -> Any:
    from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

    return Organisation.objects.of(user).values("pk")
