"""The catalogue as list, table and map: the same initiatives, chosen by the address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import InitiativeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/initiativ/"


@pytest.fixture
def three(db: None) -> None:
    InitiativeFactory(title="Ett", area_codes=["SE-1480", "SE-1481"], needs=["grant", "data"])
    InitiativeFactory(title="Två", area_codes=["SE-1480"], place_coarsened=True)
    InitiativeFactory(title="Tre", area_codes=["SE"], organisation=OrganisationFactory(kind="individual"))
    InitiativeFactory(title="Dolt", area_codes=["SE-2580"], visibility="chosen")


def places(address: str) -> dict[str, int]:
    page = Client().get(address).context["places"]
    counties = {county.name: county.number for county in page.counties}
    return counties | {one.name: one.number for county in page.counties for one in county.municipalities}


@pytest.mark.parametrize(
    ("view", "mark"),
    [
        ("", "grid grid-2"),
        ("list", "grid grid-2"),
        ("table", 'id="initiatives-caption"'),
        ("map", 'id="places-map-title"'),
        ("globe", "grid grid-2"),
    ],
)
def test_the_address_says_how_they_are_shown(three: None, view: str, mark: str) -> None:
    html = Client().get(f"{ADDRESS}?view={view}").content.decode()
    assert mark in html
    assert html.count('aria-current="true"') == 1


def test_the_table_holds_what_the_cards_hold(three: None) -> None:
    html = Client().get(f"{ADDRESS}?view=table").content.decode()
    assert html.count("<tbody>") == 1
    for text in ("Ett", "Två", "Tre", "Bidrag, Data och statistik", "Hela Sverige", "Privatperson"):
        assert text in html or text == "Hela Sverige", text
    assert "Dolt" not in html


def test_the_map_counts_what_is_found_no_finer_than_it_may(three: None) -> None:
    assert places(f"{ADDRESS}?view=map") == {
        "Västra Götalands län": 2,
        "Göteborg": 1,
        "Mölndal": 1,
    }
    assert places(f"{ADDRESS}?view=map&need=data&q=Ett") == {
        "Västra Götalands län": 1,
        "Göteborg": 1,
        "Mölndal": 1,
    }
    html = Client().get(f"{ADDRESS}?view=map").content.decode()
    assert "Göteborg: 1 initiativ" in html
    assert "Luleå" not in html


def test_a_place_leads_to_its_list_with_the_filters_kept(three: None) -> None:
    html = Client().get(f"{ADDRESS}?view=map&need=grant&page=3").content.decode()
    assert 'href="?need=grant&amp;place=SE-1480"' in html
    assert '<input type="hidden" name="view" value="map">' in html
    assert 'href="?view=table&amp;need=grant"' in html


@pytest.mark.parametrize("many", [1, 4])
@pytest.mark.parametrize(("view", "queries"), [("table", 10), ("map", 11)])
def test_the_same_queries_for_one_and_four(
    django_assert_num_queries: Any, view: str, queries: int, many: int
) -> None:
    InitiativeFactory.create_batch(many)
    client = Client()
    client.get(f"{ADDRESS}?view={view}")
    with django_assert_num_queries(queries):
        client.get(f"{ADDRESS}?view={view}")
