"""A few profiles that meet, or not, for plain reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from funders.models import SupportOffer
from innovators.models import Initiative
from tests.factories import InitiativeFactory, SupportOfferFactory

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def workshop(**changes: Any) -> Initiative:
    """Return an association's workshop in Göteborg that needs a grant and premises."""
    return InitiativeFactory(**{"title": "Lagningsverkstaden på torget"} | changes)


def garden(**changes: Any) -> Initiative:
    """Return a garden in Luleå that needs loans and is about something else."""
    defaults: dict[str, Any] = {
        "title": "Odlingslotter vid älven",
        "change": "Fler äldre ska få odla tillsammans.",
        "description": "Vi odlar potatis och blommor på en gammal banvall.",
        "theme_codes": ["food_and_growing"],
        "target_group_codes": ["older_people"],
        "area_codes": ["SE-2580"],
        "needs": ["loan"],
    }
    return InitiativeFactory(**defaults | changes)


def grant(**changes: Any) -> SupportOffer:
    """Return a foundation's grant for young people in Västra Götaland."""
    return SupportOfferFactory(**{"title": "Bidrag till unga på väg in i arbetslivet"} | changes)


def mentor(**changes: Any) -> SupportOffer:
    """Return mentoring everywhere, without any rule known."""
    defaults: dict[str, Any] = {
        "title": "Mentor en timme i veckan",
        "description": "En van verksamhetsledare att prata med.",
        "theme_codes": None,
        "target_group_codes": None,
        "process_parts": None,
        "area_codes": ["SE"],
        "eligible_kinds": None,
        "legal_entity_required": None,
        "closes_on": None,
        "support": ["mentoring", "premises"],
    }
    return SupportOfferFactory(**defaults | changes)
