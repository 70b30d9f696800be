"""Who takes cases in from a table?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.core.enums import PublicationState
from matching.desk.permissions import can_use_desk

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer


def can_take_in(user: User | AnonymousUser, offer: SupportOffer) -> bool:
    """Bring a table to an offer's desk: who works there, once the offer is no draft any more."""
    return can_use_desk(user, offer) and offer.state != PublicationState.DRAFT
