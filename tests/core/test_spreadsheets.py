from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.utils.translation import override

from brygga.core.spreadsheets import csv_text, defused


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
