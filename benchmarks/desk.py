"""How long a giver waits for the desk of an offer that very many initiatives fit.

    python -m benchmarks.desk [--matches 2000] [--asks 15] [--json]

Made-up profiles (`benchmarks.synthetic`) in PostgreSQL and one run over them; the matches of the offer that most
initiatives fit are brought to the number asked for, three in ten of them moved to other columns, with notes, people
and days. Then real requests of a signed-in member to the web application in this process, one at a time. Beside each
page the same one of an offer with a hundredth of the matches, in the same run: the ratio is what many matches cost.
Servers of its own unless DATABASE_URL and REDIS_URL name some; that database must be empty. With --json the last line
is one JSON object.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os

from brygga.devservices.lease import Lease, missing_variables
from brygga.devservices.location import throw_away_location


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--matches", type=int, default=2_000)
    parser.add_argument("--asks", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.matches < 100 or chosen.asks < 2:
        parser.error("give at least 100 matches and 2 asks")
    missing = missing_variables(os.environ)
    lease = Lease(throw_away_location(), missing).acquire() if missing else None
    try:
        if lease is not None:
            os.environ.update(lease.environment)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "brygga.settings.test"}
        importlib.import_module("brygga.celery")
        importlib.import_module("django").setup()
        measures = importlib.import_module("benchmarks.desk_measures")
        found = measures.measured(chosen.matches, chosen.asks)
    finally:
        if lease is not None:
            importlib.import_module("django.db").connections.close_all()
            lease.release_and_wait()
    print(f"{'':24}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}{'KB':>7}{'peer ms':>9}{'ratio':>7}")
    for name, row in found["pages"].items():
        print(
            f"{name:24}{row['p50_ms']:8.0f}{row['p95_ms']:8.0f}{row['queries']:9}{row['kilobytes']:7.0f}"
            f"{row['peer_p50_ms']:9.0f}{row['ratio']:7.1f}"
        )
    print(f"{found['matches']} matches beside {found['peer_matches']}; load {found['load']}")
    if chosen.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
