"""What people write when they ask to talk about taking something up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import TextAreaField
from innovators.models import Adopter, Initiative
from matching.meeting.forms import ContactForm
from matching.meeting.models import MESSAGE_LENGTH


class AdoptionAskForm(ContactForm):
    """With one profile to ask for, the choice is made silently."""

    profile = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What is it about?"),
        error_messages={"required": _("Choose what it is about.")},
    )
    message = TextAreaField(
        rows=7,
        max_length=MESSAGE_LENGTH,
        label=_("What do you want to say to them?"),
        help_text=_(
            "Say who you are and what you would like to talk about. "
            "Phone numbers and e-mail addresses in the text are hidden."
        ),
        error_messages={
            "required": _("Write a few words to those you ask."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    field_order = ("profile", "message", "name", "email", "phone")

    def __init__(self, *args: Any, profiles: Sequence[Adopter] | Sequence[Initiative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profiles: dict[str, Adopter | Initiative] = {one.public_id: one for one in profiles}
        self.only = profiles[0] if len(profiles) == 1 else None
        if self.only is not None:
            del self.fields["profile"]
        else:
            field = self.fields["profile"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one.public_id, str(one)) for one in profiles]

    def chosen(self) -> Adopter | Initiative:
        return self.only or self.profiles[self.cleaned_data["profile"]]
