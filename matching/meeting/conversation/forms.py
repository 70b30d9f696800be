"""What is written to the other side."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from matching.meeting.conversation.enums import ReportReason
from matching.meeting.conversation.files import MOST_FILES, CheckedFile, UnknownFile, check_file
from matching.meeting.conversation.models import REPORT_LENGTH, TEXT_LENGTH

# What a file chooser offers first; what is sent is looked at all the same.
_OFFERED = ".pdf,.png,.jpg,.jpeg,.odt,.ods,.docx,.xlsx,.csv,.txt"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Up to three files, which clean to `CheckedFile`s."""

    widget = SeveralFilesInput(attrs={"accept": _OFFERED})

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                _("You chose %(given)d files. Send at most %(most)d at a time."),
                params={"given": len(given), "most": MOST_FILES},
            )
        return [self._checked(one) for one in given]

    def _checked(self, one: UploadedFile[Any]) -> CheckedFile:
        try:
            return check_file(one.name or "", one.read())
        except UnknownFile as error:
            raise forms.ValidationError(
                _(
                    "“%(name)s” is not a kind of file that can be sent. Send a PDF, a PNG or JPEG picture, "
                    "a text document (ODT, DOCX), a sheet (ODS, XLSX, CSV) or plain text."
                ),
                params={"name": one.name},
            ) from error


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
    attached = SeveralFilesField(
        required=False,
        label=_("Send files along"),
        help_text=_(
            "At most three, of 10 MB each: PDF, pictures (PNG, JPEG), text documents, sheets, plain text."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, left_out: Sequence[str] = (), **kwargs: Any) -> None:
        """`left_out` names files that were too large to be taken in."""
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.left_out = left_out

    def clean_attached(self) -> list[CheckedFile]:
        if self.left_out:
            raise forms.ValidationError(
                _("“%(name)s” is larger than 10 MB. Choose a smaller file; your text is still here."),
                params={"name": self.left_out[0]},
            )
        files: list[CheckedFile] = self.cleaned_data["attached"]
        return files

    def clean_key(self) -> uuid.UUID:
        """A form without a key is a form of its own."""
        given: uuid.UUID | None = self.cleaned_data.get("key")
        return given or uuid.uuid4()


class ReportForm(BryggaForm):
    """What is wrong with a message, for staff alone."""

    reason = forms.ChoiceField(
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        label=_("What is wrong with the message?"),
        error_messages={"required": _("Choose what is wrong.")},
    )
    text = TextAreaField(
        rows=5,
        required=False,
        max_length=REPORT_LENGTH,
        label=_("Tell us more"),
        help_text=_("Only we who run Brygga read this. The other side is not shown it."),
        error_messages={
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("reason") == ReportReason.OTHER and "text" in given and not given["text"].strip():
            self.add_error("text", _("Write a few words about what is wrong."))
        return given
