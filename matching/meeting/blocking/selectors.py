"""Whether somebody may ask, and the blocks that one's own people can lift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from brygga.organisations.models import Organisation
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.enums import Side

if TYPE_CHECKING:
    from brygga.users.models import User
    from funders.models import SupportOffer
    from innovators.models import Initiative


def is_blocked(offer: SupportOffer, initiative: Initiative, *, asker: Side) -> bool:
    """Return whether the other side takes no questions from the one who asks. Asked by both ways of asking."""
    asking, asked = offer.organisation_id, initiative.organisation_id
    if asker == Side.INITIATIVE:
        asking, asked = asked, asking
    return ContactBlock.objects.filter(organisation=asked, against=asking).exists()


def blocks_of(user: User) -> QuerySet[ContactBlock]:
    """Return what the user's organisations have blocked, the newest first."""
    mine = Organisation.objects.of(user).values("pk")
    rows = ContactBlock.objects.filter(organisation__in=mine).select_related("organisation", "against")
    return rows.order_by("-made_at", "-pk")
