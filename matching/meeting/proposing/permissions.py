"""Who may propose that two meet, and who answers? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for, is_member
from matching.desk.permissions import can_handle

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from funders.models import SupportOffer
    from innovators.models import Initiative
    from matching.meeting.proposing.models import Proposal


def can_propose_for(user: User | AnonymousUser, organisation: Organisation, initiative: Initiative) -> bool:
    """Propose support for an initiative: who may write for a verified intermediary, and never for their own."""
    return (
        initiative.is_published
        and organisation.is_intermediary
        and organisation.is_verified
        and can_write_for(user, organisation.pk)
        and not is_member(user, initiative.organisation_id)
        and initiative.organisation_id != organisation.pk
    )


def can_propose(user: User, organisation: Organisation, initiative: Initiative, offer: SupportOffer) -> bool:
    """Propose that the two meet: the offer too is somebody else's."""
    return (
        can_propose_for(user, organisation, initiative)
        and not is_member(user, offer.organisation_id)
        and offer.organisation_id != organisation.pk
    )


def can_answer_proposal(user: User, proposal: Proposal) -> bool:
    """Say yes or no: whoever may write for one of the two sides and does not stand aside."""
    return can_write_for(user, proposal.initiative.organisation_id) or can_handle(
        user, proposal.offer, proposal.initiative
    )


def can_withdraw_proposal(user: User, proposal: Proposal) -> bool:
    """Take the proposal back: whoever may write for those who made it."""
    return can_write_for(user, proposal.organisation_id)
