"""`script/python -m benchmarks.quality [--write]`: measure, print a table, and with --write keep the report.

`--dense FOLDER` measures with a dense model instead, and prints what it changes: the same cases without and with it.

Everything is imported into the database at hand inside a transaction that is taken back. Profiles that are neither
the demo's nor the real sample's must not be there. The report that
the public page shows is `matching/public/quality.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "matching" / "public" / "quality.json"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--write", action="store_true", help="keep the report that the public page shows")
    chosen.add_argument("--dense", metavar="FOLDER", help="a dense model's folder, see docs/operations.md")
    parser.add_argument(
        "--dense-weight", type=float, default=0.3, help="its share of the text score, 0.3 unless told"
    )
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.dev")
    import django  # noqa: PLC0415 - settings come first

    django.setup()

    from django.utils import timezone  # noqa: PLC0415 - after the settings

    from benchmarks.quality.measure import CannotMeasure, measure, measure_dense  # noqa: PLC0415 - after the settings

    if arguments.dense:
        from matching.kernel.dense import DenseText  # noqa: PLC0415 - after the settings

        try:
            dense = DenseText.load(arguments.dense, arguments.dense_weight)
        except ValueError as error:
            parser.error(str(error))
        try:
            rows = measure_dense(dense, now=timezone.now())
        except CannotMeasure as error:
            sys.exit(str(error))
        for row in rows:
            change = (
                ""
                if row["change"] is None
                else f"{row['change']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
            )
            print(
                f"{row['what']:<30}{row['group']:<15}{row['measure']:<30}"
                f"{row['without']:.3f} -> {row['with']:.3f}  {change:<25} n = {row['n']}"
            )
        print(
            f"without -> with the model {dense.model.name} and its share {dense.weight}; then the change. Where its "
            "interval holds 0, these cases do not show that the model helps."
        )
        return 0
    try:
        report = measure(now=timezone.now())
    except CannotMeasure as error:
        sys.exit(str(error))
    for row in report["figures"]:
        interval = "" if row["low"] is None else f"[{row['low']:.3f}, {row['high']:.3f}]"
        print(
            f"{row['what']:<30}{row['group']:<15}{row['measure']:<30}{row['mean']:.3f} {interval:<16} n = {row['n']}"
        )
    for band in report["bands"]["figures"]:
        print(
            f"{band['band']:<10}judged good {band['share']:.3f} [{band['low']:.3f}, {band['high']:.3f}], "
            f"thresholds without the offer {band['left_out']}, n = {band['n']}"
        )
    print(f"agreement of the two readers (weighted kappa): {report['agreement']}")
    for one in report["shut_out"]:
        print(f"shut out: {one['initiative']} from {one['offer']} by {', '.join(one['rules'])}")
    if arguments.write:
        REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"kept in {REPORT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
