"""The order in which an offer's people have seen what they opened: each place given, each move noticed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import Match, MatchSuggestion
from matching.engine.order import OpenedMatch, accept_order, moved, opened_in_order, place_opened
from matching.engine.services import run_now
from tests.factories import InitiativeFactory, SupportOfferFactory

NOW = timezone.now()


@pytest.fixture
def offer(db: None) -> SupportOffer:
    """An offer with five matches, and another offer that has the same ones."""
    made: SupportOffer = SupportOfferFactory()
    SupportOfferFactory()
    InitiativeFactory.create_batch(5)
    run_now(now=NOW)
    return made


def initiatives() -> list[Initiative]:
    return list(Initiative.objects.order_by("public_id"))


def fits(offer: SupportOffer, *fit: float) -> None:
    """Let the initiatives, by public id, fit so well."""
    for one, number in zip(initiatives(), fit, strict=True):
        Match.objects.filter(offer=offer, initiative=one).update(fit=number)


def open_one(offer: SupportOffer, place: int) -> None:
    one = initiatives()[place]
    MatchSuggestion.everything.filter(offer=offer, initiative=one).update(seen_by_offer_at=NOW)
    place_opened(offer)


def places(offer: SupportOffer) -> list[float | None]:
    """Return the places by public id."""
    rows = MatchSuggestion.everything.filter(offer=offer).order_by("initiative__public_id")
    return list(rows.values_list("place_for_offer", flat=True))


def shown(offer: SupportOffer) -> list[int]:
    keys = [one.pk for one in initiatives()]
    return [keys.index(row.initiative) for row in opened_in_order(offer)]


def test_what_is_opened_gets_a_place_where_it_stands_among_the_opened(offer: SupportOffer) -> None:
    fits(offer, 0.5, 0.4, 0.3, 0.2, 0.1)
    open_one(offer, 2)
    assert places(offer) == [None, None, 0.0, None, None]
    # Below the last, above the first, between two, and again between.
    open_one(offer, 4)
    open_one(offer, 0)
    assert places(offer) == [-1.0, None, 0.0, None, 1.0]
    open_one(offer, 3)
    open_one(offer, 1)
    assert places(offer) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert moved(opened_in_order(offer)) == []
    assert MatchSuggestion.everything.exclude(offer=offer).filter(place_for_offer__isnull=False).count() == 0


def test_a_new_one_stands_next_below_the_one_above_it_also_when_the_order_has_changed(
    offer: SupportOffer,
) -> None:
    fits(offer, 0.5, 0.4, 0.3, 0.2, 0.1)
    for place in (0, 1, 2):
        open_one(offer, place)
    assert places(offer) == [0.0, 1.0, 2.0, None, None]
    # The first has fallen to the end; what is opened just below the second stands between it and the third.
    fits(offer, 0.1, 0.5, 0.3, 0.4, 0.05)
    open_one(offer, 3)
    assert places(offer) == [0.0, 1.0, 2.0, 1.5, None]
    assert {row.initiative for row in moved(opened_in_order(offer))} == {
        one.pk for one in [*initiatives()[:3], initiatives()[3]]
    }


def test_only_what_is_opened_and_is_a_match_is_in_the_order(offer: SupportOffer) -> None:
    fits(offer, 0.3, 0.3, 0.5, 0.2, 0.1)
    MatchSuggestion.everything.filter(offer=offer).exclude(initiative=initiatives()[4]).update(
        seen_by_offer_at=NOW
    )
    MatchSuggestion.everything.exclude(offer=offer).update(seen_by_offer_at=NOW)
    # Equals by public id.
    assert shown(offer) == [2, 0, 1, 3]
    MatchSuggestion.everything.filter(initiative=initiatives()[2]).update(gone_at=NOW, gone_because="new_run")
    Match.objects.filter(offer=offer, initiative=initiatives()[3]).delete()
    assert shown(offer) == [0, 1]
    Initiative.objects.filter(pk=initiatives()[1].pk).update(changed_at=NOW + timedelta(seconds=1))
    Initiative.objects.filter(pk=initiatives()[0].pk).update(changed_at=NOW - timedelta(seconds=1))
    assert [row.has_changed for row in opened_in_order(offer)] == [False, True]


def test_the_order_of_now_is_accepted_whole_and_only_what_moved_is_counted(offer: SupportOffer) -> None:
    fits(offer, 0.5, 0.4, 0.3, 0.2, 0.1)
    for place in (0, 2, 3, 4):
        open_one(offer, place)
    later = NOW + timedelta(hours=1)
    assert accept_order(offer, now=later) == 0
    # Nothing had moved, so nothing is seen anew.
    seen = MatchSuggestion.everything.filter(offer=offer, seen_by_offer_at__isnull=False)
    assert set(seen.values_list("seen_by_offer_at", flat=True)) == {NOW}
    fits(offer, 0.5, 0.4, 0.2, 0.3, 0.1)
    assert [row.initiative for row in moved(opened_in_order(offer))] == [
        initiatives()[3].pk,
        initiatives()[2].pk,
    ]
    assert accept_order(offer, now=later) == 2
    assert places(offer) == [0.0, None, 2.0, 1.0, 3.0]
    assert set(seen.values_list("seen_by_offer_at", flat=True)) == {later}
    assert accept_order(offer, now=later) == 0


def test_what_has_no_place_yet_moves_nothing() -> None:
    rows = [OpenedMatch(key, key, place, NOW, False) for key, place in ((1, 0.0), (2, None), (3, 1.0))]
    assert moved(rows) == []
    rows[0].place, rows[2].place = 1.0, 0.0
    assert [row.key for row in moved(rows)] == [1, 3]
