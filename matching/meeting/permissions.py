"""Who may ask, answer and read? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for, is_member
from matching.desk.permissions import can_handle, sees_case
from matching.meeting.enums import Side

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from matching.meeting.models import Introduction


def can_ask(user: User, offer: SupportOffer) -> bool:
    return can_write_for(user, offer.organisation_id)


def side_of(user: User | AnonymousUser, introduction: Introduction) -> Side | None:
    """Return the side the user belongs to in any role; None for strangers, staff included.

    None too for somebody of the giver who stands aside from the case.

    Somebody who belongs to both sides is counted to the initiative, whose answer it is.
    """
    if is_member(user, introduction.initiative.organisation_id):
        return Side.INITIATIVE
    offer, initiative = introduction.offer, introduction.initiative
    if is_member(user, offer.organisation_id) and sees_case(user, offer, initiative):
        return Side.OFFER
    return None


def can_answer(user: User, introduction: Introduction) -> bool:
    return can_write_for(user, introduction.initiative.organisation_id)


def can_withdraw(user: User, introduction: Introduction) -> bool:
    return can_handle(user, introduction.offer, introduction.initiative)


def can_converse(user: User, introduction: Introduction) -> bool:
    """Write to the other side: whoever may write for one of the two."""
    return can_write_for(user, introduction.initiative.organisation_id) or can_handle(
        user, introduction.offer, introduction.initiative
    )
