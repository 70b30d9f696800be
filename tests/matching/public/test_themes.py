"""A page for each subject: the same numbers as the catalogues, small ones untold, nothing hidden shown."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import SupportKind
from matching.public.themes import _balance, theme_groups, theme_page
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
PAGE = "/amnen/employment/"


def number(page: str, address: str) -> int:
    """Return the number in the heading over a catalogue's results."""
    found = re.search(r"(\d+)\s+(?:initiativ|stöd)", page[page.index('class="results-head"') :])
    assert found, address
    return int(found[1])


def test_the_numbers_are_those_of_the_catalogues(client: Client) -> None:
    for _ in range(3):
        InitiativeFactory(theme_codes=["employment"], needs=["grant", "mandate"])
    InitiativeFactory(theme_codes=["circular_economy"])
    InitiativeFactory(theme_codes=["employment"], draft=True)
    SupportOfferFactory(theme_codes=["employment"])
    SupportOfferFactory(theme_codes=[])
    page = theme_page("employment", timezone.now())
    assert page is not None
    assert (page.initiatives, page.offers) == (3, 2)
    for address, expected in ((page.initiatives_url, 3), (page.offers_url, 2)):
        assert number(client.get(address).content.decode(), address) == expected
    first = page.balance[0]
    assert (first.kind, first.needed, first.offered, first.is_missing) == (
        str(SupportKind.MANDATE.label),
        3,
        0,
        True,
    )
    grant = next(one for one in page.balance if one.kind == str(SupportKind.GRANT.label))
    assert (grant.needed, grant.offered) == (3, None), "two offers are too few to be told"
    html = client.get(PAGE).content.decode()
    assert "färre än 3" in html
    assert "/bevakningar/bevaka/initiatives/?theme=employment" in html
    assert "/bevakningar/bevaka/offers/?theme=employment" in html


def test_an_empty_subject_says_what_one_can_do(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "Inget initiativ än" in html
    assert "Inget stöd än" in html
    assert client.get("/amnen/finns-inte/").status_code == 404


def test_every_subject_is_in_the_list_once_and_has_a_page(client: Client) -> None:
    active = [entry.code for entry in Terms.THEME.vocabulary.active()]
    groups = theme_groups(timezone.now())
    listed = [line.code for group in groups for line in (group.line, *group.within)]
    assert sorted(listed) == sorted(active)
    html = client.get("/en/subjects/").content.decode()
    assert all(f'"/en/subjects/{code}/"' in html for code in active)
    assert client.get(f"/en/subjects/{active[-1]}/").status_code == 200


def test_pages_cost_the_same_for_one_and_for_three(client: Client) -> None:
    for address in (PAGE, "/amnen/"):
        InitiativeFactory(theme_codes=["employment"])
        SupportOfferFactory(theme_codes=["employment"])
        queries_for(client, address)
        one = queries_for(client, address)
        for _ in range(2):
            InitiativeFactory(theme_codes=["employment"])
            SupportOfferFactory(theme_codes=["employment"])
        assert queries_for(client, address) == one


@given(st.dictionaries(st.sampled_from(SupportKind.values), st.integers(0, 9)))
def test_small_numbers_are_never_told(needed: dict[str, int]) -> None:
    for line in _balance("employment", Counter(needed), Counter()):
        assert line.needed is None or line.needed == 0 or line.needed >= 3
        assert line.is_missing == (line.needed is not None and line.needed >= 3)
