"""What do you need help with, and where are you?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.taxonomy.selectors import county_choices
from innovators.models import Initiative
from intermediaries.helping.models import TEXT_LENGTH


class AskForm(BryggaForm):
    unmarked_fields = ("text", "county")

    text = TextAreaField(
        label=_("What do you need help with?"),
        help_text=_(
            "Write as you talk. “I do not know where to begin” is enough. You can dictate it with your phone."
        ),
        rows=6,
        max_length=TEXT_LENGTH,
        error_messages={"required": _("Write a few words about what you need help with.")},
    )
    county = forms.ChoiceField(
        label=_("Which county are you in?"),
        error_messages={"required": _("Choose a county, so that somebody near you can answer.")},
    )
    initiative = forms.ChoiceField(
        label=_("Is it about one of your initiatives?"),
        help_text=_("If it is published, whoever helps you sees its page."),
        required=False,
    )

    def __init__(self, *args: Any, own: Sequence[Initiative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {one.public_id: one for one in own}
        county, about = self.fields["county"], self.fields["initiative"]
        assert isinstance(county, forms.ChoiceField)
        assert isinstance(about, forms.ChoiceField)
        county.choices = [("", _("Choose")), *county_choices()]
        about.choices = [("", _("No, or not yet")), *((one.public_id, str(one)) for one in own)]
        if not own:
            del self.fields["initiative"]

    @property
    def about(self) -> Initiative | None:
        return self.own.get(self.cleaned_data.get("initiative") or "")
