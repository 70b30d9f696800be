"""How long somebody waits who asks for support without an account.

    python -m benchmarks.quick [--offers 10000] [--initiatives 500] [--asks 200] [--json]

Made-up offers (`benchmarks.synthetic`) as rows in PostgreSQL, one run over them, and then real requests to the
web application in this process, one at a time: form, scoring against every offer, rules, the next question,
what would help, eight cards with reasons, the page. The texts differ from one another and are not among those
matched. The first answer, and what a web process does before it says that it is ready, are told apart.
Servers of its own unless DATABASE_URL and REDIS_URL name some; that database must be empty. With --json the
last line is one JSON object.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os

from brygga.devservices.lease import Lease, missing_variables
from brygga.devservices.location import throw_away_location

#: The goal, in milliseconds.
GOAL = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--initiatives", type=int, default=500)
    parser.add_argument("--asks", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    missing = missing_variables(os.environ)
    lease = Lease(throw_away_location(), missing).acquire() if missing else None
    try:
        if lease is not None:
            os.environ.update(lease.environment)
        # As a web process of a real installation, but for what it does with mails and limits.
        os.environ |= {"DJANGO_SETTINGS_MODULE": "brygga.settings.test"}
        importlib.import_module("brygga.celery")
        importlib.import_module("django").setup()
        measures = importlib.import_module("benchmarks.quick_measures")
        found = measures.measured(chosen.offers, chosen.initiatives, chosen.asks)
    finally:
        if lease is not None:
            importlib.import_module("django.db").connections.close_all()
            lease.release_and_wait()
    print(
        f"p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms, longest {found['most_ms']} ms, "
        f"processor p95 {found['processor_p95_ms']} ms "
        f"(goal: p95 under {GOAL:.0f} ms); first {found['first_ms']} ms after {found['warming_ms']} ms of "
        f"warming; load {found['load']}"
    )
    if chosen.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
