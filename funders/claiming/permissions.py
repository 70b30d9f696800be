"""Who may say that an imported offer is theirs, and who decides? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from funders.claiming.models import OfferClaim


def can_claim_for(user: User, organisation: Organisation) -> bool:
    return can_write_for(user, organisation.pk)


def can_take_back(user: User, claim: OfferClaim) -> bool:
    return can_write_for(user, claim.organisation_id)


def can_decide_claims(user: User | AnonymousUser) -> bool:
    """Read claims and decide about them: staff."""
    return bool(user.is_authenticated and user.is_staff and user.is_active)
