"""Who works at an offer's desk? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.core.enums import PublicationState
from brygga.organisations.permissions import can_write_for, is_member

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from innovators.models import Initiative
    from matching.desk.models import Recusal


__all__ = [
    "can_handle",
    "can_lift",
    "can_place",
    "can_recuse",
    "can_see_matches_of",
    "can_use_desk",
    "can_write_for",
    "sees_case",
]


def sees_case(user: User | AnonymousUser, offer: SupportOffer, initiative: Initiative) -> bool:
    """Say whether the user does not stand aside from this case. Asked beside other rules. One query."""
    from matching.desk.models import Recusal  # noqa: PLC0415 - models stand above permissions

    return not Recusal.objects.filter(offer=offer, initiative=initiative, person_id=user.pk).exists()


def can_handle(user: User, offer: SupportOffer, initiative: Initiative) -> bool:
    """Do something with a case that lies on the desk."""
    return can_use_desk(user, offer) and sees_case(user, offer, initiative)


def can_recuse(user: User, offer: SupportOffer) -> bool:
    """Stand aside from a case: everybody who could see it, readers too."""
    return is_member(user, offer.organisation_id)


def can_lift(user: User, recusal: Recusal) -> bool:
    """Let somebody back to a case: a colleague who may write and does not stand aside, never they themselves."""
    return user.pk != recusal.person_id and can_handle(user, recusal.offer, recusal.initiative)


def can_see_matches_of(user: User | AnonymousUser, profile: Initiative | SupportOffer) -> bool:
    """See what is put forward to a profile: all of its people, readers too."""
    return is_member(user, profile.organisation_id)


def can_use_desk(user: User | AnonymousUser, offer: SupportOffer) -> bool:
    return can_write_for(user, offer.organisation_id)


def can_place(user: User, offer: SupportOffer, initiative: Initiative) -> bool:
    """Lay an initiative on the desk, or aside: one that is public to the user and not their own."""
    return (
        can_handle(user, offer, initiative)
        and offer.state != PublicationState.DRAFT
        and initiative.organisation_id != offer.organisation_id
        and type(initiative)._default_manager.published().visible_to(user).filter(pk=initiative.pk).exists()
    )
