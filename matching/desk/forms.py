"""What a giver writes at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, MoneyField, SwedishDateField, TextAreaField
from brygga.taxonomy.enums import SupportKind
from brygga.users.models import User
from matching.desk.enums import Deed, DismissReason, Stage
from matching.desk.mentions import with_mention
from matching.desk.models import MESSAGE_LENGTH, NOTE_LENGTH, RECUSAL_LENGTH

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
    mention = forms.TypedChoiceField(
        coerce=int,
        required=False,
        empty_value=None,
        label=_("Tell a colleague"),
        help_text=_(
            "They get a notice with a link to the card. You can also write @ and their name in the note."
        ),
    )
    # Which note the person started from.
    read = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    unmarked_fields = ("note",)

    def __init__(self, *args: Any, people: Sequence[User], writer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        colleagues = [(one.pk, str(one)) for one in people if one != writer]
        field = self.fields["mention"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody")), *colleagues]
        if not colleagues:
            del self.fields["mention"]

    def clean(self) -> dict[str, Any]:
        """Write whom the list names into the note, as if it had been written there."""
        cleaned = super().clean() or self.cleaned_data
        chosen = next((one for one in self.people if one.pk == cleaned.get("mention")), None)
        if chosen is not None and "note" in cleaned:
            cleaned["note"] = with_mention(cleaned["note"], chosen, self.people)
            if len(cleaned["note"]) > NOTE_LENGTH:
                self.add_error("note", _("There is no room for the name. Make the note a little shorter."))
        return cleaned


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


class MoveForm(BryggaForm):
    """Where to move a case. Made by the desk's own page."""

    to = forms.TypedChoiceField(choices=Stage.choices, coerce=Stage)
    seen = forms.TypedChoiceField(choices=Stage.choices, coerce=Stage, required=False, empty_value=None)


class CareForm(BryggaForm):
    assignee = forms.TypedChoiceField(
        coerce=int, required=False, empty_value=None, label=_("Who takes care of it?"), help_text=INTERNAL
    )
    due_on = SwedishDateField(
        required=False, label=_("When should it be done?"), help_text=_("For example 1 March 2026.")
    )

    def __init__(self, *args: Any, writers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody yet")), *((one.pk, str(one)) for one in writers)]


class SeveralForm(BryggaForm):
    """What to do with several cases. Made by the desk's own page."""

    deed = forms.TypedChoiceField(choices=Deed.choices, coerce=Deed)
    sure = forms.BooleanField(required=False)


class SeveralDetailsForm(BryggaForm):
    """What a deed with several cases needs besides. The moves need nothing."""

    def __init__(self, *args: Any, writers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "assignee" in self.fields:
            field = self.fields["assignee"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Nobody yet")), *((one.pk, str(one)) for one in writers)]


class SeveralAsideForm(SeveralDetailsForm):
    reason = forms.ChoiceField(
        choices=DismissReason.choices,
        widget=forms.RadioSelect,
        label=_("Why are they not relevant for you?"),
        help_text=_("Only you and your colleagues see the reason."),
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )


class SeveralDeclineForm(SeveralDetailsForm):
    reason = forms.ChoiceField(
        choices=DismissReason.choices,
        widget=forms.RadioSelect,
        label=_("Why do you turn them down?"),
        help_text=_("Only you and your colleagues see the reason."),
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )


class SeveralAssignForm(SeveralDetailsForm):
    assignee = forms.TypedChoiceField(
        coerce=int, required=False, empty_value=None, label=_("Who takes care of them?"), help_text=INTERNAL
    )
    unmarked_fields = ("assignee",)


class SeveralDueForm(SeveralDetailsForm):
    due_on = SwedishDateField(
        required=False,
        label=_("When should they be done?"),
        help_text=_("For example 1 March 2026. Leave it empty to take the day away."),
    )
    unmarked_fields = ("due_on",)


FORMS_OF_DEEDS: dict[Deed, type[SeveralDetailsForm]] = {
    Deed.SHORTLIST: SeveralDetailsForm,
    Deed.DIALOGUE: SeveralDetailsForm,
    Deed.BACK: SeveralDetailsForm,
    Deed.ASIDE: SeveralAsideForm,
    Deed.DECLINE: SeveralDeclineForm,
    Deed.ASSIGN: SeveralAssignForm,
    Deed.DUE: SeveralDueForm,
}


class RecuseForm(BryggaForm):
    reason = forms.CharField(
        required=False,
        max_length=RECUSAL_LENGTH,
        label=_("Why?"),
        help_text=_("Your colleagues see it. You need not say."),
    )


class DecideForm(BryggaForm):
    """What every decision asks for. Without `is_told` there is nobody to write to."""

    message = TextAreaField(
        rows=6,
        max_length=MESSAGE_LENGTH,
        label=_("Message to them"),
        help_text=_("You see what is sent before it goes."),
        error_messages={"required": _("Write a few words to them.")},
    )
    seen = forms.TypedChoiceField(
        choices=Stage.choices, coerce=Stage, required=False, empty_value=None, widget=forms.HiddenInput
    )
    # What the page said of who is told.
    told = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_told:
            del self.fields["message"]


class DeclineForm(DecideForm):
    reason = forms.ChoiceField(
        choices=DismissReason.choices,
        widget=forms.RadioSelect,
        label=_("Why do you turn it down?"),
        help_text=_("Only you and your colleagues see the reason."),
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )
    field_order = ("reason", "message")


class SupportForm(DecideForm):
    kind = forms.ChoiceField(choices=SupportKind.choices, label=_("Kind of support"))
    amount = MoneyField(required=False, min_value=1, max_value=10**12, label=_("Amount"))
    hours = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        label=_("Hours"),
        help_text=_("If you give of your time."),
    )
    decided_on = SwedishDateField(label=_("When did you decide?"), help_text=_("For example 1 March 2026."))
    starts_on = SwedishDateField(required=False, label=_("The support begins"))
    ends_on = SwedishDateField(required=False, label=_("The support ends"))
    field_order = ("kind", "amount", "hours", "decided_on", "starts_on", "ends_on", "message")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(
                _("Write a day that has been. The decision is recorded when it is made.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The support ends before it begins. Change one of the days."))
        return cleaned
