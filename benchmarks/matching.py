"""How fast the matching is, with others' ways of doing a part of it beside it in the same run.

    python -m benchmarks.matching [--initiatives 100000] [--offers 10000] [--processes 2] [--growth]
                                  [--kernel-only] [--reuse] [--json]

Made-up profiles (`benchmarks.synthetic`), encoded first; then every initiative against every offer: texts,
all criteria, all rules, the best 50 both ways with all their numbers. Each process uses one thread. Then
the whole job, from rows in a database of its own to a published run (`benchmarks.job`), unless
--kernel-only is said. The machine's load is printed with the figures, since they mean little without it.
With --json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.job import measure_job
from benchmarks.peak import Peak
from benchmarks.peers import text_peers
from benchmarks.synthetic import TODAY, made_world
from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.combine import Weights
from matching.kernel.pair_table import PairTable, floors_of, merge_tops
from matching.kernel.pairs import score_pairs
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers
from matching.kernel.tiles import similar_order
from matching.kernel.topk import match_rows, side_of

KEPT = 50
#: Initiatives of a part: the most, and the fewest near the end, so that no process waits long for the other.
SHARD, SMALLEST = 2_500, 500


@dataclass
class Ready:
    """Both sides, encoded."""

    initiatives: PreparedInitiatives
    offers: PreparedOffers
    analysis: Analysis
    weights: Weights


def ready_world(n: int, m: int, seed: int) -> Ready:
    """Make and encode both sides; the means come from a sample of pairs."""
    world = made_world(n, m, seed)
    weights = Weights()
    # Their words are counted. A worker holds whole texts of its own part at most, and the matching reads
    # nothing but titles of them.
    titles = tuple(replace(text, body="") for text in world.initiatives.documents)
    initiatives = PreparedInitiatives(replace(world.initiatives, documents=titles), world.initiative_counts)
    offers = PreparedOffers(world.offers, world.analysis, world.offer_counts)
    generator = np.random.default_rng(seed)
    sample = min(60_000, n * m)
    pairs = generator.integers(0, n, sample), generator.integers(0, m, sample)
    table = score_pairs(initiatives, offers, world.analysis, weights, TODAY, *pairs)
    counted = table.known & (table.verdict != codes.DOES_NOT_FIT)[:, None]
    sums = np.where(counted, table.values, 0.0).sum(axis=0)
    means = np.divide(sums, counted.sum(axis=0), out=np.full(len(sums), 0.5), where=counted.any(axis=0))
    analysis = replace(world.analysis, means=tuple(np.round(means, 6).tolist()))
    # As a run does: who may meet the same offers stand in one shard.
    return Ready(initiatives.rows(similar_order(initiatives)), offers, analysis, weights)


def _give_back() -> None:
    """Give memory that is no longer used back to the machine."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


def _carry_out(ready: Ready, next_row: Any, known_floors: Any, queue: Any, go: Any) -> None:
    go.wait()
    started, cpu = time.perf_counter(), time.process_time()
    waiting = [PairTable.empty()]
    digest, kept = 0.0, 0
    ties = ready.initiatives.arrays.key_order
    while True:
        # As workers do: whoever is done takes the next part, and knows how good a pair must be by now.
        with next_row.get_lock():
            first = next_row.value
            left = len(ready.initiatives) - first
            next_row.value += min(SHARD, max(SMALLEST, left // 5))
            last = next_row.value
            floors = np.array(known_floors)
        if left <= 0:
            break
        mine, theirs = match_rows(
            ready.initiatives, ready.offers, ready.analysis, ready.weights, TODAY,
            first, min(last, len(ready.initiatives)), KEPT, floors=floors,
        )  # fmt: skip
        # In a run these go to the database, part by part.
        digest += float(mine.fit.sum()) + float(mine.values.sum())
        kept += len(mine)
        del mine
        waiting.append(theirs)
        # A few pairs more hardly raise what a pair must reach.
        if sum(map(len, waiting[1:])) > len(waiting[0]) // 8:
            waiting = [merge_tops(waiting, ties, KEPT)]
            reached = floors_of(waiting[0], len(ready.offers), KEPT)
            with next_row.get_lock():
                known_floors[:] = np.maximum(known_floors, reached)
    waiting = [merge_tops(waiting, ties, KEPT)]
    # What the other process has found better is not sent.
    best = waiting[0].take(waiting[0].fit >= np.array(known_floors)[waiting[0].offer])
    del waiting
    _give_back()
    queue.put((best, digest, kept, time.perf_counter() - started, time.process_time() - cpu))


def run_kernel(ready: Ready, processes: int) -> dict[str, float]:
    """Match everything; return seconds of the clock and of the processors, pairs kept, peak memory."""
    side_of(ready.offers, ready.analysis, ready.weights, TODAY)
    _ = ready.initiatives.arrays.key_order, ready.offers.arrays.key_order
    # What making the profiles left behind is none of the matching's memory.
    _give_back()
    # The collector writes to every object that it looks at, and each page written to is one more page.
    gc.freeze()
    context = multiprocessing.get_context("fork")
    queue, go, next_row = context.Queue(), context.Event(), context.Value("q", 0)
    floors = context.RawArray("d", len(ready.offers))
    workers = [
        context.Process(target=_carry_out, args=(ready, next_row, floors, queue, go))
        for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    peak = Peak([os.getpid(), *(worker.pid or 0 for worker in workers)])
    started = time.perf_counter()
    go.set()
    parts = [queue.get() for _ in workers]
    merged = merge_tops([part[0] for part in parts], ready.initiatives.arrays.key_order, KEPT)
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.join()
    gc.unfreeze()
    return {
        "seconds": seconds,
        "cpu_seconds": sum(part[4] for part in parts),
        "kept_of_initiatives": sum(part[2] for part in parts),
        "kept_of_offers": len(merged),
        "peak_mb": peak.stop(),
    }


def incremental(ready: Ready) -> dict[str, float]:
    """Score one initiative against all offers, and one offer against all initiatives; the median of several."""
    single, other = [], []
    for row in np.linspace(0, len(ready.initiatives) - 1, 15).astype(int):
        one = ready.initiatives.rows(slice(row, row + 1))
        started = time.perf_counter()
        match_rows(one, ready.offers, ready.analysis, ready.weights, TODAY, 0, 1, KEPT)
        single.append(time.perf_counter() - started)
    for column in np.linspace(0, len(ready.offers) - 1, 3).astype(int):
        chosen = np.array([column])
        started = time.perf_counter()
        one_offer = PreparedOffers(
            ready.offers.arrays.rows(chosen), ready.analysis, ready.offers.index.counts.rows(chosen)
        )
        match_rows(
            ready.initiatives,
            one_offer,
            ready.analysis,
            ready.weights,
            TODAY,
            0,
            len(ready.initiatives),
            KEPT,
        )
        other.append(time.perf_counter() - started)
    return {"initiative": float(np.median(single)), "offer": float(np.median(other))}


def peers(ready: Ready, rows: int = 2_000) -> dict[str, float | None]:
    """Time what others would use for the text alone, on a sample; see `benchmarks.peers`."""
    n = len(ready.initiatives)
    sample = np.linspace(0, n - 1, min(rows, n)).astype(int)
    index = ready.offers.index
    mine = index.query_rows(ready.initiatives.counts.rows(sample)).cosine["own"]
    return text_peers(mine, index.document_rows().cosine["own"], n)


def measure(n: int, m: int, processes: int, seed: int, with_peers: bool) -> dict[str, Any]:
    """Measure one size."""
    started = time.perf_counter()
    ready = ready_world(n, m, seed)
    made = time.perf_counter() - started
    before = os.getloadavg()[0]
    kernel = run_kernel(ready, processes)
    pairs = n * m
    print(
        f"{n} x {m}: {kernel['seconds']:.1f} s on {processes} processes ({kernel['cpu_seconds']:.1f} s of processor), "
        f"{pairs / kernel['seconds'] / 1e6:.1f} million pairs a second, peak {kernel['peak_mb']:.0f} MB, "
        f"{kernel['kept_of_initiatives']} + {kernel['kept_of_offers']} pairs kept; "
        f"load before {before:.1f}, after {os.getloadavg()[0]:.1f} (made and encoded in {made:.0f} s)"
    )
    found: dict[str, Any] = {"initiatives": n, "offers": m, "pairs": pairs, "load": before, **kernel}
    found["incremental"] = incremental(ready)
    print(
        f"  one initiative {found['incremental']['initiative'] * 1000:.1f} ms, "
        f"one offer {found['incremental']['offer'] * 1000:.1f} ms"
    )
    if with_peers:
        found["peers"] = peers(ready)
        for name, seconds in found["peers"].items():
            told = "not installed" if seconds is None else f"{seconds:.1f} s of one processor, text alone"
            print(f"  {name}: {told}")
    return found


def _one_or_more(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number from 1 up")
    return int(text)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--initiatives", type=_one_or_more, default=100_000)
    parser.add_argument("--offers", type=_one_or_more, default=10_000)
    parser.add_argument("--processes", type=_one_or_more, default=2)
    parser.add_argument("--seed", type=_one_or_more, default=1)
    parser.add_argument("--growth", action="store_true", help="smaller sizes first: 10^6 pairs and up")
    parser.add_argument("--kernel-only", action="store_true", help="no database")
    parser.add_argument("--reuse", action="store_true", help="the database that was filled last is kept")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    arguments = parser.parse_args()
    growth = []
    if arguments.growth:
        for n, m in ((1_000, 1_000), (10_000, 1_000), (30_000, 3_000)):
            growth.append(measure(n, m, arguments.processes, arguments.seed, False))
    whole = measure(arguments.initiatives, arguments.offers, arguments.processes, arguments.seed, True)
    job: dict[str, Any] = {"job_seconds": None}
    if not arguments.kernel_only:
        job = measure_job(arguments.initiatives, arguments.offers, seed=arguments.seed, reuse=arguments.reuse)
    if arguments.json:
        print(
            json.dumps(
                {
                    "kernel_seconds": whole["seconds"],
                    "incremental_seconds": whole["incremental"]["initiative"],
                    "incremental_offer_seconds": whole["incremental"]["offer"],
                    "peak_mb": whole["peak_mb"],
                    # The whole job's changes, up to the stored rows, where it is measured.
                    **job,
                    "pairs": whole["pairs"],
                    "load": whole["load"],
                    "peers": whole["peers"] | job.get("peers", {}),
                    "growth": [
                        {key: size[key] for key in ("pairs", "seconds", "cpu_seconds", "peak_mb", "load")}
                        for size in [*growth, whole]
                    ],
                }
            )
        )


if __name__ == "__main__":
    main()
