"""Tables as CSV that open well in spreadsheets, and do nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

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


def csv_text(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV, divided as spreadsheets in the page's language expect: ";" in Swedish."""
    divider = "," if (get_language() or "sv").startswith("en") else ";"
    written = io.StringIO()
    writer = csv.writer(written, delimiter=divider)
    writer.writerow([defused(cell) for cell in header])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return _MARK + written.getvalue()
