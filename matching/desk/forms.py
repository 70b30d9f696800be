"""What a giver writes at the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from matching.desk.enums import DismissReason, Stage
from matching.desk.models import NOTE_LENGTH

INTERNAL = _("Only you and your colleagues see it.")


class ShortlistForm(BryggaForm):
    note = TextAreaField(
        rows=4,
        required=False,
        max_length=NOTE_LENGTH,
        label=_("Note for you and your colleagues"),
        help_text=INTERNAL,
    )
    seen = forms.ChoiceField(choices=Stage.choices, required=False, widget=forms.HiddenInput)


class NoteForm(BryggaForm):
    note = TextAreaField(
        rows=6,
        required=False,
        max_length=NOTE_LENGTH,
        label=_("Note for you and your colleagues"),
        help_text=INTERNAL,
    )
    # Which note the person started from.
    read = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    unmarked_fields = ("note",)


class DismissForm(BryggaForm):
    reason = forms.ChoiceField(
        choices=DismissReason.choices,
        widget=forms.RadioSelect,
        label=_("Why is it not relevant for you?"),
        help_text=_("Nothing is sent to the initiative."),
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )
    seen = forms.ChoiceField(choices=Stage.choices, required=False, widget=forms.HiddenInput)


class UndoForm(BryggaForm):
    """Which step to undo. Never shown; made by the page."""

    step = forms.TypedChoiceField(choices=Stage.choices, coerce=Stage)
