"""The whole matching job, from rows in PostgreSQL to a published run, and one change after it.

Called by `python -m benchmarks.matching` without `--kernel-only`. Everything is as in a real installation:
PostgreSQL and Redis (those of DATABASE_URL and REDIS_URL, else servers of its own with their ordinary
durability), two processes for the long queue and one for the short, relay and beat. The database must be
empty, or filled by an earlier measurement with the same numbers when `reuse` is said.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.peak import Peak
from benchmarks.waiting import wait_for
from brygga.devservices.lease import Lease, delete_state, missing_variables
from brygga.devservices.location import Location, checkout_location, location_at

ROOT = Path(__file__).resolve().parent.parent
CELERY = ("-m", "celery", "-A", "brygga.celery")
WORKER = (*CELERY, "worker", "-l", "INFO", "--without-mingle", "--without-gossip")
PROCESSES = {
    "long": (*WORKER, "-Q", "default", "-c", "2", "-n", "long@%h"),
    "short": (*WORKER, "-Q", "short", "-c", "1", "-n", "short@%h"),
    "relay": ("manage.py", "relay"),
    "beat": (*CELERY, "beat", "-l", "WARNING", "--pidfile="),
}


def measure_job(
    n: int, m: int, *, seed: int = 1, reuse: bool = False, again: bool = True, keep_logs: bool = False
) -> dict[str, Any]:
    """Fill a database, match everything in workers, change profiles; print and return what it took.

    Keys: `fill_seconds`, `job_seconds`, `stages` (name -> seconds), `again_seconds` (the next run, when
    nothing has changed), `incremental_seconds` and `incremental_offer_seconds` (medians), the first change
    of each side alone, `job_peak_mb` of the workers together.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="brygga-measure-"))
        if not keep_logs:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= stack.enter_context(_servers(reuse))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "brygga.settings.dev",
            "BRYGGA_DEBUG": "0",
            "BRYGGA_DEMO": "0",
            "BRYGGA_MATCHING_CACHE": str(folder / "cache"),
            "BRYGGA_REDIS_PREFIX": f"measure-{os.getpid()}",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "PYTHONUNBUFFERED": "1",
        }
        # Only now: settings are read once.
        importlib.import_module("brygga.celery")
        importlib.import_module("django").setup()
        measures = importlib.import_module("benchmarks.job_measures")
        found = measures.filled(n, m, seed, reuse)
        workers = {name: stack.enter_context(_running(name, folder)) for name in PROCESSES}
        _wait_for_workers(folder)
        peak = Peak([pid for name in ("long", "short") for pid in [workers[name].pid]], with_children=True)
        found |= measures.run("job", folder)
        if again:
            found |= {"again_seconds": measures.run("again", folder)["job_seconds"]}
        found |= measures.changes()
        found["peers"] = measures.peers(n)
        found["job_peak_mb"] = peak.stop()
        print(f"  workers together: at most {found['job_peak_mb']:.0f} MB")
    return found


# -- servers and processes -----------------------------------------------------------------------------


@contextlib.contextmanager
def _servers(reuse: bool) -> Iterator[dict[str, str]]:
    missing = missing_variables(os.environ)
    if not missing:
        yield {}
        return
    location = _location()
    if not reuse:
        delete_state(location)
    with Lease(location, missing) as lease:
        yield lease.environment
    if not reuse:
        delete_state(location)


def _location() -> Location:
    """Return a place for durable servers beside those of the checkout: what is measured is what will be."""
    checkout = checkout_location()
    state = checkout.state.with_name(f"{checkout.state.name}-measure")
    return location_at(state, account=checkout.account, ephemeral=False)


@contextlib.contextmanager
def _running(name: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = list(PROCESSES[name])
    if "worker" in command and not os.access("/dev/shm", os.W_OK):
        command += ["--pool", "threads"]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait_for_workers(folder: Path) -> None:
    logs = [folder / f"{name}.log" for name in ("long", "short")]
    try:
        wait_for(lambda: all(b" ready" in log.read_bytes() for log in logs), 120, every=0.2)
    except TimeoutError:
        raise SystemExit("\n".join(log.read_text()[-3_000:] for log in logs)) from None
