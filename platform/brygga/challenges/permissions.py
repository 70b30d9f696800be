"""Who may tell a challenge, and who may change one. Rules return bool and are asked inside services.

`actor` None is the system itself: demo data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.challenges.enums import PUBLIC_BODIES
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.challenges.models import Challenge
    from brygga.users.models import User


def public_bodies_of(user: User | AnonymousUser) -> list[Organisation]:
    """Verified public bodies in whose name the user may write."""
    if not user.is_authenticated:
        return []
    own = Organisation.objects.writable_by(user).verified().filter(kind__in=PUBLIC_BODIES)
    return list(own.order_by("name", "pk"))


def can_tell_challenge(actor: User | None, organisation: Organisation) -> bool:
    """Writing members of a verified public body."""
    is_public_body = organisation.is_verified and organisation.kind in PUBLIC_BODIES
    return is_public_body and (actor is None or can_write_for(actor, organisation.pk))


def can_change_challenge(actor: User | AnonymousUser | None, challenge: Challenge) -> bool:
    """Change, end, open again and delete a draft."""
    return actor is None or can_write_for(actor, challenge.organisation_id)
