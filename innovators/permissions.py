"""What may somebody do with an initiative? Rules return bool and are asked inside services.

`actor` None is the system itself: imports and demo data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brygga.organisations.permissions import can_write_for

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User
    from innovators.models import Initiative


def can_create_initiative(actor: User | None, organisation: Organisation) -> bool:
    return actor is None or can_write_for(actor, organisation.pk)


def can_change_initiative(actor: User | None, initiative: Initiative) -> bool:
    return actor is None or can_write_for(actor, initiative.organisation_id)


def can_publish_initiative(actor: User | None, initiative: Initiative) -> bool:
    """Publish, pause, resume and close: the same people that may change it."""
    return can_change_initiative(actor, initiative)


def can_delete_draft(actor: User | None, initiative: Initiative) -> bool:
    return can_change_initiative(actor, initiative)
