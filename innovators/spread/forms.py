from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import SwedishDateField, TextAreaField
from brygga.organisations.registration.words import full_area_names
from brygga.taxonomy.enums import OrganisationKind
from brygga.taxonomy.selectors import resolve_area
from innovators.records.forms import RecordForm, link_field, visibility_field, web_address
from innovators.spread.lists import items_of


class SpreadForm(RecordForm):
    """Where, who and when; what they kept, and what they did in their own way."""

    columns = ("adopter", "adopter_kind", "started_on", "adapted", "kept_words", "link", "visibility")

    where = forms.CharField(
        label=_("Where?"),
        help_text=_("A municipality, a town, a county or a country."),
        max_length=120,
    )
    adopter = forms.CharField(
        label=_("Who has taken it up?"),
        help_text=_("The name of the association, the school, the municipality or the company."),
        max_length=200,
        required=False,
    )
    adopter_kind = forms.ChoiceField(
        label=_("What are they?"),
        help_text=_("A private person’s name is not shown to others."),
        choices=[("", _("Choose")), *OrganisationKind.choices],
        required=False,
    )
    started_on = SwedishDateField(
        label=_("When did they begin?"),
        help_text=_("Roughly is fine: the first day of the month, or of the year."),
        required=False,
    )
    kept_words = forms.MultipleChoiceField(
        label=_("What have they kept of what must stay the same?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    adapted = TextAreaField(
        label=_("What have they changed?"),
        help_text=_("What they do in their own way, and how it has gone."),
        rows=5,
        max_length=2000,
        required=False,
    )
    link = link_field()
    visibility = visibility_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was confirmed stays, also when the list has been worded anew.
        offered = dict.fromkeys([*items_of(self.initiative.core), *self.initial.get("kept_words", [])])
        field = self.fields["kept_words"]
        assert isinstance(field, forms.MultipleChoiceField)
        if offered:
            field.choices = [(item, item) for item in offered]
        else:
            del self.fields["kept_words"]

    def read(self, record: Any) -> dict[str, Any]:
        where = full_area_names([record.area_code])[0] if record.area_code else record.place
        return {**super().read(record), "where": where}

    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.columns if name in self.fields}
        where = " ".join(self.cleaned_data["where"].split())
        found = resolve_area(where)
        return {
            **values,
            "adopter_kind": values["adopter_kind"] or None,
            "area_code": found.code if found else "",
            "place": "" if found else where,
        }

    def clean_started_on(self) -> date | None:
        return self.clean_past_day("started_on")

    def clean_link(self) -> str:
        return web_address(self.cleaned_data["link"])
