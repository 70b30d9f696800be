"""What is written to the other side."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from matching.meeting.conversation.models import TEXT_LENGTH


class MessageForm(BryggaForm):
    text = TextAreaField(
        rows=5,
        max_length=TEXT_LENGTH,
        label=_("Write to them"),
        error_messages={
            "required": _("Write a few words before you send."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_key(self) -> uuid.UUID:
        """A form without a key is a form of its own."""
        given: uuid.UUID | None = self.cleaned_data.get("key")
        return given or uuid.uuid4()
