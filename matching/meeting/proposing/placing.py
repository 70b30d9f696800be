"""A case that a giver says yes to lies on its desk, also when no match has put it there."""

from __future__ import annotations

from datetime import datetime

from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.desk.permissions import can_place
from matching.desk.services import ColleagueWasFirst, shortlist


def lay_on_desk(*, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime) -> None:
    """Put a case on the shortlist unless it lies further on. Nothing happens to one that is no longer shown."""
    lies = ShortlistEntry.objects.filter(offer=offer, initiative=initiative)
    if lies.exclude(stage__in=[Stage.SUGGESTED, Stage.DISMISSED]).exists():
        return
    if not can_place(actor, offer, initiative):
        return
    try:
        shortlist(offer=offer, initiative=initiative, actor=actor, now=now)
    except ColleagueWasFirst:
        return
