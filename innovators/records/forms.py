"""The form of a record: what it was when the form was opened, and what it is to become."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from innovators.enums import RecordVisibility
from innovators.models import Initiative
from innovators.records.models import Kept

EARLIEST = date(1900, 1, 1)


class RecordForm(BryggaForm):
    """A subclass names in `columns` the fields that are columns of the record, one to one."""

    columns: ClassVar[tuple[str, ...]] = ()
    unmarked_fields = ("visibility",)

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, initiative: Initiative, today: date, record: Kept | None = None
    ) -> None:
        self.initiative, self.record, self.today = initiative, record, today
        super().__init__(data, initial=self.first_values() if record is None else self.read(record))

    def first_values(self) -> dict[str, Any]:
        """Return what stands in the form of a new record."""
        return {"visibility": RecordVisibility.PAGE}

    def read(self, record: Any) -> dict[str, Any]:
        """Return what stands in the form of a record that there is."""
        return {"revision": record.revision, **{name: getattr(record, name) for name in self.columns}}

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        return {name: self.cleaned_data[name] for name in self.columns}

    def differing(self, record: Any) -> list[tuple[str, Any]]:
        """Return (question, answer) where a record says something else than this form."""
        theirs = self.read(record)
        return [
            (str(field.label), theirs[field.name])
            for field in self.visible_fields()
            if field.name in theirs and field.field.has_changed(theirs[field.name], field.data)
        ]

    def started_from(self, record: Kept) -> None:
        """Let the next save replace the record as it is now."""
        given: Any = self.data
        data = given.copy()
        data["revision"] = str(record.revision)
        self.data = data

    def clean_past_day(self, name: str) -> date | None:
        """Return a day that has been. Raises ValidationError for one that is still to come."""
        day: date | None = self.cleaned_data[name]
        if day is not None and day > self.today:
            raise forms.ValidationError(gettext("Write a day that has been. This one is still to come."))
        if day is not None and day < EARLIEST:
            raise forms.ValidationError(gettext("Check the year. It is more than a hundred years ago."))
        return day


def visibility_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Who may see this?"), choices=RecordVisibility.choices, widget=forms.RadioSelect
    )


def link_field() -> forms.URLField:
    return forms.URLField(
        label=_("Link"),
        help_text=_("To a picture, a report or an article, for example www.exempel.se."),
        assume_scheme="https",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a web address, for example www.exempel.se.")},
    )


def web_address(link: str) -> str:
    """Return the address if it leads to a page. Raises ValidationError."""
    if link and not link.startswith(("https://", "http://")):
        raise forms.ValidationError(gettext("Write a web address, for example www.exempel.se."))
    return link
