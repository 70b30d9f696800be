"""Demo data: what some of the made-up initiatives tell of their work: journal, indicators, who has taken it up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from innovators.models import Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from innovators.records.services import add_record
from matching.exchange.demonstration import FOLDER


def load_demo_records(*, initiatives: Mapping[str, Initiative], now: datetime, **_: Any) -> None:
    """Write what the demo file says, as long ago as it says. An initiative that tells of anything stays as it is."""
    told = json.loads((FOLDER / "told.json").read_text(encoding="utf-8"))
    for key, given in told.items():
        initiative = initiatives[key]
        if JournalEntry.objects.filter(initiative=initiative).exists():
            continue
        for entry in given["journal"]:
            values = {name: entry[name] for name in ("parts", "title", "text")}
            _add(JournalEntry, initiative, now, entry["days_ago"], happened_on=_day(now, entry), **values)
        for described in given["indicators"]:
            values = {name: described[name] for name in ("kind", "name", "unit", "how")}
            numbers = {name: Decimal(str(described[name])) for name in ("baseline", "target")}
            first = max(days for days, _number, _source in described["measurements"])
            indicator = _add(Indicator, initiative, now, first, **values, **numbers)
            for days, number, source in described["measurements"]:
                _add(
                    Measurement,
                    initiative,
                    now,
                    days,
                    indicator=indicator,
                    measured_on=timezone.localdate(now) - timedelta(days=days),
                    number=Decimal(str(number)),
                    source=source,
                )
        for record in given["spread"]:
            _add(
                SpreadRecord,
                initiative,
                now,
                record["days_ago"],
                adopter=record["adopter"],
                adopter_kind=record["adopter_kind"],
                area_code=record["area"],
                adapted=record["adapted"],
                kept_words=record["kept"],
                started_on=_day(now, record),
            )


def _add(what: type[Any], initiative: Initiative, now: datetime, days_ago: int, **values: Any) -> Any:
    written_at = now - timedelta(days=days_ago)
    return add_record(kind=what, initiative=initiative, values=values, actor=None, now=written_at)


def _day(now: datetime, given: Mapping[str, Any]) -> date:
    return timezone.localdate(now) - timedelta(days=given["days_ago"])
