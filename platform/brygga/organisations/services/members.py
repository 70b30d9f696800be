"""Who belongs to an organisation, and in which role."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.organisations import permissions
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Membership, Organisation
from brygga.users.models import User


class LastOwner(Exception):
    """An organisation keeps at least one owner: make somebody else owner first."""


@transaction.atomic
def change_role(
    *, membership: Membership, role: MembershipRole | str, actor: User, now: datetime
) -> Membership:
    """Give a member another role. Raises PermissionDenied or LastOwner."""
    role = MembershipRole(role)
    organisation = _lock(membership.organisation_id)
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    current = Membership.objects.get(pk=membership.pk)
    if current.role == role:
        return current
    if current.role == MembershipRole.OWNER:
        _keep_an_owner(organisation, current)
    old, current.role = current.role, role
    current.save(update_fields=["role"])
    permissions.forget_roles(actor)
    _record(current, actor, now, "change_role", {"user": current.user_id, "from": old, "to": str(role)})
    return current


@transaction.atomic
def remove_member(*, membership: Membership, actor: User, now: datetime) -> None:
    """End somebody's membership. Ending one that has ended changes nothing.

    Raises PermissionDenied or LastOwner.
    """
    organisation = _lock(membership.organisation_id)
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    _end(organisation, membership.user_id, actor, now, "remove_member")


@transaction.atomic
def leave_organisation(*, organisation: Organisation, actor: User, now: datetime) -> None:
    """End one's own membership. Raises LastOwner."""
    _end(_lock(organisation.pk), actor.pk, actor, now, "leave_organisation")


def _end(organisation: Organisation, user_id: int, actor: User, now: datetime, verb: str) -> None:
    membership = Membership.objects.filter(organisation=organisation, user_id=user_id).first()
    if membership is None:
        return
    if membership.role == MembershipRole.OWNER:
        _keep_an_owner(organisation, membership)
    _record(membership, actor, now, verb, {"user": user_id, "role": membership.role})
    membership.delete()
    permissions.forget_roles(actor)


def _lock(organisation_id: int) -> Organisation:
    """Two owners who leave at the same moment go one after the other, so that the second is refused."""
    return Organisation.objects.select_for_update().get(pk=organisation_id)


def _keep_an_owner(organisation: Organisation, leaving: Membership) -> None:
    others = organisation.memberships.filter(role=MembershipRole.OWNER).exclude(pk=leaving.pk)
    if not others.exists():
        raise LastOwner


def _record(
    membership: Membership, actor: User, now: datetime, verb: str, details: dict[str, object]
) -> None:
    record(
        verb=verb,
        subject=membership,
        actor=actor,
        now=now,
        organisation_id=membership.organisation_id,
        details=details,
    )
