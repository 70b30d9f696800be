"""What an organisation says when it asks to be verified."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import TextAreaField
from brygga.organisations.forms import NumberForm
from brygga.organisations.models import Organisation
from brygga.organisations.numbers import holds_personal_number
from brygga.organisations.services import OWN_KINDS
from brygga.organisations.verification.models import PAGE_LENGTH, SIGNATORY_LENGTH, WORDS_LENGTH


class VerificationForm(NumberForm):
    page = forms.URLField(
        label=_("Is there a web page that shows that it is you?"),
        required=False,
        max_length=PAGE_LENGTH,
        assume_scheme="https",
        widget=forms.TextInput,
        help_text=_("Your own page, or one at a register or a partner. Leave it empty if there is none."),
    )
    signatory = forms.CharField(
        label=_("Who signs for the organisation?"),
        max_length=SIGNATORY_LENGTH,
        help_text=_("Name and role. For example: Eva Lund, chair. Never a personal number."),
        error_messages={"required": _("Write who signs for the organisation.")},
    )
    words = TextAreaField(
        label=_("Is there more that helps us check?"), required=False, rows=3, max_length=WORDS_LENGTH
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        kwargs["initial"] = {"page": organisation.website}
        super().__init__(*args, **kwargs)
        if organisation.number or organisation.kind in OWN_KINDS:
            del self.fields["number"]

    def clean_signatory(self) -> str:
        return self._without_personal_number("signatory")

    def clean_words(self) -> str:
        return self._without_personal_number("words")

    def _without_personal_number(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if holds_personal_number(text):
            self.forget(name)
            raise forms.ValidationError(
                _("That looks like a personal number, so we have thrown the text away. Write it without.")
            )
        return text
