"""Take out of a picture what it tells beside itself: where and when it was taken, with what, and by whom.

The picture is copied byte for byte, never encoded anew. What is kept is what it needs to look the same: colours,
measures, animation, and which way is up. Everything else goes, what nobody knows included.
"""

from __future__ import annotations

import re
import struct
import zlib

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8"
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
# Applications' own segments that decide how the picture looks.
_KEPT_OF_APPS = {_APP0: b"JFIF\x00", _APP2: b"ICC_PROFILE\x00", _APP14: b"Adobe"}
# In the midst of a scan 0xFF stands for itself with a zero after it, or counts where to begin again.
_AFTER_A_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_STANDING_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF_LENGTH = 18
# Chunks that a picture can be without are written with a small first letter; these decide how it looks.
_KEPT_CHUNKS = frozenset(
    b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_EXIF = b"Exif\x00\x00"
_ORIENTATION, _SHORT, _UPRIGHT, _LAST_TURN = 0x0112, 3, 1, 8


class UnreadablePicture(Exception):
    """The picture is not built as its kind is: nobody can tell what is in it."""


def without_metadata(content: bytes) -> bytes:
    """Return a PNG or JPEG picture without what it tells beside itself; raises UnreadablePicture."""
    try:
        return _of_png(content) if content.startswith(PNG_START) else _of_jpeg(content)
    except (struct.error, IndexError) as error:
        raise UnreadablePicture from error


def _of_jpeg(content: bytes) -> bytes:
    if not content.startswith(JPEG_START):
        raise UnreadablePicture
    kept = [JPEG_START]
    turn, place, has_scan = _UPRIGHT, len(JPEG_START), False
    while not (has_scan and place >= len(content)):
        if content[place] != 0xFF:
            raise UnreadablePicture
        marker = content[place + 1]
        if marker == 0xFF:  # segments may be filled out
            place += 1
            continue
        if marker == _END:
            # What some cameras put after the end is another picture, or a film, with all that it tells.
            kept.append(content[place : place + 2])
            break
        if marker in _STANDING_ALONE:
            kept.append(content[place : place + 2])
            place += 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise UnreadablePicture
        body = content[place + 4 : end]
        if _APP0 <= marker <= _APP15 or marker == _COMMENT:
            if marker == _APP1 and body.startswith(_EXIF):
                turn = _turn_in(body[len(_EXIF) :])
            mark = _KEPT_OF_APPS.get(marker)
            if mark is not None and body.startswith(mark):
                kept.append(_without_thumbnail(content[place:end]) if marker == _APP0 else content[place:end])
        else:
            kept.append(content[place:end])
        place = end
        if marker == _SCAN:
            has_scan = True
            following = _AFTER_A_SCAN.search(content, place)
            stop = following.start() if following else len(content)
            kept.append(content[place:stop])
            place = stop
    if turn != _UPRIGHT:
        body = _EXIF + _only_the_turn(turn)
        segment = struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body
        # Programs look for it first, but for the segment that says what kind of file it is.
        is_after_first = len(kept) > 1 and kept[1][:2] == bytes([0xFF, _APP0])
        kept.insert(2 if is_after_first else 1, segment)
    return b"".join(kept)


def _without_thumbnail(segment: bytes) -> bytes:
    """Return the segment that says what kind of JPEG it is, without the little picture that may be in it."""
    if len(segment) <= _JFIF_LENGTH:
        return segment
    return segment[:2] + struct.pack(">H", _JFIF_LENGTH - 2) + segment[4 : _JFIF_LENGTH - 2] + b"\x00\x00"


def _of_png(content: bytes) -> bytes:
    kept = [PNG_START]
    place = len(PNG_START)
    while True:
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise UnreadablePicture
        chunk = content[place:end]
        place = end
        if kind == b"eXIf":
            turn = _turn_in(chunk[8:-4])
            if turn != _UPRIGHT:
                body = kind + _only_the_turn(turn)
                kept.append(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
        elif kind[:1].isupper() or kind in _KEPT_CHUNKS:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)


def _turn_in(exif: bytes) -> int:
    """Return which way is up, as cameras count it: 1 is upright, and what cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return _UPRIGHT
    try:
        (first,) = struct.unpack_from(f"{order}I", exif, 4)
        (number,) = struct.unpack_from(f"{order}H", exif, first)
        for entry in range(number):
            tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + 12 * entry)
            if tag == _ORIENTATION and kind == _SHORT:
                return value if _UPRIGHT <= value <= _LAST_TURN else _UPRIGHT
    except struct.error:
        pass
    return _UPRIGHT


def _only_the_turn(turn: int) -> bytes:
    """Return what a camera writes about a picture, with nothing in it but which way is up."""
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack(
        "<HHHIHHI", 1, _ORIENTATION, _SHORT, 1, turn, 0, 0
    )
