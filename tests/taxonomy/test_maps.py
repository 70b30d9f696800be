"""The drawings of Sweden: every area is there, whole, and light to send."""

from __future__ import annotations

import re

import pytest

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.maps import area_map

_RING = re.compile(r"M(-?\d+) (-?\d+)l((?:-?\d+ -?\d+ ?)+)z")


@pytest.mark.parametrize(
    ("kind", "areas", "bytes_at_most"), [(AreaKind.COUNTY, 21, 16_000), (AreaKind.MUNICIPALITY, 290, 75_000)]
)
def test_every_area_is_drawn_inside_the_frame(kind: AreaKind, areas: int, bytes_at_most: int) -> None:
    drawing = area_map(kind)
    assert len(drawing.paths) == areas
    assert sum(map(len, drawing.paths.values())) <= bytes_at_most
    for code, path in drawing.paths.items():
        rings = _RING.findall(path)
        assert rings, code
        assert _RING.sub("", path) == "", code
        for x, y, steps in rings:
            at = [int(x), int(y)]
            for step in re.findall(r"(-?\d+) (-?\d+)", steps):
                assert 0 <= at[0] <= drawing.width, code
                assert 0 <= at[1] <= drawing.height, code
                at = [at[0] + int(step[0]), at[1] + int(step[1])]


def test_other_kinds_have_no_map() -> None:
    with pytest.raises(KeyError):
        area_map(AreaKind.COUNTRY)
