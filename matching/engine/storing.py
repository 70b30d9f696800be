"""Pairs into rows and back. Numbers only: facts are read again when a reason is put into words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from matching.kernel import codes
from matching.kernel.topk import PairTable

_COLUMNS = (
    "run_id",
    "initiative_id",
    "offer_id",
    "verdict",
    "fit",
    "confidence",
    "base",
    "criteria",
    "requirements",
    "scored_at",
)
DECIMALS = 6


def criteria_content(values: Any, known: Any, contributions: Any) -> list[list[float | None]]:
    """Return what `Match.criteria` holds: [value, or null where not known, contribution] a criterion."""
    return [
        [round(float(value), DECIMALS) if is_known else None, round(float(contribution), DECIMALS)]
        for value, is_known, contribution in zip(values, known, contributions, strict=True)
    ]


def requirement_content(verdicts: Any) -> list[int]:
    """Return what `Match.requirements` holds: the verdict's place in `codes.VERDICTS`, a requirement."""
    return [int(verdict) for verdict in verdicts]


def numbers_of(criteria: list[list[float | None]]) -> tuple[list[float], list[bool], list[float]]:
    """Return values (0 where not known), known and contributions of stored criteria."""
    values = [value or 0.0 for value, _ in criteria]
    return values, [value is not None for value, _ in criteria], [float(part or 0.0) for _, part in criteria]


def copy_matches(
    *,
    run_id: int,
    table: PairTable,
    initiative_keys: np.ndarray[Any, Any],
    offer_keys: np.ndarray[Any, Any],
    base: float,
    now: datetime,
) -> int:
    """Write pairs with COPY; return how many. `*_keys` give primary keys for the table's rows."""
    quoted = ", ".join(_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY matching_match ({quoted}) FROM STDIN") as copy,
    ):
        for row in _rows(run_id, table, initiative_keys, offer_keys, base, now):
            copy.write_row(row)
    return len(table)


def _rows(
    run_id: int,
    table: PairTable,
    initiative_keys: np.ndarray[Any, Any],
    offer_keys: np.ndarray[Any, Any],
    base: float,
    now: datetime,
) -> Iterator[tuple[Any, ...]]:
    for place in range(len(table)):
        yield (
            run_id,
            int(initiative_keys[table.initiative[place]]),
            int(offer_keys[table.offer[place]]),
            codes.VERDICTS[table.verdict[place]],
            float(table.fit[place]),
            float(table.confidence[place]),
            round(base, DECIMALS),
            json.dumps(criteria_content(table.values[place], table.known[place], table.contributions[place])),
            json.dumps(requirement_content(table.requirement_verdicts[place])),
            now,
        )
