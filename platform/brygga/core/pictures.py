"""What a picture is, by what is in it and not by what it is called; drawn anew, small enough for a phone.

Drawn anew it holds nothing but what one sees: not where and when it was taken, nor anything hidden in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError

from django.db.models import TextChoices
from PIL import Image, ImageOps

#: Pixels along the longer side of a stored picture.
LONGEST = 1600
#: More than any camera takes: such a file is made to fill the memory of whoever opens it.
MOST_PIXELS = 120_000_000
#: A drawing stays a PNG while it is no larger than this; else it is a photo.
MOST_PNG_BYTES = 600_000
_QUALITY = 82


class PictureKind(TextChoices):
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"


CONTENT_TYPES: dict[PictureKind, str] = {
    PictureKind.PNG: "image/png",
    PictureKind.JPEG: "image/jpeg",
}


class UnreadablePicture(Exception):
    """It is no whole PNG or JPEG, or one of absurd size."""


@dataclass(frozen=True)
class CheckedPicture:
    """A picture as it is stored: upright, at most `LONGEST` pixels, with nothing beside what one sees."""

    kind: PictureKind
    content: bytes


def check_picture(content: bytes) -> CheckedPicture:
    """Read a file and draw it anew; raises UnreadablePicture. Cost: at most about a second of work."""
    try:
        # The first few bytes decide which of the two readers opens it: no other is asked.
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise UnreadablePicture
            # A large JPEG is read at half its size, or less.
            opened.draft("RGB", (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST, LONGEST))
            return _drawn(upright, is_drawing=opened.format == "PNG")
    except (OSError, ValueError, SyntaxError, StructError, Image.DecompressionBombError) as error:
        raise UnreadablePicture from error


def _drawn(picture: Image.Image, *, is_drawing: bool) -> CheckedPicture:
    has_gaps = picture.has_transparency_data
    plain = picture.convert("RGBA" if has_gaps else "RGB")
    # How its colours are meant is kept; all else that the file told is not written.
    colours = picture.info.get("icc_profile") if picture.mode == plain.mode else None
    plain.info = {}
    if is_drawing:
        content = _saved(plain, "PNG", optimize=True, icc_profile=colours)
        if has_gaps or len(content) <= MOST_PNG_BYTES:
            return CheckedPicture(PictureKind.PNG, content)
    content = _saved(plain, "JPEG", quality=_QUALITY, progressive=True, icc_profile=colours)
    return CheckedPicture(PictureKind.JPEG, content)


def _saved(picture: Image.Image, form: str, **how: object) -> bytes:
    target = BytesIO()
    picture.save(target, form, **{name: value for name, value in how.items() if value is not None})
    return target.getvalue()
