"""Advice where a giver's offers of the same thing say different things, and where one speaks against itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from funders.contradictions import contradictions, doubts
from funders.models import SupportOffer
from funders.overlaps import overlapping_own_offers
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


def differences(offer: SupportOffer) -> list[tuple[str, str, str]]:
    with override("sv"):
        told = contradictions(offer, overlapping_own_offers(offer, TODAY))
    return [tuple(str(word).replace("\xa0", " ") for word in row) for one in told for row in one.differences]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("other", "line", "said"),
    [
        ({}, {}, []),
        ({}, {"amount_max": 400_000}, [("Bidrag", "50 000–300 000 kr", "50 000–400 000 kr")]),
        # What one of them has not said is no other answer.
        ({}, {"amount_min": None, "amount_max": None}, []),
        (
            {"legal_entity_required": False},
            {},
            [("Organisationsnummer", "Krävs", "Inget krav")],
        ),
        ({"legal_entity_required": None}, {}, []),
        ({"consortium_required": True}, {}, [("Flera tillsammans", "Inget krav", "Krävs")]),
        ({"co_funding_percent": 20}, {}, [("Egen del", "10 procent", "20 procent")]),
        # Meant to differ: nobody may apply for both, or they are not of the same thing or time.
        ({"eligible_kinds": ["company"], "legal_entity_required": False}, {}, []),
        ({"area_codes": ["SE-20"], "legal_entity_required": False}, {}, []),
        (
            {"opens_on": None, "closes_on": date(2025, 12, 1), "legal_entity_required": False},
            {},
            [],
        ),
    ],
)
def test_only_two_certain_answers_for_the_same_thing_are_told(
    cast: Cast, other: dict[str, Any], line: dict[str, Any], said: list[tuple[str, str, str]]
) -> None:
    rules = {"consortium_required": False, "co_funding_percent": 10}
    mine = SupportOfferFactory(organisation=cast.foundation, **rules)
    theirs = SupportOfferFactory(organisation=cast.foundation, **{**rules, **other})
    theirs.support.update(**line or {"hours": None})
    # Of another giver: no concern of ours.
    SupportOfferFactory(legal_entity_required=False)
    assert differences(mine) == said
    assert differences(theirs) == [(what, there, here) for what, here, there in said]


def test_hours_are_compared_and_a_kind_given_twice_is_not(cast: Cast) -> None:
    mine = SupportOfferFactory(organisation=cast.foundation, support=["mentoring"])
    other = SupportOfferFactory(organisation=cast.foundation, support=["mentoring"])
    mine.support.update(hours=10)
    other.support.update(hours=20)
    assert differences(mine) == [("Mentorskap", "10 timmar", "20 timmar")]
    other.support.create(kind="mentoring", position=1, hours=5)
    assert differences(mine) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "Projektpengar 2025"}, ["title"]),
        ({"title": "Projektpengar 2025–2027"}, []),
        ({"title": "Projektpengar 2026"}, []),
        ({"title": "Bidrag på 2025 000 kr, nummer 802002-2024"}, []),
        ({"how_to_apply": "Sök senast den 1 mars 2024."}, ["apply"]),
        ({"description": "Vi har stöttat unga sedan 2015."}, []),
        ({"decision_on": date(2026, 11, 20)}, ["times"]),
        ({"decision_on": date(2026, 12, 20)}, []),
        # Over already: nobody writes it any more.
        ({"title": "Projektpengar 2025", "closes_on": date(2026, 10, 31)}, []),
    ],
)
def test_what_cannot_be_right_is_asked_about(changes: dict[str, Any], said: list[str]) -> None:
    offer = SupportOffer(**{"title": "Pengar", "closes_on": date(2026, 12, 1), **changes})
    assert [one.question for one in doubts(offer, TODAY)] == said


def test_both_are_shown_as_advice_with_links_and_stop_nothing(client: Client, cast: Cast) -> None:
    answered = ["title", "description", "support", "places"]
    mine = SupportOfferFactory(
        organisation=cast.foundation, draft=True, title="Projektpengar 2024", answered=answered
    )
    other = SupportOfferFactory(organisation=cast.foundation, legal_entity_required=False, title="Pengar")
    client.force_login(cast.ruth)
    for name in ("tasks", "check"):
        address = reverse(f"funders:{name}", args=[mine.public_id])
        page = client.get(address).content.decode()
        assert "Era stöd säger olika saker" in page
        assert "Organisationsnummer: Krävs här, Inget krav där." in page
        assert reverse("funders:tasks", args=[other.public_id]) in page
        assert "Det står 2024, ett år som är slut." in page
        few = queries_for(client, address)
        SupportOfferFactory(organisation=cast.foundation, legal_entity_required=False)
        assert queries_for(client, address) == few
    assert client.post(reverse("funders:publish", args=[mine.public_id])).status_code == 302
    assert SupportOffer.objects.published().filter(pk=mine.pk).exists()
    assert timezone.localdate().year > 2024
