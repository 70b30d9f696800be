"""A run in parts: in any order, twice, lost and found again, it gives what one part gives."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from brygga.outbox.models import OutboxMessage
from innovators import services as innovators
from matching.engine import control, encoded, leases, runs, scoring
from matching.engine.enums import RunState, ShardKind, ShardState
from matching.engine.models import Match, MatchRun, MatchShard, MatchSnapshot
from matching.engine.parts import Floors
from matching.engine.services import RunBusy, execute_run, request_run, roll_back, run_now, work_once
from matching.tasks import run as run_task
from matching.tasks import tend
from tests.cast import Cast
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db

COLUMNS = ("initiative", "offer", "verdict", "fit", "confidence", "numbers", "rules")


def rows() -> list[Any]:
    return list(Match.objects.current().order_by("initiative", "offer").values_list(*COLUMNS))


def several() -> None:
    for number in range(5):
        workshop(title=f"Verkstad {number}", theme_codes=["employment"] if number % 2 else ["integration"])
        grant(title=f"Bidrag {number}", area_codes=["SE"] if number % 2 else ["SE-14"])
    garden(needs=["premises"])
    mentor()


def begun() -> MatchRun:
    """Return a run that is begun, with nothing done yet."""
    request_run(now=NOW)
    run = leases.begin_run(now=timezone.now())
    assert run is not None
    return run


def one(holder: str = "somebody") -> bool:
    return work_once(holder=holder, now=NOW)


@pytest.mark.parametrize("kept", [50, 2])
def test_parts_of_one_give_what_one_part_gives(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "KEPT", kept)
    several()
    run_now(now=NOW)
    whole = rows()
    assert len(whole) > 10
    Match.objects.all().delete()
    with override_settings(MATCHING_SHARD_ROWS=1):
        request_run(now=NOW)
        leases.begin_run(now=timezone.now())
        one()
        assert MatchShard.objects.filter(kind=ShardKind.SCORE, state=ShardState.WAITING).count() == 6
        for number in range(3):
            # Another process: it has nothing of what the planner read.
            encoded.forget()
            assert one(f"worker {number}")
        # The last before those in the middle.
        MatchShard.objects.filter(lo=3, kind=ShardKind.SCORE).update(
            not_before=timezone.now() + timedelta(hours=1)
        )
        assert one()
        assert one()
        assert not one()
        MatchShard.objects.update(not_before=None)
        while one():
            pass
    assert rows() == whole
    assert not MatchSnapshot.objects.exists()
    assert not MatchShard.objects.exclude(result=b"").exists()


def test_publishing_waits_for_every_part() -> None:
    several()
    with override_settings(MATCHING_SHARD_ROWS=3):
        begun()
        one()
        first = leases.take(holder="a", now=timezone.now())
        second = leases.take(holder="b", now=timezone.now())
        assert first and second and {first.lo, second.lo} == {0, 3}
        assert leases.take(holder="c", now=timezone.now()) is None
        assert control.calls_after_a_part(now=timezone.now()) == 0


def test_a_part_whose_holder_is_silent_is_done_by_another_and_what_comes_late_is_thrown_away() -> None:
    several()
    run = begun()
    one()
    lost = leases.take(holder="dead", now=timezone.now() - timedelta(hours=1))
    assert lost is not None
    assert not one()
    assert leases.take_back_expired(now=timezone.now()) == 1
    while one("alive"):
        pass
    run.refresh_from_db()
    assert (run.state, run.is_current) == ("published", True)
    found = rows()
    with pytest.raises(leases.LeaseLost):
        leases.finish(lost, now=timezone.now(), result=b"late")
    assert rows() == found


def test_a_held_lease_is_renewed_and_a_lost_one_is_not() -> None:
    several()
    begun()
    shard = leases.take(holder="a", now=timezone.now() - timedelta(hours=1))
    assert shard is not None
    assert leases.renew(shard, now=timezone.now())
    assert leases.take_back_expired(now=timezone.now()) == 0
    MatchShard.objects.filter(pk=shard.pk).update(holder="b")
    assert not leases.renew(shard, now=timezone.now())


def test_a_part_that_goes_wrong_is_tried_again_later_and_then_fails_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    several()
    run = begun()
    one()

    def broken(*args: Any) -> str:
        raise RuntimeError("no room left")

    with monkeypatch.context() as patched:
        patched.setattr(scoring, "score", broken)
        # A worker's lease is renewed over a connection of its own, which does not see this test's rows.
        patched.setattr(runs, "kept_alive", lambda shard: nullcontext())
        for attempt in range(1, leases.MOST_ATTEMPTS + 1):
            assert work_once(holder="a", now=NOW, is_worker=True)
            assert not work_once(holder="a", now=NOW, is_worker=True)
            run.refresh_from_db()
            assert (run.state == RunState.FAILED) == (attempt == leases.MOST_ATTEMPTS)
            MatchShard.objects.update(not_before=None)
    assert run.error == "RuntimeError: no room left"
    # Taken up where it stopped: what was planned is not planned again.
    again = control.retry_run(run=run, actor=None, now=NOW)
    assert again == run
    execute_run(run_id=run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.is_current, MatchShard.objects.get(run=run, kind=ShardKind.PLAN).attempts) == (True, 1)


def test_a_lost_part_is_not_handed_out_for_ever() -> None:
    several()
    run = begun()
    for _ in range(leases.MOST_ATTEMPTS):
        assert leases.take(holder="dead", now=timezone.now() - timedelta(hours=1))
        leases.take_back_expired(now=timezone.now())
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "Nothing was heard of dead" in run.error


def test_cancelling_stops_a_run_and_what_is_published_stays(cast: Cast) -> None:
    several()
    good = run_now(now=NOW)
    run = begun()
    one()
    shard = leases.take(holder="a", now=timezone.now())
    assert shard is not None
    with pytest.raises(PermissionDenied):
        control.cancel_run(run=run, actor=cast.ruth, now=NOW)
    control.cancel_run(run=run, actor=None, now=NOW)
    assert not leases.renew(shard, now=timezone.now())
    with pytest.raises(leases.LeaseLost):
        leases.finish(shard, now=timezone.now())
    assert not one()
    good.refresh_from_db()
    assert good.is_current
    with pytest.raises(control.RunIsOver):
        control.cancel_run(run=run, actor=None, now=NOW)


def test_an_outdated_run_is_not_taken_up_again() -> None:
    run = begun()
    control.cancel_run(run=run, actor=None, now=NOW)
    later = run_now(now=NOW)
    assert control.retry_run(run=run, actor=None, now=NOW).pk > later.pk


def test_two_runs_asked_for_one_after_the_other_wait_for_each_other() -> None:
    several()
    first = begun()
    second = request_run(now=NOW)
    assert second != first
    assert leases.begin_run(now=timezone.now()) == first
    with pytest.raises(RunBusy):
        execute_run(run_id=second.pk, now=NOW)
    execute_run(run_id=second.pk, now=NOW, wait=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.is_current) == ("published", True)
    assert first.published_at < second.published_at


def test_a_run_with_the_same_analysis_writes_differences_only(monkeypatch: pytest.MonkeyPatch) -> None:
    several()
    changed = workshop(title="Den som ändras")
    run_now(now=NOW)
    before = dict(Match.objects.values_list("pk", "from_run"))
    from matching.engine import planning

    monkeypatch.setattr(planning, "MOST_DRIFT", 1.0)
    innovators.change_initiative(
        initiative=changed, changes={"theme_codes": ["food_and_growing"]}, actor=None, now=NOW
    )
    later = run_now(now=NOW)
    touched = Match.objects.filter(initiative=changed)
    # What the giver asks nothing about is as it was.
    assert 0 < touched.filter(to_run=None, from_run=later.pk).count() < touched.filter(to_run=None).count()
    assert {row.to_run for row in touched.exclude(to_run=None)} == {later.pk}
    others = dict(Match.objects.exclude(initiative=changed).values_list("pk", "from_run"))
    assert others == {key: run for key, run in before.items() if key in others}
    after = rows()
    earlier = roll_back(actor=None, now=NOW)
    assert rows() != after
    assert set(Match.objects.current().values_list("pk", flat=True)) == set(before)
    assert earlier.analysis_id == later.analysis_id
    run_now(now=NOW)
    assert rows() == after


def test_a_run_of_the_same_writes_nothing() -> None:
    several()
    run_now(now=NOW)
    before = list(Match.objects.order_by("pk").values_list("pk", "from_run", "to_run"))
    run_now(now=NOW)
    assert list(Match.objects.order_by("pk").values_list("pk", "from_run", "to_run")) == before


def test_the_task_begins_the_run_and_beat_mends_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    from matching import tasks

    called: list[int] = []
    monkeypatch.setattr(tasks, "_call_workers", called.append)
    monkeypatch.setattr(runs, "kept_alive", lambda shard: nullcontext())
    several()
    run = request_run(now=NOW)
    message = OutboxMessage.objects.get(task="matching.run")
    run_task(outbox_id=message.pk, **message.arguments)
    run.refresh_from_db()
    assert (run.state, called) == ("running", [1])
    shard = leases.take(holder="dead", now=timezone.now() - timedelta(hours=1))
    assert shard is not None
    tend()
    assert called == [1, 1]
    shard.refresh_from_db()
    assert shard.state == ShardState.WAITING
    tasks.work()
    assert called == [1, 1, 1]
    tasks.work()
    tasks.work()
    run.refresh_from_db()
    assert run.is_current
    tend()
    assert called[-1] == 0


def test_beat_asks_for_a_run_when_what_is_shown_is_of_another_engine() -> None:
    assert control.tend_runs(now=timezone.now()) == 0
    assert not MatchRun.objects.exists()
    several()
    # Nothing has been matched yet.
    assert control.tend_runs(now=timezone.now()) == 1
    assert control.tend_runs(now=timezone.now()) == 1
    assert MatchRun.objects.count() == 1
    run_now(now=NOW)
    assert control.tend_runs(now=timezone.now()) == 0
    MatchRun.objects.filter(is_current=True).update(engine_version="0")
    MatchRun.objects.exclude(is_current=True).delete()
    assert control.tend_runs(now=timezone.now()) == 1
    control.cancel_run(run=MatchRun.objects.get(state=RunState.RUNNING), actor=None, now=timezone.now())
    assert control.tend_runs(now=timezone.now()) == 0
    assert control.tend_runs(now=timezone.now() + timedelta(hours=2)) == 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10_000)), max_size=12), min_size=1, max_size=4
    )
)
def test_floors_never_leave_out_what_belongs_to_the_best(parts: list[list[tuple[int, int]]]) -> None:
    k, offers = 3, 4
    floors = Floors.read(b"", offers, k)
    kept: list[tuple[int, int]] = []
    for part in parts:
        kept += [pair for pair in part if pair[1] / 10_000 >= floors.values[pair[0]]]
        floors = Floors.read(
            floors.with_found(
                np.array([offer for offer, _ in part], dtype=np.int64),
                np.array([fit for _, fit in part], dtype=np.uint16),
            ).to_bytes(),
            offers,
            k,
        )
    for offer in range(offers):
        everything = sorted((fit for part in parts for one, fit in part if one == offer), reverse=True)[:k]
        assert sorted((fit for one, fit in kept if one == offer), reverse=True)[:k] == everything
