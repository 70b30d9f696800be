"""The cases: profiles as exchange lines, links that are known, pairs that people judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = Path(__file__).parent / "sets"
DEMO = Path(__file__).resolve().parents[2] / "matching" / "exchange" / "demo"
#: What the demo's lines say beside the format: contact details and days from now.
NOT_IN_THE_FORMAT = ("contact", "evidence", "opens_in_days", "closes_in_days", "decision_in_days")

Key = tuple[str, str]  #: Source and id.


@dataclass(frozen=True)
class Judged:
    """A pair and what two people thought of it, each without knowing of the other."""

    kind: str
    initiative: Key
    other: Key
    grades: tuple[int, int]

    @property
    def grade(self) -> int:
        """0 no, 1 possible, 2 good, 3 just right: the mean, rounded down."""
        return sum(self.grades) // 2


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object per line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def profiles() -> Iterator[bytes]:
    """Yield every profile as an exchange line. Dates are taken out: all offers are open."""
    files = [
        *sorted(DEMO.glob("*.jsonl")),
        *(SETS / "real" / f"{name}.jsonl" for name in ("offers", "initiatives")),
    ]
    for path in files:
        for record in lines(path):
            kept = {name: value for name, value in record.items() if name not in NOT_IN_THE_FORMAT}
            if kept["type"] == "offer":
                kept |= {"opens": None, "closes": None}
            yield json.dumps(kept, ensure_ascii=False).encode()


def links() -> dict[Key, Key]:
    """Return which offer in fact supported which initiative."""
    return {
        ("real", link["initiative"]): ("real", link["offer"]) for link in lines(SETS / "real" / "links.jsonl")
    }


def support() -> Iterator[bytes]:
    """Yield the links as support given, so that offers know what they have supported."""
    for number, (initiative, offer) in enumerate(links().items()):
        record = {
            "type": "support",
            "version": 1,
            "source": "real",
            "id": f"link-{number}",
            "offer": {"source": offer[0], "id": offer[1]},
            "initiative": {"source": initiative[0], "id": initiative[1]},
        }
        yield json.dumps(record).encode()


def judged() -> list[Judged]:
    """Return every judged pair."""
    return [
        Judged(
            record["kind"],
            _key(record["initiative"]),
            _key(record["offer"] if record["kind"] == "support" else record["other"]),
            tuple(record["grades"]),
        )
        for record in lines(SETS / "judged.jsonl")
    ]


def _key(value: dict[str, str]) -> Key:
    return value["source"], value["id"]
