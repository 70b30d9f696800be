"""What a saved search is called, and how often one wants to hear of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.search.enums import Rhythm
from brygga.search.models import NAME_LENGTH


class SearchForm(BryggaForm):
    name = forms.CharField(
        max_length=NAME_LENGTH,
        label=_("What shall the search be called?"),
        help_text=_("The name stands in the mails, so that you know which search they are about."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rhythm = forms.ChoiceField(
        choices=Rhythm.choices,
        label=_("How often may we write?"),
        help_text=_("When there is nothing new, we send nothing."),
        widget=forms.RadioSelect,
    )
