"""Makes pictures small: at most 256 colours, written as a PNG with a palette."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

COLOURS = 256
# Colours nearer to one another than this (in steps of each channel, squared and added) look the same.
SAME = 12
# The browser reads its own picture; what comes back is one byte for each of red, green, blue, opacity.
_PIXELS = """async picture => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const bytes = context.getImageData(0, 0, image.width, image.height).data;
    const parts = [];
    for (let at = 0; at < bytes.length; at += 32768)
        parts.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
    return [image.width, image.height, btoa(parts.join(''))];
}"""


def with_palette(picture: bytes, page: Page) -> bytes:
    """Return the PNG with few colours. `page` is an empty page of any browser."""
    width, height, pixels = page.evaluate(_PIXELS, base64.b64encode(picture).decode())
    values = np.frombuffer(base64.b64decode(pixels), dtype=np.uint8).reshape(height * width, 4)[:, :3]
    packed = values.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    found, place, count = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.int32)
    palette = _frequent(colours[np.argsort(-count, kind="stable")])
    distance = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    rows = distance.argmin(axis=1).astype(np.uint8)[place].reshape(height, width)
    return _png(rows, palette.astype(np.uint8))


def _frequent(colours: NDArray[np.int32]) -> NDArray[np.int32]:
    """Choose from colours, the most frequent first, those that look different."""
    chosen = np.empty((COLOURS, 3), dtype=np.int32)
    chosen[0], number = colours[0], 1
    for colour in colours[1:]:
        if number == COLOURS:
            break
        if ((chosen[:number] - colour) ** 2).sum(axis=1).min() > SAME:
            chosen[number] = colour
            number += 1
    return chosen[:number]


def _png(rows: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    height, width = rows.shape
    lines = np.hstack([np.zeros((height, 1), dtype=np.uint8), rows]).tobytes()
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
