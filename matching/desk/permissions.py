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


__all__ = ["can_place", "can_see_matches_of", "can_use_desk", "can_write_for"]


def can_see_matches_of(user: User | AnonymousUser, profile: Initiative | SupportOffer) -> bool:
    """See what is put forward to a profile: all of its people, readers too."""
    return is_member(user, profile.organisation_id)


def can_use_desk(user: User | AnonymousUser, offer: SupportOffer) -> bool:
    return can_write_for(user, offer.organisation_id)


def can_place(user: User, offer: SupportOffer, initiative: Initiative) -> bool:
    """Lay an initiative on the desk, or aside: one that is public to the user and not their own."""
    return (
        can_use_desk(user, offer)
        and offer.state != PublicationState.DRAFT
        and initiative.organisation_id != offer.organisation_id
        and type(initiative)._default_manager.published().visible_to(user).filter(pk=initiative.pk).exists()
    )
