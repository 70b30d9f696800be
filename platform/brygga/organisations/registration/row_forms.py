"""Answers in several rows (needs, actors, lines of support), added and removed without JavaScript."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from brygga.core.forms import Text
from brygga.organisations.registration.forms import AnswerForm


class RowsForm(AnswerForm):
    """A question answered by rows.

    A subclass declares `row_fields`, reads its rows in `read_rows`, and may check one in `clean_row`.
    `changes` returns them under `rows_name`. Rows left empty do not count.
    """

    row_fields: ClassVar[dict[str, forms.Field]] = {}
    rows_name: ClassVar[str] = "rows"
    template: ClassVar[str] = "organisations/registration/rows.html"
    row_title: ClassVar[Text] = ""
    add_text: ClassVar[Text] = ""
    most_rows: ClassVar[int] = 20
    empty_rows: ClassVar[int] = 1

    # Read by `read_count`, which takes nonsense calmly: nobody can correct a field they do not see.
    row_count = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        profile: Any,
        question: Any,
        rows: list[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.started_rows = self.read_rows(profile) if rows is None else rows
        shown = max(1, len(self.started_rows) + (self.empty_rows if rows is None else 0))
        if data is not None:
            shown = read_count(data, self.most_rows)
        self.number_of_rows = min(shown, self.most_rows)
        super().__init__(data, profile=profile, question=question, **kwargs)
        for number in range(self.number_of_rows):
            for name, field in self.row_fields.items():
                row_field = copy.deepcopy(field)
                row_field.required = False
                self.fields[row_name(number, name)] = row_field
        if self.may_be_unknown:
            self.fields["unknown"] = self.fields.pop("unknown")  # last on the page
        self.initial["row_count"] = self.number_of_rows
        for number, row in enumerate(self.started_rows):
            self.initial.update({row_name(number, name): value for name, value in row.items()})

    @classmethod
    def read_rows(cls, profile: Any) -> list[dict[str, Any]]:
        """Return the stored rows, each as values by field."""
        raise NotImplementedError

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        return {cls.rows_name: cls.read_rows(profile)}

    @classmethod
    def rearranged(cls, data: MultiValueDict[str, Any], *, profile: Any, question: Any) -> RowsForm:
        """Return the form as it was typed, with a row more or less, judged by nobody yet."""
        rows = [
            {name: data.get(row_name(number, name), "") for name in cls.row_fields}
            for number in range(read_count(data, cls.most_rows))
        ]
        if "add_row" in data and len(rows) < cls.most_rows:
            rows.append({})
        removed = data.get("remove_row", "")
        if removed.isdecimal() and int(removed) < len(rows):
            rows.pop(int(removed))
        others = {name: data[name] for name in data if name in cls.base_fields and name != "row_count"}
        if "unknown" in data:
            others["unknown"] = True
        form = cls(profile=profile, question=question, rows=rows, initial=others)
        # The marks of what was first seen stay: a change by somebody else in between is still noticed.
        form.initial.update({name: data[name] for name in ("revision", "seen") if name in data})
        return form

    def numbered_rows(self) -> list[tuple[int, list[BoundField]]]:
        """Return the rows for the page: their number, counted from zero, and their fields."""
        return [
            (number, [self[row_name(number, name)] for name in self.row_fields])
            for number in range(self.number_of_rows)
        ]

    def other_fields(self) -> list[BoundField]:
        """Return the fields outside the rows that are to be seen."""
        in_rows = {field.name for _, row in self.numbered_rows() for field in row}
        return [field for field in self.visible_fields() if field.name not in in_rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.clean_rows: list[dict[str, Any]] = []
        for number in range(self.number_of_rows):
            row = {name: cleaned.get(row_name(number, name)) for name in self.row_fields}
            typed = any(text.strip() for name in self.row_fields for text in self.raw(row_name(number, name)))
            if typed:
                self.clean_row(number, row)
                self.clean_rows.append(row)
        return cleaned

    def clean_row(self, number: int, row: dict[str, Any]) -> None:
        """Check one filled-in row; complain with `add_error(row_name(number, field), …)`."""

    def is_as_stored(self) -> bool:
        # A row that is gone leaves no field behind that could differ.
        return super().is_as_stored() and len(self.clean_rows) == len(self.started_rows)

    def changes(self) -> dict[str, Any]:
        return {self.rows_name: self.clean_rows}


def row_name(number: int, name: str) -> str:
    return f"row{number}_{name}"


def read_count(data: Mapping[str, Any], most: int) -> int:
    """Return how many rows the page had; nonsense counts as one."""
    written = str(data.get("row_count", ""))
    return max(1, min(int(written), most)) if written.isdecimal() and len(written) < 6 else 1
