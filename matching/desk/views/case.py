"""One case on the desk: how it lies now, and what was just done with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brygga.core.http import SignedInRequest
from brygga.core.slots import fill
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.comparing.blind import Shown
from matching.desk import selectors
from matching.desk.cards import Case, case_of
from matching.engine.selectors import pair_explanation
from matching.meeting.selectors import newest_introductions

# What the page after a redirect tells, with a button that undoes it.
JUST_MOVED = "desk_just_moved"
# So long what was done with several cases is told, for who looks at one of them before they undo it.
SEVERAL_TOLD = timedelta(minutes=15)


def case_on_card(request: SignedInRequest, offer: SupportOffer, initiative: Initiative) -> Case:
    """Return one case as it lies now, for the fragment that answers an action."""
    entry = selectors.entries_of(offer, [initiative.pk]).get(initiative.pk)
    introduction = newest_introductions(offer, [initiative.pk]).get(initiative.pk)
    fill("initiative_badges", [initiative], request)
    now = timezone.now()
    why = pair_explanation(initiative, offer, perspective="offer", now=now)
    shown = Shown(request.session, offer, request.user, now)
    return shown(case_of(initiative, why, entry, introduction))


def pop_just_moved(
    request: SignedInRequest, *offers: SupportOffer, organisation: str = ""
) -> dict[str, Any] | None:
    """Return what was just done at one of the offers' desks, or among all of an organisation's cases.

    Once; with several cases for a while, `again` from the second time on.
    """
    moved: dict[str, Any] | None = request.session.get(JUST_MOVED)
    if moved is None:
        return None
    is_here = moved.get("offer") in [offer.public_id for offer in offers]
    if not is_here and (not organisation or moved.get("organisation") != organisation):
        return None
    at = moved.get("at")
    if at and timezone.now() - datetime.fromisoformat(at) < SEVERAL_TOLD:
        request.session[JUST_MOVED] = {**moved, "again": True}
        return moved
    del request.session[JUST_MOVED]
    # Told before, and too long ago.
    return None if moved.get("again") else moved
