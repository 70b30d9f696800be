"""The taxonomy's trees, read from its tables without a database."""

from __future__ import annotations

import csv
from pathlib import Path

from matching.kernel.facts import Taxonomy

TABLES = Path(__file__).resolve().parent.parent / "platform" / "brygga" / "taxonomy" / "data"


def read_taxonomy() -> Taxonomy:
    """Return every area, theme and target group with its parent."""
    areas: dict[str, str | None] = {}
    for table in ("regions", "countries"):
        areas |= {row["code"]: row["parent"] or None for row in _rows(table)}
    areas |= {f"SE-{row['county_code']}": "SE" for row in _rows("counties")}
    areas |= {f"SE-{row['municipality_code']}": f"SE-{row['county_code']}" for row in _rows("municipalities")}
    themes, target_groups = (
        {row["code"]: row["parent"] or None for row in _rows(table)} for table in ("themes", "target_groups")
    )
    return Taxonomy(areas, themes, target_groups)


def _rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
