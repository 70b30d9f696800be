"""An intermediary proposes that two meet: each says yes by itself, and whoever proposed it sees no address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import open_question, sign_in
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# People of the demo. The two have nothing to do with one another yet.
INTERMEDIARY, GIVER, SEEKER = "Ellinor Skogby", "Simon Vaara", "Jimmy Thorell"
INITIATIVE, OFFER = "Garaget vid Leksberg", "Ungdomens hus"


def follow(visitor: Visitor, selector: str) -> None:
    visitor.page.locator(selector).first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


def test_two_are_proposed_to_each_other_and_say_yes(person: MakePerson) -> None:
    mark = new_mark()
    intermediary = person(DESKTOP_ENGLISH_PLAIN, "intermediary")
    sign_in(intermediary, INTERMEDIARY)
    page = intermediary.page
    page.goto(intermediary.url("", f"/en/initiatives/?q={INITIATIVE}"))
    page.locator("main .card a, main article a").first.click()
    page.wait_for_load_state()
    intermediary.check()
    follow(intermediary, "main a[href*='/proposals/for/']")
    page.fill("main [name=q]", OFFER)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    intermediary.check()
    follow(intermediary, "main li a[href*='/proposals/for/']")
    page.fill("main [name=text]", f"They know how to let the young decide. Let the two talk. {mark}")
    page.locator("main [name=has_conflict][value=no]").check(force=True)
    submit(intermediary)
    expect(page.locator("main")).to_contain_text(mark)
    proposal = page.url

    # The giver says yes by asking: the ordinary question, with who proposed it.
    giver = person(PHONE_SWEDISH, "giver")
    sign_in(giver, GIVER)
    giver.go("/traffar/kontakter/?asked=proposed", "")
    giver.page.locator("main").get_by_role("link", name=re.compile(INITIATIVE)).first.click()
    giver.page.wait_for_load_state()
    giver.check()
    expect(giver.page.locator("main")).to_contain_text(mark)
    follow(giver, "main a[href$='/ja/']")
    giver.page.fill("main [name=message]", f"Vi har ett tomt hus och vill lära av er. {mark}")
    giver.page.fill("main [name=email]", f"simon-{mark}@bjorksund.example")
    submit(giver)

    # The other side answers it, and now the two see how to reach one another.
    seeker = person(PHONE_SWEDISH, "seeker")
    sign_in(seeker, SEEKER)
    open_question(seeker, INITIATIVE)
    expect(seeker.page.locator("main")).to_contain_text("Ellinor Skogby")
    assert f"simon-{mark}@" not in seeker.page.content()
    follow(seeker, "main a[href$='/ja/']")
    seeker.page.fill("main [name=phone]", "070-174 06 53")
    submit(seeker)
    expect(seeker.page.locator("main")).to_contain_text(f"simon-{mark}@bjorksund.example")

    # Whoever proposed it is told that both said yes, and nothing of how they are reached.
    page.goto(proposal)
    intermediary.check()
    expect(page.locator("main")).to_contain_text("said yes")
    assert f"simon-{mark}@" not in page.content()
    assert "070-174 06 53" not in page.content()
