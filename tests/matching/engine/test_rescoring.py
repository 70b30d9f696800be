"""One changed profile: the same numbers as a full run, and nobody else's rows touched."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from brygga.outbox.models import OutboxMessage
from funders import services as funders
from innovators import services as innovators
from matching.engine import collection, planning, rescoring, scoring
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.engine.services import (
    NoCurrentRun,
    make_ready,
    rescore_initiative,
    rescore_initiative_or_run,
    rescore_offer,
    run_now,
)
from matching.tasks import rescore_initiative as rescore_initiative_task
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db

COLUMNS = ("initiative", "offer", "verdict", "fit", "confidence", "numbers", "rules")


def rows(**chosen: Any) -> list[Any]:
    current = Match.objects.current().filter(**chosen)
    return list(current.order_by("initiative", "offer").values_list(*COLUMNS))


def many() -> None:
    for number in range(4):
        workshop(
            area_codes=[f"SE-148{number}"], theme_codes=["employment"] if number % 2 else ["integration"]
        )
        grant(theme_codes=["integration"] if number % 2 else None, area_codes=["SE"])
    garden(needs=["premises"], language="en", description="Growing potatoes together in the north.")
    mentor()


def test_rescoring_gives_the_numbers_of_the_full_run() -> None:
    many()
    run_now(now=NOW)
    before = rows()
    assert len(before) >= 20
    for initiative in {row[0] for row in before}:
        rescore_initiative(initiative_id=initiative, now=NOW)
    assert rows() == before
    for offer in {row[1] for row in before}:
        rescore_offer(offer_id=offer, now=NOW)
    assert rows() == before


def test_rescoring_of_a_change_gives_what_a_run_with_the_same_analysis_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many()
    run = run_now(now=NOW)
    changed = InitiativeFactory(area_codes=["SE-1480"], theme_codes=["integration"], needs=["grant"])
    offer = SupportOfferFactory(theme_codes=["employment"], area_codes=["SE-1480"], support=["premises"])
    rescore_initiative(initiative_id=changed.pk, now=NOW)
    rescore_offer(offer_id=offer.pk, now=NOW)
    one_by_one = rows()
    frozen = runs_frozen(run)
    monkeypatch.setattr(planning, "fit_analysis", lambda *args, **options: frozen)
    run_now(now=NOW)
    assert rows() == one_by_one


def runs_frozen(run: MatchRun) -> Any:
    from matching.engine.collection import frozen_for

    return frozen_for(run).analysis


def test_a_changed_offer_beside_the_large_block_is_scored_as_it_is_now() -> None:
    first = workshop()
    money = grant()
    run_now(now=NOW)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    funders.change_offer(offer=money, changes={"area_codes": ["SE-25"]}, actor=None, now=NOW)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    assert rows() == []
    funders.change_offer(offer=money, changes={"area_codes": ["SE-14"]}, actor=None, now=NOW)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    assert len(rows()) == 1


def test_an_owner_of_another_kind_is_seen_though_the_profile_is_the_same() -> None:
    first = workshop()
    money = grant()
    run_now(now=NOW)
    rescore_offer(offer_id=money.pk, now=NOW)
    first.organisation.kind = "company"
    first.organisation.save()
    rescore_offer(offer_id=money.pk, now=NOW)
    assert rows() == []


def test_withdrawing_removes_the_matches() -> None:
    first = workshop()
    money = grant()
    mentor()
    run_now(now=NOW)
    funders.pause_offer(offer=money, actor=None, now=NOW)
    rescore_offer(offer_id=money.pk, now=NOW)
    assert [row[1] for row in rows()] == [mentor_id for mentor_id in {row[1] for row in rows()} - {money.pk}]
    innovators.close_initiative(initiative=first, actor=None, now=NOW)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    assert rows() == []


def test_publishing_asks_once_per_revision_and_says_so_until_it_is_done() -> None:
    run_now(now=NOW)
    initiative = workshop(draft=True, answered=["title", "change", "places", "themes", "needs"])
    published = innovators.publish_initiative(initiative=initiative, actor=None, now=NOW)
    scoring = ProfileScoring.objects.get(initiative=published)
    assert scoring.is_under_way
    message = OutboxMessage.objects.get(task="matching.rescore_initiative")
    assert message.key == f"rescore-initiative-{published.pk}-{published.revision}"
    rescore_initiative_task(outbox_id=message.pk, **message.arguments)
    scoring.refresh_from_db()
    message.refresh_from_db()
    assert not scoring.is_under_way
    assert message.done_at is not None


def test_a_draft_asks_for_nothing() -> None:
    initiative = workshop(draft=True)
    innovators.change_initiative(initiative=initiative, changes={"title": "Nytt"}, actor=None, now=NOW)
    assert not OutboxMessage.objects.exists()
    assert not ProfileScoring.objects.exists()


def test_what_is_rolled_back_asks_for_nothing() -> None:
    initiative = workshop()
    with pytest.raises(RuntimeError), transaction.atomic():
        innovators.change_initiative(initiative=initiative, changes={"title": "Nytt"}, actor=None, now=NOW)
        raise RuntimeError
    assert not OutboxMessage.objects.exists()


def test_without_a_run_a_change_matches_everything() -> None:
    first = workshop()
    grant()
    with pytest.raises(NoCurrentRun):
        rescore_initiative(initiative_id=first.pk, now=NOW)
    rescore_initiative_or_run(initiative_id=first.pk, now=NOW)
    assert len(rows()) == 1


def test_a_profile_that_is_gone_is_no_trouble() -> None:
    run_now(now=NOW)
    rescore_initiative(initiative_id=123_456, now=NOW)
    rescore_initiative_task(initiative_id=123_456, something_new=1)


def test_what_is_made_ready_need_not_be_read_at_the_first_change(monkeypatch: pytest.MonkeyPatch) -> None:
    many()
    make_ready(now=NOW)  # before the first run there is nothing to make ready
    run_now(now=NOW)
    before = rows()
    make_ready(now=NOW)

    def again(*args: Any) -> None:
        raise AssertionError("read again")

    for name in ("cached_offers", "cached_initiatives", "counts_of"):
        monkeypatch.setattr(collection, name, again)
    make_ready(now=NOW)
    rescore_initiative(initiative_id=before[0][0], now=NOW)
    rescore_offer(offer_id=before[0][1], now=NOW)
    assert rows() == before


def test_lists_longer_than_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "KEPT", 2)
    monkeypatch.setattr(scoring, "KEPT", 2)
    for number in range(4):
        workshop(theme_codes=["employment"] if number % 2 else ["integration"], title=f"Verkstad {number}")
        grant(area_codes=["SE"] if number % 2 else ["SE-1480"], title=f"Bidrag {number}")
    run_now(now=NOW)
    before = rows()
    assert len(before) < 16
    for initiative in {row[0] for row in before}:
        rescore_initiative(initiative_id=initiative, now=NOW)
    for offer in {row[1] for row in before}:
        rescore_offer(offer_id=offer, now=NOW)
    assert best_two(rows()) == best_two(before)


def best_two(stored: list[Any]) -> dict[tuple[int, int], list[float]]:
    """Return, per profile of either side, its two best fits."""
    return {
        (side, key): sorted((row[3] for row in stored if row[side] == key), reverse=True)[:2]
        for side in (0, 1)
        for key in {row[side] for row in stored}
    }
