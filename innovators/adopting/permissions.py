"""Who may register as an adopter, and who may change what is registered. Asked inside services.

`actor` None is the system itself: demo data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for
from brygga.taxonomy.enums import OrganisationKind

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.adopting.models import Adopter


def may_adopt_for(user: User | AnonymousUser) -> list[Organisation]:
    """Organisations in whose name the user may write. A person alone takes nothing up for a place."""
    if not user.is_authenticated:
        return []
    own = Organisation.objects.writable_by(user).exclude(kind=OrganisationKind.INDIVIDUAL)
    return list(own.order_by("name", "pk"))


def can_register_adopter(actor: User | None, organisation: Organisation) -> bool:
    is_somebody = organisation.kind != OrganisationKind.INDIVIDUAL
    return is_somebody and (actor is None or can_write_for(actor, organisation.pk))


def can_change_adopter(actor: User | AnonymousUser | None, adopter: Adopter) -> bool:
    """Change, publish, pause, close and delete a draft."""
    return actor is None or can_write_for(actor, adopter.organisation_id)
