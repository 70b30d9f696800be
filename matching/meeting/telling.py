"""Tell one side of an introduction what the other has done. Never with people's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.selectors import writers_of
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
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
    attached: Mapping[str, str] | None = None,
    **more: str,
) -> None:
    """Tell everybody who may write for a side that the other has done something, but not the one who did it.

    `attached` goes along with the mails. `more` holds further parameters of the notice. When `actor` is None,
    all are told.
    """
    offer, initiative = introduction.offer, introduction.initiative
    parameters = {
        "title": initiative.title,
        "offer_title": offer.title,
        "organisation": owner_name((offer if side == Side.INITIATIVE else initiative).organisation),
        "introduction": introduction.public_id,
        "initiative": initiative.public_id,
        "offer": offer.public_id,
        **more,
    }
    for user in writers_on(offer, initiative, side):
        if actor is None or user.pk != actor.pk:
            notify(user=user, kind=kind, parameters=parameters, key=key(user), now=now, attached=attached)


def writers_on(offer: SupportOffer, initiative: Initiative, side: Side) -> list[User]:
    """Return who may write for a side and does not stand aside from the case. One query."""
    if side == Side.INITIATIVE:
        return writers_of(initiative.organisation)
    return writers_of(offer.organisation, aside=who_stands_aside(offer, initiative))
