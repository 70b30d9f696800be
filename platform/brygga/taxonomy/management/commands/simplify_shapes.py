"""Make the map shapes and centre points from the full municipality shapes."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from brygga.taxonomy import shapes
from brygga.taxonomy.sources import DATA_FOLDER

DECIMALS = 4
# A square kilometre is about 0.00016 square degrees in Sweden.
SPECK = 0.0005


class Command(BaseCommand):
    help = (
        "Simplify municipality shapes for the web, join them into counties, and compute centre points. "
        "Needed only when the official shapes change; the result is kept with the code."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", type=Path, help="GeoJSON with a property id (municipality code) and geo_point_2d"
        )
        parser.add_argument("--municipality-tolerance", type=float, default=0.002, help="degrees of latitude")
        parser.add_argument("--county-tolerance", type=float, default=0.006, help="degrees of latitude")
        parser.add_argument("--target", type=Path, default=DATA_FOLDER, help="folder to write to")

    def handle(self, *args: Any, **options: Any) -> None:
        features = json.loads(options["source"].read_text(encoding="utf-8"))["features"]
        municipalities: dict[str, shapes.Shape] = {}
        by_county: dict[str, list[shapes.Shape]] = defaultdict(list)
        centres: dict[str, shapes.Point] = {}
        for feature in sorted(features, key=lambda feature: feature["properties"]["id"]):
            code = feature["properties"]["id"]
            shape = shapes.rounded(shapes.read_shape(feature["geometry"]), DECIMALS)
            latitude, longitude = feature["properties"]["geo_point_2d"]
            given = (longitude, latitude)
            municipalities[f"SE-{code}"] = shape
            by_county[f"SE-{code[:2]}"].append(shape)
            centres[f"SE-{code}"] = given if shapes.contains(shape, given) else shapes.centre(shape)
        counties = {
            code: shapes.without_specks(shapes.dissolve(parts), SPECK) for code, parts in by_county.items()
        }
        centres |= {code: shapes.centre(shape) for code, shape in counties.items()}

        target: Path = options["target"]
        self._write(target, "municipalities", municipalities, options["municipality_tolerance"])
        self._write(target, "counties", counties, options["county_tolerance"])
        with (target / "centres.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["code", "latitude", "longitude"])
            for code in sorted(centres):
                longitude, latitude = centres[code]
                writer.writerow([code, f"{latitude:.{DECIMALS}f}", f"{longitude:.{DECIMALS}f}"])

    def _write(self, target: Path, name: str, full: dict[str, shapes.Shape], tolerance: float) -> None:
        simplified = shapes.simplify(full, tolerance)
        features = [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code},
                "geometry": shapes.write_geometry(simplified[code]),
            }
            for code in sorted(simplified)
        ]
        path = target / "shapes" / f"{name}.geojson"
        path.parent.mkdir(parents=True, exist_ok=True)
        # One feature a line, so that a change of one border is a readable difference.
        lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
        path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
        self.stdout.write(f"{path.name}: {len(simplified)} shapes, {path.stat().st_size // 1024} KB")
