"""What `benchmarks.job` measures, in the process that asks for it. Imported when Django is set up."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.peers import TERMS, full_text_search
from benchmarks.waiting import wait_for
from funders import services as funders
from funders.models import SupportOffer
from innovators import services as innovators
from innovators.models import Initiative
from matching.engine.control import request_run
from matching.engine.models import Match, MatchRun, ProfileScoring

#: Changed profiles of each side, one after the other.
CHANGES = 9


def filled(n: int, m: int, seed: int, reuse: bool) -> dict[str, Any]:

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_taxonomy", stdout=_Every(1_000))
    there = (Initiative.objects.count(), SupportOffer.objects.count())
    if reuse and there == (n, m):
        return {"fill_seconds": None}
    if there != (0, 0):
        raise SystemExit(
            f"The database has {there[0]} initiatives and {there[1]} offers already: give an empty one"
            + (", or these numbers." if reuse else ", or say --reuse with these numbers.")
        )
    begun = time.perf_counter()
    call_command("generate_load", initiatives=n, offers=m, seed=seed, stdout=_Every(10))
    seconds = time.perf_counter() - begun
    print(f"  filled in {seconds:.1f} s")
    return {"fill_seconds": seconds}


class _Every:
    """Prints every so many lines of a command."""

    def __init__(self, number: int) -> None:
        self.number, self.lines = number, 0

    def write(self, text: str) -> None:
        self.lines += 1
        if self.lines % self.number == 0:
            print(f"  {text.strip()}", flush=True)

    def flush(self) -> None:
        """Nothing waits."""


def run(name: str, folder: Path) -> dict[str, Any]:
    """Ask for a run and wait until it is published; return seconds, whole and by stage."""
    read = {log: (folder / f"{log}.log").stat().st_size for log in ("long", "short")}
    begun = time.perf_counter()
    run = request_run(now=timezone.now())
    told = ""
    while True:
        state, done, error = MatchRun.objects.values_list("state", "initiatives_done", "error").get(pk=run.pk)
        if state == "published":
            break
        if state in ("failed", "cancelled"):
            raise SystemExit(f"The run has not come to its end: {state} {error}")
        if (line := f"{state}, {done} initiatives matched") != told:
            told = line
            print(f"  {time.perf_counter() - begun:6.1f} s: {line}", flush=True)
        time.sleep(0.2)
    seconds = time.perf_counter() - begun
    stages = _stages(folder, read)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('matching_match')")
        size = cursor.fetchone()[0] / 2**20
    matches = Match.objects.current().count()
    print(f"  {name}: {seconds:.1f} s, {matches} matches, {size:.0f} MB of them in the database")
    for stage, taken in stages.items():
        print(f"    {stage:24} {taken:7.1f} s")
    return {"job_seconds": seconds, "stages": stages, "matches": matches}


def _stages(folder: Path, read: dict[str, int]) -> dict[str, float]:
    """Return what the workers have told since, added up over the parts of the run."""
    stages: dict[str, float] = {}
    for log, place in read.items():
        for line in (folder / f"{log}.log").read_bytes()[place:].splitlines():
            if b'"match_stage"' in line:
                told = json.loads(line)
                stages[told["stage"]] = stages.get(told["stage"], 0.0) + told["seconds"]
    return stages


def peers(n: int) -> dict[str, float]:
    """Time the database's own search on what it was filled with."""
    found = full_text_search(connection, n)
    for name, seconds in found.items():
        print(f"  {name}: {seconds:.1f} s, {TERMS} words of each initiative against indexed offers")
    return found


def changes() -> dict[str, Any]:
    """Change profiles as their owners would, one at a time; return seconds until the rows are readable."""

    def initiative(key: int, change: dict[str, Any], now: Any) -> Any:
        row = Initiative.objects.get(pk=key)
        return innovators.change_initiative(initiative=row, changes=change, actor=None, now=now)

    def offer(key: int, change: dict[str, Any], now: Any) -> Any:
        row = SupportOffer.objects.get(pk=key)
        return funders.change_offer(offer=row, changes=change, actor=None, now=now)

    found: dict[str, Any] = {}
    for name, model, change in (
        ("incremental", Initiative, initiative),
        ("incremental_offer", SupportOffer, offer),
    ):
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        chosen = [keys[place * (len(keys) - 1) // (CHANGES - 1)] for place in range(CHANGES)]
        seconds = [_change(change, key) for key in chosen]
        found[f"{name}_first_seconds"] = seconds[0]
        found[f"{name}_seconds"] = statistics.median(seconds)
        what = name.replace("incremental", "changed")
        print(
            f"  {what}: {statistics.median(seconds):.2f} s in the middle of {CHANGES}, "
            f"the first {seconds[0]:.2f} s, the longest {max(seconds):.2f} s",
            flush=True,
        )
    return found


def _change(change: Callable[[int, dict[str, Any], Any], Any], key: int) -> float:

    row = change(key, {"title": f"Ett nytt namn {time.time_ns()}", "theme_codes": None}, timezone.now())
    begun = time.perf_counter()
    side = {"initiative_id" if row._meta.model_name == "initiative" else "offer_id": key}
    wait_for(lambda: ProfileScoring.objects.filter(**side, done_revision__gte=row.revision).exists(), 300)
    list(Match.objects.current().filter(**side)[:50])
    return time.perf_counter() - begun
