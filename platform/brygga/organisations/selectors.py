"""Reads of organisations and their members that pages need whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from brygga.organisations.enums import WRITING_ROLES, MembershipRole
from brygga.organisations.leaving import everything_held
from brygga.organisations.models import Invitation, Membership, Organisation
from brygga.users.models import User

_ROLE_ORDER = Case(
    When(role=MembershipRole.OWNER, then=Value(0)),
    When(role=MembershipRole.EDITOR, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Owners first, then by name. People come along in the same query."""
    return organisation.memberships.select_related("user").order_by(_ROLE_ORDER, "user__name", "pk")


def writers_of(*organisations: Organisation, aside: Any = ()) -> list[User]:
    """Return who may write for any of some organisations, each once, but those whose keys are `aside`. One query."""
    rows = Membership.objects.filter(organisation__in=organisations, role__in=WRITING_ROLES)
    writers = rows.exclude(user__in=aside).select_related("user").order_by("pk")
    return list({membership.user_id: membership.user for membership in writers}.values())


def writers_beside(organisation: Organisation, person: User) -> list[User]:
    """Return who may write in the organisation's name, but for one person, by name. One query."""
    rows = members_of(organisation).filter(role__in=WRITING_ROLES).exclude(user=person)
    return [one.user for one in rows.order_by("user__name", "pk")]


def stops_writing(membership: Membership, role: str) -> bool:
    """Tell whether a new role takes something out of the person's hands that somebody has to take over."""
    if membership.role not in WRITING_ROLES or role in WRITING_ROLES:
        return False
    return bool(everything_held(organisation=membership.organisation, person=membership.user))


def is_last_owner(organisation: Organisation, person: User) -> bool:
    """Tell whether the organisation would have no owner without this person. One query."""
    owners = set(organisation.memberships.filter(role=MembershipRole.OWNER).values_list("user_id", flat=True))
    return owners == {person.pk}


def waiting_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that have been sent and neither accepted nor withdrawn, newest first; expired ones too."""
    return organisation.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by(
        "-created_at", "-pk"
    )


def has_expired(invitation: Invitation, now: datetime) -> bool:
    return invitation.expires_at <= now
