"""What a block does to proposals that wait: they end as after a no, and nobody is told why."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.organisations.models import Organisation
from brygga.users.models import User
from matching.meeting.enums import Side
from matching.meeting.proposing.enums import ProposalState
from matching.meeting.proposing.models import Proposal
from matching.meeting.proposing.telling import tell_proposers

_SIDES = ((Side.INITIATIVE, "initiative", "offer"), (Side.OFFER, "offer", "initiative"))


def end_proposals(*, ours: Organisation, theirs: Organisation, actor: User, now: datetime) -> None:
    """End what waits between us and those whom we block, and what they themselves have proposed to us.

    Called when the block is written and our row is held: what is proposed after it is refused. Whoever says yes
    at the same moment was first or finds that it no longer waits.
    """
    for side, own, other in _SIDES:
        waiting = (
            Proposal.objects.waiting()
            .filter(Q(**{f"{other}__organisation": theirs}) | Q(organisation=theirs))
            .filter(**{f"{own}__organisation": ours})
            .select_related("organisation", "initiative", "offer")
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        for proposal in waiting:
            Proposal.objects.filter(pk=proposal.pk).update(
                state=ProposalState.DECLINED, answered_side=side, answered_by=actor, answered_at=now
            )
            record(
                verb="end_proposal_by_block",
                subject=proposal,
                actor=actor,
                now=now,
                organisation_id=ours.pk,
                details={"offer": proposal.offer.public_id, "initiative": proposal.initiative.public_id},
            )
            tell_proposers(proposal, NoticeKind.PROPOSAL_OVER, now)
