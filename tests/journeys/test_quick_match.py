"""On a phone in the evening: two sentences, support with reasons, save, a code, and the draft is there."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import code_mailed_to, submit
from tests.journeys.visitor import PHONE_SWEDISH

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_from_two_sentences_to_a_draft(person: MakePerson) -> None:
    mark = uuid.uuid4().hex[:6]
    text = f"Unga i Hjo ska ha någonstans att vara på kvällarna. Vi lagar mopeder ihop, i garage {mark}."
    email = f"kvall-{mark}@person.example"
    visitor = person(PHONE_SWEDISH, "evening")
    page = visitor.page

    visitor.go("/hitta-stod/", "/en/find-support/")
    visitor.go("/", "/en/")
    page.fill(".start-question [name=change]", text)
    page.get_by_role("button", name="Hitta stöd").click()
    page.wait_for_load_state()
    visitor.seen.discard("/hitta-stod/")  # the same address, another page: the answer
    visitor.check()
    assert page.url.endswith("/hitta-stod/#answer"), "no word of it stands in an address"
    expect(page.locator("#answer")).to_be_in_viewport()
    assert page.locator(".match-card .reasons li").count()

    # More is said in place, by keyboard, and the answer comes into the page.
    page.fill("[name=place]", "Hjo")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.press("[name=place]", "Enter")
    assert answered.value.request.headers.get("hx-request") == "true"
    expect(page.locator("[name=place]")).to_have_value("Hjo")
    expect(page.locator("[name=change]")).to_have_value(text)
    expect(page.locator("#answer")).to_be_focused()
    visitor.seen.discard("/hitta-stod/")
    visitor.check()

    page.get_by_role("button", name="Spara och fortsätt").click()
    page.wait_for_load_state()
    visitor.check()
    expect(page.locator("main")).to_contain_text("sparat i sju dagar")
    page.fill("main [name=name]", "Resa Andersson")
    page.fill("main [name=email]", email)
    submit(visitor)
    page.fill("main [name=code]", code_mailed_to(visitor, email))
    submit(visitor)

    expect(page).to_have_url(re.compile(r"/initiativ/\w+/svar/$"))
    page.get_by_role("link", name="Förändringen ni vill se").first.click()
    expect(page.locator("main [name=change]")).to_have_value(text)
