"""Choosing what answers a challenge, and why an answer is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.challenges.models import REASON_LENGTH


class AnswerForm(BryggaForm):
    """One of one's own published initiatives and offers."""

    profile = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What do you answer with?"),
        error_messages={"required": _("Choose what you answer with.")},
    )

    def __init__(
        self, *args: Any, initiatives: Sequence[Initiative], offers: Sequence[SupportOffer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.profiles: dict[str, Initiative | SupportOffer] = {}
        for profiles in (initiatives, offers):
            self.profiles |= {one.public_id: one for one in profiles}
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((one.public_id, _("Initiative: %(title)s") % {"title": one.title}) for one in initiatives),
            *((one.public_id, _("Support: %(title)s") % {"title": one.title}) for one in offers),
        ]

    def chosen(self) -> Initiative | SupportOffer:
        return self.profiles[self.cleaned_data["profile"]]


class RemoveForm(BryggaForm):
    reason = TextAreaField(
        rows=3,
        max_length=REASON_LENGTH,
        label=_("Why do you take it away?"),
        help_text=_("They are told that it is taken away, and read this on the challenge's page."),
        error_messages={"required": _("Write why you take it away.")},
    )
