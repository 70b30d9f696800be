"""A municipality tells what it cannot solve alone, an initiative answers, and both pages show it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import sign_in
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# People of the demo.
OFFICER, SEEKER = "Simon Vaara", "Jimmy Thorell"
INITIATIVE = "Garaget vid Leksberg"


def follow(visitor: Visitor, name: str) -> None:
    visitor.page.locator("main").get_by_role("link", name=re.compile(name)).first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


def test_a_challenge_is_told_and_answered(person: MakePerson) -> None:
    mark = new_mark()
    officer = person(PHONE_SWEDISH, "officer")
    sign_in(officer, OFFICER)
    officer.go("/min-sida/", "")
    follow(officer, "Berätta om en utmaning")
    page = officer.page
    # Sent too early: what is missing is told, and what was written stays.
    page.fill("main [name=text]", "De som flyttar hit vid nyår känner ingen. Vi har provat en mässa.")
    submit(officer)
    expect(page.locator("main")).to_contain_text("Skriv utmaningen på en rad.")
    assert "provat en mässa" in page.input_value("main [name=text]")
    page.fill("main [name=title]", f"Nyinflyttade går ensamma i tre år {mark}")
    page.select_option("main [name=theme_code]", "loneliness_and_community")
    submit(officer)
    officer.click("Publicera utmaningen", "")
    here = page.url

    # Whoever works with it says so, from the list that everybody reads.
    seeker = person(DESKTOP_ENGLISH_PLAIN, "seeker")
    sign_in(seeker, SEEKER)
    seeker.go("", "/en/challenges/")
    follow(seeker, mark)
    follow(seeker, "We work with this")
    seeker.page.get_by_label(re.compile(INITIATIVE)).check(force=True)
    submit(seeker)
    expect(seeker.page.locator("main")).to_contain_text("1 initiative works with it")
    follow(seeker, INITIATIVE)
    expect(seeker.page.locator("main")).to_contain_text(mark)

    # Those behind it take it away with a reason, which its own people read; and change their mind.
    page.goto(here)
    follow(officer, "Ta bort")
    page.fill("main [name=reason]", "Ni arbetar i ett annat län än vårt.")
    submit(officer)
    expect(page.locator("main")).to_contain_text("Ingen har svarat ännu.")
    seeker.page.goto(here.replace("/utmaningar/", "/en/challenges/"))
    seeker.check()
    expect(seeker.page.locator("main")).to_contain_text("Ni arbetar i ett annat län än vårt.")
    page.locator("main details summary").last.click()
    officer.click("Lägg tillbaka", "")
    expect(page.locator("main")).to_contain_text("1 initiativ arbetar med den")

    # It ends: readable, and closed to new answers.
    follow(officer, "Avsluta utmaningen")
    submit(officer)
    expect(page.locator("main")).to_contain_text("Avslutad")
    expect(page.locator("main")).not_to_contain_text("Vi arbetar med det här")
