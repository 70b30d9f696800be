"""Forms of the account pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.core.forms import BryggaForm
from brygga.users.enums import TokenScope


class ProfileForm(BryggaForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown to people you work with here. Your e-mail address is not."),
    )
    language = forms.ChoiceField(
        label=_("Language for pages and mails"), choices=Language.choices, widget=forms.RadioSelect
    )


class TokenForm(BryggaForm):
    DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("One year")))

    name = forms.CharField(
        label=_("What is the token for?"),
        max_length=80,
        help_text=_("So that you know which one to remove later, for example “Our case system”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("How long does it last?"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )


class CodeForm(BryggaForm):
    code = forms.CharField(
        label=_("The code from the mail"),
        help_text=_("Six digits."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 8}),
    )
