"""Tell the two of a proposal, and those who made it how it went. Never with people's own words."""

from __future__ import annotations

from datetime import datetime

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.selectors import writers_of
from innovators.selectors import owner_name
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal
from matching.meeting.telling import writers_on

_TO_SIDES = {
    Side.INITIATIVE: NoticeKind.PROPOSED_TO_INITIATIVE,
    Side.OFFER: NoticeKind.PROPOSED_TO_GIVER,
}


def tell_sides(proposal: Proposal, now: datetime) -> None:
    """Tell everybody who may answer for either side. Who may answer for both is told once, as the initiative."""
    for side, kind in _TO_SIDES.items():
        for user in writers_on(proposal.offer, proposal.initiative, side):
            key = f"proposal-{proposal.pk}"
            notify(user=user, kind=kind, parameters=_parameters(proposal), key=key, now=now)


def tell_proposers(proposal: Proposal, kind: NoticeKind, now: datetime) -> None:
    """Tell everybody who may write for those who made it how it went, and not who said what."""
    for user in writers_of(proposal.organisation):
        key = f"proposal-{proposal.pk}-{kind}"
        notify(user=user, kind=kind, parameters=_parameters(proposal), key=key, now=now)


def tell_proposers_of(introduction: Introduction, now: datetime) -> None:
    """Tell those who proposed that the two meet that both have said yes, or that nothing came of it. One query."""
    kind = NoticeKind.PROPOSAL_BROUGHT_TOGETHER if introduction.is_accepted else NoticeKind.PROPOSAL_OVER
    for proposal in introduction.brought_by.select_related("organisation", "initiative", "offer"):
        tell_proposers(proposal, kind, now)


def _parameters(proposal: Proposal) -> dict[str, str]:
    return {
        "title": proposal.initiative.title,
        "offer_title": proposal.offer.title,
        "organisation": owner_name(proposal.organisation),
        "person": proposal.proposed_by_name,
        "proposal": proposal.public_id,
    }
