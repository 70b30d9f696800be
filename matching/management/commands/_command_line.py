"""What commands share: whole numbers that are asked for, and lines that somebody may stop reading."""

from __future__ import annotations

import json
import os
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import OutputWrapper


def whole_number(least: int) -> Callable[[str], int]:
    """Return what reads a whole number of at least `least`, or says what is wanted."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise ArgumentTypeError(f"“{text}” is no whole number from {least} up")
        return number

    return read


def write_objects(out: OutputWrapper, objects: Iterable[Any]) -> None:
    """Write one JSON object a line. Ends quietly, with exit code 1, when nobody reads on (`| head`)."""
    try:
        for one in objects:
            out.write(json.dumps(one, ensure_ascii=False))
        out.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends, and would say the same once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        raise SystemExit(1) from None
