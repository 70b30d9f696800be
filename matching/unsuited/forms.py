"""Why does it not suit you?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from matching.unsuited.enums import UnsuitedReason


class UnsuitedForm(BryggaForm):
    reason = forms.ChoiceField(
        label=_("Why does it not suit you?"),
        help_text=_("Only you and your colleagues see it. The giver is not told."),
        choices=UnsuitedReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason that comes closest.")},
    )
