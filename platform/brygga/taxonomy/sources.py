"""The data files kept with the code, read into plain tuples."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

DATA_FOLDER = Path(__file__).parent / "data"


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file as dictionaries; every cell is stripped text."""
    with (DATA_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def words(cell: str) -> list[str]:
    """Return the parts of a cell that holds several words."""
    return [word.strip() for word in cell.split("|") if word.strip()]


def fingerprint() -> str:
    """Return a digest of every table and of the code that turns them into rows."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in [*sorted(DATA_FOLDER.glob("*.csv")), *(here / name for name in LOADING_CODE)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


LOADING_CODE = ("sources.py", "names.py", "services.py")
