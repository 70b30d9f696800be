"""Leaving the spreadsheet: cases come in from a table, several are moved at once, and both are undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_desk import COLLEAGUE, OFFICER, column, open_desk
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


def press_first(visitor: Visitor, selector: str = "main form button[type=submit]") -> None:
    with visitor.page.expect_navigation():
        visitor.page.locator(f"{selector}:visible").first.click()
    visitor.check()


def number_in(page: Page, stage: str) -> int:
    return int(page.locator(f".board__column[data-stage={stage}] .count-badge").inner_text())


@looks(PHONE_SWEDISH, DESKTOP_PLAIN, also=(DESKTOP_ENGLISH, PHONE_ENGLISH_PLAIN))
def test_several_cases_are_moved_at_once_and_put_back(person: MakePerson, look: Look) -> None:
    visitor = person(look, "colleague")
    page = visitor.page
    open_desk(visitor, COLLEAGUE)
    before = number_in(page, "shortlisted")
    boxes = column(visitor, "suggested").locator("input[name=case]")
    for place in range(3):
        boxes.nth(-1 - place).check()
    page.select_option("#several-deed", "shortlisted")
    press_first(visitor, "#several-form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("3")
    press_first(visitor)
    assert number_in(page, "shortlisted") == before + 3
    with page.expect_navigation():
        page.get_by_role("button", name=visitor.text("Ångra", "Undo")).click()
    visitor.check()
    assert number_in(page, "shortlisted") == before


@looks(PHONE_SWEDISH, DESKTOP_PLAIN, also=(DESKTOP_ENGLISH, PHONE_ENGLISH_PLAIN))
def test_cases_come_in_from_a_table_and_go_out_again(person: MakePerson, look: Look) -> None:
    visitor = person(look, "officer")
    page = visitor.page
    board = open_desk(visitor, OFFICER)
    before = number_in(page, "in_dialogue")
    # Cards that no other journey moves: one that somebody has moved is there already.
    cards = column(visitor, "suggested").locator(".board__card")
    addresses = [
        f"{visitor.site}/initiativ/{str(cards.nth(-4 - place).get_attribute('id')).removeprefix('case-')}/"
        for place in range(2)
    ]
    rows = [
        "Initiativ;Läge;Anteckning",
        *(f"{address};I dialog;Ring på torsdag" for address in addresses),
        ";I dialog;Ett projekt som inte finns här",
    ]
    visitor.click("Ta in ärenden från en tabell", "Take in cases from a table", role="link")
    page.set_input_files(
        "main input[type=file]",
        {"name": "ärenden.csv", "mimeType": "text/csv", "buffer": "\r\n".join(rows).encode("latin-1")},
    )
    press_first(visitor)
    # Which column tells what has been guessed; then what becomes of each row, before anything is done.
    press_first(visitor)
    expect(page.locator("main")).to_contain_text("Ring på torsdag")
    press_first(visitor)
    done = page.url
    page.goto(board)
    assert number_in(page, "in_dialogue") == before + 2
    expect(column(visitor, "in_dialogue").first).to_contain_text("Ring på torsdag")

    # The row that is not in Brygga comes back as a file; and all of it can be undone.
    page.goto(done)
    rest = page.locator("main a[download]").first.get_attribute("href")
    assert rest is not None
    answer = visitor.context.request.get(visitor.site + rest)
    assert answer.status == 200 and "Ett projekt som inte finns här" in answer.text()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(visitor.text("Ångra", "Undo"))).click()
    visitor.check()
    page.goto(board)
    assert number_in(page, "in_dialogue") == before
