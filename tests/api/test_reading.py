"""Initiatives, offers and taxonomy as programs read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.taxonomy.enums import Driver, OrganisationKind, ProcessPart, SupportKind
from tests.api.conftest import ask
from tests.cast import Cast
from tests.factories import ActorFactory, InitiativeFactory, OrganisationFactory, SupportOfferFactory
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db

INITIATIVES = "/api/v1/initiatives/"
OFFERS = "/api/v1/offers/"
TAXONOMY = "/api/v1/taxonomy/"


def titles(address: str) -> list[str]:
    answer = ask(address)
    assert answer.status_code == 200, answer.content
    return sorted(row["title"] for row in answer.json()["results"])


def test_initiative_says_what_its_page_shows(cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")
    ActorFactory(initiative=initiative)
    found = ask(f"{INITIATIVES}{initiative.public_id}/").json()
    page = f"http://testserver/en/initiatives/{initiative.public_id}/"
    assert found == {
        "public_id": initiative.public_id,
        "url": page,
        "state": "published",
        "visibility": "everyone",
        "language": "sv",
        "title": "Lagningsverkstaden",
        "change": initiative.change,
        "description": initiative.description,
        "title_second": "",
        "summary_second": "",
        "organisation": {
            "public_id": cast.association.public_id,
            "name": "Verkstan i Bergsjön",
            "kind": "association",
            "is_verified": False,
        },
        "works_in": ["SE-1480"],
        "works_in_words": [],
        "may_spread_to": None,
        "themes": ["employment", "circular_economy"],
        "theme_words": [],
        "target_groups": ["young_people_not_in_work_or_school"],
        "target_group_words": [],
        "process_parts": ["develop"],
        "methods": ["mentoring"],
        "method_words": [],
        "innovation_kinds": ["meeting_place"],
        "innovation_kind_words": [],
        "drivers": ["own_experience", "belonging"],
        "driver_words": [],
        "who_affected": initiative.who_affected,
        "participation": "co_creating",
        "needs_stated": True,
        "needs": [
            {"kind": "grant", "amount": 200_000, "hours": None},
            {"kind": "premises", "amount": None, "hours": None},
        ],
        "forms_not_accepted": ["equity"],
        "refusal_reasons": ["own_decisions"],
        "form_after": None,
        "legal_entity": "yes",
        "evidence": "",
        "core": "",
        "adaptable": "",
        "actors": [{"name": "Bostadsbolaget Framtidsgården", "kind": "company", "role": "Upplåter lokalen"}],
        "links": [],
        "started_on": "2024-09-01",
        "is_demo": False,
        "source_url": "",
        "published_at": "2026-03-02T10:00:00+01:00",
        "changed_at": "2026-03-02T10:00:00+01:00",
    }
    assert ask(INITIATIVES).json() == {"count": 1, "next": None, "results": [found]}
    assert Client().get(page).status_code == 200


def test_offer_says_what_its_page_shows(cast: Cast) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation, title="Bidrag till unga")
    found = ask(f"{OFFERS}{offer.public_id}/").json()
    rules = found.pop("rules")
    assert found == {
        "public_id": offer.public_id,
        "url": f"http://testserver/en/support/{offer.public_id}/",
        "state": "published",
        "language": "sv",
        "title": "Bidrag till unga",
        "description": offer.description,
        "title_second": "",
        "summary_second": "",
        "organisation": {
            "public_id": cast.foundation.public_id,
            "name": "Stiftelsen Västanvind",
            "kind": "foundation",
            "is_verified": True,
        },
        "confirmed": True,
        "support": [{"kind": "grant", "amount_min": 50_000, "amount_max": 300_000, "hours": None}],
        "areas": ["SE-14"],
        "area_words": [],
        "themes": ["employment"],
        "theme_words": [],
        "target_groups": ["young_people_not_in_work_or_school"],
        "target_group_words": [],
        "process_parts": ["develop", "realise"],
        "methods": None,
        "method_words": [],
        "innovation_kinds": None,
        "innovation_kind_words": [],
        "drivers": None,
        "driver_words": [],
        "eligible_organisation_kinds": ["association", "economic_association", "foundation"],
        "applies_to": "lead",
        "must_include_kinds": None,
        "consortium_required": None,
        "legal_entity_required": True,
        "min_age_months": None,
        "co_funding_percent": None,
        "forms_not_accepted": None,
        "strict": [],
        "opens": "2026-01-01",
        "closes": "2099-12-31",
        "decision_on": None,
        "capacity": 5,
        "applied_last_time": None,
        "supported_last_time": None,
        "hours_to_apply": None,
        "answer_days": None,
        "apply_way": "introduction",
        "apply_url": "",
        "how_to_apply": "",
        "is_demo": False,
        "source_url": "",
        "published_at": "2026-03-02T10:00:00+01:00",
        "changed_at": "2026-03-02T10:00:00+01:00",
    }
    assert {rule["rule"]: rule["is_hard"] for rule in rules} == {
        "eligible_organisation_kinds": True,
        "legal_entity_required": True,
        "areas": True,
        "dates": True,
        "support_kinds": True,
        "amount": False,
        "themes": False,
        "target_groups": False,
        "process_parts": False,
    }
    assert all(rule["text_sv"] and rule["text_en"] and rule["text_sv"] != rule["text_en"] for rule in rules)
    assert ask(OFFERS).json()["results"][0]["public_id"] == offer.public_id


def test_people_are_not_named(cast: Cast) -> None:
    person = OrganisationFactory(name="Kim Hemlig", kind="individual")
    initiative = InitiativeFactory(organisation=person)
    ActorFactory(initiative=initiative, name="Robin Hemlig", kind="individual", position=0)
    ActorFactory(initiative=initiative, name="Vera Öppen", kind="individual", position=1, confirmed_at=NOW)
    SupportOfferFactory(organisation=OrganisationFactory(name="Lo Hemlig", kind="individual"))
    found = ask(f"{INITIATIVES}{initiative.public_id}/").json()
    assert found["organisation"]["public_id"] is None
    assert [actor["name"] for actor in found["actors"]] == ["", "Vera Öppen"]
    for address in (INITIATIVES, OFFERS, f"{INITIATIVES}{initiative.public_id}/"):
        assert "Hemlig" not in ask(address).content.decode()


def test_coarsened_places_are_counties(cast: Cast) -> None:
    initiative = InitiativeFactory(area_codes=["SE-1480"], area_words=["Bergsjön"], place_coarsened=True)
    found = ask(f"{INITIATIVES}{initiative.public_id}/").json()
    assert (found["works_in"], found["works_in_words"]) == (["SE-14"], [])
    assert titles(f"{INITIATIVES}?area=SE-1480") == []
    assert titles(f"{INITIATIVES}?area=SE-14") == [initiative.title]


@pytest.fixture
def varied_initiatives() -> None:
    InitiativeFactory(title="A Göteborg", area_codes=["SE-1480"])
    InitiativeFactory(
        title="B Malmö",
        area_codes=["SE-1280"],
        theme_codes=["integration"],
        target_group_codes=["older_people"],
        process_parts=["value"],
        needs=["mentoring"],
        language="en",
        changed_at=NOW + timedelta(days=10),
        organisation=OrganisationFactory(kind="company"),
    )
    InitiativeFactory(title="C Ingenstans", area_codes=None, theme_codes=None, target_group_codes=None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", "ABC"),
        ("area=SE-1480", "A"),
        ("area=SE-14", "A"),
        ("area=SE-12,SE-14", "AB"),
        ("area=SE-12&area=SE-14", "AB"),
        ("area=SE-12&theme=employment", ""),
        ("theme=employment", "AC"[:1]),
        ("target_group=older_people", "B"),
        ("process_part=value", "B"),
        ("need=mentoring", "B"),
        ("need=mentoring,grant", "ABC"),
        ("organisation_kind=company", "B"),
        ("language=en", "B"),
        ("updated_since=2026-03-10", "B"),
        ("updated_since=2026-03-02T09:00:00Z", "ABC"),
        ("updated_since=2026-03-02T10:00:00%2B01:00", "ABC"),
        ("updated_since=2026-03-02T10:00:00+01:00", "ABC"),
        ("updated_since=2026-03-02T10:00:01", "B"),
        ("q=Malmö", "B"),
        ("q=Ingenstans", "C"),
        ("q=%20Malm%C3%B6%20&language=sv", ""),
    ],
)
def test_initiatives_are_found(varied_initiatives: None, question: str, expected: str) -> None:
    assert "".join(title[0] for title in titles(f"{INITIATIVES}?{question}")) == expected


@pytest.fixture
def varied_offers() -> None:
    today = timezone.localdate()
    SupportOfferFactory(title="A Västra Götaland")
    SupportOfferFactory(
        title="B Skåne, mentor",
        area_codes=["SE-12"],
        theme_codes=["integration"],
        support=["mentoring"],
        eligible_kinds=["company"],
        opens_on=today + timedelta(days=5),
        closes_on=None,
        organisation=OrganisationFactory(kind="company"),
        language="en",
        changed_at=NOW + timedelta(days=10),
    )
    SupportOfferFactory(title="C Överallt", area_codes=[], theme_codes=[], eligible_kinds=None)
    SupportOfferFactory(
        title="D Stängt", opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", "ABC"),
        ("area=SE-1480", "AC"),
        ("area=SE-12", "BC"),
        ("theme=integration", "BC"),
        ("support_kind=mentoring", "B"),
        ("support_kind=grant,mentoring", "ABC"),
        ("open=now", "AC"),
        ("open=later", "B"),
        ("open=now,later", "ABC"),
        ("eligible_kind=company", "BC"),
        ("organisation_kind=company", "B"),
        ("language=en", "B"),
        ("updated_since=2026-03-10", "B"),
        ("q=mentor", "B"),
    ],
)
def test_offers_are_found(varied_offers: None, question: str, expected: str) -> None:
    assert "".join(title[0] for title in titles(f"{OFFERS}?{question}")) == expected


def test_catalogue_and_api_find_the_same(varied_initiatives: None, varied_offers: None) -> None:
    pairs = [
        ("/en/initiatives/?place=SE-14&theme=employment", f"{INITIATIVES}?area=SE-14&theme=employment"),
        ("/en/initiatives/?q=Malmö&need=mentoring", f"{INITIATIVES}?q=Malmö&need=mentoring"),
        ("/en/support/?place=SE-1480&when=open", f"{OFFERS}?area=SE-1480&open=now"),
    ]
    for page, address in pairs:
        shown = {card.title for card in Client().get(page).context["cards"]}
        assert shown == set(titles(address)), page


def test_pages_follow_next_without_gaps_or_doubles() -> None:
    for number in range(7):
        # Some share a moment: an import publishes many at once.
        InitiativeFactory(title=f"Nummer {number}", published_at=NOW + timedelta(minutes=number // 3))
    seen: list[str] = []
    address: str | None = f"{INITIATIVES}?page_size=2&language=sv"
    while address:
        answer = ask(address).json()
        assert answer["count"] == 7
        seen += [row["title"] for row in answer["results"]]
        InitiativeFactory(title="Ny", published_at=NOW + timedelta(days=1), language="en")
        address = answer["next"]
    assert seen == [f"Nummer {number}" for number in (6, 5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("address", [INITIATIVES, OFFERS, f"{INITIATIVES}?q=unga&area=SE-14"])
def test_lists_ask_a_constant_number_of_queries(cast: Cast, address: str, size: int) -> None:
    for _ in range(size):
        initiative = InitiativeFactory()
        ActorFactory(initiative=initiative)
        SupportOfferFactory()
    ask(TAXONOMY)  # the copy of the taxonomy is made once in a process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(ask(address).json()["results"]) == size
    expected = 3 if address == OFFERS else 4
    seen = [query["sql"] for query in queries if "taxonomyversion" not in query["sql"]]
    assert len(seen) == expected, seen


def test_taxonomy_names_every_code_in_both_languages() -> None:
    found = ask(TAXONOMY).json()
    fixed = {
        "support_kinds": SupportKind,
        "organisation_kinds": OrganisationKind,
        "process_parts": ProcessPart,
        "drivers": Driver,
    }
    for name, choices in fixed.items():
        assert [entry["code"] for entry in found[name]] == list(choices.values)
    assert {"code": "develop", "name_sv": "Utveckla och testa", "name_en": "Develop and test"} in found[
        "process_parts"
    ]
    areas = {area["code"]: area for area in found["areas"]}
    assert sum(area["kind"] == "municipality" for area in areas.values()) == 290
    assert sum(area["kind"] == "county" for area in areas.values()) == 21
    assert areas["SE-1480"]["parent"] == "SE-14"
    for name, entries in found.items():
        assert entries, name
        assert all(entry["name_sv"] and entry["name_en"] for entry in entries), name
    assert list(ask(f"{TAXONOMY}?list=methods,drivers").json()) == ["methods", "drivers"]


def test_day_of_the_last_day_counts() -> None:
    today: date = timezone.localdate()
    SupportOfferFactory(title="Sista dagen", opens_on=None, closes_on=today)
    assert titles(f"{OFFERS}?open=now") == ["Sista dagen"]
