"""The list of neighbouring counties against the shapes of the map."""

import json
from collections import defaultdict
from itertools import combinations

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.selectors import NEIGHBOURING_COUNTIES, shapes_file


def points(coordinates):
    if isinstance(coordinates[0], (int, float)):
        yield tuple(coordinates)
    else:
        for part in coordinates:
            yield from points(part)


def test_counties_that_share_a_point_of_their_border_are_neighbours_and_no_others():
    shapes = json.loads(shapes_file(AreaKind.COUNTY).read_text())["features"]
    at_point = defaultdict(set)
    for shape in shapes:
        for point in points(shape["geometry"]["coordinates"]):
            at_point[point].add(shape["properties"]["code"])
    shared = {pair for codes in at_point.values() for pair in combinations(sorted(codes), 2)}
    listed = [(code, other) for code, others in NEIGHBOURING_COUNTIES.items() for other in others]
    assert sorted(listed) == sorted(shared)
    assert len(shapes) == 21
