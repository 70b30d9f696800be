"""Two initiatives want the same: one follows the other and asks to do it together; it says yes, and writes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import sign_in
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# People of the demo, whose initiatives have nothing to do with one another yet.
ASKER, ASKED = "Jimmy Thorell", "Emelie Storkvist"
SWEDISH, ENGLISH = "Andra sidan skärmen", "The other side of the screen"


def open_initiative(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go(f"/initiativ/?q={SWEDISH}", f"/en/initiatives/?q={SWEDISH}")
    page.locator("main").get_by_role("link", name=re.compile(f"^({SWEDISH}|{ENGLISH})")).first.click()
    page.wait_for_load_state()
    visitor.check()


def test_followed_asked_and_a_yes(person: MakePerson) -> None:
    mark = new_mark()
    asker, asked = person(PHONE_SWEDISH, "asker"), person(DESKTOP_ENGLISH_PLAIN, "asked")
    sign_in(asker, ASKER)
    page = asker.page
    asker.go("/traffar/jag-foljer/", "")
    asker.go("/traffar/tillsammans/", "")

    # Follow it, and find it again in the list.
    open_initiative(asker)
    asker.click("Följ", "Follow")
    expect(page.locator("main").get_by_role("button", name="Sluta följa")).to_be_visible()
    there = page.url

    # Ask. What is lacking is said, and what was written stays.
    asker.click("Fråga om att göra det tillsammans", "", role="link")
    page.fill("main [name=message]", "")
    submit(asker)
    page.fill("main [name=message]", f"Vi gör samma sak i Mariestad. Kan vi ses? {mark}")
    page.locator("main [name=about]").first.check(force=True)
    page.fill("main [name=phone]", "070-174 06 57")
    submit(asker)
    expect(page.locator("main")).to_contain_text(mark)
    question = page.url

    # The other side reads it, sees no way to reach them before a yes, and says yes.
    sign_in(asked, ASKED)
    asked.go("", "/en/matches/together/")
    asked.page.locator("main li").filter(has_text=re.compile(f"{SWEDISH}|{ENGLISH}")).get_by_role(
        "link"
    ).first.click()
    asked.check()
    expect(asked.page.locator("main")).to_contain_text(mark)
    assert "070-174 06 57" not in asked.page.content()
    asked.click("", "Say no", role="link")
    asked.page.go_back()
    asked.click("", "Say yes", role="link")
    asked.page.fill("main [name=email]", f"emelie-{mark}@skarmen.example")
    submit(asked)
    expect(asked.page.locator("main")).to_contain_text("070-174 06 57")
    page.goto(question)
    asker.check()
    expect(page.locator("main")).to_contain_text(f"emelie-{mark}@skarmen.example")

    # What they write in their journal comes among the notices of who follows.
    open_initiative(asked)
    identifier = there.rstrip("/").rsplit("/", 1)[1]
    asked.go("", f"/en/initiatives/{identifier}/journal/new/")
    asked.page.fill("main [name=title]", f"We met {mark}")
    asked.page.locator("main [name=parts]").first.check(force=True)
    submit(asked)
    news = page.locator("main", has_text="har skrivit i sin dagbok")
    for _ in range(40):
        page.goto(asker.url("/meddelanden/", ""))
        if news.count():
            break
        page.wait_for_timeout(500)
    expect(news).to_have_count(1)
    asker.go("/traffar/jag-foljer/", "")
    asker.click("Sluta följa", "")
    expect(page.locator("main")).to_contain_text("Du följer inget initiativ än")
