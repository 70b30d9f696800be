"""Pictures tell nothing beside themselves, and look the same as before."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.meeting.conversation.metadata import JPEG_START, PNG_START, UnreadablePicture, without_metadata

SECRET = b"N 59.3293 E 18.0686"
END = b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def exif(turn: int, order: str = ">") -> bytes:
    """As a camera writes it: which way is up, and more of which nobody should hear."""
    start = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HI", 42, 8)
    entries = [(0x010F, 2, len(SECRET), 50, 0), (0x0112, 3, 1, turn, 0)]
    table = b"".join(struct.pack(f"{order}HHIHH", *one) for one in entries)
    return start + struct.pack(f"{order}H", len(entries)) + table + bytes(4) + SECRET


def turn_of(content: bytes) -> int:
    """Read it back as a program would, from the only entry there is."""
    found = content.find(b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00")
    return 1 if found < 0 else int.from_bytes(content[found + 18 : found + 20], "little")


JFIF = segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x02\x01" + b"thumbs")
COLOURS = segment(0xE2, b"ICC_PROFILE\x00\x01\x01colours")
TABLES = segment(0xDB, bytes(65))
FRAME = segment(0xC2, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
# Stuffed, begun again within, and filled out before the next segment.
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
TELLING = [
    segment(0xE1, b"Exif\x00\x00" + exif(1)),
    segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SECRET),
    segment(0xE2, b"MPF\x00" + SECRET),
    segment(0xED, b"Photoshop 3.0\x00" + SECRET),
    segment(0xFE, SECRET),
    segment(0xE0, b"JFXX\x00" + SECRET),
]


def test_a_photo_keeps_its_picture_and_loses_the_rest() -> None:
    parts = [JFIF, TELLING[0], COLOURS, *TELLING[1:], TABLES, FRAME, SCAN, TABLES, SCAN]
    photo = JPEG_START + b"".join(parts) + END + b"a film with " + SECRET
    plain = segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x00\x00")
    kept = b"".join([plain, COLOURS, TABLES, FRAME, SCAN, TABLES, SCAN])
    assert without_metadata(photo) == JPEG_START + kept + END


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turn", [1, 3, 6, 8, 9, 0])
def test_a_photo_stays_the_right_way_up(turn: int, order: str) -> None:
    photo = JPEG_START + JFIF + segment(0xE1, b"Exif\x00\x00" + exif(turn, order)) + FRAME + SCAN + END
    drawing = PNG_START + chunk(b"IHDR", bytes(13)) + chunk(b"eXIf", exif(turn, order)) + chunk(b"IEND", b"")
    for picture in (photo, drawing):
        bare = without_metadata(picture)
        assert SECRET not in bare
        assert turn_of(bare) == (turn if 1 < turn <= 8 else 1)
        assert without_metadata(bare) == bare


def test_a_drawing_keeps_its_picture_and_loses_the_rest() -> None:
    kept = [
        chunk(b"IHDR", bytes(13)),
        chunk(b"gAMA", bytes(4)),
        chunk(b"PLTE", bytes(3)),
        chunk(b"IDAT", b"one"),
        chunk(b"IDAT", b"two"),
    ]
    telling = [chunk(kind, SECRET) for kind in (b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf", b"prVt")]
    end = chunk(b"IEND", b"")
    mixed = [piece for pair in zip(kept, telling, strict=False) for piece in pair] + telling[5:]
    assert without_metadata(PNG_START + b"".join(mixed) + end + SECRET) == PNG_START + b"".join(kept) + end


bodies = st.binary(max_size=40)
jpeg_segments = st.tuples(
    st.sampled_from([*range(0xC0, 0xD0), *range(0xDB, 0xDF), *range(0xE0, 0xF0), 0xFE]), bodies
)
scans = st.binary(max_size=60).map(lambda one: one.replace(b"\xff", b"\xff\x00"))


@settings(max_examples=60)
@given(st.lists(jpeg_segments, max_size=8), scans, bodies)
def test_of_any_photo_nothing_is_kept_but_the_picture(
    segments: list[tuple[int, bytes]], scan: bytes, after: bytes
) -> None:
    parts = [segment(marker, body) for marker, body in segments]
    photo = JPEG_START + b"".join(parts) + segment(0xDA, b"") + scan + END + after
    bare = without_metadata(photo)
    pictures = [part for part in parts if not (0xE0 <= part[1] <= 0xEF or part[1] == 0xFE)]
    assert bare == JPEG_START + b"".join(pictures) + segment(0xDA, b"") + scan + END
    assert without_metadata(bare) == bare


@settings(max_examples=60)
@given(st.sampled_from([JPEG_START, PNG_START]), st.binary(max_size=200))
def test_what_is_no_picture_breaks_nothing(start: bytes, rest: bytes) -> None:
    with suppress(UnreadablePicture):
        assert len(without_metadata(start + rest)) <= len(start + rest)


def test_a_photo_cut_off_in_its_picture_is_still_sent_and_one_before_it_is_not() -> None:
    begun = JPEG_START + TELLING[0] + FRAME + SCAN
    assert without_metadata(begun) == JPEG_START + FRAME + SCAN
    for broken in (JPEG_START, JPEG_START + TELLING[0][:20], JPEG_START + b"x", PNG_START + b"\x00\x00"):
        with pytest.raises(UnreadablePicture):
            without_metadata(broken)
