"""Maps to draw: the shapes of counties or municipalities as SVG paths, made once per process.

The paths are written in whole steps of a fine grid, from point to point, so that 290 municipalities
stay light. A drawing says nothing that the list beside it does not say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.selectors import shapes_file
from brygga.taxonomy.shapes import Point, Ring, Shape, read_shape

# Sweden's middle latitude: a degree east is about half a degree north there.
_NARROWING = cos(radians(62))
# How many steps the drawing is high. A step is a few hundred metres.
_HEIGHT = 2400
_MARGIN = 8


@dataclass(frozen=True)
class AreaMap:
    """Paths by area code, in a drawing of `width` by `height`."""

    width: int
    height: int
    paths: dict[str, str]

    @property
    def view_box(self) -> str:
        """The drawing with room for its outlines."""
        return f"-{_MARGIN} -{_MARGIN} {self.width + 2 * _MARGIN} {self.height + 2 * _MARGIN}"


@cache
def area_map(kind: AreaKind) -> AreaMap:
    """Return the map of counties or of municipalities. Raises KeyError for other kinds."""
    features = json.loads(shapes_file(kind).read_text(encoding="utf-8"))["features"]
    shapes = {feature["id"]: read_shape(feature["geometry"]) for feature in features}
    points = [point for shape in shapes.values() for polygon in shape for ring in polygon for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = _HEIGHT / (north - south)

    def place(point: Point) -> tuple[int, int]:
        x, y = point
        return round((x - west) * _NARROWING * scale), round((north - y) * scale)

    paths = {
        code: _path([[[*map(place, ring)] for ring in polygon] for polygon in shape])
        for code, shape in shapes.items()
    }
    return AreaMap(round((east - west) * _NARROWING * scale), _HEIGHT, paths)


def _path(shape: Shape) -> str:
    return "".join(_ring(ring) for polygon in shape for ring in polygon)


def _ring(ring: Ring) -> str:
    """Write a ring from its first point on in steps; points that fall together are one."""
    (x, y), steps = ring[0], []
    start = f"M{x:.0f} {y:.0f}"
    for next_x, next_y in ring[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x:.0f} {next_y - y:.0f}")
            x, y = next_x, next_y
    return f"{start}l{' '.join(steps)}z" if len(steps) > 1 else ""
