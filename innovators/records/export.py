"""Everything that is written about an initiative's work, as plain data: what somebody may read of it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser

from innovators.journal.selectors import entries_for
from innovators.models import Indicator, Initiative, Measurement
from innovators.spread.selectors import lists_of, spread_lines
from innovators.value.numbers import plain

if TYPE_CHECKING:
    from brygga.users.models import User


def story_data(initiative: Initiative, user: User | AnonymousUser) -> dict[str, Any]:
    """Return journal, value and spread in codes and texts. Four queries, whatever is written."""
    lists = lists_of(initiative)
    return {
        "initiative": initiative.public_id,
        "title": initiative.title,
        "language": initiative.language,
        "process_parts_now": initiative.process_parts,
        "evidence": initiative.evidence or None,
        "journal": [
            {
                "happened_on": entry.happened_on,
                "process_parts": entry.parts,
                "title": entry.title,
                "text": entry.text,
                "link": entry.link or None,
                "visibility": entry.visibility,
            }
            for entry in entries_for(initiative, user)
        ],
        "indicators": _indicators(initiative, user),
        "core": lists.core,
        "adaptable": lists.adaptable,
        "spread": [
            {
                "adopter": line.adopter or None,
                "adopter_kind": line.record.adopter_kind,
                "place": line.place or None,
                "started_on": line.record.started_on,
                "core_kept": line.kept,
                "adapted": line.record.adapted,
                "link": line.record.link or None,
                "visibility": line.record.visibility,
            }
            for line in spread_lines(initiative, user)
        ],
    }


def _indicators(initiative: Initiative, user: User | AnonymousUser) -> list[dict[str, Any]]:
    indicators = Indicator.objects.visible_to(user).filter(initiative=initiative).order_by("created_at", "pk")
    measured: dict[int, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.standing().filter(indicator__in=[one.pk for one in indicators])
    for row in rows.order_by("measured_on", "pk"):
        measured[row.indicator_id].append(row)
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "unit": one.unit,
            "how": one.how,
            "baseline": _number(one.baseline),
            "target": _number(one.target),
            "visibility": one.visibility,
            "measurements": [
                {"measured_on": row.measured_on, "number": _number(row.number), "source": row.source or None}
                for row in measured[one.pk]
            ],
        }
        for one in indicators
    ]


def _number(number: Decimal | None) -> str | None:
    """Decimals are written as text, so that no reader rounds them."""
    return None if number is None else str(plain(number))
