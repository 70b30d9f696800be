"""A giver's desk: by keyboard, by pointer, and two colleagues at the same card."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_registration import press, tab_to
from tests.journeys.visitor import (
    DESKTOP_ENGLISH,
    DESKTOP_PLAIN,
    PHONE_ENGLISH_PLAIN,
    PHONE_SWEDISH,
    Look,
    Visitor,
    looks,
)

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# A demo foundation, two who work there, and an offer with many cases that neither of them has touched.
OFFER = "Barns och ungas vardag"
OFFICER, COLLEAGUE = "Henrik Tegnell-Ås", "Amina Söderqvist"


def open_desk(visitor: Visitor, person: str) -> str:
    """Sign in with one click and come to the offer's desk; return its address."""
    page = visitor.page
    page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with page.expect_navigation():
        page.get_by_role("button", name=person).click()
    page.goto(visitor.url("/stod/mina/", "/en/support/mine/"))
    address = page.get_by_role("link", name=re.compile(OFFER)).first.get_attribute("href")
    assert address is not None
    offer = address.rstrip("/").split("/")[-2]
    visitor.go(f"/traffar/stod/{offer}/vart-bord/", f"/en/matches/offer/{offer}/the-desk/")
    return page.url


def column(visitor: Visitor, stage: str) -> Locator:
    return visitor.page.locator(f".board__column[data-stage={stage}]")


def title_of(card: Locator) -> str:
    return card.get_by_role("heading").inner_text()


def move(card: Locator, stage: str) -> None:
    card.locator("select[name=to]").select_option(stage)
    card.locator(".board__move button").click()


def test_a_case_is_moved_by_keyboard_alone(person: MakePerson) -> None:
    visitor = person(DESKTOP_ENGLISH, "officer")
    page = visitor.page
    open_desk(visitor, OFFICER)
    card = column(visitor, "suggested").locator(".board__card").first
    title = title_of(card)
    tab_to(page, card.locator("select[name=to]"))
    page.keyboard.type("In dialogue")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(column(visitor, "in_dialogue")).to_contain_text(title)
    visitor.check()
    # The way back comes with the answer, and is reached by Tab as well.
    tab_to(page, page.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    expect(column(visitor, "suggested")).to_contain_text(title)

    # Who and when, and back to the board.
    card = column(visitor, "suggested").locator(".board__card", has_text=title)
    press(visitor, card.get_by_role("link", name="Who and when"))
    tab_to(page, page.locator("main [name=due_on]"))
    page.keyboard.type("2030-01-31")
    press(visitor, page.locator("main form button[type=submit]").first)
    expect(column(visitor, "suggested").locator(".board__card", has_text=title)).to_contain_text("31 Jan")


def test_a_card_is_dragged_to_another_column(person: MakePerson) -> None:
    visitor = person(DESKTOP_ENGLISH, "officer")
    open_desk(visitor, OFFICER)
    card = column(visitor, "suggested").locator(".board__card").nth(1)
    title = title_of(card)
    visitor.page.locator(".board").evaluate("board => board.scrollIntoView()")
    # Near the top of the column: to come to its middle the page would be scrolled, cards and all.
    card.drag_to(
        column(visitor, "shortlisted"),
        source_position={"x": 20, "y": 8},
        target_position={"x": 30, "y": 30},
    )
    expect(column(visitor, "shortlisted")).to_contain_text(title)
    visitor.page.get_by_role("button", name="Undo").click()
    expect(column(visitor, "suggested")).to_contain_text(title)


@looks(PHONE_SWEDISH, DESKTOP_PLAIN, also=(DESKTOP_ENGLISH, PHONE_ENGLISH_PLAIN))
def test_two_colleagues_at_the_same_card(person: MakePerson, look: Look) -> None:
    officer, colleague = person(DESKTOP_ENGLISH, "officer"), person(look, "colleague")
    open_desk(officer, OFFICER)
    board = open_desk(colleague, COLLEAGUE)
    mine = column(officer, "suggested").locator(".board__card").nth(2)
    number = mine.get_attribute("id")
    move(mine, "in_dialogue")
    expect(column(officer, "in_dialogue").locator(f"#{number}")).to_be_visible()

    # The colleague's page is from before: what was done is not undone, and is said with a name.
    move(colleague.page.locator(f"#{number}"), "shortlisted")
    expect(colleague.page.locator("body")).to_contain_text(
        colleague.text(f"{OFFICER} har flyttat ”", f"{OFFICER} has moved “")
    )
    card = column(colleague, "in_dialogue").locator(f"#{number}")
    expect(card).to_be_visible()
    colleague.check()

    # Turning down asks for a reason; nothing is sent to who never asked; the board shows it, the way back too.
    title = title_of(card)
    move(card, "declined")
    colleague.page.wait_for_url(re.compile("/(avboj|turn-down)/"))
    colleague.check()
    colleague.page.locator("main [name=reason]").first.check(force=True)
    colleague.page.locator("main form button[type=submit]").first.click()
    colleague.page.wait_for_load_state()
    colleague.page.goto(board)
    card = column(colleague, "declined").locator(f"#{number}")
    expect(card).to_contain_text(colleague.text("Inget skickades", "Nothing was sent"))
    card.get_by_role("link", name=colleague.text("Ta tillbaka beslutet", "Take the decision back")).click()
    colleague.page.wait_for_load_state()
    colleague.check()
    colleague.page.locator("main form button[type=submit]").first.click()
    colleague.page.wait_for_load_state()
    colleague.page.goto(board + "?view=table")
    colleague.check()
    expect(colleague.page.locator("main tr", has_text=title)).to_contain_text(
        colleague.text("I dialog", "In dialogue")
    )
