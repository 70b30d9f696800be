from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import SwedishDateField, TextAreaField
from brygga.taxonomy.enums import PROCESS_PART_QUESTIONS, ProcessPart
from innovators.records.forms import RecordForm, link_field, visibility_field, web_address


class EntryForm(RecordForm):
    """A step of the work: four questions, the last two of them if you like."""

    columns = ("title", "happened_on", "parts", "text", "link", "visibility")

    title = forms.CharField(
        label=_("What happened?"),
        help_text=_("One line, such as “We tried the workshop with ten young people”."),
        max_length=120,
    )
    happened_on = SwedishDateField(label=_("When?"))
    parts = forms.MultipleChoiceField(
        label=_("What was it about?"),
        help_text=_("Choose one or more. The parts have no order, and the same part may come back often."),
        choices=ProcessPart.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part.")},
    )
    text = TextAreaField(
        label=_("Tell more"),
        help_text=_("What did you learn? What surprised you? What do you do next?"),
        rows=7,
        max_length=4000,
        required=False,
    )
    link = link_field()
    visibility = visibility_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {part.value: question for part, question in PROCESS_PART_QUESTIONS.items()}
        self.fields["parts"].choice_hints = hints  # type: ignore[attr-defined]  # read by our look

    def first_values(self) -> dict[str, Any]:
        return {**super().first_values(), "happened_on": self.today}

    def clean_happened_on(self) -> date | None:
        return self.clean_past_day("happened_on")

    def clean_link(self) -> str:
        return web_address(self.cleaned_data["link"])
