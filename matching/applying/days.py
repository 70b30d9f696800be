"""When we ask how it went. Days are those of Sweden."""

from __future__ import annotations

from datetime import date, timedelta

from brygga.core.enums import PublicationState
from funders.models import SupportOffer

#: Where there is no last day to wait for.
WAIT = timedelta(days=21)


def ask_day(offer: SupportOffer, meant_on: date) -> date:
    """Return the day after the last one, or three weeks after somebody meant to apply if there is none to wait for.

    It follows the offer as it is now: a last day that is moved moves the question. The same rule as `due_on`.
    """
    if offer.closes_on is not None and offer.state == PublicationState.PUBLISHED:
        return offer.closes_on + timedelta(days=1)
    return meant_on + WAIT
