"""Tables that people bring: CSV as spreadsheets write it, and XLSX. Nothing in a file is run."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2000  # below the headings
MOST_COLUMNS = 60
# What an archive may unpack to, and how many parts it may have.
_MOST_UNPACKED = 40 * 1024 * 1024
_MOST_PARTS = 2000
# Rows that only look used, by a border or a colour, are passed over: but not for ever.
_MOST_SCANNED = 50_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
# "\x1f" stands for no divider at all: a table of one column.
_DIVIDERS = (";", ",", "\t", "\x1f")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MACROS = ("vbaproject.bin", "macrosheets/")

Table = list[list[str]]


class Trouble(StrEnum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    MACROS = "macros"
    OLD_FORMAT = "old_format"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"


class UnreadableTable(Exception):
    """The file is no table that can be read; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble)


def read_table(content: bytes) -> Table:
    """Return the rows of a CSV or XLSX file as text, headings first, all as long as the longest.

    A row's place is its place in the file; empty rows at the end are left out. Of a workbook it is the first
    sheet, with what formulas gave when it was saved. Line breaks in a cell become "\\n". Raises
    UnreadableTable for anything else, whatever the bytes are.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableTable(Trouble.TOO_LARGE)
    if not content.strip():
        raise UnreadableTable(Trouble.EMPTY)
    if content.startswith(_OLD_OFFICE):
        raise UnreadableTable(Trouble.OLD_FORMAT)
    if content.startswith(b"PK\x03\x04"):
        return _limited(_sheet_rows(content))
    return _limited(_csv_rows(_decoded(content)))


def _limited(rows: Iterable[list[str]]) -> Table:
    """Return the rows up to the last that says something, if they are not too many or too wide."""
    table: Table = []
    used = last = width = 0
    for number, row in enumerate(rows, 1):
        if number > _MOST_SCANNED:
            raise UnreadableTable(Trouble.TOO_MANY_ROWS)
        said = next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)
        table.append(row[:said])
        if not said:
            continue
        used, last, width = used + 1, number, max(width, said)
        if used > MOST_ROWS + 1:
            raise UnreadableTable(Trouble.TOO_MANY_ROWS)
        if width > MOST_COLUMNS:
            raise UnreadableTable(Trouble.TOO_MANY_COLUMNS)
    if not used:
        raise UnreadableTable(Trouble.EMPTY)
    return [row + [""] * (width - len(row)) for row in table[:last]]


# -- CSV -------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """Return the text, by its mark or by what fits. Spreadsheets write UTF-8, Latin-1 and UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:200]:
        # Latin letters in UTF-16 leave every other byte empty; which one tells the order.
        encodings = ["utf-16-le" if content[1:200:2].count(0) >= content[:200:2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text):
            break
        return text
    raise UnreadableTable(Trouble.BROKEN)


def _csv_rows(text: str) -> Iterator[list[str]]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    told = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    # The first line tells a spreadsheet how the rest is divided, and is no row.
    divider = told[1] if told and told[1] in _DIVIDERS else _divider(text)
    lines = text[told.end() :] if told else text
    try:
        for row in csv.reader(StringIO(lines, newline=""), delimiter=divider):
            yield list(row)
    except csv.Error as error:
        raise UnreadableTable(Trouble.BROKEN) from error


def _divider(text: str) -> str:
    """Return what divides the headings into most columns; of equals, what keeps the rows below as wide."""
    best, most = ",", (0, 0)
    for divider in _DIVIDERS:
        try:
            widths = [
                len(row) for row in islice(csv.reader(StringIO(text, newline=""), delimiter=divider), 50)
            ]
        except csv.Error:
            continue
        wide = next((width for width in widths if width), 0)
        score = (wide, sum(width == wide for width in widths))
        if score > most:
            best, most = divider, score
    return best


# -- XLSX ------------------------------------------------------------------------------------------


def _sheet_rows(content: bytes) -> Iterator[list[str]]:
    _look_into(content)
    try:
        with warnings.catch_warnings():
            # What a sheet holds beside its cells (rules, lists of choices) is not read: no need to be told.
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet: Any = book.worksheets[0]
            # The size that the file states may be wrong, either way.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
                yield [_text(value) for value in row]
    except UnreadableTable:
        raise
    except Exception as error:
        # A broken workbook makes openpyxl raise nearly anything: parts, numbers, dates, XML that attacks.
        raise UnreadableTable(Trouble.BROKEN) from error


def _look_into(content: bytes) -> None:
    """Refuse what is no workbook, brings programs along, or would fill the memory. Nothing is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, NotImplementedError, OSError, ValueError, EOFError, IndexError) as error:
        raise UnreadableTable(Trouble.BROKEN) from error
    names = {part.filename.lower() for part in parts}
    if any(mark in name for name in names for mark in _MACROS):
        raise UnreadableTable(Trouble.MACROS)
    if _OPEN_DOCUMENT in content[:200] or "xl/workbook.xml" not in names:
        raise UnreadableTable(Trouble.OTHER_FORMAT)
    # An archive that states less than it holds ends where it said that it would, and is broken then.
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise UnreadableTable(Trouble.TOO_LARGE)


def _text(value: object) -> str:
    """Return a cell as a person reads it; days as 2026-03-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return _NO_TEXT.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")
