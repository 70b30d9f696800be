"""Reads of organisations and their members that pages need whole."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Invitation, Membership, Organisation

_ROLE_ORDER = Case(
    When(role=MembershipRole.OWNER, then=Value(0)),
    When(role=MembershipRole.EDITOR, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Owners first, then by name. People come along in the same query."""
    return organisation.memberships.select_related("user").order_by(_ROLE_ORDER, "user__name", "pk")


def waiting_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that have been sent and neither accepted nor withdrawn, newest first; expired ones too."""
    return organisation.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by(
        "-created_at", "-pk"
    )


def has_expired(invitation: Invitation, now: datetime) -> bool:
    return invitation.expires_at <= now
