"""Tables that people bring are read back as they were written, and no file breaks anything."""

from __future__ import annotations

import csv
import os
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from brygga.core.spreadsheets import xlsx_file
from brygga.core.tables import MOST_BYTES, MOST_ROWS, Trouble, UnreadableTable, read_table

HEADER = ["Initiativ", "Org.nr", "Anteckning"]
# What keyboards write; Latin-1 has all of it, and nothing that would also be UTF-8.
TEXT = st.text("abcÅåÄäÖöé;,\t\"' 019=+-@\n", max_size=12).map(str.strip)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["x", "å;ö", "1,5"])).map(list), max_size=6)


def as_csv(rows: list[list[str]], divider: str) -> str:
    written = StringIO(newline="")
    csv.writer(written, delimiter=divider).writerows(rows)
    return written.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    rows=ROWS,
    divider=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_csv_is_read_back_in_every_encoding(rows: list[list[str]], divider: str, encoding: str) -> None:
    table = [HEADER, *rows]
    assert read_table(as_csv(table, divider).encode(encoding)) == table


@settings(max_examples=15, deadline=None)
@given(rows=ROWS)
def test_sheets_are_read_back(rows: list[list[str]]) -> None:
    with xlsx_file("Ärenden", HEADER, rows) as file:
        assert read_table(file.read()) == [HEADER, *rows]


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300), begin=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"]))
@example(content=b'"', begin=b"")
@example(content=b"a" * 200_000, begin=b"")
def test_no_bytes_break_it(content: bytes, begin: bytes) -> None:
    try:
        table = read_table(begin + content)
    except UnreadableTable:
        return
    assert len({len(row) for row in table}) == 1


def sheet(*rows: list[object]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def with_parts(content: bytes, **parts: bytes) -> bytes:
    file = BytesIO(content)
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return file.getvalue()


def test_a_changed_sheet_breaks_nothing() -> None:
    whole = sheet(list(HEADER), ["a", 1, 2.5])
    for place in range(0, len(whole), 97):
        broken = whole[:place] + os.urandom(3) + whole[place + 3 :]
        for content in (broken, whole[:place]):
            try:
                read_table(content)
            except UnreadableTable:
                continue


def test_what_is_refused_is_named() -> None:
    good = sheet(list(HEADER), ["a"])
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    refused = {
        b" \n": Trouble.EMPTY,
        b";;\n;;": Trouble.EMPTY,
        b"a" * (MOST_BYTES + 1): Trouble.TOO_LARGE,
        b"a;b\n" + b"1;2\n" * (MOST_ROWS + 1): Trouble.TOO_MANY_ROWS,
        b";".join([b"a"] * 61): Trouble.TOO_MANY_COLUMNS,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600): Trouble.OLD_FORMAT,
        with_parts(good, xl__vbaProject_dot_bin=b"x"): Trouble.MACROS,
        with_parts(good, xl__bomb_dot_xml=bytes(41 * 1024 * 1024)): Trouble.TOO_LARGE,
        with_parts(b"", mimetype=b"application/vnd.oasis.opendocument.spreadsheet"): Trouble.OTHER_FORMAT,
        _replaced(good, "xl/workbook.xml", entity): Trouble.BROKEN,
        b"\x89PNG\r\n\x1a\n\x00\x00": Trouble.BROKEN,
        sheet(*[[number] for number in range(MOST_ROWS + 2)]): Trouble.TOO_MANY_ROWS,
    }
    for content, trouble in refused.items():
        with pytest.raises(UnreadableTable) as error:
            read_table(content)
        assert error.value.trouble == trouble


def _replaced(content: bytes, name: str, part: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w") as new:
        for one in old.namelist():
            new.writestr(one, part if one == name else old.read(one))
    return file.getvalue()


def test_days_numbers_and_formulas_are_read_as_people_see_them() -> None:
    from datetime import datetime

    content = sheet(["Dag", "Tal", "Formel"], [datetime(2026, 3, 1), 12.0, "=1+1"], [None, 1.5, None])  # noqa: DTZ001
    assert read_table(content) == [["Dag", "Tal", "Formel"], ["2026-03-01", "12", ""], ["", "1.5", ""]]
    assert read_table(b"sep=;\na;b\n1;2\n") == [["a", "b"], ["1", "2"]]
    assert read_table(b"Namn\na, b\nc\n\n") == [["Namn"], ["a, b"], ["c"]]
