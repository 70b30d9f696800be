"""Events from below that somebody should be told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Organisation
from brygga.organisations.signals import member_joined, organisation_verified
from brygga.users.models import User


@receiver(member_joined, dispatch_uid="notify_member_joined")
def tell_owners_of_new_member(*, organisation: Organisation, user: User, at: datetime, **_: Any) -> None:
    for owner in _owners(organisation):
        if owner.pk == user.pk:
            continue
        notify(
            user=owner,
            kind=NoticeKind.MEMBER_JOINED,
            parameters={
                "person": str(user),
                "organisation": str(organisation),
                "organisation_id": organisation.public_id,
            },
            # Somebody may leave and join again: that is a new event.
            key=f"joined-{organisation.pk}-{user.pk}-{at:%Y%m%dT%H%M%S}",
            now=at,
        )


@receiver(organisation_verified, dispatch_uid="notify_organisation_verified")
def tell_owners_of_verification(*, organisation: Organisation, at: datetime, **_: Any) -> None:
    for owner in _owners(organisation):
        notify(
            user=owner,
            kind=NoticeKind.ORGANISATION_VERIFIED,
            parameters={"organisation": str(organisation), "organisation_id": organisation.public_id},
            key=f"verified-{organisation.pk}-{at:%Y%m%dT%H%M%S}",
            now=at,
        )


def _owners(organisation: Organisation) -> list[User]:
    members = organisation.memberships.filter(role=MembershipRole.OWNER).select_related("user")
    return [member.user for member in members.order_by("pk")]
