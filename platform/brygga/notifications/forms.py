"""How often somebody wants mails that can wait."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.notifications.enums import TipsRhythm, TipsTopic


class MailsForm(BryggaForm):
    support = forms.ChoiceField(
        choices=TipsRhythm.choices,
        label=TipsTopic.SUPPORT.label,
        help_text=_("For you who belong to an initiative."),
        widget=forms.RadioSelect,
    )
    cases = forms.ChoiceField(
        choices=TipsRhythm.choices,
        label=TipsTopic.CASES.label,
        help_text=_("For you who offer support."),
        widget=forms.RadioSelect,
    )
    followed = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (TipsRhythm.WEEKLY, TipsRhythm.OFF)],
        label=TipsTopic.FOLLOWED.label,
        help_text=_("The news stands among your notices at once."),
        widget=forms.RadioSelect,
    )
    pause_searches = forms.BooleanField(
        required=False,
        label=_("Pause all my saved searches"),
        help_text=_("You can begin again with each of them on your page."),
    )
    unmarked_fields = ("pause_searches",)


class NewsletterForm(BryggaForm):
    email = forms.EmailField(
        max_length=254,
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("Write the whole address, such as namn@exempel.se.")},
    )
    # People never see it, robots fill in everything.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_robot(self) -> bool:
        return bool(self.cleaned_data.get("website"))
