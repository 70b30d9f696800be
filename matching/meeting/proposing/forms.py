"""What an intermediary writes to two who may meet, and what one who says no may write back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from matching.meeting.forms import AskForm
from matching.meeting.proposing.models import ANSWER_LENGTH, CONFLICT_LENGTH, TEXT_LENGTH


class ProposeForm(BryggaForm):
    """Why the two should meet, and a declaration. With one organisation the choice is made silently."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("In whose name do you propose it?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = TextAreaField(
        rows=7,
        max_length=TEXT_LENGTH,
        label=_("Why should they meet?"),
        help_text=_(
            "Both of them read the same text, with your name. Say what you have seen and what they could do "
            "together. Phone numbers and e-mail addresses in the text are hidden."
        ),
        error_messages={
            "required": _("Write why they should meet."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    has_conflict = forms.ChoiceField(
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        label=_("Do you or your organisation have an interest of your own in it?"),
        help_text=_("You may propose it all the same. Both of them read what the tie is."),
        error_messages={"required": _("Answer yes or no.")},
    )
    conflict = forms.CharField(
        required=False,
        max_length=CONFLICT_LENGTH,
        label=_("What is the tie?"),
        help_text=_("Only if you answered yes. For example: we gave them advice last year."),
    )

    def __init__(self, *given: Any, organisations: Sequence[Organisation], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        self.only = organisations[0] if len(organisations) == 1 else None
        if self.only is not None:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.only is not None:
            given["organisation"] = self.only
        if given.get("has_conflict") == "yes" and not given.get("conflict", "").strip():
            self.add_error("conflict", _("Say what the tie is, or answer no above."))
        if given.get("has_conflict") == "no":
            given["conflict"] = ""
        return given


class TakeUpForm(AskForm):
    """A yes: a few words to the other side, and how they reach one if they say yes too."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["message"].help_text = _(
            "Say who you are and what you would like to talk about. They read it before they answer. "
            "Phone numbers and e-mail addresses in the text are hidden."
        )


class DeclineProposalForm(BryggaForm):
    answer = TextAreaField(
        rows=4,
        required=False,
        max_length=ANSWER_LENGTH,
        label=_("A few words to those who proposed it"),
        help_text=_(
            "If you write something they see that it comes from you. Otherwise they are not told who said no. "
            "Phone numbers and e-mail addresses in the text are hidden."
        ),
    )
