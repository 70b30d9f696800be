"""What people write when they ask and answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from matching.meeting.models import MESSAGE_LENGTH
from matching.meeting.selectors import Contact


class ContactForm(BryggaForm):
    """How the other side may reach one: an e-mail address or a phone number at least."""

    name = forms.CharField(
        max_length=120,
        required=False,
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        max_length=254,
        required=False,
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("Write the whole address, such as namn@exempel.se.")},
    )
    phone = forms.RegexField(
        regex=r"^[+0-9][0-9 ()/.‐‑–-]{4,38}$",
        max_length=40,
        required=False,
        label=_("Phone number"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "size": 20}),
        error_messages={"invalid": _("Write the number with digits, such as 070-174 06 05.")},
    )
    unmarked_fields = "__all__"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("email") and not given.get("phone"):
            self.add_error("email", _("Fill in an e-mail address or a phone number."))
        return given

    @property
    def contact(self) -> Contact:
        given = self.cleaned_data
        return Contact(given["name"], given["email"], given["phone"])


class AskForm(ContactForm):
    message = TextAreaField(
        rows=7,
        max_length=MESSAGE_LENGTH,
        label=_("What do you want to say to them?"),
        help_text=_(
            "Say who you are, what caught your interest and what you would like to talk about. "
            "Phone numbers and e-mail addresses in the text are hidden."
        ),
        error_messages={
            "required": _("Write a few words to those you ask."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    field_order = ("message", "name", "email", "phone")


class AskGiverForm(ContactForm):
    message = TextAreaField(
        rows=7,
        max_length=MESSAGE_LENGTH,
        label=_("What do you want to say to the giver?"),
        help_text=_(
            "For example: “We run a repair workshop in Bergsjön and want to open one more evening a week. "
            "What would you need to know from us?” Phone numbers and e-mail addresses in the text are hidden."
        ),
        error_messages={
            "required": _("Write a few words to those you ask."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    field_order = ("message", "name", "email", "phone")


class DeclineForm(BryggaForm):
    def __init__(self, *given: Any, to_giver: bool = True, **more: Any) -> None:
        super().__init__(*given, **more)
        if not to_giver:
            self.fields["answer"].label = _("A few words to those who asked")

    answer = TextAreaField(
        rows=4,
        required=False,
        max_length=MESSAGE_LENGTH,
        label=_("A few words to the giver"),
        help_text=_("Phone numbers and e-mail addresses in the text are hidden."),
    )
    block = forms.BooleanField(
        required=False,
        label=_("Take no more questions from them"),
        help_text=_(
            "They cannot ask you for contact again, and are not told why. You can change it on the page of contacts."
        ),
    )
    unmarked_fields = ("block",)
