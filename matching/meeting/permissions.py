"""Who may ask, answer and read? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for, is_member
from matching.desk.permissions import can_handle, sees_case
from matching.meeting.enums import Side
from matching.meeting.sides import writing_side_of

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from innovators.models import Initiative
    from matching.meeting.blocking.models import ContactBlock
    from matching.meeting.conversation.models import Message
    from matching.meeting.models import Introduction


def can_ask(user: User, offer: SupportOffer) -> bool:
    return can_write_for(user, offer.organisation_id)


def can_ask_giver(user: User, initiative: Initiative) -> bool:
    return can_write_for(user, initiative.organisation_id)


def side_of(user: User | AnonymousUser, introduction: Introduction) -> Side | None:
    """Return the side the user belongs to in any role; None for strangers, staff included.

    None too for somebody of the giver who stands aside from the case.

    Somebody who belongs to both sides is counted to the initiative.
    """
    if is_member(user, introduction.initiative.organisation_id):
        return Side.INITIATIVE
    offer, initiative = introduction.offer, introduction.initiative
    if is_member(user, offer.organisation_id) and sees_case(user, offer, initiative):
        return Side.OFFER
    return None


def can_answer(user: User, introduction: Introduction) -> bool:
    """Say yes or no: whoever may write for the side that was asked."""
    return _can_act_for(introduction.answering_side, user, introduction)


def can_withdraw(user: User, introduction: Introduction) -> bool:
    """Take the question back: whoever may write for the side that asked."""
    return _can_act_for(introduction.asked_side, user, introduction)


def _can_act_for(side: str, user: User, introduction: Introduction) -> bool:
    if side == Side.INITIATIVE:
        return can_write_for(user, introduction.initiative.organisation_id)
    return can_handle(user, introduction.offer, introduction.initiative)


def can_converse(user: User, introduction: Introduction) -> bool:
    """Write to the other side: whoever may write for one of the two."""
    return can_write_for(user, introduction.initiative.organisation_id) or can_handle(
        user, introduction.offer, introduction.initiative
    )


def can_reopen(user: User, introduction: Introduction) -> bool:
    """Open a conversation that has been ended: whoever may write for the side that ended it."""
    if not can_converse(user, introduction):
        return False
    return bool(introduction.ended_side == writing_side_of(user, introduction))


def can_lift_block(user: User, block: ContactBlock) -> bool:
    """Take questions again from somebody: whoever may write for the side that wanted none."""
    return can_write_for(user, block.organisation_id)


def can_report(user: User, message: Message) -> bool:
    """Report what the other side has written: whoever may write for the side that got it."""
    introduction = message.introduction
    return can_converse(user, introduction) and message.side != writing_side_of(user, introduction)


def can_handle_reports(user: User | AnonymousUser) -> bool:
    """Read reported messages and decide about them: staff. They see nothing else of a conversation."""
    return bool(user.is_authenticated and user.is_staff and user.is_active)
