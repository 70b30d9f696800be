"""A registration by keyboard alone; and a draft that survives what happens between two saves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import MakePerson
from tests.journeys.site import Site
from tests.journeys.visitor import DESKTOP_ENGLISH, DESKTOP_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(600)]

AUTHOR = "Wilma Ekeroth"
SAVED = re.compile(r"(Sparat|Saved) \d\d:\d\d")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a pointer does."""
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(visitor: Visitor, wanted: Locator, key: str = "Enter") -> None:
    """Go to a button or link by Tab and press it; look at the page that comes."""
    page = visitor.page
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press(key)
    visitor.check()


def sign_in(visitor: Visitor) -> None:
    """Sign in with one click; other journeys look at these pages."""
    visitor.page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=AUTHOR).click()


def start_draft(visitor: Visitor, title: str) -> str:
    """Make a draft with a name; return the address of its task list."""
    page = visitor.page
    page.goto(visitor.url("/initiativ/nytt/", "/en/initiatives/start/"))
    page.fill("main [name=title]", title)
    page.check("[name=owner][value=group]", force=True)
    with page.expect_navigation():
        page.locator("main form button[type=submit]:visible").first.click()
    return page.url


def test_registering_by_keyboard_alone(person: MakePerson) -> None:
    visitor = person(PHONE_SWEDISH, "keyboard")
    page = visitor.page
    sign_in(visitor)
    page.goto(visitor.url("/initiativ/nytt/", ""))
    tab_to(page, page.locator("main [name=change]"))
    page.keyboard.type("Alla barn i Hjo ska få lära sig simma, oavsett vad familjen har råd med.")
    tab_to(page, page.locator("main [name=title]"))
    page.keyboard.type(f"Simskolan {new_mark()}")
    # One stop for all the choices: arrows move among them.
    page.keyboard.press("Tab")
    group = page.locator("[name=owner][value=group]")
    for _ in range(8):
        if group.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(group).to_be_checked()
    press(visitor, page.locator("main form button[type=submit]:visible").first)

    # One's own page with a draft on it, whose status is longer than a phone is wide.
    tasks = page.url
    visitor.go("/min-sida/", "")
    page.goto(tasks)

    # From the list to a question, on from question to question, and back.
    press(visitor, page.locator(".task-list a[href$='/svar/places/']"))
    tab_to(page, page.locator("main [name=places]"))
    page.keyboard.type("Hjo")
    press(visitor, page.get_by_role("button", name="Spara och gå till uppgiftslistan"))
    page.goto(f"{tasks}themes/")
    first_group = page.locator("details.term-group summary").first
    tab_to(page, first_group)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("details.term-group").first.locator("input").first)
    page.keyboard.press("Space")
    press(visitor, page.get_by_role("button", name="Spara och gå till uppgiftslistan"))
    page.goto(f"{tasks}needs/")
    tab_to(page, page.locator("main [name=row0_kind]"))
    page.keyboard.type("Bidrag")
    tab_to(page, page.locator("main [name=row0_amount]"))
    page.keyboard.type("40 tkr")
    # Enter in a field saves: it is the first button of the form.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.check()
    page.goto(re.sub(r"/svar/$", "/kontrollera/", tasks))
    visitor.check()
    expect(page.locator("main")).to_contain_text(re.compile(r"40\s000"))
    press(visitor, page.locator("main form[action*='publi'] button[type=submit]").first)
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith("/publicerat/")


def test_what_is_written_survives(person: MakePerson, site: Site) -> None:
    visitor = person(DESKTOP_ENGLISH, "writer")
    page = visitor.page
    sign_in(visitor)
    question = start_draft(visitor, f"Swimming {new_mark()}") + "change/"
    status, field = page.locator("[data-saved]"), page.locator("main [name=change]")

    # It saves by itself, says when, and asks nothing when the page is left.
    page.goto(question)
    field.press_sequentially("All children learn to swim.")
    expect(status).to_have_text(SAVED)
    visitor.seen.clear()
    visitor.check()
    page.reload()
    expect(field).to_have_value("All children learn to swim.")

    # A reload before it was saved: the tab remembers.
    page.on("dialog", lambda dialog: dialog.accept())
    field.fill("All children learn to swim, in Hjo.")
    page.reload()
    expect(field).to_have_value("All children learn to swim, in Hjo.")
    expect(status).to_have_text(SAVED)

    # The server is gone between two saves: the page says so, and the button does not lead into nothing.
    site.stop_web()
    try:
        field.fill("All children learn to swim, in Hjo and in Tibro.")
        expect(status).to_have_text(re.compile("still on this page"))
        page.get_by_role("button", name="Save and continue").click()
        expect(field).to_have_value("All children learn to swim, in Hjo and in Tibro.")
    finally:
        site.start_web()
    # What htmx told the console of a server that was gone is true, and nobody's fault.
    visitor.complaints = [one for one in visitor.complaints if not one.startswith("console: htmx:")]
    # It would save by itself in a while; the button does not wait.
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    page.goto(question)
    expect(field).to_have_value("All children learn to swim, in Hjo and in Tibro.")

    # The session ends while somebody writes; signing in again brings the text back and saves it.
    visitor.context.clear_cookies(name="sessionid")
    field.fill("Everybody in Hjo and in Tibro learns to swim.")
    expect(status).to_contain_text("Sign in to save it")
    visitor.seen.clear()
    visitor.check()
    with page.expect_navigation():
        status.get_by_role("link").click()
    assert "Everybody" not in page.url
    with page.expect_navigation():
        page.get_by_role("button", name=AUTHOR).click()
    if "/change/" not in page.url:
        page.goto(question)
    expect(field).to_have_value("Everybody in Hjo and in Tibro learns to swim.")
    expect(status).to_have_text(SAVED)

    # Two windows: the second is told, sees both, and chooses.
    other = visitor.context.new_page()
    other.goto(question)
    other.locator("main [name=change]").fill("Written in the other window.")
    expect(other.locator("[data-saved]")).to_have_text(SAVED)
    other.close()
    field.fill("Written in the first window.")
    expect(status).to_contain_text("changed in another window")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    visitor.seen.clear()
    visitor.check()
    expect(page.locator("main")).to_contain_text("Written in the other window.")
    expect(field).to_have_value("Written in the first window.")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep the saved answer").click()
    expect(field).to_have_value("Written in the other window.")


def test_what_is_written_survives_without_scripts(person: MakePerson) -> None:
    visitor = person(DESKTOP_PLAIN, "plain writer")
    page = visitor.page
    sign_in(visitor)
    question = start_draft(visitor, f"Simning {new_mark()}") + "change/"
    field, button = page.locator("main [name=change]"), page.get_by_role("button", name="Spara och fortsätt")

    page.goto(question)
    visitor.check()
    visitor.context.clear_cookies(name="sessionid")
    field.fill("Alla i Hjo lär sig simma.")
    button.click()
    page.get_by_role("button", name=AUTHOR).click()
    page.goto(question)
    expect(field).to_have_value("Alla i Hjo lär sig simma.")
    # Signed in anew in another window: the page is too old, its text is not.
    other = visitor.context.new_page()
    visitor.context.clear_cookies(name="sessionid")
    other.goto(visitor.url("/konto/logga-in/", ""))
    other.get_by_role("button", name=AUTHOR).click()
    other.close()
    field.fill("Alla i Hjo och Tibro lär sig simma.")
    button.click()
    expect(field).to_have_value("Alla i Hjo och Tibro lär sig simma.")
    button.click()
    page.goto(question)
    expect(field).to_have_value("Alla i Hjo och Tibro lär sig simma.")
