"""What a run puts forward: within room, and never gone without a word once somebody has opened it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from funders import services as funders
from innovators import services as innovators
from matching.engine.models import Match, MatchSuggestion
from matching.engine.opened import (
    gone_suggestions_of,
    mark_seen,
    new_suggestions_of,
    suggestions_of,
)
from matching.engine.services import rescore_initiative, rescore_offer, run_now
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db


def test_an_offer_gets_no_more_suggestions_than_it_has_room_for() -> None:
    for number in range(5):
        workshop(title=f"Verkstad {number}")
    full = grant(capacity=1)
    run = run_now(now=NOW)
    assert Match.objects.current().filter(offer=full).count() == 5
    assert suggestions_of(full).count() == 3
    assert run.figures["suggestions"] == run.figures["suggested"] == 3
    assert run.figures["short_because"] == {"every_fitting_offer_is_full": 2, "fewer_fit": 3}
    assert 0 <= run.figures["gini"] <= 1
    assert run.figures["coverage"] == 0.6
    # What is suggested already needs no new room: the other two get theirs.
    run_now(now=NOW)
    assert suggestions_of(full).count() == 5


def test_what_was_opened_takes_no_room_and_is_not_new_when_it_is_put_forward() -> None:
    several = [workshop(title=f"Verkstad {number}") for number in range(5)]
    full = grant(capacity=1)
    run_now(now=NOW)
    waits = [one for one in several if one not in {row.initiative for row in suggestions_of(full)}]
    assert mark_seen(initiative=waits[0], offer=full, side="offer", now=NOW)
    assert suggestions_of(full).count() == 3
    run = run_now(now=NOW)
    assert (run.figures["held"], run.figures["suggested"]) == (3, 2)
    assert suggestions_of(full).count() == 5
    assert waits[0] not in {row.initiative for row in new_suggestions_of(full)}


def test_an_initiative_that_fits_nobody_is_listed_as_short() -> None:
    alone = garden()
    run = run_now(now=NOW)
    assert run.figures["short_because"] == {"no_offer_fits": 1}
    assert run.figures["short_initiatives"] == {"no_offer_fits": [alone.pk]}


def test_what_nobody_has_opened_goes_silently() -> None:
    first, money = workshop(), grant()
    run_now(now=NOW)
    assert [row.offer for row in new_suggestions_of(first)] == [money]
    funders.pause_offer(offer=money, actor=None, now=NOW)
    run_now(now=NOW)
    assert not MatchSuggestion.objects.exists()


def test_what_was_opened_stays_with_the_moment_and_the_cause() -> None:
    first, money, person = workshop(), grant(), mentor()
    run_now(now=NOW)
    assert mark_seen(initiative=first, offer=money, side="initiative", now=NOW)
    assert not mark_seen(initiative=first, offer=money, side="initiative", now=NOW)
    assert [row.offer for row in new_suggestions_of(first)] == [person]
    assert set(new_suggestions_of(money).values_list("offer", flat=True)) == {money.pk}
    funders.pause_offer(offer=money, actor=None, now=NOW)
    rescore_offer(offer_id=money.pk, now=NOW)
    gone = gone_suggestions_of(first, now=timezone.now())
    assert [(row.offer, row.gone_because) for row in gone] == [(money, "offer_closed")]
    assert [row.offer for row in suggestions_of(first)] == [person]
    # The giver had not opened it: nothing is announced there.
    assert not gone_suggestions_of(money, now=timezone.now()).exists()
    assert not gone_suggestions_of(first, now=timezone.now() + timedelta(days=60)).exists()


def test_a_changed_initiative_is_named_as_the_cause_and_what_comes_again_is_new() -> None:
    first, money = workshop(), grant()
    run_now(now=NOW)
    mark_seen(initiative=first, offer=money, side="offer", now=NOW)
    later = timezone.now()
    innovators.change_initiative(initiative=first, changes={"area_codes": ["SE-2580"]}, actor=None, now=later)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    assert gone_suggestions_of(money, now=later).get().gone_because == "initiative_changed"
    first.refresh_from_db()
    innovators.change_initiative(initiative=first, changes={"area_codes": ["SE-1480"]}, actor=None, now=later)
    run_now(now=NOW)
    assert [row.initiative for row in new_suggestions_of(money)] == [first]
    assert not gone_suggestions_of(money, now=later).exists()
