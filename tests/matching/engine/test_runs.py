"""Full runs: published whole, one at a time, and the one before is there to go back to."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from brygga.outbox.models import OutboxMessage
from innovators import services as innovators
from innovators.models import Initiative
from matching.engine import publishing
from matching.engine.collection import frozen_by
from matching.engine.control import cancel_run
from matching.engine.enums import RunState
from matching.engine.models import Match, MatchAnalysis, MatchRun, MatchShard, ProfileScoring
from matching.engine.services import (
    NothingToGoBackTo,
    execute_run,
    request_run,
    roll_back,
    run_now,
)
from matching.engine.storing import unpack
from matching.kernel import codes
from matching.kernel.combine import base as base_fit
from tests.cast import Cast
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db


def pairs(run: MatchRun | None = None) -> set[tuple[str, str, str]]:
    rows = Match.objects.of(run) if run else Match.objects.current()
    return set(rows.values_list("initiative__title", "offer__title", "verdict"))


def test_run_stores_the_pairs_that_may_meet_and_no_others() -> None:
    first, second = workshop(), garden()
    money, person = grant(), mentor()
    run = run_now(now=NOW)
    # The garden is in another county than the grant, and needs neither a mentor nor premises.
    assert pairs() == {
        (first.title, money.title, "fits"),
        (first.title, person.title, "fits"),
    }
    assert second.title
    assert (run.state, run.is_current, run.initiatives, run.offers, run.matches_found) == (
        "published",
        True,
        2,
        2,
        2,
    )
    assert run.initiatives_done == 2
    assert len(run.input_digest) == 64


def test_stored_numbers_sum_to_the_fit() -> None:
    workshop()
    grant()
    mentor()
    run_now(now=NOW)
    for match in Match.objects.all():
        frozen = frozen_by(match.analysis_id)
        numbers = unpack(match.numbers, match.rules, frozen.analysis, frozen.weights)
        base = base_fit(frozen.analysis.mean_array(), frozen.weights)
        assert abs(base + sum(numbers.contributions) - match.fit) < 0.0001
        assert len(numbers.values) == len(codes.CRITERIA)
        assert len(numbers.requirements) == len(codes.REQUIREMENTS)
        assert codes.VERDICTS[max(numbers.requirements)] == match.verdict


def test_drafts_paused_and_closed_take_no_part() -> None:
    workshop()
    workshop(draft=True)
    workshop(paused=True)
    grant()
    grant(closed=True)
    grant(closes_on=NOW.date() - timedelta(days=1))
    run = run_now(now=NOW)
    assert (run.initiatives, run.offers, run.matches_found) == (1, 1, 1)


def test_nobody_is_matched_with_their_own_offer() -> None:
    initiative = workshop()
    grant(organisation=initiative.organisation)
    assert run_now(now=NOW).matches_found == 0


def test_run_of_nothing_is_published_and_empty() -> None:
    run = run_now(now=NOW)
    assert (run.state, run.matches_found) == ("published", 0)


def test_run_twice_gives_the_same_numbers() -> None:
    workshop()
    garden(needs=["premises"])
    grant()
    mentor()
    columns = ("initiative", "offer", "fit", "confidence", "numbers", "rules")
    run_now(now=NOW)
    first = list(Match.objects.current().order_by("initiative", "offer").values_list(*columns))
    run_now(now=NOW)
    again = list(Match.objects.current().order_by("initiative", "offer").values_list(*columns))
    assert first == again
    assert len(first) == 3


def test_execute_run_a_second_time_does_nothing() -> None:
    workshop()
    grant()
    run = run_now(now=NOW)
    before = list(Match.objects.values_list("pk", flat=True))
    execute_run(run_id=run.pk, now=NOW)
    assert list(Match.objects.values_list("pk", flat=True)) == before


def test_a_killed_run_begins_anew() -> None:
    workshop()
    grant()
    run = MatchRun.objects.create(state=RunState.RUNNING, initiatives_done=1)
    execute_run(run_id=run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.is_current, run.matches_found) == ("published", True, 1)


def test_a_failed_run_leaves_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop()
    grant()
    good = run_now(now=NOW)

    def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr(publishing, "publish", broken)
    with pytest.raises(RuntimeError):
        run_now(now=NOW)
    failed = MatchRun.objects.get(state=RunState.FAILED)
    good.refresh_from_db()
    assert (good.is_current, failed.is_current) == (True, False)
    assert failed.error == "RuntimeError: no room left"
    assert not Match.objects.filter(from_run=failed.pk).exists()
    assert pairs(good)


def test_what_changes_while_a_run_is_under_way_is_in_it_when_it_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = workshop()
    leaving = workshop(title="Den som pausar")
    grant()
    publish = publishing.publish

    def meanwhile(shard: MatchShard, run: MatchRun) -> str:
        monkeypatch.undo()
        innovators.change_initiative(initiative=first, changes={"title": "Nytt namn"}, actor=None, now=NOW)
        innovators.pause_initiative(initiative=leaving, actor=None, now=NOW)
        coming = innovators.create_initiative(
            organisation=first.organisation,
            actor=None,
            now=NOW,
            changes={"title": "Kom medan vi räknade", "area_codes": ["SE-14"]},
        )
        innovators.publish_initiative(initiative=coming, actor=None, now=NOW)
        return publish(shard, run)

    monkeypatch.setattr(publishing, "publish", meanwhile)
    run_now(now=NOW)
    assert {title for title, _, _ in pairs()} == {"Nytt namn", "Kom medan vi räknade"}
    assert not [scoring for scoring in ProfileScoring.objects.all() if scoring.is_under_way]


def test_requests_become_one_until_it_is_begun(cast: Cast) -> None:
    first = request_run(now=NOW)
    assert request_run(now=NOW) == first
    assert list(OutboxMessage.objects.values_list("task", "arguments")) == [
        ("matching.run", {"run_id": first.pk})
    ]
    execute_run(run_id=first.pk, now=NOW)
    assert request_run(now=NOW) != first
    with pytest.raises(PermissionDenied):
        request_run(now=NOW, actor=cast.ruth)


def test_roll_back_shows_the_run_before_and_renews_what_has_changed_since() -> None:
    first = workshop()
    grant()
    earlier = run_now(now=NOW)
    mentor()
    later = run_now(now=NOW)
    innovators.change_initiative(
        initiative=first,
        changes={"title": "Nytt namn"},
        actor=None,
        now=earlier.started_at + timedelta(hours=1),
    )
    assert len(pairs()) == 2
    assert roll_back(actor=None, now=NOW) == earlier
    assert len(pairs()) == 1
    later.refresh_from_db()
    assert (later.is_current, later.state) == (False, "published")
    again = OutboxMessage.objects.filter(key__endswith=f"run-{later.pk}-undone")
    assert list(again.values_list("task", flat=True)) == ["matching.rescore_initiative"]
    with pytest.raises(NothingToGoBackTo):
        roll_back(actor=None, now=NOW)


def test_old_runs_are_forgotten() -> None:
    workshop()
    grant()
    for number in range(4):
        # Every one of few profiles is much: each run learns anew.
        workshop(title=f"Verkstad {number}")
        run_now(now=NOW)
    with_matches = MatchRun.objects.filter(analysis__isnull=False)
    assert (MatchRun.objects.count(), with_matches.count()) == (4, 2)
    assert MatchAnalysis.objects.count() == 2
    assert [Match.objects.of(run).count() for run in with_matches.order_by("pk")] == [4, 5]
    assert Match.objects.count() == 9


def test_match_command_tells_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    workshop()
    mentor()
    call_command("match")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 initiatives and 1 offers read"
    assert "1 of 1 initiatives matched" in said
    assert "published: 1 initiatives x 1 offers, 1 matches" in said[-1]
    call_command("match", "--queue")
    assert "is queued" in capsys.readouterr().out
    assert OutboxMessage.objects.filter(task="matching.run").exists()


class StoppedMeanwhile(io.StringIO):
    """Somebody stops the run as soon as the command has said something."""

    def write(self, text: str) -> int:
        for run in MatchRun.objects.filter(state=RunState.RUNNING):
            cancel_run(run=run, actor=None, now=NOW)
        return super().write(text)


def test_match_command_says_that_the_run_was_stopped() -> None:
    workshop()
    mentor()
    with pytest.raises(CommandError, match="The run was not published: Avbruten"):
        call_command("match", stdout=StoppedMeanwhile())
    assert MatchRun.objects.get().state == RunState.CANCELLED


def test_the_run_lock_is_let_go() -> None:
    run_now(now=NOW)
    with connection.cursor() as cursor:
        # Of this database: others on the same server are other processes' business.
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone() == (0,)


@override_settings(TAXONOMY_CHECK_SECONDS=0)
def test_a_county_offer_and_a_country_initiative_meet() -> None:
    workshop(area_codes=["SE"])
    grant()
    run_now(now=NOW)
    assert [verdict for _, _, verdict in pairs()] == ["fits"]
    assert Initiative.objects.count() == 1
