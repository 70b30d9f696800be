"""Rows into facts: null stays unknown, and only what is public is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.encoding import (
    initiative_facts,
    offer_facts,
    open_offers,
    read_initiatives,
    read_offers,
    today,
)
from matching.kernel.facts import NeedFacts, SupportFacts
from tests.factories import ActorFactory, InitiativeFactory, SupportOfferFactory
from tests.matching.engine.cast import NOW

pytestmark = pytest.mark.django_db


def test_initiative_facts_of_a_row() -> None:
    row = InitiativeFactory(theme_words=["cykelkök"], spread_area_codes=["nordic"])
    ActorFactory(initiative=row, position=0, kind=None)
    facts = initiative_facts(row, NOW)
    assert replace(facts, document=facts.document.__class__()) == facts.__class__(
        key=row.public_id,
        organisation_id=row.organisation_id,
        lead_kind="association",
        actor_kinds=(None,),
        legal_entity=True,
        age_months=21.0,
        works_in=("SE-1480",),
        may_spread_to=("nordic",),
        themes=("employment", "circular_economy"),
        themes_unresolved=("cykelkök",),
        target_groups=("young_people_not_in_work_or_school",),
        process_parts=("develop",),
        needs=(NeedFacts("grant", 200_000), NeedFacts("premises")),
        forms_not_accepted=("equity",),
        drivers=("own_experience", "belonging"),
        language="sv",
    )
    assert "cykelkök" in facts.document.title
    assert row.change in facts.document.body


def test_offer_facts_of_a_row() -> None:
    row = SupportOfferFactory(
        closes_on=date(2026, 12, 31), strict=["language", "amount"], process_parts=[], min_age_months=6
    )
    facts = offer_facts(row)
    assert (facts.languages, facts.strict) == (("sv",), ("language", "amount"))
    assert (facts.process_parts, facts.must_include_kinds, facts.min_age_months) == ((), None, 6)
    assert facts.support == (SupportFacts("grant", 50_000, 300_000),)
    assert facts.closes_day == (date(2026, 12, 31) - date(1970, 1, 1)).days


def test_nothing_said_is_unknown_and_never_none() -> None:
    facts = initiative_facts(InitiativeFactory(empty=True, needs_stated=False, forms_not_accepted=None), NOW)
    unknown = ("actor_kinds", "legal_entity", "age_months", "works_in", "themes", "target_groups", "needs")
    assert {name: getattr(facts, name) for name in unknown} == dict.fromkeys(unknown)


@pytest.mark.parametrize(
    ("answer", "number", "known"),
    [
        ("yes", "", True),
        ("fiscal_sponsor", "", True),
        ("no", "", False),
        (None, "8020024280", True),
        (None, "", None),
    ],
)
def test_legal_entity_by_answer_or_number(answer: str | None, number: str, known: bool | None) -> None:
    row = InitiativeFactory(legal_entity=answer)
    Organisation.objects.filter(pk=row.organisation_id).update(number=number)
    row.refresh_from_db()
    assert initiative_facts(row, NOW).legal_entity is known


def test_a_coarsened_place_is_matched_by_county_alone() -> None:
    row = InitiativeFactory(place_coarsened=True, area_words=["Hemliga gatan 4"])
    row.refresh_from_db()
    facts = initiative_facts(row, NOW)
    assert (facts.works_in, facts.works_in_unresolved) == (("SE-14",), ())


def test_codes_out_of_use_stop_nothing() -> None:
    facts = initiative_facts(InitiativeFactory(driver_codes=["gone", "belonging"]), NOW)
    assert facts.drivers == ("belonging",)


def test_the_closing_day_counts_until_midnight_in_stockholm() -> None:
    SupportOfferFactory(closes_on=date(2026, 6, 15))
    last_minute = datetime(2026, 6, 15, 21, 59, tzinfo=UTC)  # 23:59 in Stockholm
    over = datetime(2026, 6, 15, 22, 0, tzinfo=UTC)
    assert (open_offers(last_minute).count(), open_offers(over).count()) == (1, 0)
    assert (today(last_minute), today(over)) == (20619, 20620)


def test_reading_takes_the_same_number_of_queries_for_one_row_and_for_three(
    django_assert_num_queries: Any,
) -> None:
    for number in (1, 2):
        for _ in range(number):
            InitiativeFactory()
            SupportOfferFactory()
        with django_assert_num_queries(9):
            assert len(list(read_initiatives(Initiative.objects.all(), NOW))) == 2 * number - 1
            assert len(list(read_offers(SupportOffer.objects.all()))) == 2 * number - 1
