"""Invite people to an organisation by e-mail. The link's secret is known to its reader only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from brygga.audit.services import record
from brygga.organisations import permissions
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Invitation, Membership, Organisation
from brygga.organisations.signals import member_joined
from brygga.outbox.services import enqueue
from brygga.users.models import User
from brygga.users.selectors import confirmed_addresses, user_by_address

VALID_FOR = timedelta(days=14)
# A second click on "send" within this time sends nothing.
RESEND_AFTER = timedelta(minutes=1)
DAILY_LIMIT = 30


class InvitationRefused(Exception):
    """The invitation cannot be sent."""


class AlreadyMember(InvitationRefused):
    """The person belongs to the organisation already."""


class TooManyInvitations(InvitationRefused):
    """The organisation has sent as many invitations as it may in a day."""


class InvitationUnusable(Exception):
    """The link leads to no invitation that can be accepted. `reason`: unknown, withdrawn, expired, used."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class WrongAccount(Exception):
    """The invitation was sent to another address than those of the signed-in account."""


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: MembershipRole | str, actor: User, now: datetime
) -> Invitation:
    """Send an invitation by e-mail, or send it anew with a new link if one is open; the old link then ends.

    Raises PermissionDenied, AlreadyMember or TooManyInvitations.
    """
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    email = email.strip().lower()
    # One at a time per organisation: a double click finds the first click's invitation.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    receiver = user_by_address(email)
    if receiver is not None and organisation.memberships.filter(user=receiver).exists():
        raise AlreadyMember
    invitation = _open(organisation).filter(email__iexact=email).first()
    if invitation and invitation.role == role and now - invitation.created_at < RESEND_AFTER:
        return invitation
    if organisation.invitations.filter(created_at__gt=now - timedelta(days=1)).count() >= DAILY_LIMIT:
        raise TooManyInvitations
    secret = secrets.token_urlsafe(32)
    if invitation is None:
        invitation = Invitation(organisation=organisation, email=email)
    invitation.role = MembershipRole(role)
    invitation.secret_hash = _hash(secret)
    invitation.invited_by = actor
    invitation.created_at = now
    invitation.expires_at = now + VALID_FOR
    invitation.save()
    _record(invitation, actor, now, "invite")
    language = receiver.language if receiver is not None else actor.language
    _send(invitation, secret, language, actor, now)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: User, now: datetime) -> None:
    """Make an open invitation's link useless. One that is no longer open stays as it is."""
    if not permissions.can_manage_members(actor, invitation.organisation):
        raise PermissionDenied
    changed = _open(invitation.organisation).filter(pk=invitation.pk).update(withdrawn_at=now)
    if changed:
        _record(invitation, actor, now, "withdraw_invitation")


def find_invitation(*, secret: str, now: datetime) -> Invitation:
    """Return the open invitation behind a link. Raises InvitationUnusable."""
    invitation = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(secret_hash=_hash(secret))
        .first()
    )
    if invitation is None:
        raise InvitationUnusable("unknown")
    if invitation.withdrawn_at is not None:
        raise InvitationUnusable("withdrawn")
    if invitation.accepted_at is not None:
        raise InvitationUnusable("used")
    if invitation.expires_at <= now:
        raise InvitationUnusable("expired")
    return invitation


@transaction.atomic
def accept_invitation(*, secret: str, actor: User, now: datetime) -> Membership:
    """Join the organisation. Accepting again as the same person returns the same membership.

    Raises InvitationUnusable or WrongAccount. Somebody who belongs already keeps the stronger role.
    """
    hashed = _hash(secret)
    invitation = Invitation.objects.select_for_update().filter(secret_hash=hashed).first()
    if invitation is not None and invitation.accepted_at is not None:
        joined = Membership.objects.filter(organisation=invitation.organisation, user=actor).first()
        if joined is not None and is_for(invitation, actor):
            return joined
    invitation = find_invitation(secret=secret, now=now)
    if not is_for(invitation, actor):
        raise WrongAccount
    membership, joined_now = Membership.objects.get_or_create(
        organisation=invitation.organisation,
        user=actor,
        defaults={"role": invitation.role, "created_at": now},
    )
    if not joined_now and _is_stronger(invitation.role, membership.role):
        membership.role = invitation.role
        membership.save(update_fields=["role"])
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    permissions.forget_roles(actor)
    _record(invitation, actor, now, "accept_invitation")
    if joined_now:
        member_joined.send(sender=Organisation, organisation=invitation.organisation, user=actor, at=now)
    return membership


def is_for(invitation: Invitation, user: User) -> bool:
    """Tell whether the invitation was sent to an address that the person has confirmed."""
    return invitation.email.lower() in confirmed_addresses(user)


def _open(organisation: Organisation) -> QuerySet[Invitation]:
    return organisation.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def _is_stronger(role: str, other: str) -> bool:
    order = [MembershipRole.READER, MembershipRole.EDITOR, MembershipRole.OWNER]
    return order.index(MembershipRole(role)) > order.index(MembershipRole(other))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _send(invitation: Invitation, secret: str, language: str, actor: User, now: datetime) -> None:
    with override(language):
        context = {
            "organisation": str(invitation.organisation),
            "inviter": actor.name,
            "role": invitation.get_role_display(),
            "expires_at": invitation.expires_at,
            "contact_email": settings.CONTACT_EMAIL,
            "link": settings.SITE_ADDRESS + reverse("organisations:invitation", args=[secret]),
        }
        subject = render_to_string("emails/invitation_subject.txt", context).strip()
        body = render_to_string("emails/invitation.txt", context).strip() + "\n"
    enqueue(
        task="outbox.deliver_mail",
        # The hash names this very link, so the same invitation can be sent anew but no mail twice.
        key=f"invitation-{invitation.pk}-{invitation.secret_hash[:20]}",
        now=now,
        arguments={"subject": subject, "body": body, "recipients": [invitation.email]},
    )


def _record(invitation: Invitation, actor: User, now: datetime, verb: str) -> None:
    record(
        verb=verb,
        subject=invitation,
        actor=actor,
        now=now,
        organisation_id=invitation.organisation_id,
        details={"role": str(invitation.role)},
    )
