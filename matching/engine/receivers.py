"""What is published, changed or withdrawn below is rescored here, after commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.asking import ask_for_rescoring


def initiative_touched(*, initiative: Initiative, at: datetime, **_: Any) -> None:
    """Ask for an initiative's matches, inside the transaction that changed it. Drafts have none."""
    if initiative.published_at is not None:
        ask_for_rescoring(initiative, now=at)


def offer_touched(*, offer: SupportOffer, at: datetime, **_: Any) -> None:
    """Ask for an offer's matches, inside the transaction that changed it. Drafts have none."""
    if offer.published_at is not None:
        ask_for_rescoring(offer, now=at)
