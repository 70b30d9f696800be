"""Exchange lines as people gather them from public pages."""

from __future__ import annotations

import json
from typing import Any


def offer(record_id: str = "bygdemedel", **changes: Any) -> dict[str, Any]:
    """Return an offer's line with the keys of real ones."""
    return {
        "type": "offer",
        "version": 1,
        "source": "pages",
        "id": record_id,
        "source_url": "https://www.exempel.example/stod/bygdemedel",
        "language": "sv",
        "title": "Bygdemedel för mötesplatser",
        "description": "Vi ger bidrag till samlingslokaler och mötesplatser på landsbygden.",
        "organisation": {"name": "Region Exempel", "kind": "region", "number": None},
        "themes": ["mötesplatser", "landsbygd", "vävstolar"],
        "target_groups": [],
        "process_parts": None,
        "areas": ["Skåne län", "Sydöstra Skåne"],
        "support": [{"kind": "grant", "amount_min": 20000, "amount_max": 300000, "hours": None}],
        "eligible_organisation_kinds": ["association", "economic_association"],
        "must_include_kinds": None,
        "consortium_required": False,
        "legal_entity_required": None,
        "co_funding_percent": 20,
        "opens": None,
        "closes": "2027-03-31",
        "decision_on": None,
        "capacity": None,
        "hours_to_apply": None,
        "confirmed": False,
    } | changes


def initiative(record_id: str = "vavstugan", **changes: Any) -> dict[str, Any]:
    """Return an initiative's line with the keys of real ones."""
    return {
        "type": "initiative",
        "version": 1,
        "source": "pages",
        "id": record_id,
        "source_url": "https://www.exempel.example/vavstugan",
        "language": "sv",
        "title": "Vävstugan som öppen mötesplats",
        "description": "Vi vill göra den gamla vävstugan till en mötesplats för nyanlända och byns äldre.",
        "change": None,
        "organisation": {"name": "Byalaget i Vitaby", "kind": "association", "number": "802002-4280"},
        "themes": ["mötesplatser", "integration", "vävning"],
        "target_groups": ["nyanlända", "äldre"],
        "process_parts": ["develop"],
        "areas": ["Simrishamn"],
        "actors": [{"name": None, "kind": "municipality", "role": "partner"}],
        "needs": [{"kind": "grant", "amount": 150000, "hours": None}],
        "drivers": None,
        "core": None,
        "adaptable": None,
    } | changes


def support(record_id: str = "beslut-1", **changes: Any) -> dict[str, Any]:
    """Return a line on support given."""
    return {
        "type": "support",
        "version": 1,
        "source": "pages",
        "id": record_id,
        "offer": {"source": "pages", "id": "bygdemedel"},
        "initiative": {"source": "pages", "id": "vavstugan"},
        "kind": "grant",
        "amount": 120000,
        "decided_on": "2025-11-03",
    } | changes


def encoded(*records: dict[str, Any]) -> list[bytes]:
    """Return records as the lines of a file."""
    return [json.dumps(record, ensure_ascii=False).encode() for record in records]
