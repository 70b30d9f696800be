"""Put the parts of a run together, write what is new, and make the run the one that pages show.

Everything happens in one transaction: until it is committed nothing of the run is seen, after it
everything. Whoever is killed inside leaves nothing behind, and the part is done again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from numpy.typing import NDArray

from innovators.models import Initiative
from matching.engine import scoring, suggesting
from matching.engine.enums import RunState, ShardKind
from matching.engine.keeping import keep_last_of_run
from matching.engine.leases import finish, result_of
from matching.engine.models import Match, MatchRun, MatchShard, MatchSnapshot, ProfileScoring
from matching.engine.parts import Part, best_of_groups
from matching.engine.reading import moment_of
from matching.engine.rescoring import rescore_rows
from matching.engine.stages import stage
from matching.engine.stamps import Profiles
from matching.engine.storing import COLUMNS, Rows, copy_rows

#: So many changed profiles are renewed while nobody else has to wait.
FEW = 3
_NOBODY = np.empty(0, dtype=np.int64)


@dataclass
class Written:
    """The pairs of a run, kept while they are written: who, with whom, how well."""

    initiative: list[NDArray[np.int64]] = field(default_factory=list)
    offer: list[NDArray[np.int64]] = field(default_factory=list)
    fit: list[NDArray[np.uint16]] = field(default_factory=list)

    def note(self, rows: Rows) -> None:
        self.initiative.append(rows.initiative)
        self.offer.append(rows.offer)
        self.fit.append(rows.fit)


def publish(shard: MatchShard, run: MatchRun) -> str:
    """Publish a run whose parts are done; return what was stored, in words. Raises LeaseLost."""
    snapshot = Profiles.from_bytes(MatchSnapshot.objects.values_list("profiles", flat=True).get(run=run))
    with stage("merge"):
        chosen = _best_of_offers(run)
    written = Written()
    with transaction.atomic():
        is_same = MatchRun.objects.filter(is_current=True, analysis=run.analysis_id).exists()
        table = _staging() if is_same else "matching_match"
        with stage("write_matches"):
            for rows in _rows(run, chosen):
                written.note(rows)
                copy_rows(
                    rows, analysis_id=run.analysis_id or 0, run_id=run.pk, now=timezone.now(), into=table
                )
        with stage("put_forward"):
            chosen_pairs = suggesting.put_forward(
                run,
                snapshot,
                np.concatenate([*written.initiative, _NOBODY]),
                np.concatenate([*written.offer, _NOBODY]),
                np.concatenate([*written.fit, _NOBODY]) / 10_000,
            )
        if not is_same:
            snapshot = _renew_changed(run, snapshot)
        # Rescorings hold the current run's row shared: this waits for them, and those that come
        # after wait for us and then find the new run.
        current = list(MatchRun.objects.select_for_update().filter(is_current=True))
        if is_same != any(one.analysis_id == run.analysis_id for one in current):
            raise RunOvertaken
        if is_same:
            with stage("write_differences"):
                _write_differences(run, table)
        with stage("keep_last"):
            day = timezone.localdate(moment_of(run.day or 0))
            keep_last_of_run(run, current[0] if current else None, day=day)
        _count_anew()
        with stage("renew_changed"):
            later = _renew(run, snapshot)
        moment = timezone.now()
        with stage("suggest"):
            suggesting.settle(run, now=moment_of(run.day or 0), at=moment)
            suggested = suggesting.store(run, chosen_pairs, now=moment)
        finish(shard, now=moment)
        MatchRun.objects.filter(is_current=True).update(is_current=False)
        MatchRun.objects.filter(pk=run.pk).update(
            state=RunState.PUBLISHED,
            is_current=True,
            matches_found=Match.objects.of(run).count(),
            figures=chosen_pairs.figures | {"suggested": suggested},
            finished_at=moment,
            published_at=moment,
        )
        _mark_done(later)
        # What the parts found is in the matches now.
        MatchShard.objects.filter(run=run, kind=ShardKind.SCORE).update(result=b"")
        MatchSnapshot.objects.filter(run=run).delete()
    run.refresh_from_db()
    return f"{run.matches_found} matches stored"


class RunOvertaken(Exception):
    """Another run has become the current one while this was put together: it is put together again."""


# -- putting together ------------------------------------------------------------------------------


def _parts(run: MatchRun) -> Iterator[Part]:
    """Yield what the parts have found, one at a time and always in the same order."""
    parts = MatchShard.objects.filter(run=run, kind=ShardKind.SCORE).order_by("lo")
    for key in list(parts.values_list("pk", flat=True)):
        yield Part.from_bytes(result_of(key))


def _best_of_offers(run: MatchRun) -> list[NDArray[np.bool_]]:
    """Return, for each part, which of its pairs are among the best of their offer in the whole run."""
    offers, initiatives, fits, owners = [], [], [], []
    sizes = []
    for number, part in enumerate(_parts(run)):
        places = np.flatnonzero(part.of_offer)
        sizes.append(len(part.rows))
        offers.append(part.rows.offer[places])
        initiatives.append(part.rows.initiative[places])
        fits.append(part.rows.fit[places])
        owners.append(np.stack([np.full(len(places), number), places], axis=1))
    chosen = [np.zeros(size, dtype=bool) for size in sizes]
    if not sizes:
        return chosen
    initiative = np.concatenate(initiatives)
    best = best_of_groups(
        np.concatenate(offers), np.concatenate(fits), _order_of_initiatives(initiative), scoring.KEPT
    )
    owner = np.concatenate(owners)[best]
    for number, marks in enumerate(chosen):
        marks[owner[owner[:, 0] == number, 1]] = True
    return chosen


def _order_of_initiatives(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each initiative by public id, which is what breaks ties."""
    there = np.unique(keys)
    names = dict(Initiative.objects.filter(pk__in=there.tolist()).values_list("pk", "public_id"))
    order = sorted(range(len(there)), key=lambda place: names.get(int(there[place]), ""))
    places = np.empty(len(there), dtype=np.int64)
    places[order] = np.arange(len(there))
    return np.asarray(places[np.searchsorted(there, keys)])


def _rows(run: MatchRun, chosen: list[NDArray[np.bool_]]) -> Iterator[Rows]:
    for part, marks in zip(_parts(run), chosen, strict=True):
        yield part.rows.take(part.of_initiative | marks)


# -- writing differences ---------------------------------------------------------------------------


def _staging() -> str:
    """Make an empty table for pairs to compare with what is stored; gone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS match_staged")
        cursor.execute(
            f"CREATE TEMP TABLE match_staged ON COMMIT DROP AS "  # noqa: S608 - names of our own
            f"SELECT {', '.join(COLUMNS)} FROM matching_match WITH NO DATA"
        )
    return "match_staged"


def _count_anew() -> None:
    """Have the database look at what stands in the tables now: it plans what follows by it, and all lists."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matching_match, matching_matchsuggestion")


_SAME = " AND ".join(
    f"staged.{name} = stored.{name}"
    for name in ("initiative_id", "offer_id", "fit", "confidence", "verdict", "numbers", "rules")
)


def _write_differences(run: MatchRun, table: str) -> None:
    """Take away the stored pairs that are no longer so, and add those that are new."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(
            f"UPDATE matching_match stored SET to_run = %s "  # noqa: S608 - names of our own
            f"WHERE analysis_id = %s AND to_run IS NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {table} staged WHERE {_SAME})",
            [run.pk, run.analysis_id],
        )
        cursor.execute(
            f"INSERT INTO matching_match ({', '.join(COLUMNS)}) "  # noqa: S608 - names of our own
            f"SELECT {', '.join(COLUMNS)} FROM {table} staged "
            f"WHERE NOT EXISTS (SELECT 1 FROM matching_match stored WHERE stored.analysis_id = %s "
            f"AND stored.to_run IS NULL AND stored.initiative_id = staged.initiative_id "
            f"AND stored.offer_id = staged.offer_id)",
            [run.analysis_id],
        )


# -- what has changed meanwhile --------------------------------------------------------------------


def _renew_changed(run: MatchRun, snapshot: Profiles) -> Profiles:
    """Renew what has changed since the snapshot while nobody waits, until there is little left."""
    while True:
        later = Profiles.now(moment_of(run.day or 0))
        changed = len(later.initiatives.differing(snapshot.initiatives))
        if changed + len(later.offers.differing(snapshot.offers)) <= FEW:
            return snapshot
        snapshot = _renew(run, snapshot)


def _renew(run: MatchRun, snapshot: Profiles) -> Profiles:
    """Rescore in the run what has changed since the snapshot; return what there is now."""
    now = moment_of(run.day or 0)
    later = Profiles.now(now)
    rescore_rows(
        run=run,
        initiative_ids=later.initiatives.differing(snapshot.initiatives),
        offer_ids=later.offers.differing(snapshot.offers),
        now=now,
    )
    return later


def _mark_done(profiles: Profiles) -> None:
    """Say of the profiles that waited for rescoring that they are up to date, as this run saw them."""
    waiting = ProfileScoring.objects.filter(done_revision__lt=F("asked_revision"))
    for scoring_row in waiting.only("asked_revision", "initiative_id", "offer_id").iterator(chunk_size=1000):
        revision = (
            profiles.initiatives.revision_of(scoring_row.initiative_id)
            if scoring_row.initiative_id
            else profiles.offers.revision_of(scoring_row.offer_id or 0)
        )
        if revision is None or revision >= scoring_row.asked_revision:
            ProfileScoring.objects.filter(
                pk=scoring_row.pk, asked_revision=scoring_row.asked_revision
            ).update(done_revision=scoring_row.asked_revision, done_at=timezone.now())
