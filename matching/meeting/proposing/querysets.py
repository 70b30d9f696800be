from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from matching.meeting.proposing.enums import ProposalState
from matching.meeting.querysets import sides_of

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.meeting.proposing.models import Proposal


def _is_wanted(own: str, other: str) -> Q:
    """Return the condition that a side has not blocked the other, nor who proposed it; or that it was taken up."""
    from matching.meeting.blocking.models import ContactBlock  # noqa: PLC0415 - models import querysets

    blocked = ContactBlock.objects.filter(
        Q(against=OuterRef(f"{other}__organisation")) | Q(against=OuterRef("organisation")),
        organisation=OuterRef(f"{own}__organisation"),
    )
    return Q(state=ProposalState.TAKEN_UP) | Q(~Exists(blocked))


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(state=ProposalState.WAITING)

    def made_to(self, user: User | AnonymousUser) -> ProposalQuerySet:
        """Proposals to the user's organisations, on either side; none to who stands aside from the case.

        Nor is anybody shown what was proposed with somebody, or by somebody, from whom they take no questions.
        """
        of_initiative, of_offer = sides_of(user)
        return self.filter(
            (of_initiative & _is_wanted("initiative", "offer"))
            | (of_offer & _is_wanted("offer", "initiative"))
        )

    def made_by(self, user: User | AnonymousUser) -> ProposalQuerySet:
        """Proposals that the user's organisations have made."""
        from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

        return self.filter(organisation__in=Organisation.objects.of(user).values("pk"))

    def visible_to(self, user: User | AnonymousUser) -> ProposalQuerySet:
        """Proposals to the user's organisations, or by them. Nobody else sees them, staff included."""
        return self.made_to(user) | self.made_by(user)
