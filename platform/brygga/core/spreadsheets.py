"""Tables as CSV and XLSX that open well in spreadsheets, and do nothing there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Tells spreadsheets that the bytes are UTF-8.
_MARK = "\ufeff"
# What a sheet cannot hold: control characters, half of a pair, and what is no character at all.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL, _LONGEST_NAME = 32_767, 31
_COLUMN_WIDTH = 24
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def xlsx_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """Return a table as an open XLSX file, at its beginning. Numbers are numbers; all else is text, never a formula.

    Rows are asked for one by one and written to a file that is gone when it is closed, so that many take
    no more memory than few. `name` is what the sheet is called.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Brygga"
    sheet: Any = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", name)[:_LONGEST_NAME])
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH
    sheet.append([_cell(sheet, value, is_bold=True) for value in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: object, *, is_bold: bool = False) -> Any:
    """Return a cell that stays text also when somebody edits it: the mark that "'" is in a spreadsheet."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _NO_TEXT.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_CELL]
    is_formula = text.lstrip(" ").startswith(_FORMULA)
    if not is_bold and not is_formula and not text.startswith("#"):
        return text
    cell = WriteOnlyCell(sheet)
    cell.value = text
    # After the value, which openpyxl reads a formula or an error out of.
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    if is_formula:
        cell.quotePrefix = True
    return cell
