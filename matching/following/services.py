"""Follow an initiative, stop, and tell those who follow what has happened."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.notifications.digest import begin_weekly
from brygga.notifications.enums import NoticeKind, TipsTopic
from brygga.notifications.services import put_in_lists
from brygga.organisations.models import Membership
from brygga.users.models import User
from innovators.enums import RecordVisibility, Visibility
from innovators.models import Initiative, JournalEntry, SpreadRecord
from innovators.selectors import owner_name
from matching.following import permissions
from matching.following.models import Follow

_RECORDS = {NoticeKind.FOLLOWED_WROTE: JournalEntry, NoticeKind.FOLLOWED_SPREAD: SpreadRecord}


@transaction.atomic
def follow(*, initiative: Initiative, actor: User, now: datetime) -> Follow:
    """Follow an initiative; nobody is told. Again changes nothing. Raises PermissionDenied."""
    if not permissions.can_follow(actor, initiative):
        raise PermissionDenied
    made, is_new = Follow.objects.get_or_create(
        user=actor, initiative=initiative, defaults={"followed_at": now}
    )
    if is_new:
        begin_weekly(user=actor, topic=TipsTopic.FOLLOWED, now=now)
    return made


def stop_following(*, follow: Follow, actor: User) -> None:
    """Follow it no longer. Once is enough. Raises PermissionDenied for what somebody else follows."""
    if not permissions.can_stop(actor, follow):
        raise PermissionDenied
    Follow.objects.filter(pk=follow.pk).delete()


@transaction.atomic
def tell_followers(
    *, initiative_id: int, kind: NoticeKind | str, key: str, now: datetime, record_id: int | None = None
) -> int:
    """Put a line in the list of everybody who follows an initiative and may see now what has happened.

    Return how many may. Safe to run twice: the same `key` is told once. What was taken away meanwhile is not told.
    """
    kind = NoticeKind(kind)
    initiative = Initiative.objects.select_related("organisation").filter(pk=initiative_id).first()
    if initiative is None or not _stands(kind, record_id):
        return 0
    told = (
        _who_closing_is_told(initiative) if kind == NoticeKind.FOLLOWED_CLOSED else _who_may_see(initiative)
    )
    put_in_lists(
        users=told,
        kind=kind,
        parameters={
            "title": initiative.title,
            "organisation": owner_name(initiative.organisation),
            "initiative": initiative.public_id,
        },
        key=key,
        now=now,
    )
    return len(told)


def _stands(kind: NoticeKind, record_id: int | None) -> bool:
    record = _RECORDS.get(kind)
    if record is None:
        return True
    return record.objects.standing().filter(pk=record_id, visibility=RecordVisibility.PAGE).exists()


def _followers(initiative: Initiative) -> list[User]:
    rows = Follow.objects.filter(initiative=initiative, user__is_active=True).select_related("user")
    return [one.user for one in rows.order_by("pk")]


def _who_may_see(initiative: Initiative) -> list[User]:
    """Return those who follow it and may read its page now. One query for what everybody may read."""
    if not initiative.is_published:
        return []
    followers = _followers(initiative)
    if initiative.visibility == Visibility.EVERYONE:
        return followers
    one = Initiative.objects.filter(pk=initiative.pk)
    return [user for user in followers if one.visible_to(user).exists()]


def _who_closing_is_told(initiative: Initiative) -> list[User]:
    """Return those who could read the page until it was closed: everybody, or those whom it was shared with.

    Who saw it only because it fitted their support is not told: that is no longer reckoned.
    """
    if initiative.is_published:
        return []
    followers = _followers(initiative)
    if initiative.visibility == Visibility.EVERYONE:
        return followers
    if initiative.visibility != Visibility.CHOSEN:
        return []
    shared = set(
        Membership.objects.filter(organisation__in=initiative.shared_with.values("pk")).values_list(
            "user_id", flat=True
        )
    )
    return [user for user in followers if user.pk in shared]
