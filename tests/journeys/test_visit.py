"""A visitor looks around without an account."""

from __future__ import annotations

import re

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
    ("/sa-matchar-vi/", "/en/how-we-match/"),
    ("/amnen/", "/en/subjects/"),
    ("/utmaningar/", "/en/challenges/"),
    ("/efterlysningar/", "/en/wanted/"),
    ("/nyhetsbrev/", "/en/newsletter/"),
]


LISTS = [
    ("/initiativ/", "/en/initiatives/"),
    ("/stod/", "/en/support/"),
    ("/amnen/", "/en/subjects/"),
    ("/utmaningar/", "/en/challenges/"),
    ("/efterlysningar/", "/en/wanted/"),
]


@looks(PHONE_SWEDISH, DESKTOP_ENGLISH_PLAIN, also=(DESKTOP_ENGLISH, DESKTOP_PLAIN, PHONE_ENGLISH_PLAIN))
def test_open_pages(person: MakePerson, look: Look) -> None:
    visitor = person(look, "visitor")
    for swedish, english in PAGES:
        visitor.go(swedish, english)
    for swedish, english in LISTS:
        visitor.page.goto(visitor.url(swedish, english))
        visitor.page.locator("main .card__title a, main h3 a, main .ds-card a").first.click()
        visitor.page.wait_for_load_state()
        visitor.check()
    # From an offer to who gives it.
    visitor.go("/stod/", "/en/support/")
    visitor.page.locator("main .card__title a").first.click()
    visitor.page.locator("main a[href*='/organisationer/'], main a[href*='/organisations/']").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


@looks(DESKTOP_ENGLISH, also=(PHONE_ENGLISH_PLAIN, PHONE_SWEDISH))
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
    # A filter in place, and words with a slip: the address is the search, whoever it is sent to.
    visitor.page.fill("main [name=q]", "ungdomsarbetslöset")
    visitor.page.locator("main form[role=search] [type=submit]").first.click()
    visitor.page.wait_for_url(re.compile(r"q=ungdomsarbetsl"))
    visitor.page.wait_for_load_state("networkidle")
    # Nothing there: which criterion took most away, and a way on without it.
    visitor.check()
    shown = visitor.page.locator("#results").inner_text()
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    assert other.locator("#results").inner_text() == shown
    assert other.locator("main [name=q]").input_value() == "ungdomsarbetslöset"
    visitor.click("Sök utan", "Search without", role="link")
    assert visitor.page.locator("#results .card").count() > 0
