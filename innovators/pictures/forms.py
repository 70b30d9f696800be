"""A picture, and what it shows for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.core.pictures import CheckedPicture, UnreadablePicture, check_picture
from innovators.pictures.models import ALT_LENGTH

_TOO_LARGE = _("The picture is larger than 10 MB. Choose a smaller one.")


class PictureField(forms.FileField):
    """A file that cleans to a picture that tells nothing beside itself."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> CheckedPicture:
        given = super().clean(data, initial)
        content = given.read(settings.UPLOAD_MOST_BYTES + 1)
        if len(content) > settings.UPLOAD_MOST_BYTES:
            raise forms.ValidationError(_TOO_LARGE)
        try:
            return check_picture(content)
        except UnreadablePicture as error:
            raise forms.ValidationError(
                _("We cannot read the file as a picture. Choose a JPEG or a PNG.")
            ) from error


class PictureForm(BryggaForm):
    unmarked_fields = ("file", "alt")

    file = PictureField(
        label=_("Picture"),
        help_text=_(
            "JPEG or PNG, at most 10 MB. We take away where and when it was taken. Ask those who are in it first."
        ),
        error_messages={
            "required": _("Choose a picture."),
            "missing": _("Choose a picture."),
            "empty": _("The file is empty. Choose a picture."),
        },
    )
    alt = forms.CharField(
        label=_("What does the picture show?"),
        help_text=_("One sentence, for those who cannot see it. For example: Two girls mend a bicycle."),
        max_length=ALT_LENGTH,
        error_messages={"required": _("Say in a few words what the picture shows.")},
    )

    def __init__(self, *args: Any, left_out: Sequence[str] = (), **kwargs: Any) -> None:
        """`left_out` names files that were too large to be taken in."""
        super().__init__(*args, **kwargs)
        self.left_out = left_out

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.left_out:
            self.errors.pop("file", None)
            self.add_error("file", _TOO_LARGE)
        return cleaned
