"""The picture of the process: six parts in a ring without beginning or end, those of today filled."""

from __future__ import annotations

import math
from dataclasses import dataclass

CENTRE = 100.0
OUTER, INNER, WEAVE = 94.0, 56.0, 44.0
GAP_DEGREES = 2.0


@dataclass(frozen=True)
class Arc:
    """One part, drawn in a square of 200 by 200: its outline and where its number stands."""

    path: str
    x: str
    y: str


def _at(radius: float, degrees: float) -> tuple[float, float]:
    turned = math.radians(degrees - 90)
    return CENTRE + radius * math.cos(turned), CENTRE + radius * math.sin(turned)


def arc(position: int, parts: int) -> Arc:
    """Return the outline of the part at `position` of `parts`, the first one at the top."""
    width = 360 / parts
    start = position * width - width / 2 + GAP_DEGREES / 2
    end = start + width - GAP_DEGREES
    (x1, y1), (x2, y2) = _at(OUTER, start), _at(OUTER, end)
    (x3, y3), (x4, y4) = _at(INNER, end), _at(INNER, start)
    middle_x, middle_y = _at((OUTER + INNER) / 2, position * width)
    path = (
        f"M{x1:.1f} {y1:.1f}A{OUTER} {OUTER} 0 0 1 {x2:.1f} {y2:.1f}"
        f"L{x3:.1f} {y3:.1f}A{INNER} {INNER} 0 0 0 {x4:.1f} {y4:.1f}Z"
    )
    return Arc(path, f"{middle_x:.1f}", f"{middle_y:.1f}")


def weave(parts: int) -> str:
    """Return lines between every two parts: any may follow any other."""
    points = [_at(WEAVE, position * 360 / parts) for position in range(parts)]
    return "".join(
        f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"
        for first, a in enumerate(points)
        for b in points[first + 1 :]
    )
