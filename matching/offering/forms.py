"""Three fields: what, in which words, and who."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.taxonomy.enums import OrganisationKind, SupportKind

LONGEST = 1500


class OfferForm(BryggaForm):
    kind = forms.ChoiceField(
        choices=[("", _("Choose")), *SupportKind.choices],
        label=_("What can you give?"),
        error_messages={"required": _("Choose what you can give.")},
    )
    words = TextAreaField(
        rows=5,
        max_length=LONGEST,
        label=_("Say it in your own words"),
        help_text=_("What, how much and when? Phone numbers and e-mail addresses in the text are hidden."),
        error_messages={
            "required": _("Write a few words about what you can give."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    who = forms.ChoiceField(
        choices=[("", _("Choose")), *OrganisationKind.choices],
        label=_("Who gives the support?"),
        help_text=_("You can give its name afterwards."),
        error_messages={"required": _("Choose who gives the support.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
