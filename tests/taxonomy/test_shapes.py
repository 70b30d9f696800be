"""Map shapes: small, valid, without gaps, and each area in its place."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from brygga.taxonomy import shapes
from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.selectors import current_taxonomy, shapes_file
from brygga.taxonomy.shapes import Shape

LIMITS = {AreaKind.MUNICIPALITY: 350, AreaKind.COUNTY: 60}


def read(kind: AreaKind) -> dict[str, Shape]:
    collection = json.loads(shapes_file(kind).read_text(encoding="utf-8"))
    return {feature["id"]: shapes.read_shape(feature["geometry"]) for feature in collection["features"]}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LIMITS)
def test_shapes_are_small_valid_and_complete(kind: AreaKind) -> None:
    assert shapes_file(kind).stat().st_size <= LIMITS[kind] * 1024
    found = read(kind)
    assert set(found) == {area.code for area in current_taxonomy().areas_of_kind(kind)}
    for code, shape in found.items():
        for polygon in shape:
            assert shapes.signed_area(polygon[0]) > 0, code
            for ring in polygon:
                assert len(ring) >= 3, code
                assert not shapes.crosses_itself(ring), code
                for x, y in ring:
                    assert 10.5 < x < 24.5 and 55.0 < y < 69.5, code
                    assert (x, y) == (round(x, 4), round(y, 4)), code


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LIMITS)
def test_every_centre_lies_in_or_near_its_shape(kind: AreaKind) -> None:
    found = read(kind)
    for area in current_taxonomy().areas_of_kind(kind):
        assert area.longitude is not None and area.latitude is not None
        centre = (area.longitude, area.latitude)
        if shapes.contains(found[area.code], centre):
            continue
        nearest = min(
            abs(x - centre[0]) + abs(y - centre[1])
            for polygon in found[area.code]
            for ring in polygon
            for x, y in ring
        )
        assert nearest < 0.05, area.code


@pytest.mark.django_db
def test_municipalities_and_counties_cover_the_same_land() -> None:
    municipalities, counties = read(AreaKind.MUNICIPALITY), read(AreaKind.COUNTY)
    size = {
        code: sum(
            shapes.signed_area(ring) if index == 0 else -abs(shapes.signed_area(ring))
            for polygon in shape
            for index, ring in enumerate(polygon)
        )
        for code, shape in (municipalities | counties).items()
    }
    for county in counties:
        parts = sum(size[code] for code in current_taxonomy().areas[county].children)
        assert abs(parts - size[county]) < 0.02 * size[county], county


def test_neighbours_keep_the_same_border() -> None:
    """Borders inside Sweden are walked once in each direction; a gap would leave one side alone."""
    edges = [
        edge
        for shape in read(AreaKind.MUNICIPALITY).values()
        for polygon in shape
        for ring in polygon
        for edge in pairwise([*ring, ring[0]])
    ]
    seen = set(edges)
    assert len(seen) == len(edges)
    shared = sum((end, start) in seen for start, end in edges)
    # What is walked once only is coast, lake shore and the border to Norway and Finland.
    assert shared > 0.75 * len(edges)


def neighbours(border: list[shapes.Point]) -> dict[str, Shape]:
    """Two areas left and right of one border, from (1, 0) to (1, 1)."""
    return {
        "left": [[[(0.0, 0.0), *border, (0.0, 1.0)]]],
        "right": [[[(2.0, 0.0), (2.0, 1.0), *border[::-1]]]],
    }


@given(
    offsets=st.lists(st.floats(-0.4, 0.4, allow_nan=False), min_size=1, max_size=30),
    tolerance=st.floats(0.0, 0.3),
)
def test_simplify_never_opens_a_gap(offsets: list[float], tolerance: float) -> None:
    middle = [(1 + x, (i + 1) / (len(offsets) + 1)) for i, x in enumerate(offsets)]
    simple = shapes.simplify(neighbours([(1.0, 0.0), *middle, (1.0, 1.0)]), tolerance)
    total = sum(shapes.signed_area(shape[0][0]) for shape in simple.values())
    assert total == pytest.approx(2.0)
    assert not any(shapes.crosses_itself(shape[0][0]) for shape in simple.values())


def test_simplify_drops_points_that_say_nothing() -> None:
    simple = shapes.simplify(neighbours([(1.0, i / 10) for i in range(11)]), 0.001)
    assert sorted(simple["left"][0][0]) == [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]


def test_dissolve_removes_the_inner_border_and_keeps_holes() -> None:
    ring_around_hole: Shape = [
        [[(0, 0), (3, 0), (3, 3), (0, 3)], [(1, 1), (1, 2), (2, 2), (2, 1)]],
    ]
    beside: Shape = [[[(3, 0), (4, 0), (4, 3), (3, 3)]]]
    joined = shapes.dissolve([ring_around_hole, beside])
    assert len(joined) == 1
    outer, hole = joined[0]
    assert shapes.signed_area(outer) == pytest.approx(12)
    assert shapes.signed_area(hole) == pytest.approx(-1)
    filled = shapes.dissolve([ring_around_hole, beside, [[[(1, 1), (2, 1), (2, 2), (1, 2)]]]])
    assert [len(polygon) for polygon in filled] == [1]


def test_centre_of_a_bow_lies_inside_it() -> None:
    bow: Shape = [[[(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 10), (0, 10)]]]
    assert shapes.contains(bow, shapes.centre(bow))


def test_command_makes_shapes_and_centres(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": code, "geo_point_2d": [0.5, x + 0.5]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 0.5], [x + 1, 1], [x, 1], [x, 0.5], [x, 0]]],
            },
        }
        for code, x in (("0101", 0), ("0102", 1))
    ]
    source = tmp_path / "source.geojson"
    source.write_text(json.dumps({"features": features}), encoding="utf-8")
    call_command("simplify_shapes", source, target=tmp_path, verbosity=0)
    counties = json.loads((tmp_path / "shapes/counties.geojson").read_text(encoding="utf-8"))
    [county] = counties["features"]
    assert county["id"] == county["properties"]["code"] == "SE-01"
    assert shapes.signed_area(shapes.read_shape(county["geometry"])[0][0]) == pytest.approx(2.0)
    assert (tmp_path / "centres.csv").read_text(encoding="utf-8").splitlines() == [
        "code,latitude,longitude",
        "SE-01,0.5000,1.0000",
        "SE-0101,0.5000,0.5000",
        "SE-0102,0.5000,1.5000",
    ]
