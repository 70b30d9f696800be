"""May somebody act for an organisation? Rules return bool and are asked inside services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.enums import WRITING_ROLES, MembershipRole

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation
    from brygga.users.models import User


def role_in(user: User | AnonymousUser, organisation_id: int) -> MembershipRole | None:
    """Return the user's role in the organisation, or None. One query per user and request object, then none."""
    if not user.is_authenticated:
        return None
    roles: dict[int, MembershipRole] | None = getattr(user, "_roles_by_organisation", None)
    if roles is None:
        roles = {
            organisation: MembershipRole(role)
            for organisation, role in user.memberships.values_list("organisation_id", "role")
        }
        user._roles_by_organisation = roles  # type: ignore[attr-defined]  # a per-request memo, not a field
    return roles.get(organisation_id)


def is_member(user: User | AnonymousUser, organisation_id: int) -> bool:
    return role_in(user, organisation_id) is not None


def can_write_for(user: User | AnonymousUser, organisation_id: int) -> bool:
    return role_in(user, organisation_id) in WRITING_ROLES


def can_manage_members(user: User | AnonymousUser, organisation: Organisation) -> bool:
    return role_in(user, organisation.pk) == MembershipRole.OWNER


def can_change_organisation(user: User | AnonymousUser, organisation: Organisation) -> bool:
    return can_write_for(user, organisation.pk)


def can_verify_organisations(user: User | AnonymousUser) -> bool:
    return bool(user.is_authenticated and user.is_staff and user.is_active)


def forget_roles(user: User | AnonymousUser) -> None:
    """Make the next question ask the database again: the user's memberships have changed."""
    if hasattr(user, "_roles_by_organisation"):
        del user._roles_by_organisation
