"""What the pages of an offer that is not open any more say about the initiatives on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_day
from funders.models import SupportOffer


@dataclass(frozen=True)
class LastMatches:
    """That an offer gets no new initiatives, and as of when those that it has are."""

    title: str
    text: str


def last_matches_of(offer: SupportOffer, now: datetime) -> LastMatches | None:
    """Return what there is to say of an offer that is not open any more, None of one that is or will be."""
    if offer.state == PublicationState.DRAFT:
        return None
    today = timezone.localdate(now)
    if offer.state == PublicationState.PAUSED:
        title = gettext("Your support is paused")
    elif offer.closes_on is not None and offer.closes_on < today:
        title = gettext("Your support closed on %(day)s") % {"day": format_day(offer.closes_on)}
    elif offer.state == PublicationState.CLOSED:
        title = gettext("Your support is closed")
    else:
        return None
    text = gettext(
        "These are the initiatives that fitted when it was last open. None is added, and none goes because the "
        "time has passed. You read, compare and decide as before."
    )
    if not offer.is_published:
        text += " " + gettext("You cannot ask for new introductions while it is not published.")
    return LastMatches(title, text)
