from __future__ import annotations

import csv
import tracemalloc
from io import StringIO

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from brygga.core.spreadsheets import csv_text, defused, xlsx_file


@pytest.mark.parametrize("text", ["=1+1", "+46", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"), [("Skåne", "Skåne"), ("a=b", "a=b"), (-3, "-3"), ("", ""), ("–", "–")]
)
def test_the_rest_is_as_it_was(value: object, written: str) -> None:
    assert defused(value) == written


@pytest.mark.parametrize(("language", "divider"), [("sv", ";"), ("en", ",")])
def test_a_table_comes_back_as_it_was_written(language: str, divider: str) -> None:
    rows = [["Län", 'Citat "här"'], ["a;b,c", "rad\nbrytning"]]
    with override(language):
        text = csv_text(["=Namn", "Text"], rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(StringIO(text[1:], newline=""), delimiter=divider))
    assert read == [["'=Namn", "Text"], *rows]


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.text(max_size=40) | st.sampled_from(["=1", "+1", "-1", "@A", "#N/A", "#REF!"])))
def test_any_text_in_a_sheet_is_text_and_numbers_are_numbers(texts: list[str]) -> None:
    with xlsx_file("Ett: två/tre", ["Namn", "=Tal"], [[text, -3.5] for text in texts]) as file:
        rows = list(load_workbook(file).active.iter_rows())  # type: ignore[union-attr]
    assert [(cell.value, cell.data_type) for cell in rows[0]] == [("Namn", "s"), ("=Tal", "s")]
    for (name, number), text in zip(rows[1:], texts, strict=True):
        assert (number.value, number.data_type) == (-3.5, "n")
        assert name.value is None or name.data_type == "s"
        if text.isprintable() and not text.startswith(" ") and not text.endswith(" "):
            assert (name.value or "") == text


def test_many_rows_take_no_more_memory_than_few() -> None:
    tracemalloc.start()
    try:
        with xlsx_file("Många", ["Namn"], ([f"Rad {number} med lite text"] for number in range(4000))):
            _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_500_000
