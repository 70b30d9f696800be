"""Whether somebody applied, and how it went."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, MoneyField, TextAreaField
from matching.applying.enums import DidApply, Outcome
from matching.applying.models import HARD_LENGTH, Application
from matching.applying.services import Answer

LARGEST_AMOUNT = 10**12
_CHOOSE = {"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")}


class HowDidItGoForm(BryggaForm):
    did_apply = forms.ChoiceField(
        choices=DidApply.choices,
        widget=forms.RadioSelect,
        label=_("Did you apply?"),
        error_messages=_CHOOSE,
    )
    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        required=False,
        label=_("If you applied: how did it go?"),
        error_messages=_CHOOSE,
    )
    amount = MoneyField(
        required=False,
        min_value=1,
        max_value=LARGEST_AMOUNT,
        label=_("If you got money: how much?"),
    )
    is_shown = forms.BooleanField(
        required=False,
        label=_("Show on the initiative’s page that we got this support"),
        help_text=_("It is shown as your own words, not confirmed by the giver. You can take it away."),
    )
    hard = TextAreaField(
        rows=3,
        max_length=HARD_LENGTH,
        required=False,
        label=_("What was hard about applying?"),
        help_text=_("We who run the service read it, without your name. Neither the giver nor others do."),
        error_messages={
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    unmarked_fields = ("outcome", "amount", "is_shown")

    @classmethod
    def initial_of(cls, application: Application) -> dict[str, Any]:
        names = ("did_apply", "outcome", "amount", "is_shown", "hard")
        return {name: getattr(application, name) for name in names} | {"seen": application.revision}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (
            given.get("did_apply") == DidApply.YES
            and not given.get("outcome")
            and "outcome" not in self.errors
        ):
            self.add_error("outcome", _("Choose how it went."))
        return given

    @property
    def answer(self) -> Answer:
        given = self.cleaned_data
        return Answer(
            given["did_apply"], given["outcome"], given["amount"], given["hard"], is_shown=given["is_shown"]
        )
