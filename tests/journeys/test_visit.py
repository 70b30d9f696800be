"""A visitor looks around without an account."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import MakePerson
from tests.journeys.visitor import (
    DESKTOP_ENGLISH,
    DESKTOP_ENGLISH_PLAIN,
    DESKTOP_PLAIN,
    PHONE_ENGLISH_PLAIN,
    PHONE_SWEDISH,
    Look,
    looks,
)

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PAGES = [
    ("/", "/en/"),
    ("/initiativ/", "/en/initiatives/"),
    ("/stod/", "/en/support/"),
    ("/lovande/", "/en/promising/"),
    ("/om/", "/en/about/"),
    ("/var-saknas-stod/?kind=mandate", "/en/where-support-is-missing/?kind=mandate"),
    ("/statistik/", "/en/statistics/"),
]


@looks(PHONE_SWEDISH, also=(DESKTOP_ENGLISH_PLAIN, DESKTOP_ENGLISH, DESKTOP_PLAIN, PHONE_ENGLISH_PLAIN))
def test_open_pages(person: MakePerson, look: Look) -> None:
    visitor = person(look, "visitor")
    for swedish, english in PAGES:
        visitor.go(swedish, english)
    visitor.go("/initiativ/", "/en/initiatives/")
    visitor.page.locator("main h3 a, main .ds-card a").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()
    visitor.go("/stod/", "/en/support/")
    visitor.page.locator("main h3 a, main .ds-card a").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


@looks(PHONE_SWEDISH, also=(PHONE_ENGLISH_PLAIN, DESKTOP_ENGLISH))
def test_the_catalogue_in_three_ways(person: MakePerson, look: Look) -> None:
    visitor = person(look, "visitor")
    visitor.go("/initiativ/?view=map", "/en/initiatives/?view=map")
    visitor.click("Tabell", "Table", role="link")
    assert visitor.page.locator("table").count() == 1
    visitor.seen.clear()
    visitor.check()
    visitor.click("Karta", "Map", role="link")
    visitor.page.locator(".place-list a").first.click()
    visitor.page.wait_for_load_state()
    assert "place=SE-" in visitor.page.url
