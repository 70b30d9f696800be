"""Events from below that somebody should be told of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Organisation
from brygga.organisations.signals import (
    member_joined,
    member_left,
    member_reads_only,
    organisation_verified,
    two_steps_required,
    verification_asked,
    verification_declined,
)
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


@receiver(two_steps_required, dispatch_uid="notify_two_steps_required")
def tell_of_two_steps(
    *, organisation: Organisation, actor: User, day: date, users: list[User], at: datetime, **_: Any
) -> None:
    """Tell those who lack it, so that nobody is shut out by surprise."""
    for user in users:
        if user.pk != actor.pk:
            notify(
                user=user,
                kind=NoticeKind.TWO_STEPS_REQUIRED,
                parameters={"organisation": str(organisation), "day": day.isoformat()},
                key=f"two-steps-{organisation.pk}-{day:%Y%m%d}-{at:%Y%m%dT%H%M%S}",
                now=at,
            )


@receiver(member_left, dispatch_uid="notify_member_left")
def tell_of_leaving(
    *,
    organisation: Organisation,
    user: User,
    actor: User,
    successor: User | None,
    number: int,
    at: datetime,
    **_: Any,
) -> None:
    """Tell who takes something over, and who was removed; not those who did it themselves."""
    about = {"organisation": str(organisation), "organisation_id": organisation.public_id}
    key = f"left-{organisation.pk}-{user.pk}-{at:%Y%m%dT%H%M%S}"
    if successor is not None and successor.pk != actor.pk and number:
        notify(
            user=successor,
            kind=NoticeKind.HANDED_OVER,
            parameters={**about, "person": str(user)},
            key=key,
            now=at,
        )
    if user.pk != actor.pk:
        notify(
            user=user,
            kind=NoticeKind.MEMBERSHIP_ENDED,
            parameters={**about, "person": str(actor)},
            key=key,
            now=at,
        )


@receiver(member_reads_only, dispatch_uid="notify_member_reads_only")
def tell_who_takes_over(
    *, organisation: Organisation, user: User, actor: User, successor: User | None, at: datetime, **_: Any
) -> None:
    if successor is not None and successor.pk != actor.pk:
        notify(
            user=successor,
            kind=NoticeKind.HANDED_OVER,
            parameters={
                "organisation": str(organisation),
                "organisation_id": organisation.public_id,
                "person": str(user),
            },
            key=f"reads-only-{organisation.pk}-{user.pk}-{at:%Y%m%dT%H%M%S}",
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


@receiver(verification_asked, dispatch_uid="notify_verification_asked")
def tell_staff_of_request(*, organisation: Organisation, number: int, at: datetime, **_: Any) -> None:
    for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        notify(
            user=person,
            kind=NoticeKind.VERIFICATION_ASKED,
            parameters={"organisation": str(organisation), "request": number},
            key=f"verification-{number}",
            now=at,
        )


@receiver(verification_declined, dispatch_uid="notify_verification_declined")
def tell_owners_of_no(*, organisation: Organisation, number: int, at: datetime, **_: Any) -> None:
    for owner in _owners(organisation):
        notify(
            user=owner,
            kind=NoticeKind.VERIFICATION_DECLINED,
            parameters={"organisation": str(organisation), "organisation_id": organisation.public_id},
            key=f"verification-{number}-declined",
            now=at,
        )


def _owners(organisation: Organisation) -> list[User]:
    members = organisation.memberships.filter(role=MembershipRole.OWNER).select_related("user")
    return [member.user for member in members.order_by("pk")]
