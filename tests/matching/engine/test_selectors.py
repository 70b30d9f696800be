"""What pages read: lists that respect today and who looks, and explanations that add up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from funders.models import SupportOffer
from innovators import services as innovators
from innovators.models import Initiative
from matching.engine.models import Match
from matching.engine.selectors import (
    explain,
    matches_for_initiative,
    matches_for_offer,
    own_matches,
    pair_explanation,
    scoring_status,
)
from matching.engine.services import rescore_initiative, run_now
from tests.cast import Cast
from tests.factories import InitiativeFactory
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db

ANYBODY = AnonymousUser()


def test_lists_are_best_first_from_both_sides() -> None:
    first = workshop()
    money, person = grant(), mentor()
    run_now(now=NOW)
    assert [match.offer for match in matches_for_initiative(first, ANYBODY, NOW)] == [money, person]
    assert [match.initiative for match in matches_for_offer(money, ANYBODY, NOW)] == [first]


def test_an_offer_that_has_closed_or_been_paused_since_is_not_listed() -> None:
    first = workshop()
    money, person = grant(closes_on=NOW.date()), mentor()
    run_now(now=NOW)
    SupportOffer.objects.filter(pk=person.pk).update(state="paused")
    assert [match.offer for match in matches_for_initiative(first, ANYBODY, NOW)] == [money]
    tomorrow = NOW + timedelta(days=1)
    assert not matches_for_initiative(first, ANYBODY, tomorrow)
    # Its own people have what it had on its last day.
    assert [match.initiative for match in matches_for_offer(money, ANYBODY, tomorrow)] == [first]


def test_only_the_current_run_is_read() -> None:
    first = workshop()
    grant()
    run_now(now=NOW)
    # One more of two is much: the next run learns anew, and keeps rows of its own.
    workshop(title="En till")
    run_now(now=NOW)
    assert Match.objects.count() == 3
    assert len(matches_for_initiative(first, ANYBODY, NOW)) == 1


def test_an_initiative_for_fitting_givers_is_seen_by_those_alone(cast: Cast) -> None:
    hidden = workshop(visibility="fitting_givers")
    money = grant(organisation=cast.foundation)
    run_now(now=NOW)
    assert [match.initiative for match in matches_for_offer(money, cast.ruth, NOW)] == [hidden]
    assert not matches_for_offer(money, cast.sara, NOW)
    assert list(Initiative.objects.visible_to(cast.ruth)) == [hidden]
    assert not Initiative.objects.visible_to(cast.sara)
    assert not Initiative.objects.visible_to(ANYBODY)
    cast.foundation.verified_at = None
    cast.foundation.save()
    assert not Initiative.objects.visible_to(cast.ruth)


def test_an_unclear_fit_does_not_open_an_initiative_for_fitting_givers(cast: Cast) -> None:
    workshop(visibility="fitting_givers", legal_entity=None)
    money = grant(organisation=cast.foundation)
    run_now(now=NOW)
    assert Match.objects.get().verdict == "unclear"
    assert not matches_for_offer(money, cast.ruth, NOW)


def test_own_matches_are_those_of_ones_organisations(cast: Cast) -> None:
    first = workshop(organisation=cast.association)
    second = workshop(title="En annans verkstad")
    money = grant(organisation=cast.foundation)
    run_now(now=NOW)
    assert {match.initiative for match in own_matches(cast.amina, NOW)} == {first}
    assert {match.initiative for match in own_matches(cast.ruth, NOW)} == {first, second}
    assert {match.offer for match in own_matches(cast.ruth, NOW)} == {money}
    assert not own_matches(cast.sara, NOW)
    assert not own_matches(ANYBODY, NOW)


def test_explanation_adds_up_and_speaks_both_languages() -> None:
    first = workshop()
    money = grant(legal_entity_required=True)
    Initiative.objects.filter(pk=first.pk).update(legal_entity=None)
    run_now(now=NOW)
    match = matches_for_initiative(first, ANYBODY, NOW).get()
    swedish, english = explain(match, "sv", now=NOW), explain(match, "en", now=NOW)
    assert abs(swedish.base + sum(row.contribution for row in swedish.criteria) - swedish.fit) < 0.001
    assert (swedish.verdict, swedish.may_meet, swedish.broken) == ("unclear", True, ())
    assert 2 <= len(swedish.reasons) <= 3
    assert "organisationsnummer" in swedish.caveat
    assert "organisation number" in english.caveat
    assert swedish.confidence_words != english.confidence_words
    assert [row.criterion for row in swedish.criteria] == [
        "text",
        "themes",
        "target_groups",
        "area",
        "process_parts",
        "support_kind",
        "amount",
        "organisation",
        "drivers",
        "history",
        "challenge",
    ]
    legal = next(row for row in english.requirements if row.requirement == "legal_entity")
    assert legal.verdict == "unclear"
    assert explain(match, "sv", "offer", NOW).caveat != swedish.caveat
    assert money.title


def test_any_pair_is_explained_and_a_stored_one_exactly_as_it_is_stored() -> None:
    first, second = workshop(), garden()
    money = grant()
    assert pair_explanation(first, money, now=NOW) is None
    run_now(now=NOW)
    stored = explain(matches_for_initiative(first, ANYBODY, NOW).get(), "sv", now=NOW)
    assert pair_explanation(first, money, "sv", now=NOW) == stored
    other = pair_explanation(second, money, "sv", now=NOW)
    assert other is not None
    assert not other.may_meet
    assert [rule.requirement for rule in other.broken] == ["area", "support_kind"]


def test_a_page_of_matches_takes_the_same_number_of_queries_for_one_and_for_three(
    django_assert_num_queries: Any,
) -> None:
    money = grant()
    workshop()
    run_now(now=NOW)
    explain(matches_for_offer(money, ANYBODY, NOW)[0], now=NOW)
    for _ in range(2):
        with django_assert_num_queries(8):
            for match in matches_for_offer(money, ANYBODY, NOW):
                explain(match, now=NOW)
        rows = [InitiativeFactory(), InitiativeFactory()]
        for row in rows:
            rescore_initiative(initiative_id=row.pk, now=NOW)
    assert len(matches_for_offer(money, ANYBODY, NOW)) == 5


def test_status_says_what_is_under_way() -> None:
    first = workshop()
    assert (scoring_status(first).is_under_way, scoring_status(first).has_run) == (False, False)
    run_now(now=NOW)
    innovators.change_initiative(initiative=first, changes={"title": "Nytt"}, actor=None, now=timezone.now())
    assert (scoring_status(first).is_under_way, scoring_status(first).has_run) == (True, True)
    rescore_initiative(initiative_id=first.pk, now=NOW)
    status = scoring_status(first)
    assert not status.is_under_way
    assert status.done_at is not None
