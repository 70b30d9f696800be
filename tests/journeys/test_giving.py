"""A giver at work: an offer is written with its rules seen at once, and cases are judged with care."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MakePerson
from tests.journeys.visitor import DESKTOP_ENGLISH, DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, Look, Visitor, looks

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# A demo foundation and one who works there, and an offer that no other journey touches.
OFFICER, COLLEAGUE = "Henrik Tegnell-Ås", "Amina Söderqvist"
OFFER = "Snabba slanten"


def sign_in(visitor: Visitor, person: str) -> None:
    visitor.page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=person).click()


def save(visitor: Visitor) -> None:
    """Save an answer and come back to the task list."""
    with visitor.page.expect_navigation():
        visitor.page.locator("main button[name=save_later]").click()
    visitor.check()


def number_that_fits(page: Page) -> int:
    found = re.search(r"(\d+) av \d+ publicerade initiativ passar", page.locator("main").inner_text())
    assert found is not None
    return int(found[1])


def test_an_offer_is_begun_from_a_ready_draft_and_its_rules_are_seen_at_once(person: MakePerson) -> None:
    visitor = person(PHONE_SWEDISH, "officer")
    page = visitor.page
    sign_in(visitor, OFFICER)
    visitor.go("/stod/nytt/", "/en/support/new/")
    page.check("main [name=start][value=first_try]", force=True)
    visitor.click("Spara och fortsätt", "Save and continue")
    tasks = page.url

    # It cannot be published while places are unanswered, nor while a help text is left to write over.
    page.goto(f"{tasks}places/")
    visitor.check()
    page.check("main [name=anywhere]", force=True)
    save(visitor)
    page.goto(tasks.replace("/svar/", "/kontrollera/"))
    visitor.check()
    visitor.click("Publicera", "Publish")
    expect(page.locator("main .ds-alert").first).to_contain_text("Skriv egna ord först")
    expect(page.locator("main .ds-alert").first).to_be_in_viewport()
    page.goto(f"{tasks}title/")
    page.fill("main [name=title]", "En liten summa för att pröva en idé i Borås")
    save(visitor)
    page.goto(f"{tasks}description/")
    visitor.check()
    page.fill(
        "main [name=description]",
        "Vi ger en liten summa så att en idé kan prövas. Stödet erhålls i förskott. Den får gå till material "
        "och till en plats att träffas på. Efteråt berättar ni vad ni lärde er.",
    )
    # The tip about a word that offices use comes with the saving, by itself.
    expect(page.locator("main")).to_contain_text("I stället för ”erhålls”, kan ni skriva: få?")
    save(visitor)

    # One rule: what it means in a sentence, and how many it leaves, before it is saved.
    page.goto(f"{tasks}who/")
    visitor.check()
    expect(page.locator("main")).to_contain_text("publicerade initiativ passar")
    before = number_that_fits(page)
    page.uncheck("main [name=eligible_kinds][value=none]", force=True)
    page.check("main [name=eligible_kinds][value=association]", force=True)
    expect(page.locator("main")).to_contain_text("Slags organisation: stoppar")
    assert number_that_fits(page) < before
    save(visitor)
    visitor.click("Se det per län och slag", "See it by county and kind", role="link")
    expect(page.locator("main")).to_contain_text("Vad varje krav kostar")
    assert number_that_fits(page) < before

    # Published; then the next year's begins from it.
    page.goto(tasks.replace("/svar/", "/kontrollera/"))
    visitor.check()
    visitor.click("Publicera", "Publish")
    expect(page.locator("h1")).to_contain_text("En liten summa för att pröva en idé i Borås")
    page.goto(tasks)
    visitor.click("Använd det som mall för ett nytt stöd", "Use it as a template", role="link")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    visitor.check()
    assert page.url != tasks
    expect(page.locator("h1")).to_contain_text("En liten summa för att pröva en idé i Borås")


@looks(DESKTOP_ENGLISH_PLAIN, also=(DESKTOP_ENGLISH,))
def test_cases_are_compared_without_names_left_to_others_and_turned_down(
    person: MakePerson, look: Look
) -> None:
    visitor = person(look, "officer")
    page = visitor.page
    sign_in(visitor, OFFICER)
    page.goto(visitor.url("/stod/mina/", "/en/support/mine/"))
    address = page.get_by_role("link", name=re.compile(OFFER)).first.get_attribute("href")
    assert address is not None
    offer = address.rstrip("/").split("/")[-2]
    desk = f"/en/matches/offer/{offer}/the-desk/?view=table"

    # Two beside each other, and their names hidden for oneself.
    visitor.go("", desk)
    cases = page.locator("main [name=case]")
    titles = page.locator("main table tbody th a")
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    for place in (0, 1):
        cases.nth(place).check(force=True)
    page.locator("main [name=deed]").select_option(label="Compare side by side")
    visitor.click("Go on", "Go on")
    expect(page.locator("main table")).to_contain_text(first)
    visitor.click("Hide names", "Hide names")
    expect(page.locator("main")).not_to_contain_text(first)
    visitor.click("Show names", "Show names")
    expect(page.locator("main table")).to_contain_text(second)

    # Why somebody else is not among them.
    visitor.go("", f"/en/matches/offer/{offer}/why-not/")
    page.fill("main [name=q]", "Sinnesrummet")
    visitor.click("Search", "Search")
    expect(page.locator("main")).to_contain_text("does not fit")

    # A conflict of interest: the case is gone for the one, and there for the colleague.
    visitor.go("", desk)
    page.get_by_role("link", name=first, exact=True).first.click()
    page.wait_for_load_state()
    case = page.url
    visitor.click("I have a conflict of interest", "I have a conflict of interest", role="link")
    page.fill("main [name=reason]", "My sister runs it.")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    visitor.check()
    gone = visitor.page.goto(case)
    assert gone is not None
    assert gone.status == 404
    colleague = person(PHONE_SWEDISH, "colleague")
    sign_in(colleague, COLLEAGUE)
    colleague.go(f"/traffar/stod/{offer}/vart-bord/?view=table", "")
    expect(colleague.page.locator("main")).to_contain_text(first)

    # Turned down: a reason for the desk, and nothing is sent to who never asked.
    visitor.go("", desk)
    expect(page.locator("main")).not_to_contain_text(first)
    row = page.locator("main table tbody tr", has=page.get_by_role("link", name=second, exact=True))
    row.locator("select[name=to]").select_option("shortlisted")
    row.get_by_role("button", name=re.compile("^Move")).click()
    page.wait_for_load_state()
    row.locator("select[name=to]").select_option("declined")
    row.get_by_role("button", name=re.compile("^Move")).click()
    page.wait_for_load_state()
    visitor.check()
    expect(page.locator("main")).to_contain_text("Nothing is sent")
    page.locator("main [name=reason]").first.check(force=True)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    visitor.check()
    expect(row).to_contain_text("Turned down")

    # What Brygga learns of such choices can be read.
    visitor.go("", f"/en/matches/offer/{offer}/what-we-learned/")
    expect(page.locator("main")).to_contain_text("How well an initiative fits is not changed")
