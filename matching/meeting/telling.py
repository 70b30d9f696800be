"""Tell one side of an introduction what the other has done. Never with people's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.users.models import User
from innovators.selectors import owner_name
from matching.desk.selectors import who_stands_aside
from matching.meeting.enums import Side
from matching.meeting.models import Introduction


def tell_writers(
    *,
    introduction: Introduction,
    side: Side,
    kind: NoticeKind,
    key: Callable[[User], str],
    actor: User | None,
    now: datetime,
    **more: str,
) -> None:
    """Tell everybody who may write for a side that the other has done something, but not the one who did it.

    `more` holds further parameters of the notice. Nobody has done it when `actor` is None.
    """
    seeker, giver = introduction.initiative.organisation, introduction.offer.organisation
    ours, theirs = (seeker, giver) if side == Side.INITIATIVE else (giver, seeker)
    parameters = {
        "title": introduction.initiative.title,
        "offer_title": introduction.offer.title,
        "organisation": owner_name(theirs),
        "introduction": introduction.public_id,
        "initiative": introduction.initiative.public_id,
        "offer": introduction.offer.public_id,
        **more,
    }
    writers = ours.memberships.filter(role__in=WRITING_ROLES).select_related("user").order_by("pk")
    if side == Side.OFFER:
        writers = writers.exclude(user__in=who_stands_aside(introduction.offer, introduction.initiative))
    for membership in writers:
        if actor is None or membership.user_id != actor.pk:
            user = membership.user
            notify(user=user, kind=kind, parameters=parameters, key=key(user), now=now)
