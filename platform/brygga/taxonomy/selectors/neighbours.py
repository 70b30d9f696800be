"""Which counties share a border on land; a test compares with the shapes of the map."""

from __future__ import annotations

from typing import Final

#: County code -> codes of the counties beside it; each border is written once, from the lower code.
NEIGHBOURING_COUNTIES: Final[dict[str, tuple[str, ...]]] = {
    "SE-01": ("SE-03", "SE-04"),
    "SE-03": ("SE-04", "SE-19", "SE-20", "SE-21"),
    "SE-04": ("SE-05", "SE-18", "SE-19"),
    "SE-05": ("SE-06", "SE-08", "SE-18"),
    "SE-06": ("SE-07", "SE-08", "SE-13", "SE-14"),
    "SE-07": ("SE-08", "SE-10", "SE-12", "SE-13"),
    "SE-08": ("SE-10",),
    "SE-10": ("SE-12",),
    "SE-12": ("SE-13",),
    "SE-13": ("SE-14",),
    "SE-14": ("SE-17", "SE-18"),
    "SE-17": ("SE-18", "SE-20"),
    "SE-18": ("SE-19", "SE-20"),
    "SE-19": ("SE-20", "SE-21"),
    "SE-20": ("SE-21", "SE-23"),
    "SE-21": ("SE-22", "SE-23"),
    "SE-22": ("SE-23", "SE-24"),
    "SE-23": ("SE-24",),
    "SE-24": ("SE-25",),
}
