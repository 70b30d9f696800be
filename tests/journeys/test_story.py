"""How the work goes: journal with its picture, numbers with their chart, a place that does it too; and undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, new_mark

# On a busy machine the site alone takes minutes to start.
pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(900)]

# A garage that young people run; its people write in Swedish.
INNOVATOR = "Jimmy Thorell"


def test_the_work_is_written_shown_and_taken_back(person: MakePerson) -> None:
    mark = new_mark()
    jimmy = person(PHONE_SWEDISH, "innovator")
    page = jimmy.page
    jimmy.go("/konto/logga-in/", "/en/account/sign-in/")
    page.get_by_role("button", name=INNOVATOR).click()
    page.wait_for_load_state()
    jimmy.go("/initiativ/mina/", "/en/initiatives/mine/")
    # A colleague's other initiatives may stand here too; the first will do.
    own = page.locator("main .card__title a").first
    expect(own).to_have_attribute("href", re.compile(r"/\w{10}/(svar|answers)/$"))
    own.click()
    page.wait_for_load_state()
    # From the task list to the journal, and a step is written.
    jimmy.click("Skriv i dagboken", "Write in the journal", role="link")
    for number, parts in enumerate((["develop"], ["understand", "value"])):
        page.locator("main a[href$='/dagbok/ny/'], main a[href$='/journal/new/']").first.click()
        page.wait_for_load_state()
        jimmy.check()
        page.fill("main [name=title]", f"Vi provade {mark} {number}")
        page.fill("main [name=happened_on]", f"{number + 1}/9 2026")
        for part in parts:
            page.check(f"[name=parts][value={part}]", force=True)
        page.fill("main [name=text]", "Sju av tio stannade. Ring 070-174 06 05 så berättar vi.")
        submit(jimmy)
    expect(page.locator("main")).to_contain_text("Ring [telefon] så berättar vi.")
    assert page.locator(".lanes__dot").count() >= 3
    shown = page.locator(".lanes figcaption p").first.inner_text()
    journal = page.url.split("#")[0]
    # Taken away, and back with one press.
    newest = page.locator("li.entry", has_text=f"{mark} 1")
    newest.get_by_role("button", name=jimmy.text("Ta bort", "Take away")).click()
    page.wait_for_load_state()
    jimmy.seen.discard("/initiativ/ID/dagbok/")
    jimmy.check()
    expect(newest).to_have_count(0)
    expect(page.locator(".lanes figcaption p").first).not_to_have_text(shown)
    jimmy.click("Ångra", "Undo")
    expect(newest).to_have_count(1)
    expect(page.locator(".lanes figcaption p").first).to_have_text(shown)

    # A number, and the next one: a chart with its table.
    page.goto(re.sub(r"/(dagbok|journal)/$", lambda found: jimmy.text("/nytta/", "/value/"), journal))
    jimmy.check()
    jimmy.click("Välj något att mäta", "Choose something to measure", role="link")
    page.check("[name=kind][value=social]", force=True)
    page.fill("main [name=name]", f"Unga som kommer {mark}")
    page.fill("main [name=unit]", "personer")
    page.fill("main [name=target]", "30")
    submit(jimmy)
    card = page.locator("article.value-card", has_text=mark)
    for day, number in (("31/3 2026", "12"), ("30/9 2026", "26")):
        jimmy.click("Skriv in en ny siffra", "Write a new number", role="link", within=card)
        page.fill("main [name=number]", number)
        page.fill("main [name=measured_on]", day)
        submit(jimmy)
    expect(card.locator("svg.chart")).to_be_visible()
    expect(card.locator(".value-card__number")).to_have_text("26")

    # Somebody else does it too.
    page.goto(re.sub(r"/(dagbok|journal)/$", lambda found: jimmy.text("/spridning/", "/spread/"), journal))
    jimmy.check()
    jimmy.click("Lägg till en plats", "Add a place", role="link")
    page.fill("main [name=where]", "Hjo")
    page.fill("main [name=adopter]", f"Motorklubben {mark}")
    page.fill("main [name=adapted]", "De har öppet på lördagar.")
    submit(jimmy)

    # Anybody reads all of it, in English and without JavaScript too.
    visitor = person(DESKTOP_ENGLISH_PLAIN, "visitor")
    story = f"/initiatives/{journal.rstrip('/').split('/')[-2]}/"
    visitor.go("", f"/en{story}")
    main = visitor.page.locator("main")
    for said in (f"Vi provade {mark} 1", "Ring [telefon]", f"Unga som kommer {mark}", f"Motorklubben {mark}"):
        expect(main).to_contain_text(said)
    expect(main.locator("svg.lanes__drawing")).to_be_visible()
    expect(main).not_to_contain_text("174 06 05")
    visitor.click("Läs hela dagboken", "Read the whole journal", role="link")
    for page_of in ("value", "spread"):
        visitor.go("", f"/en{story}{page_of}/")
        expect(main).to_contain_text(mark)
