"""What a picture is, by what is in it and not by what it is called; and without what it tells beside itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from brygga.core.metadata import JPEG_START, PNG_START, UnreadablePicture, without_metadata

__all__ = ["CONTENT_TYPES", "CheckedPicture", "PictureKind", "UnreadablePicture", "check_picture"]


class PictureKind(TextChoices):
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"


CONTENT_TYPES: dict[PictureKind, str] = {
    PictureKind.PNG: "image/png",
    PictureKind.JPEG: "image/jpeg",
}


@dataclass(frozen=True)
class CheckedPicture:
    """A picture whose kind has been seen in its content. It no longer tells where and when it was taken."""

    kind: PictureKind
    content: bytes


def check_picture(content: bytes) -> CheckedPicture:
    """Look at a file; raises UnreadablePicture for what is no whole PNG or JPEG."""
    if content.startswith(PNG_START):
        kind = PictureKind.PNG
    elif content.startswith(JPEG_START):
        kind = PictureKind.JPEG
    else:
        raise UnreadablePicture
    return CheckedPicture(kind, without_metadata(content))
