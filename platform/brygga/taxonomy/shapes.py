"""Map shapes: simplify them together, so that neighbours keep one and the same border.

Pure Python without Django. Shapes are cut into arcs at the points where three areas meet; each arc is
simplified once (Douglas-Peucker, O(n log n) on borders as they are) and used by both neighbours, so no
gaps open between them. Arcs whose simplified form would make a ring cross itself are made finer again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import cos, radians

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
Shape = list[Polygon]

# Sweden's middle latitude: a degree east is about half a degree north there.
_NARROWING = cos(radians(62))
_TIGHTER = 0.5
_ROUNDS = 12


def read_shape(geometry: Mapping[str, object]) -> Shape:
    """Return the polygons of a GeoJSON Polygon or MultiPolygon, outer rings first, without closing points."""
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [
        [[(float(p[0]), float(p[1])) for p in ring[:-1]] for ring in polygon]
        for polygon in polygons  # type: ignore[attr-defined]  # GeoJSON as parsed has no types
    ]


def write_geometry(shape: Shape) -> dict[str, object]:
    """Return the GeoJSON geometry of a shape, outer rings anticlockwise as RFC 7946 asks."""
    polygons = [
        [
            [list(p) for p in [*turned, turned[0]]]
            for turned in (
                ring if (signed_area(ring) > 0) == (index == 0) else ring[::-1]
                for index, ring in enumerate(polygon)
            )
        ]
        for polygon in shape
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def signed_area(ring: Sequence[Point]) -> float:
    """Return the area in square degrees; positive when the ring runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def contains(shape: Shape, point: Point) -> bool:
    """Tell whether a point lies in a shape (even-odd rule, so holes count)."""
    x, y = point
    inside = False
    for polygon in shape:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
    return inside


def centre(shape: Shape) -> Point:
    """Return the centroid of the largest polygon, or, if that lies outside, the middle of its widest part."""
    ring = max((polygon[0] for polygon in shape), key=lambda r: abs(signed_area(r)))
    area = signed_area(ring)
    cx = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairwise([*ring, ring[0]])) / (6 * area)
    cy = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairwise([*ring, ring[0]])) / (6 * area)
    if contains(shape, (cx, cy)):
        return cx, cy
    crossings = sorted(
        (x2 - x1) * (cy - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
        if (y1 > cy) != (y2 > cy)
    )
    left, right = max(zip(crossings[::2], crossings[1::2], strict=True), key=lambda span: span[1] - span[0])
    return (left + right) / 2, cy


def rounded(shape: Shape, decimals: int) -> Shape:
    """Return the shape on a grid, without points that fell together and rings that vanished."""
    result: Shape = []
    for polygon in shape:
        rings: Polygon = []
        for ring in polygon:
            points = [(round(x, decimals), round(y, decimals)) for x, y in ring]
            points = [p for p, following in pairwise([*points, points[0]]) if p != following]
            if len(points) >= 3 and signed_area(points) != 0:
                rings.append(points)
        if rings:
            result.append(rings)
    return result


def dissolve(shapes: Iterable[Shape]) -> Shape:
    """Join neighbouring shapes that share exact borders into one: borders inside it disappear."""
    outgoing: dict[Point, list[Point]] = defaultdict(list)
    edges: set[tuple[Point, Point]] = set()
    for shape in shapes:
        for polygon in shape:
            for index, ring in enumerate(polygon):
                turned = ring if (signed_area(ring) > 0) == (index == 0) else ring[::-1]
                edges.update(pairwise([*turned, turned[0]]))
    for start, end in edges:
        if (end, start) not in edges:
            outgoing[start].append(end)
    rings: list[Ring] = []
    while outgoing:
        walked = [min(outgoing)]
        # Every point has as many edges in as out, so a walk can only end where it began.
        while walked[-1] in outgoing:
            ends = outgoing[walked[-1]]
            following = ends.pop()
            if not ends:
                del outgoing[walked[-1]]
            if following in walked:
                # A loop has closed: cut it off and go on from where it hangs.
                position = walked.index(following)
                rings.append(walked[position:])
                walked = walked[: position + 1]
            else:
                walked.append(following)
    outer = [[ring] for ring in rings if signed_area(ring) > 0]
    for hole in (ring for ring in rings if signed_area(ring) < 0):
        for polygon in outer:
            if contains([[polygon[0]]], hole[0]) or contains([[polygon[0]]], hole[len(hole) // 2]):
                polygon.append(hole)
                break
    return sorted(outer, key=lambda polygon: -signed_area(polygon[0]))


def without_specks(shape: Shape, smallest: float) -> Shape:
    """Drop islands and holes under an area in square degrees; the largest polygon always stays."""
    largest = max(shape, key=lambda polygon: abs(signed_area(polygon[0])))
    return [
        [ring for index, ring in enumerate(polygon) if index == 0 or abs(signed_area(ring)) >= smallest]
        for polygon in shape
        if polygon is largest or abs(signed_area(polygon[0])) >= smallest
    ]


def simplify(shapes: Mapping[str, Shape], tolerance: float) -> dict[str, Shape]:
    """Simplify all shapes together; `tolerance` is the largest deviation, in degrees of latitude."""
    junctions = _junctions(shapes)
    tolerances: dict[tuple[Point, ...], float] = defaultdict(lambda: tolerance)
    cut = {
        code: [[_arcs(ring, junctions) for ring in polygon] for polygon in shape]
        for code, shape in shapes.items()
    }
    for _round in range(_ROUNDS):
        result: dict[str, Shape] = {}
        finer: set[tuple[Point, ...]] = set()
        for code, polygons in cut.items():
            result[code] = []
            for polygon in polygons:
                rings = []
                for arcs in polygon:
                    ring = [p for arc in arcs for p in _simplified(arc, tolerances)[:-1]]
                    if len(ring) < 3 or crosses_itself(ring):
                        finer.update(_name(arc) for arc in arcs)
                    rings.append(ring)
                result[code].append(rings)
        if not finer:
            return result
        for name in finer:
            tolerances[name] *= _TIGHTER
    for name in finer:
        tolerances[name] = 0.0
    return {
        code: [
            [[p for arc in arcs for p in _simplified(arc, tolerances)[:-1]] for arcs in polygon]
            for polygon in polygons
        ]
        for code, polygons in cut.items()
    }


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Tell whether two edges of a ring cross, or a point is used twice."""
    if len(set(ring)) < len(ring):
        return True
    edges = list(pairwise([*ring, ring[0]]))
    for i, (a, b) in enumerate(edges):
        left, right = min(a[0], b[0]), max(a[0], b[0])
        low, high = min(a[1], b[1]), max(a[1], b[1])
        for c, d in edges[i + 2 :]:
            if (
                max(c[0], d[0]) < left
                or min(c[0], d[0]) > right
                or max(c[1], d[1]) < low
                or min(c[1], d[1]) > high
            ):
                continue
            if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
                return True
    return False


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _junctions(shapes: Mapping[str, Shape]) -> set[Point]:
    """Return the points where borders part: those with different neighbours in different rings."""
    neighbours: dict[Point, set[frozenset[Point]]] = defaultdict(set)
    for shape in shapes.values():
        for polygon in shape:
            for ring in polygon:
                for before, point, after in zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False):
                    neighbours[point].add(frozenset((before, after)))
    return {point for point, pairs in neighbours.items() if len(pairs) > 1}


def _arcs(ring: Ring, junctions: set[Point]) -> list[Ring]:
    """Cut a ring at its junctions; a ring with fewer than two is cut at its extreme points."""
    cuts = [i for i, point in enumerate(ring) if point in junctions]
    if len(cuts) < 2:
        # Chosen by position alone, so that an enclave and the hole around it are cut alike.
        first = cuts[0] if cuts else ring.index(min(ring))
        far = max(ring, key=lambda p: (_distance_squared(p, ring[first]), p))
        cuts = sorted({first, ring.index(far)})
    arcs = []
    for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
        arcs.append([ring[i % len(ring)] for i in range(start, end + 1)])
    return arcs


def _name(arc: Ring) -> tuple[Point, ...]:
    """Return the same name for an arc walked in either direction."""
    return min(tuple(arc), tuple(arc[::-1]))


def _simplified(arc: Ring, tolerances: Mapping[tuple[Point, ...], float]) -> Ring:
    name = _name(arc)
    kept = _douglas_peucker(name, tolerances[name])
    return kept if name[0] == arc[0] and name == tuple(arc) else kept[::-1]


def _douglas_peucker(points: Sequence[Point], tolerance: float) -> Ring:
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        middle, distance = max(
            ((i, _deviation(points[i], points[first], points[last])) for i in range(first + 1, last)),
            key=lambda found: found[1],
        )
        if distance > tolerance**2:
            keep.add(middle)
            stack += [(first, middle), (middle, last)]
    return [points[i] for i in sorted(keep)]


def _distance_squared(a: Point, b: Point) -> float:
    return ((a[0] - b[0]) * _NARROWING) ** 2 + (a[1] - b[1]) ** 2


def _deviation(point: Point, start: Point, end: Point) -> float:
    """Return the squared distance from a point to a segment."""
    dx, dy = (end[0] - start[0]) * _NARROWING, end[1] - start[1]
    px, py = (point[0] - start[0]) * _NARROWING, point[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, (px * dx + py * dy) / length))
    return (px - along * dx) ** 2 + (py - along * dy) ** 2
