"""Who may flag, and who may take a flag back. Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for, is_member

if TYPE_CHECKING:
    from brygga.users.models import User
    from innovators.models import Initiative
    from intermediaries.models import Flag


def intermediaries_of(user: User | AnonymousUser) -> list[Organisation]:
    """Verified intermediaries in whose name the user may speak."""
    if not user.is_authenticated:
        return []
    return list(Organisation.objects.writable_by(user).intermediaries().order_by("name", "pk"))


def can_flag(user: User | AnonymousUser, initiative: Initiative, organisation: Organisation) -> bool:
    """A writing member of a verified intermediary may flag others' published initiatives, never its own."""
    return (
        initiative.is_published
        and organisation.is_intermediary
        and organisation.is_verified
        and can_write_for(user, organisation.pk)
        and not is_member(user, initiative.organisation_id)
        and initiative.organisation_id != organisation.pk
    )


def can_withdraw(user: User | AnonymousUser, flag: Flag) -> bool:
    """Colleagues may take back one another's flags; staff may when an organisation cannot."""
    return can_write_for(user, flag.organisation_id) or (user.is_authenticated and user.is_staff)
