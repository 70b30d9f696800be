"""Tables as CSV that open well in spreadsheets, and do nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import get_language

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Tells spreadsheets that the bytes are UTF-8.
_MARK = "\ufeff"


def defused(value: object) -> str:
    """Return a cell as text that no spreadsheet runs; numbers stay numbers."""
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Return a table as CSV line by line, divided as spreadsheets in the page's language expect: ";" in Swedish.

    A Swedish spreadsheet takes "," for the decimal sign, and would put a whole line in one cell. Rows are
    asked for as the lines are.
    """
    return _lines("," if (get_language() or "sv").startswith("en") else ";", header, rows)


def _lines(divider: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield _MARK + _line(divider, header)
    for row in rows:
        yield _line(divider, row)


def _line(divider: str, cells: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=divider).writerow([defused(cell) for cell in cells])
    return written.getvalue()


def csv_text(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as one CSV text: see `csv_lines`."""
    return "".join(csv_lines(header, rows))
