"""Rows of support given become an offer's history: whose, which text, and who may read its name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from brygga.outbox.models import OutboxMessage
from funders.models import SupportOffer
from innovators.enums import Visibility
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.awards.selectors import named_cases
from matching.awards.services import link, record_support
from matching.engine.asking import many_changes
from matching.engine.encoding import offer_facts, with_offer_facts
from matching.engine.runs import run_now
from matching.engine.selectors import explain, matches_for_initiative, pair_explanation
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.engine.cast import NOW, grant, workshop

pytestmark = pytest.mark.django_db


def award(**values: Any) -> SupportGiven:
    """Record one decision."""
    source_id = values.pop("source_id", f"d{SupportGiven.objects.count()}")
    now = values.pop("now", NOW)
    defaults: dict[str, Any] = {"title": "Cykelköket", "description": "Unga lagar cyklar.", "language": "sv"}
    return record_support(source="test", source_id=source_id, values=defaults | values, now=now)[0]


def history_of(offer: SupportOffer) -> Any:
    return offer_facts(with_offer_facts(SupportOffer.objects.all()).get(pk=offer.pk)).history


def test_an_offer_has_its_own_history() -> None:
    money = grant()
    row = award(offer=money, decided_on=date(2025, 3, 1))
    (case,) = history_of(money)
    assert (case.key, case.name, case.is_borrowed, case.initiative_key) == (
        "test:d0",
        "Cykelköket",
        False,
        None,
    )
    assert (case.document.title, case.document.body) == ("Cykelköket", "Unga lagar cyklar.")
    assert case.decided_day == (date(2025, 3, 1) - date(1970, 1, 1)).days
    assert row.given_by == money.organisation


def test_an_offer_without_one_borrows_its_givers_others() -> None:
    money = grant()
    other = SupportOfferFactory(organisation=money.organisation)
    stranger = SupportOfferFactory()
    award(offer=money)
    award(giver=money.organisation, title="Läxhjälpen")
    assert [case.is_borrowed for case in history_of(money)] == [False]
    assert [(case.document.title, case.is_borrowed) for case in history_of(other)] == [
        ("Cykelköket", True),
        ("Läxhjälpen", True),
    ]
    assert history_of(stranger) == ()


@pytest.mark.parametrize(
    ("changes", "name", "text"),
    [
        ({}, "Verkstaden", "Unga lagar."),
        ({"visibility": Visibility.CHOSEN}, "", ""),
        ({"state": "draft"}, "", ""),
    ],
)
def test_only_what_is_public_is_read_or_named(changes: dict[str, Any], name: str, text: str) -> None:
    money = grant()
    recipient = workshop(title="Verkstaden", change="Unga lagar.", description="")
    Initiative.objects.filter(pk=recipient.pk).update(**changes)
    told = award(offer=money, initiative=recipient, title="Beslut 12", description="Pengar.")
    award(offer=money, initiative=recipient, title="", description="")
    told_case, *silent = history_of(money)
    assert (told_case.name, told_case.document.title) == (name, "Beslut 12")
    assert (text in told_case.document.body) == bool(text) or not text
    assert "Pengar." in told_case.document.body
    # Without a word of its own there is nothing left of a case that is not public.
    assert [case.name for case in silent] == ([name] if name else [])
    assert told.initiative == recipient


def test_names_beside_an_offer_are_public_and_few() -> None:
    money = grant()
    lent = SupportOfferFactory(organisation=money.organisation)
    hidden = workshop(visibility=Visibility.CHOSEN)
    award(offer=money, initiative=hidden, title="Hemligt", decided_on=date(2026, 1, 1))
    for year in range(2021, 2026):
        award(offer=money, title=f"Beslut {year}", decided_on=date(year, 1, 1))
    assert named_cases(money) == ["Beslut 2025", "Beslut 2024", "Beslut 2023"]
    assert named_cases(lent) == named_cases(money)
    assert named_cases(SupportOfferFactory()) == []


def test_reading_history_takes_the_same_number_of_queries_for_one_and_for_many(
    django_assert_num_queries: Any,
) -> None:
    first = grant()
    for number in range(2):
        for _ in range(3 * number + 1):
            award(offer=SupportOfferFactory(organisation=first.organisation), initiative=InitiativeFactory())
        with django_assert_num_queries(5):
            rows = [offer_facts(row) for row in with_offer_facts(SupportOffer.objects.all())]
        assert sum(len(row.history) for row in rows) > len(rows) - 2


def test_recording_support_renews_the_offers_that_learn_from_it() -> None:
    money = grant()
    lent = SupportOfferFactory(organisation=money.organisation)
    stranger = SupportOfferFactory()
    OutboxMessage.objects.all().delete()
    award(offer=money)
    keys = set(OutboxMessage.objects.values_list("key", flat=True))
    assert {key.rsplit("-support-")[0] for key in keys} == {
        f"rescore-offer-{money.pk}-{money.revision}",
        f"rescore-offer-{lent.pk}-{lent.revision}",
    }
    # The same decision told otherwise is asked for again, and an import of it asks once at the end.
    with many_changes(now=NOW):
        award(offer=money, source_id="d0", title="Annat", now=timezone.now())
        assert OutboxMessage.objects.count() == 2
    assert OutboxMessage.objects.count() == 4
    assert not any(f"offer-{stranger.pk}-" in key for key in keys)


def test_a_decision_that_finds_its_offer_later_teaches_it_then() -> None:
    row = award(offer_source="x", offer_source_id="1")
    assert row.given_by is None
    money = grant()
    OutboxMessage.objects.all().delete()
    link(row, now=NOW, offer=money)
    assert (row.offer, row.given_by) == (money, money.organisation)
    assert OutboxMessage.objects.filter(task="matching.rescore_offer").count() == 1
    assert [case.key for case in history_of(money)] == ["test:d0"]


def test_past_support_is_explained_in_both_languages_and_stored_as_it_is_computed() -> None:
    one, money = workshop(), grant()
    other = SupportOfferFactory(
        title="Stöd till odling", description="Odling.", theme_codes=["food_and_growing"]
    )
    award(offer=money, title="Cykelköket", description=one.description)
    award(offer=other, title="Kolonilotterna", description="Vi odlar potatis på en banvall.")
    run_now(now=NOW)
    match = matches_for_initiative(one, AnonymousUser(), NOW).get(offer=money)
    swedish, english = explain(match, "sv", now=NOW), explain(match, "en", now=NOW)
    past = {row.criterion: row for row in swedish.criteria}["history"]
    assert past.sentence == "De har tidigare stöttat ”Cykelköket”"
    assert {row.criterion: row.sentence for row in english.criteria}["history"] == (
        "They have supported “Cykelköket” before"
    )
    assert past.contribution > 0
    assert pair_explanation(one, money, "sv", now=NOW) == swedish


def test_the_award_to_this_very_initiative_says_nothing_of_it() -> None:
    one, money = workshop(), grant()
    award(offer=money, initiative=one, title="Ett annat namn", description=one.description)
    run_now(now=NOW)
    explained = pair_explanation(one, money, "sv", now=NOW)
    assert explained is not None
    past = {row.criterion: row for row in explained.criteria}["history"]
    assert (past.value, past.contribution, past.verdict) == (None, 0.0, "no_rule")
