"""What is published, changed or withdrawn below is rescored here, after commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.asking import ask_again, ask_for_rescoring

#: What the numbers of an organisation's profiles rest on beside the profiles.
OWNER_FACTS = frozenset({"kind", "number", "founded_on"})


def initiative_touched(*, initiative: Initiative, at: datetime, **_: Any) -> None:
    """Ask for an initiative's matches, inside the transaction that changed it. Drafts have none."""
    if initiative.published_at is not None:
        ask_for_rescoring(initiative, now=at)


def offer_touched(*, offer: SupportOffer, at: datetime, **_: Any) -> None:
    """Ask for an offer's matches, inside the transaction that changed it. Drafts have none."""
    if offer.published_at is not None:
        ask_for_rescoring(offer, now=at)


def owner_changed(*, organisation: Organisation, fields: list[str], at: datetime, **_: Any) -> None:
    """Ask again for the published profiles of an organisation that is of another kind or age now."""
    if not OWNER_FACTS & set(fields):
        return
    because = f"owner-{int(at.timestamp() * 1000)}"
    for initiative in Initiative.objects.published().filter(organisation=organisation):
        ask_again(initiative, because=because, now=at)
    for offer in SupportOffer.objects.published().filter(organisation=organisation):
        ask_again(offer, because=because, now=at)
