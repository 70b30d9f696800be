"""Who belongs to an organisation, and in which role."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.organisations import permissions
from brygga.organisations.enums import WRITING_ROLES, MembershipRole
from brygga.organisations.leaving import HandOver, NewContact, hand_everything_over
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.signals import member_left, member_reads_only
from brygga.users.models import User


class LastOwner(Exception):
    """An organisation keeps at least one owner: make somebody else owner first."""


class CannotTakeOver(Exception):
    """Whoever should take over may not write in the organisation's name, or is the one who leaves."""


@transaction.atomic
def change_role(
    *,
    membership: Membership,
    role: MembershipRole | str,
    actor: User,
    now: datetime,
    successor: User | None = None,
    contact: NewContact | None = None,
) -> Membership:
    """Give a member another role. Whoever may write no longer hands over what they held, as one who leaves does.

    Raises PermissionDenied or LastOwner; and then CannotTakeOver, or ContactMissing when `contact` is needed.
    """
    role = MembershipRole(role)
    organisation = _lock(membership.organisation_id)
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    # Held as when somebody leaves: who gives them something to do comes before us or finds a reader.
    current = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if current.role == role:
        return current
    if current.role == MembershipRole.OWNER:
        _keep_an_owner(organisation, current)
    old, current.role = current.role, role
    current.save(update_fields=["role"])
    permissions.forget_roles(actor)
    details: dict[str, object] = {"user": current.user_id, "from": old, "to": str(role)}
    if old in WRITING_ROLES and role not in WRITING_ROLES:
        details |= _step_back(organisation, current.user, successor, contact, actor, now)
    _record(current, actor, now, "change_role", details)
    return current


@transaction.atomic
def remove_member(
    *,
    membership: Membership,
    actor: User,
    now: datetime,
    successor: User | None = None,
    contact: NewContact | None = None,
) -> None:
    """End somebody's membership and hand over what they held. Ending one that has ended changes nothing.

    Without a successor whoever removes takes over, if it is not they who go.
    Raises PermissionDenied, LastOwner, CannotTakeOver, or ContactMissing when `contact` is needed.
    """
    organisation = _lock(membership.organisation_id)
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    if successor is None and membership.user_id != actor.pk:
        successor = actor
    _end(organisation, membership.user_id, actor, now, "remove_member", successor, contact)


@transaction.atomic
def leave_organisation(
    *,
    organisation: Organisation,
    actor: User,
    now: datetime,
    successor: User | None = None,
    contact: NewContact | None = None,
) -> None:
    """End one's own membership and hand over what one held; without a successor it is nobody's.

    Raises LastOwner, CannotTakeOver, or ContactMissing when `contact` is needed.
    """
    _end(_lock(organisation.pk), actor.pk, actor, now, "leave_organisation", successor, contact)


def hold_writer(*, user: User, organisation_id: int) -> bool:
    """Say whether somebody may write in the organisation's name, and keep it so until the transaction ends.

    For whoever gives them something to do: asked for before other rows are locked.
    """
    found = Membership.objects.select_for_update().filter(organisation=organisation_id, user=user).first()
    return found is not None and found.role in WRITING_ROLES


def hold_members(*, organisation_id: int) -> None:
    """Keep who is in an organisation, and as what, until the transaction ends; as `hold_writer` for all at once."""
    members = Membership.objects.select_for_update().filter(organisation=organisation_id)
    # In the same order for everybody.
    list(members.order_by("pk").values("pk"))


def _end(
    organisation: Organisation,
    user_id: int,
    actor: User,
    now: datetime,
    verb: str,
    successor: User | None,
    contact: NewContact | None,
) -> None:
    # The membership first: who gives this person something to do at this moment comes before us, and what they
    # gave is handed over too, or after us, and finds nobody.
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(organisation=organisation, user_id=user_id)
        .first()
    )
    if membership is None:
        return
    if membership.role == MembershipRole.OWNER:
        _keep_an_owner(organisation, membership)
    if successor is not None:
        _check_successor(organisation, successor, user_id)
    person = membership.user
    moved = hand_everything_over(HandOver(organisation, person, successor, contact, actor, now))
    details: dict[str, object] = {"user": user_id, "role": membership.role}
    if moved:
        details |= {"to": successor.pk if successor else None, "handed_over": moved}
    if taken_back := _take_back_invitations(organisation, person, now):
        details["invitations_taken_back"] = taken_back
    _record(membership, actor, now, verb, details)
    membership.delete()
    permissions.forget_roles(actor)
    permissions.forget_roles(person)
    member_left.send(
        sender=Organisation,
        organisation=organisation,
        user=person,
        actor=actor,
        successor=successor,
        number=sum(map(len, moved.values())),
        at=now,
    )


def _step_back(
    organisation: Organisation,
    person: User,
    successor: User | None,
    contact: NewContact | None,
    actor: User,
    now: datetime,
) -> dict[str, object]:
    """Hand over what somebody held who only reads from now on; return what the audit log says of it."""
    if successor is None and person != actor:
        successor = actor
    if successor is not None:
        _check_successor(organisation, successor, person.pk)
    moved = hand_everything_over(HandOver(organisation, person, successor, contact, actor, now))
    if not moved:
        return {}
    member_reads_only.send(
        sender=Organisation,
        organisation=organisation,
        user=person,
        actor=actor,
        successor=successor,
        number=sum(map(len, moved.values())),
        at=now,
    )
    return {"successor": successor.pk if successor else None, "handed_over": moved}


def _check_successor(organisation: Organisation, successor: User, leaving: int) -> None:
    # Roles change under the organisation's lock, which we hold.
    writes = organisation.memberships.filter(user=successor, role__in=WRITING_ROLES).exists()
    if not writes or successor.pk == leaving:
        raise CannotTakeOver


def _take_back_invitations(organisation: Organisation, person: User, now: datetime) -> list[int]:
    """Make the links useless that the person has sent: they must not be a way back in."""
    # One that is being accepted at this moment is left alone: whoever accepts it waits for our lock.
    waiting = organisation.invitations.select_for_update(skip_locked=True).filter(
        invited_by=person, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    keys = [one.pk for one in waiting]
    organisation.invitations.filter(pk__in=keys).update(withdrawn_at=now)
    return keys


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
