"""The two sides of an introduction, or of a proposal that they meet, and who is on which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for
from matching.meeting.enums import Side

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from matching.meeting.models import Introduction
    from matching.meeting.proposing.models import Proposal


def other_side(side: Side | str) -> Side:
    return Side.OFFER if side == Side.INITIATIVE else Side.INITIATIVE


def organisation_on(pair: Introduction | Proposal, side: Side | str) -> Organisation:
    whose = pair.initiative if side == Side.INITIATIVE else pair.offer
    return whose.organisation


def writing_side_of(user: User, pair: Introduction | Proposal) -> Side:
    """Return the side in whose name somebody writes who may. The initiative's, if they may for both."""
    is_seeker = can_write_for(user, pair.initiative.organisation_id)
    return Side.INITIATIVE if is_seeker else Side.OFFER
