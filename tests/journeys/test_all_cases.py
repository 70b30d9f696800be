"""All cases of an organisation in one list: filtered, of two kinds of support at once, put back, taken along."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_desk import OFFICER
from tests.journeys.test_many_cases import press_first
from tests.journeys.test_registration import press, tab_to
from tests.journeys.visitor import DESKTOP_ENGLISH, DESKTOP_PLAIN, PHONE_SWEDISH, Look, Visitor, looks

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]


def open_all_cases(visitor: Visitor) -> None:
    """Sign in with one click, and follow the link from one's own support."""
    page = visitor.page
    page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with page.expect_navigation():
        page.get_by_role("button", name=OFFICER).click()
    page.goto(visitor.url("/stod/mina/", "/en/support/mine/"))
    with page.expect_navigation():
        page.locator(visitor.text("a[href*='/alla-arenden/']", "a[href*='/all-cases/']")).first.click()
    visitor.check()


def number_shown(visitor: Visitor) -> int:
    said = visitor.page.locator(".list-tools > p").first.inner_text()
    return int(re.findall(r"\d+", said)[0])


def one_of_each(visitor: Visitor) -> list[Locator]:
    """Return the last box of each of two kinds of support: cases that no other journey moves."""
    boxes = visitor.page.locator("input[name=case]")
    values = [str(box.get_attribute("value")) for box in boxes.all()]
    last = {value.split(".")[0]: value for value in values}
    assert len(last) > 1, "The demo foundation has cases of several kinds of support."
    return [visitor.page.locator(f"input[name=case][value='{value}']") for value in [*last.values()][:2]]


def show_suggestions(visitor: Visitor) -> None:
    page = visitor.page
    if not page.locator("#filter-stage").is_visible():
        page.locator("details:has(form.desk-filters) > summary").click()
    page.select_option("#filter-stage", "suggested")
    page.select_option("#filter-sort", "title")
    page.select_option("#filter-rows", index=1)
    with page.expect_navigation():
        page.locator("form.desk-filters button[type=submit]").click()
    visitor.check()


@looks(PHONE_SWEDISH, also=(DESKTOP_PLAIN,))
def test_cases_of_two_kinds_of_support_are_moved_put_back_and_taken_along(
    person: MakePerson, look: Look
) -> None:
    visitor = person(look, "officer")
    page = visitor.page
    open_all_cases(visitor)
    show_suggestions(visitor)
    before, filtered = number_shown(visitor), page.url
    assert "stage=suggested" in filtered

    for box in one_of_each(visitor):
        box.check()
    page.select_option("#several-deed", "shortlisted")
    press_first(visitor, "#several-form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("2")
    press_first(visitor)
    # Back where one was, with the filters, and the two are no longer suggestions.
    assert page.url == filtered
    assert number_shown(visitor) == before - 2
    with page.expect_navigation():
        page.get_by_role("button", name=visitor.text("Ångra", "Undo")).click()
    visitor.check()
    assert number_shown(visitor) == before

    # One click too few is said, and what was ticked stays ticked.
    first, second = one_of_each(visitor)
    first.check()
    second.check()
    page.select_option("#several-deed", "compare")
    press_first(visitor, "#several-form button[type=submit]")
    expect(page.locator("#messages")).to_contain_text(visitor.text("ett och samma stöd", "of one support"))
    assert page.locator("input[name=case]:checked").count() == 2

    link = page.locator("a[download]", has_text="CSV").first.get_attribute("href")
    assert link is not None
    answer = visitor.context.request.get(visitor.site + link)
    assert answer.status == 200
    rows = list(csv.reader(io.StringIO(answer.text().removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == before + 1


def test_a_case_among_all_is_moved_and_put_back_by_keyboard_alone(person: MakePerson) -> None:
    visitor = person(DESKTOP_ENGLISH, "officer")
    page = visitor.page
    open_all_cases(visitor)
    show_suggestions(visitor)
    # Found by its name: nobody tabs through all cases.
    title = page.locator("tbody th a, tbody th span[lang]").first.inner_text()
    tab_to(page, page.locator("#filter-q"))
    page.keyboard.type(title[:30])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.check()
    before = number_shown(visitor)
    box = page.locator("input[name=case]").first
    value = box.get_attribute("value")
    tab_to(page, page.locator("#several-deed"))
    page.keyboard.type("Put on")
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    # Below the list the same button stands once more.
    press(visitor, page.locator("button[form=several-form]"))
    press(visitor, page.locator("main form button[type=submit]:visible").first)
    expect(page.locator(f"input[name=case][value='{value}']")).to_have_count(0)
    press(visitor, page.get_by_role("button", name="Undo"))
    assert number_shown(visitor) == before
    assert page.locator(f"input[name=case][value='{value}']").count() == 1
