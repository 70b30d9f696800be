from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import SwedishDateField, TextAreaField
from brygga.core.reading import Unreadable, read_number
from innovators.enums import ValueKind
from innovators.records.forms import RecordForm, visibility_field
from innovators.value.numbers import DECIMALS, LARGEST, written

KIND_HINTS = {
    ValueKind.SOCIAL: _("How people have it: health, safety, work, friends, a say in things."),
    ValueKind.ENVIRONMENTAL: _("What nature and climate gain: less waste, fewer emissions, more green."),
    ValueKind.ECONOMIC: _("What is earned or saved: for people, for the municipality, for the work itself."),
}


class NumberField(forms.Field):
    """A number as people write it; cleans to a Decimal, or None when left empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write a number, for example 12 or 3,5."),
        "unreadable": _("Write one number in figures, for example 12 or 3,5."),
        "too_large": _("The number is too large. Choose a larger unit, such as thousands."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 14, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            number = read_number(text)
        except Unreadable as error:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from error
        if abs(number) > LARGEST:
            raise forms.ValidationError(self.error_messages["too_large"], code="too_large")
        return round(number, DECIMALS)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class IndicatorForm(RecordForm):
    """Something to measure, in a unit that anybody understands."""

    columns = ("kind", "name", "unit", "how", "baseline", "target", "visibility")

    kind = forms.ChoiceField(
        label=_("What kind of good does it show?"),
        choices=ValueKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    name = forms.CharField(
        label=_("What do you count or measure?"),
        help_text=_("For example “Young people who have got a job” or “Clothes that were mended”."),
        max_length=120,
    )
    unit = forms.CharField(
        label=_("In what unit?"),
        help_text=_("What the number is a number of: people, kilos, hours, kronor, per cent."),
        max_length=40,
    )
    how = TextAreaField(
        label=_("How do you find out?"),
        help_text=_(
            "For example “We ask everybody who comes, twice a year”. It helps others trust the number."
        ),
        rows=3,
        max_length=600,
        required=False,
    )
    baseline = NumberField(
        label=_("What was the number before you began?"),
        help_text=_("Leave it empty if you do not know. Nought is an answer of its own."),
        required=False,
    )
    target = NumberField(
        label=_("What do you hope to reach?"), help_text=_("If you have a goal in figures."), required=False
    )
    visibility = visibility_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {kind.value: hint for kind, hint in KIND_HINTS.items()}
        self.fields["kind"].choice_hints = hints  # type: ignore[attr-defined]  # read by our look


class MeasurementForm(RecordForm):
    """One number on one day."""

    columns = ("number", "measured_on", "source")

    number = NumberField(label=_("What is the number?"))
    measured_on = SwedishDateField(
        label=_("When was it so?"), help_text=_("The day you counted, or the last day of the period.")
    )
    source = forms.CharField(
        label=_("Where does the number come from?"),
        help_text=_("For example “our own lists”, “a survey with 30 answers” or the name of a report."),
        max_length=300,
        required=False,
    )

    def first_values(self) -> dict[str, Any]:
        return {"measured_on": self.today}

    def clean_measured_on(self) -> date | None:
        return self.clean_past_day("measured_on")
