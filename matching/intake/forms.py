"""A table, its columns, and what to do with cases that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.core.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Table,
    Trouble,
    UnreadableTable,
    read_table,
)
from matching.desk.enums import Stage
from matching.intake.enums import STAGES, Column

_TROUBLES = {
    Trouble.EMPTY: _("The file is empty."),
    Trouble.TOO_LARGE: _("The file is too large. It can have 5 MB. Divide the table into several."),
    Trouble.TOO_MANY_ROWS: _("The table has more than %(rows)d rows. Divide it into several."),
    Trouble.TOO_MANY_COLUMNS: _("The table has more than %(columns)d columns. Take away those not needed."),
    Trouble.MACROS: _(
        "The file has programs in it (macros). Save it as an ordinary workbook (XLSX) or as CSV."
    ),
    Trouble.OLD_FORMAT: _(
        "The file is of an old kind or has a password. Save it without one, as XLSX or as CSV."
    ),
    Trouble.OTHER_FORMAT: _("We read only XLSX and CSV. Save the table as one of them."),
    Trouble.BROKEN: _("We cannot read the file as a table. Save it again, as XLSX or as CSV."),
}
_NONE = ""


class TableField(forms.FileField):
    """A file that cleans to the rows of its table."""

    widget = forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> Table:
        given: UploadedFile[Any] = super().clean(data, initial)
        # A file that is too large is not read at all.
        content = given.read(MOST_BYTES + 1)
        try:
            table = read_table(content)
        except UnreadableTable as error:
            raise refused(error.trouble) from error
        if len(table) < 2:
            raise forms.ValidationError(_("The table has headings but no rows below them."))
        return table


def refused(trouble: Trouble) -> forms.ValidationError:
    return forms.ValidationError(
        _TROUBLES[trouble], params={"rows": MOST_ROWS, "columns": MOST_COLUMNS}, code=trouble
    )


class UploadForm(BryggaForm):
    file = TableField(
        label=_("Your table"),
        help_text=_("An Excel workbook (XLSX) or CSV, at most 5 MB. The first row holds the headings."),
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _TROUBLES[Trouble.EMPTY],
        },
    )

    def __init__(self, *args: Any, left_out: Sequence[str] = (), **kwargs: Any) -> None:
        """`left_out` names files that were too large to be taken in."""
        super().__init__(*args, **kwargs)
        self.left_out = left_out

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.left_out:
            self.errors.pop("file", None)
            self.add_error("file", refused(Trouble.TOO_LARGE))
        return cleaned


class ColumnsForm(BryggaForm):
    """Which column tells what. The names of the fields are those of `Column`."""

    stage_otherwise = forms.TypedChoiceField(
        choices=[(stage.value, stage.label) for stage in STAGES],
        coerce=Stage,
        widget=forms.RadioSelect,
        label=_("Where do cases go when the table does not say?"),
        help_text=_("Nothing is sent to any initiative."),
    )
    unmarked_fields = "__all__"

    def __init__(self, *args: Any, headings: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(_NONE, _("No column")), *((number, name) for number, name in enumerate(headings))]
        last = self.fields.pop("stage_otherwise")
        for column in Column:
            self.fields[column.value] = forms.TypedChoiceField(
                choices=choices, coerce=int, required=False, empty_value=None, label=column.label
            )
        self.fields["stage_otherwise"] = last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [place for place in (cleaned.get(column.value) for column in Column) if place is not None]
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError(_("One column is chosen twice. Choose it once."))
        has_name = cleaned.get(Column.TITLE) is not None and cleaned.get(Column.NUMBER) is not None
        if cleaned.get(Column.ADDRESS) is None and not has_name:
            raise forms.ValidationError(
                _("Choose the address in Brygga, or both name and organisation number, so that we find them.")
            )
        return cleaned

    def mapping(self) -> dict[Column, int]:
        """Return the chosen columns."""
        found = {column: self.cleaned_data.get(column.value) for column in Column}
        return {column: place for column, place in found.items() if place is not None}


class TakeInForm(BryggaForm):
    notes = forms.ChoiceField(
        choices=[
            ("leave", _("Leave them as they are")),
            ("add", _("Add the table’s note below theirs")),
        ],
        required=False,
        widget=forms.RadioSelect,
        label=_("And those on the desk already?"),
    )
    unmarked_fields = "__all__"
