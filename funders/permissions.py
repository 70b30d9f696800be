"""What may somebody do with a support offer? Rules return bool and are asked inside services.

`actor` None is the system itself: imports and demo data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from funders.models import SupportOffer


def can_create_offer(actor: User | None, organisation: Organisation) -> bool:
    return actor is None or can_write_for(actor, organisation.pk)


def can_change_offer(actor: User | None, offer: SupportOffer) -> bool:
    return actor is None or can_write_for(actor, offer.organisation_id)


def can_publish_offer(actor: User | None, offer: SupportOffer) -> bool:
    """Publish, pause, resume and close: the same people that may change it, verified or not."""
    return can_change_offer(actor, offer)


def can_delete_draft(actor: User | None, offer: SupportOffer) -> bool:
    return can_change_offer(actor, offer)
