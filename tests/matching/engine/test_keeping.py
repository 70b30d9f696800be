"""The last pairs of support that has closed or is paused: kept for its own people and seen by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from funders import services as funders
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine import planning
from matching.engine.control import roll_back
from matching.engine.models import Match
from matching.engine.selectors import (
    explain,
    matches_for_initiative,
    matches_for_offer,
    own_matches,
    pair_explanation,
)
from matching.engine.services import rescore_initiative, rescore_offer, run_now
from tests.cast import Cast
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
TOMORROW = NOW + timedelta(days=1)


def listed(offer: SupportOffer) -> list[str]:
    return [match.initiative.title for match in matches_for_offer(offer, ANYBODY, TOMORROW)]


@pytest.mark.parametrize("is_same", [False, True], ids=["learned anew", "same analysis"])
def test_support_that_closed_keeps_its_last_pairs_through_runs(
    monkeypatch: pytest.MonkeyPatch, is_same: bool
) -> None:
    if is_same:
        monkeypatch.setattr(planning, "MOST_DRIFT", 1.0)
    first, second = workshop(), workshop(title="Andra verkstaden")
    money, person = grant(closes_on=NOW.date()), mentor()
    before = run_now(now=NOW)
    last = listed(money)
    assert len(last) == 2
    runs = [run_now(now=TOMORROW) for _ in range(3)]
    assert (runs[0].analysis_id == before.analysis_id) == is_same
    assert listed(money) == last
    # No run, no figure and no seeker knows of them.
    assert {match.offer for match in Match.objects.current()} == {person}
    assert {run.matches_found for run in runs} == {2}
    assert runs[-1].offers == 1
    assert [match.offer for match in matches_for_initiative(first, ANYBODY, TOMORROW)] == [person]
    # What comes later is not added, and what is public no more is not shown.
    workshop(title="Kom för sent")
    Initiative.objects.filter(pk=second.pk).update(state="paused")
    run_now(now=TOMORROW)
    assert listed(money) == [first.title]
    [match] = matches_for_offer(money, ANYBODY, TOMORROW)
    kept, now = (
        explain(match, "sv", "offer", TOMORROW),
        pair_explanation(first, money, "sv", "offer", TOMORROW),
    )
    assert now is not None
    assert (kept.verdict, now.verdict) == ("fits", "fits")
    assert kept.fit == pytest.approx(kept.base + sum(row.contribution for row in kept.criteria), abs=0.001)
    assert kept.requirements == now.requirements
    assert [row.sentence for row in kept.requirements if row.requirement == "dates"] == [
        "Stängde 15 juni 2026"
    ]
    theirs = pair_explanation(first, money, "sv", "initiative", TOMORROW)
    assert theirs is not None
    assert [row.requirement for row in theirs.broken] == ["dates"]
    # Open again: everybody who fits, once, and nothing is kept.
    SupportOffer.objects.filter(pk=money.pk).update(closes_on=None, revision=9)
    run_now(now=TOMORROW)
    assert sorted(listed(money)) == ["Kom för sent", first.title]
    assert not Match.objects.filter(kept_at__isnull=False).exists()


def test_paused_support_keeps_them_at_once_and_a_changed_initiative_is_read_anew(cast: Cast) -> None:
    first, money = workshop(), grant(organisation=cast.foundation)
    garden()
    mentor()
    run_now(now=NOW)
    for _ in range(2):
        funders.pause_offer(offer=money, actor=None, now=timezone.now())
        rescore_offer(offer_id=money.pk, now=NOW)
        assert listed(money) == [first.title]
        assert money not in {match.offer for match in own_matches(cast.ruth, NOW)}
        money.refresh_from_db()
        funders.publish_offer(offer=money, actor=None, now=timezone.now())
        rescore_offer(offer_id=money.pk, now=NOW)
        money.refresh_from_db()
        assert (
            Match.objects.filter(offer=money).count() == 1
            or Match.objects.current().filter(offer=money).count() == 1
        )
    funders.pause_offer(offer=money, actor=None, now=timezone.now())
    rescore_offer(offer_id=money.pk, now=NOW)
    Initiative.objects.filter(pk=first.pk).update(area_codes=["SE-2580"], changed_at=timezone.now())
    rescore_initiative(initiative_id=first.pk, now=NOW)
    [match] = matches_for_offer(money, ANYBODY, NOW)
    assert [row.requirement for row in explain(match, "sv", "offer", NOW).broken] == ["area"]


def test_a_pair_is_kept_when_the_initiative_changes_before_the_next_run() -> None:
    first, money = workshop(), grant(closes_on=NOW.date())
    run_now(now=NOW)
    rescore_initiative(initiative_id=first.pk, now=TOMORROW)
    assert not Match.objects.current().filter(offer=money).exists()
    assert listed(money) == [first.title]
    run_now(now=TOMORROW)
    assert listed(money) == [first.title]


@pytest.mark.parametrize("is_same", [False, True], ids=["learned anew", "same analysis"])
def test_going_back_to_the_run_before_shows_each_pair_once(
    monkeypatch: pytest.MonkeyPatch, is_same: bool
) -> None:
    if is_same:
        monkeypatch.setattr(planning, "MOST_DRIFT", 1.0)
    first, money = workshop(), grant(closes_on=NOW.date())
    mentor()
    run_now(now=NOW)
    run_now(now=TOMORROW)
    assert Match.objects.filter(kept_at__isnull=False).count() == 1
    roll_back(actor=None, now=TOMORROW)
    assert listed(money) == [first.title]
    assert not Match.objects.filter(kept_at__isnull=False).exists()
    run_now(now=TOMORROW)
    assert listed(money) == [first.title]
    assert Match.objects.filter(kept_at__isnull=False).count() == 1


def test_who_decides_goes_on_seeing_an_initiative_for_fitting_givers_until_it_changes(cast: Cast) -> None:
    hidden = workshop(visibility="fitting_givers", changed_at=NOW - timedelta(days=9))
    grant(organisation=cast.foundation, closes_on=NOW.date())
    run_now(now=NOW)
    run_now(now=TOMORROW)
    assert list(Initiative.objects.visible_to(cast.ruth)) == [hidden]
    assert not Initiative.objects.visible_to(cast.sara)
    Initiative.objects.filter(pk=hidden.pk).update(changed_at=timezone.now())
    assert not Initiative.objects.visible_to(cast.ruth)
