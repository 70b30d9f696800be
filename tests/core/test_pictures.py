"""A picture is drawn anew: upright, small enough for a phone, and with nothing in it but what one sees."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from brygga.core import pictures
from brygga.core.pictures import LONGEST, PictureKind, UnreadablePicture, check_picture

WHERE = b"N 59.3293 E 18.0686"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(size: tuple[int, int] = (400, 300), form: str = "JPEG", **how: object) -> bytes:
    """Return a picture that is red to the left and blue to the right."""
    drawn = Image.new("RGB", size, RED)
    drawn.paste(BLUE, (size[0] // 2, 0, *size))
    target = BytesIO()
    drawn.save(target, form, **how)
    return target.getvalue()


def shown(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_what_a_camera_tells_is_gone_and_the_picture_is_upright() -> None:
    told = Image.Exif()
    told[0x0112] = 6  # a quarter turn
    told[0x010E] = WHERE.decode()
    content = photo(exif=told, comment=WHERE)
    assert WHERE in content
    checked = check_picture(content + WHERE)
    assert checked.kind == PictureKind.JPEG
    assert WHERE not in checked.content and b"Exif" not in checked.content
    upright = shown(checked.content)
    assert upright.size == (300, 400)
    above, below = upright.getpixel((150, 20)), upright.getpixel((150, 380))
    assert above[0] > above[2] and below[2] > below[0]


def test_words_hidden_in_a_drawing_are_gone_and_it_stays_a_drawing() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Location", WHERE.decode())
    content = photo(form="PNG", pnginfo=hidden)
    assert WHERE in content
    checked = check_picture(content)
    assert checked.kind == PictureKind.PNG
    assert WHERE not in checked.content
    assert shown(checked.content).getpixel((10, 10)) == RED


def test_a_large_one_becomes_small_enough_and_a_small_one_keeps_its_size() -> None:
    assert shown(check_picture(photo((4000, 3000))).content).size == (LONGEST, LONGEST * 3 // 4)
    assert shown(check_picture(photo((900, 3000))).content).size == (LONGEST * 900 // 3000, LONGEST)
    assert shown(check_picture(photo((40, 30))).content).size == (40, 30)


def test_a_photo_that_came_as_png_becomes_a_jpeg_but_not_one_that_shows_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "MOST_PNG_BYTES", 20_000)
    noise = Image.frombytes("RGB", (200, 200), random.Random(7).randbytes(120_000))
    target = BytesIO()
    noise.save(target, "PNG")
    assert check_picture(target.getvalue()).kind == PictureKind.JPEG
    noise.putalpha(Image.new("L", (200, 200), 90))
    target = BytesIO()
    noise.save(target, "PNG")
    checked = check_picture(target.getvalue())
    assert checked.kind == PictureKind.PNG
    assert shown(checked.content).convert("RGBA").getpixel((5, 5))[3] == 90


def test_how_colours_are_meant_is_kept() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert shown(check_picture(photo(icc_profile=profile)).content).info["icc_profile"] == profile


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_way_of_holding_colours_can_be_read(mode: str) -> None:
    target = BytesIO()
    Image.new(mode, (20, 10)).save(target, "JPEG" if mode == "CMYK" else "PNG")
    assert shown(check_picture(target.getvalue()).content).size == (20, 10)


def test_one_made_to_fill_the_memory_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 400 * 300 - 1)
    with pytest.raises(UnreadablePicture):
        check_picture(photo())


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_kinds_are_refused_even_where_the_library_reads_them(form: str) -> None:
    with pytest.raises(UnreadablePicture):
        check_picture(photo(form=form))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([photo((60, 40)), photo((60, 40), "PNG")]), st.data())
def test_a_broken_file_is_refused_or_becomes_a_whole_picture(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(content) - 1))
    other = data.draw(st.binary(max_size=6))
    try:
        checked = check_picture(content[:place] + other + content[place + data.draw(st.integers(0, 30)) :])
    except UnreadablePicture:
        return
    shown(checked.content).load()
