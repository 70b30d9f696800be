"""Support with the giver's own form: say that one means to apply, tell how it went, and who gives it takes it over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import sign_in
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, DESKTOP_PLAIN, PHONE_SWEDISH, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# In the demo the giver has not confirmed this, and one of the two has meant to apply for it a while ago.
UNCONFIRMED, IN_ENGLISH = "Resepengar", "Travel money"
SEEKER, ANOTHER_SEEKER = "Emelie Storkvist", "Jimmy Thorell"
GIVER, STAFF = "Henrik Tegnell-Ås", "Rut Almqvist"


def open_offer(visitor: Visitor, title: str) -> str:
    page = visitor.page
    page.goto(visitor.url(f"/stod/?q={title}", f"/en/support/?q={title}"))
    page.locator("main").get_by_role("link", name=re.compile(f"^{title}")).first.click()
    page.wait_for_load_state()
    visitor.check()
    return page.url


def test_did_you_apply_and_how_did_it_go(person: MakePerson) -> None:
    visitor = person(PHONE_SWEDISH, "seeker")
    page = visitor.page
    sign_in(visitor, SEEKER)
    visitor.go("/min-sida/", "")
    page.locator("main").get_by_role("link", name="Sökte ni? Hur gick det?").first.click()
    page.wait_for_load_state()
    visitor.check()
    visitor.click("Berätta hur det gick", "Tell how it went", role="link")
    page.check("main [name=did_apply][value=yes]", force=True)
    page.check("main [name=outcome][value=yes]", force=True)
    page.fill("main [name=amount]", "15 000")
    page.check("main [name=is_shown]", force=True)
    page.fill("main [name=hard]", "Budgeten skulle skrivas i tre olika mallar.")
    submit(visitor)
    expect(page.locator("main")).to_contain_text(re.compile(r"15\s000"))

    # They chose to show it: on the initiative's page it says that the giver has not confirmed it.
    page.goto(visitor.url("/initiativ/?q=Andra sidan skärmen", ""))
    page.locator("main").get_by_role("link", name=re.compile("^Andra sidan skärmen")).first.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Givaren har inte bekräftat det.")
    assert "tre olika mallar" not in page.content()


def test_an_imported_offer_is_applied_for_and_taken_over_by_its_giver(person: MakePerson) -> None:
    seeker, giver = person(PHONE_SWEDISH, "seeker"), person(DESKTOP_ENGLISH_PLAIN, "giver")
    sign_in(seeker, ANOTHER_SEEKER)
    offer = open_offer(seeker, UNCONFIRMED)
    seeker.click("Jag tänker söka", "I mean to apply")
    expect(seeker.page.locator("main")).to_contain_text("Inget skickas till givaren")

    # Who says that it is theirs is checked by staff before anything changes.
    sign_in(giver, GIVER)
    open_offer(giver, IN_ENGLISH)
    giver.click("Is it your support?", "Is it your support?", role="link")
    giver.page.locator("main [name=way]").first.check(force=True)
    giver.page.fill("main [name=evidence]", "https://www.abrinken.example/resepengar")
    submit(giver)
    expect(giver.page.locator("h1")).to_contain_text("We check whether the support is yours")
    claim = giver.page.url
    officer = person(DESKTOP_PLAIN, "staff")
    sign_in(officer, STAFF)
    staff = officer.page
    staff.goto(f"{giver.site}/admin/funders/offerclaim/")
    staff.locator("#result_list tbody th a").first.click()
    staff.locator("[name=decision][value=approved]").check()
    staff.fill("[name=why]", "Vi har sett det på er egen webbplats.")
    staff.locator("[name=_save]").click()
    staff.wait_for_load_state()
    giver.page.goto(claim)
    giver.check()
    expect(giver.page.locator("h1")).to_contain_text("The support is yours")
    seeker.page.goto(offer)
    seeker.check()
    expect(seeker.page.locator("main")).to_contain_text("Stiftelsen Åbrinken")
