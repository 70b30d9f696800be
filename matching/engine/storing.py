"""Pairs into rows and back. Numbers only: facts are read again when a reason is put into words.

`Match.numbers` holds the criterion values as little-endian 32-bit millionths, -1 where not known;
`Match.rules` two bits a requirement. Contributions follow from them, the weights and the analysis.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.combine import Weights, combine
from matching.kernel.topk import PairTable

MILLION = 1_000_000
UNKNOWN = -1
_BITS = 2
#: Pairs turned into rows at a time.
_CHUNK = 20_000
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
COLUMNS = (
    "analysis_id",
    "initiative_id",
    "offer_id",
    "from_run",
    "verdict",
    "fit",
    "confidence",
    "numbers",
    "rules",
    "scored_at",
)


@dataclass(frozen=True)
class StoredNumbers:
    """What a stored pair is made of, in the kernel's order. A value that is not known is 0."""

    values: list[float]
    known: list[bool]
    contributions: list[float]
    requirements: list[int]


def pack_values(values: NDArray[Any], known: NDArray[Any]) -> NDArray[np.int32]:
    """Return values as millionths, `UNKNOWN` where not known; same shape."""
    return np.where(known, np.round(values.astype(np.float64) * MILLION), UNKNOWN).astype("<i4")


def pack_rules(verdicts: NDArray[Any]) -> NDArray[np.int64]:
    """Return the verdicts of the last axis in one number, two bits each."""
    shifts = _BITS * np.arange(verdicts.shape[-1], dtype=np.int64)
    packed: NDArray[np.int64] = (verdicts.astype(np.int64) << shifts).sum(axis=-1)
    return packed


def unpack(numbers: bytes | memoryview, rules: int, analysis: Analysis, weights: Weights) -> StoredNumbers:
    """Return what `pack_values` and `pack_rules` put away, with contributions.

    A criterion that came after the pair was stored is not known.
    """
    stored = np.frombuffer(bytes(numbers), dtype="<i4")[: len(codes.CRITERIA)]
    millionths = np.full(len(codes.CRITERIA), UNKNOWN, dtype=np.int64)
    millionths[: len(stored)] = stored
    known = millionths != UNKNOWN
    values = np.where(known, millionths / MILLION, 0.0)
    _, contributions = combine(values, known, analysis.mean_array(), weights)
    places = range(len(codes.REQUIREMENTS))
    return StoredNumbers(
        values.tolist(),
        known.tolist(),
        np.round(contributions, 6).tolist(),
        [int(rules >> (_BITS * place)) & 3 for place in places],
    )


@dataclass(frozen=True)
class Rows:
    """Pairs as they are stored; p rows, C criteria. `initiative` and `offer` are primary keys.

    `fit` and `confidence` are ten-thousandths, which is all the decimals they have.
    """

    initiative: NDArray[np.int64]
    offer: NDArray[np.int64]
    fit: NDArray[np.uint16]
    confidence: NDArray[np.uint16]
    verdict: NDArray[np.int8]
    numbers: NDArray[np.int32]  # (p, C)
    rules: NDArray[np.int64]

    @classmethod
    def of_table(
        cls, table: PairTable, initiative_keys: NDArray[np.int64], offer_keys: NDArray[np.int64]
    ) -> Rows:
        """Return the table's pairs in stored form."""
        return cls(
            initiative=initiative_keys[table.initiative],
            offer=offer_keys[table.offer],
            fit=np.round(table.fit * 10_000).astype(np.uint16),
            confidence=np.round(table.confidence * 10_000).astype(np.uint16),
            verdict=table.verdict.astype(np.int8),
            numbers=pack_values(table.values, table.known),
            rules=pack_rules(table.requirement_verdicts),
        )

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return the rows of several after each other."""
        nothing = cls.of_table(PairTable.empty(), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in (nothing, *parts)])
                for name in cls.__dataclass_fields__
            )
        )

    def __len__(self) -> int:
        return len(self.initiative)

    def take(self, chosen: NDArray[Any] | slice) -> Rows:
        """Return these rows, in this order."""
        return Rows(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def copy_rows(
    rows: Rows, *, analysis_id: int, run_id: int, now: datetime, into: str = "matching_match"
) -> None:
    """Write pairs with binary COPY into a table of matches."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {into} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0))
        for first in range(0, len(rows), _CHUNK):
            for content in _binary(rows.take(slice(first, first + _CHUNK)), analysis_id, run_id, now):
                copy.write(content)
        copy.write(struct.pack("!h", -1))


def _binary(rows: Rows, analysis_id: int, run_id: int, now: datetime) -> Iterator[bytes]:
    """Yield rows in PostgreSQL's binary form, one piece for each length that a row can have."""
    for verdict in np.unique(rows.verdict):
        word = codes.VERDICTS[verdict].encode()
        chosen = rows.take(rows.verdict == verdict)
        values = {
            "analysis_id": (">i8", analysis_id),
            "initiative_id": (">i8", chosen.initiative),
            "offer_id": (">i8", chosen.offer),
            "from_run": (">i8", run_id),
            "verdict": (f"S{len(word)}", word),
            "fit": (">f8", chosen.fit / 10_000),
            "confidence": (">f8", chosen.confidence / 10_000),
            "numbers": (f"S{4 * chosen.numbers.shape[1]}", _as_bytes(chosen.numbers)),
            "rules": (">i8", chosen.rules),
            "scored_at": (">i8", (now - _EPOCH) // timedelta(microseconds=1)),
        }
        layout: list[Any] = [("fields", ">i2")]
        for name in COLUMNS:
            layout += [(f"{name}_length", ">i4"), (name, values[name][0])]
        content = np.zeros(len(chosen), dtype=layout)
        content["fields"] = len(COLUMNS)
        for name in COLUMNS:
            content[f"{name}_length"] = content.dtype[name].itemsize
            content[name] = values[name][1]
        yield content.tobytes()


def _as_bytes(numbers: NDArray[np.int32]) -> NDArray[np.bytes_]:
    whole = np.ascontiguousarray(numbers.astype("<i4"))
    return whole.view(f"S{4 * whole.shape[1]}").ravel()
