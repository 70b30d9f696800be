"""Need against supply: what is counted where, how it is shown, and what never shows."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from innovators.models import Initiative
from matching.public.counting import UNSAID, WIDER, count_needs, count_supply
from matching.public.gaps import Level, level
from matching.public.suppression import NOTHING, TOTAL, Showing, Shown
from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
SWEDISH, ENGLISH = "/var-saknas-stod/", "/en/where-support-is-missing/"


def rows(address: str) -> dict[str, tuple[str, str, str]]:
    """Return the table: need, supply and words, by the row's name."""
    page = Client().get(address).context["page"]
    return {
        row.name: (row.need_text, row.supply_text, str(row.level.label)) for row in [*page.rows, page.total]
    }


# -- counting ----------------------------------------------------------------------------------------


def test_an_initiative_counts_in_each_of_its_places_and_once_in_the_total() -> None:
    InitiativeFactory(
        area_codes=["SE-1480", "SE-1481", "SE-12"],
        process_parts=["develop", "value"],
        needs=["grant", "mentoring"],
    )
    counts = count_needs()
    assert counts["develop", "grant", "SE-14"] == 1
    assert counts["value", "mentoring", "SE-12"] == 1
    assert counts[TOTAL, TOTAL, "SE-14"] == counts["develop", TOTAL, TOTAL] == 1
    assert counts[TOTAL, TOTAL, TOTAL] == 1
    assert ("realise", "grant", "SE-14") not in counts
    assert len(counts) == 3 * 3 * 3


def test_needs_of_the_same_kind_count_once() -> None:
    InitiativeFactory(needs=["grant", "grant"])
    assert count_needs()["develop", "grant", "SE-14"] == 1


@pytest.mark.parametrize("areas", [None, [], ["SE"], ["nordic"], ["NO"]])
def test_what_is_nowhere_or_everywhere_is_in_no_county(areas: list[str] | None) -> None:
    InitiativeFactory(area_codes=areas, process_parts=None, needs=["grant"])
    assert count_needs() == dict.fromkeys(
        [(p, k, c) for p in (UNSAID, TOTAL) for k in ("grant", TOTAL) for c in (WIDER, TOTAL)], 1
    )


def test_an_initiative_without_needs_is_not_counted() -> None:
    InitiativeFactory(needs=[])
    assert count_needs() == {}


@pytest.mark.parametrize(
    "hidden",
    [
        {"draft": True},
        {"paused": True},
        {"closed": True},
        {"visibility": "chosen"},
        {"visibility": "fitting_givers"},
    ],
)
def test_only_what_a_visitor_may_see_is_counted(hidden: dict[str, Any]) -> None:
    InitiativeFactory(**hidden)
    assert count_needs() == {}


def test_a_coarsened_place_is_its_county() -> None:
    InitiativeFactory(area_codes=["SE-2580"], place_coarsened=True, needs=["grant"])
    assert count_needs()["develop", "grant", "SE-25"] == 1


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        (["SE-14"], {"SE-14"}),
        (["SE-1480"], {"SE-14"}),
        (["SE-1480", "SE-12"], {"SE-14", "SE-12"}),
        (["SE"], "all"),
        (["europe", "SE-14"], "all"),
        ([], "all"),
        (None, "all"),
        (["NO"], {WIDER}),
    ],
)
def test_an_offer_counts_wherever_it_can_be_used(areas: list[str] | None, expected: Any) -> None:
    SupportOfferFactory(area_codes=areas, process_parts=["develop"], support=["data"])
    counts = count_supply(TODAY)
    found = {county for part, kind, county in counts if (part, kind) == ("develop", "data") and county}
    assert found == expected if expected != "all" else len(found) == 22 and WIDER in found
    assert counts[TOTAL, TOTAL, TOTAL] == 1
    assert set(counts.values()) == {1}


def test_an_offer_without_parts_is_for_all() -> None:
    SupportOfferFactory(process_parts=None, area_codes=["SE-14"], support=["data"])
    counts = count_supply(TODAY)
    assert {part for part, kind, county in counts if kind == "data" and county == "SE-14"} == {
        *("understand", "envision", "mobilise", "develop", "realise", "value"),
        *(UNSAID, TOTAL),
    }


def test_only_offers_that_are_open_are_counted() -> None:
    SupportOfferFactory(opens_on=date(2027, 1, 1))
    SupportOfferFactory(closes_on=date(2026, 11, 21))
    SupportOfferFactory(draft=True)
    assert count_supply(TODAY) == {}
    SupportOfferFactory(closes_on=TODAY)
    assert count_supply(TODAY)[TOTAL, "grant", "SE-14"] == 1


# -- showing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "supply", "expected"),
    [
        (NOTHING, NOTHING, Level.NOBODY),
        (NOTHING, Shown(Showing.EXACT, 9), Level.NOBODY),
        (Shown(Showing.FEW, 0), NOTHING, Level.FEW),
        (Shown(Showing.WITHHELD, 0), NOTHING, Level.FEW),
        (Shown(Showing.EXACT, 3), NOTHING, Level.MISSING),
        (Shown(Showing.AT_LEAST, 9), NOTHING, Level.MISSING),
        (Shown(Showing.EXACT, 3), Shown(Showing.EXACT, 4), Level.PLENTY),
        (Shown(Showing.EXACT, 4), Shown(Showing.EXACT, 4), Level.SOME),
        # "Fewer than 3" is read as two, whatever it is.
        (Shown(Showing.EXACT, 6), Shown(Showing.FEW, 0), Level.MANY),
        (Shown(Showing.EXACT, 40), Shown(Showing.EXACT, 4), Level.CROWDED),
    ],
)
def test_words_come_from_what_is_shown(need: Shown, supply: Shown, expected: Level) -> None:
    assert level(need, supply) == expected


@pytest.fixture
def some(db: None) -> None:
    InitiativeFactory.create_batch(4, needs=["grant", "mandate"])
    InitiativeFactory.create_batch(2, needs=["grant"], area_codes=["SE-1280"], process_parts=["value"])
    InitiativeFactory(needs=["grant"], area_codes=["SE-2580"])
    SupportOfferFactory.create_batch(3, support=["grant"], process_parts=["develop"])
    SupportOfferFactory(support=["grant"], area_codes=["SE"], process_parts=None)


def test_the_table_by_county(some: None) -> None:
    found = rows(f"{SWEDISH}?kind=grant")
    assert found["Västra Götalands län"] == ("4", "4", "1 till 3 initiativ per erbjudande")
    assert found["Skåne län"] == ("färre än 3", "färre än 3", "För få initiativ för att visa")
    assert found["Kalmar län"] == ("0", "färre än 3", "Inget initiativ söker det")
    assert found["Hela Sverige"] == ("7", "4", "1 till 3 initiativ per erbjudande")
    assert list(rows(f"{ENGLISH}?kind=grant"))[-1] == "All of Sweden"


def test_the_table_by_kind_and_by_part(some: None) -> None:
    kinds = rows(f"{SWEDISH}?county=SE-14")
    assert kinds["Mandat: någon som kan göra förändringen varaktig"][0::2] == (
        "4",
        "Söks, men inget erbjudande finns",
    )
    parts = rows(f"{SWEDISH}?county=SE-14&rows=part&kind=grant")
    assert parts["Utveckla och testa"][:2] == ("4", "4")
    assert parts["Skapa värde"][:2] == ("0", "färre än 3")
    everything = rows(f"{SWEDISH}?county=SE-14&kind=grant&part=develop")
    assert everything == {"Västra Götalands län": ("4", "4", "1 till 3 initiativ per erbjudande")}


def test_rows_are_sorted_by_plain_links(some: None) -> None:
    page = Client().get(f"{SWEDISH}?kind=grant&sort=name").context["page"]
    names = [row.name for row in page.rows]
    assert names[0] == "Blekinge län"
    assert names.index("Örebro län") > names.index("Västra Götalands län")
    assert page.columns[0].sorted == "ascending"
    assert page.columns[0].url == "?kind=grant&sort=-name"
    assert page.columns[1].url == "?kind=grant&sort=-need"
    most = Client().get(f"{SWEDISH}?kind=grant&sort=-need").context["page"].rows
    assert [row.code for row in most[:1]] == ["SE-14"]


def test_what_is_most_missing_leads_on(some: None) -> None:
    found = Client().get(SWEDISH).context["page"].highlights
    assert [(one["row"].level, one["url"]) for one in found] == [
        (Level.MISSING, "?part=develop&kind=mandate")
    ]


@pytest.mark.parametrize(
    "asked", ["kind=gold", "part=begin", "county=SE-99", "rows=moon", "sort=luck", "kind=%00&county=SE%00"]
)
def test_what_we_do_not_know_is_said(asked: str) -> None:
    name = asked.split("=")[0]
    response = Client().get(f"{SWEDISH}?{asked}")
    assert response.status_code == 200
    if "%00" not in asked:
        assert f"Vi känner inte till ”{asked}”" in response.content.decode()
        answer = Client().get(f"/var-saknas-stod.csv?{asked}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
        assert name in answer.content.decode()


def test_the_file_is_the_table(some: None) -> None:
    answer = Client().get("/var-saknas-stod.csv?kind=grant&sort=-need")
    text = answer.content.decode("utf-8-sig")
    read = list(csv.reader(StringIO(text), delimiter=";"))
    assert read[0] == [
        "Län",
        "Kod",
        "Initiativ som söker det",
        "Öppna erbjudanden",
        "Initiativ per erbjudande",
        "I ord",
    ]
    shown = rows(f"{SWEDISH}?kind=grant&sort=-need")
    assert {row[0]: (row[2], row[3], row[5]) for row in read[1:]} == shown
    assert [row[0] for row in read[1:]] == list(shown)
    assert "attachment" in answer["Content-Disposition"]
    english = Client().get("/en/where-support-is-missing.csv?kind=grant").content.decode("utf-8-sig")
    assert english.startswith("County,Code,")


def test_the_map_says_in_words_what_it_shows(some: None) -> None:
    html = Client().get(f"{ENGLISH}?kind=mandate").content.decode()
    assert html.count("map__area--missing") == 2  # the county and the legend
    assert "Västra Götaland County: Looked for, and no offer at all" in html
    assert 'role="img"' in html


@pytest.mark.parametrize("many", [1, 4])
def test_the_same_queries_for_one_and_four(django_assert_num_queries: Any, settings: Any, many: int) -> None:
    InitiativeFactory.create_batch(many)
    SupportOfferFactory.create_batch(many)
    client = Client()
    client.get(SWEDISH)
    with django_assert_num_queries(8):
        client.get(SWEDISH)


def test_sums_of_the_database_are_those_of_the_rows() -> None:
    """The statement against a slow count in Python, on what has several of everything."""
    InitiativeFactory(area_codes=["SE-1480", "SE"], process_parts=[], needs=["grant", "data"])
    InitiativeFactory(area_codes=["SE-12", "SE-1280"], process_parts=["value", "develop"], needs=["data"])
    slow: dict[tuple[str, str, str], int] = {}
    for initiative in Initiative.objects.all():
        kinds = {need.kind for need in initiative.needs.all()} | {TOTAL}
        parts = {*(initiative.process_parts or [UNSAID]), TOTAL}
        counties = {code[:5] for code in initiative.area_codes if code != "SE"} | {TOTAL}
        for part in parts:
            for kind in kinds:
                for county in counties:
                    slow[part, kind, county] = slow.get((part, kind, county), 0) + 1
    assert count_needs() == slow


def test_addresses_are_words_of_the_language() -> None:
    from django.urls import reverse

    with override("sv"):
        assert (reverse("public:gaps"), reverse("public:statistics")) == (SWEDISH, "/statistik/")
    with override("en"):
        assert (reverse("public:gaps"), reverse("public:statistics")) == (ENGLISH, "/en/statistics/")
