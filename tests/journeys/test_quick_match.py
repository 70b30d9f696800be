"""On a phone in the evening: two sentences, support with reasons, save, a code, and the draft is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import code_mailed_to, submit
from tests.journeys.visitor import PHONE_ENGLISH_PLAIN, PHONE_SWEDISH, Look, looks, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@looks(PHONE_SWEDISH, PHONE_ENGLISH_PLAIN)
def test_from_two_sentences_to_a_draft(person: MakePerson, look: Look) -> None:
    mark = new_mark()
    text = f"Unga i Hjo ska ha någonstans att vara på kvällarna. Vi lagar mopeder ihop, i garage {mark}."
    email = f"kvall-{mark}@person.example"
    visitor = person(look, "evening")
    page, said = visitor.page, visitor.text

    visitor.go("/hitta-stod/", "/en/find-support/")
    visitor.go("/", "/en/")
    page.fill(".start-question [name=change]", text)
    page.get_by_role("button", name=said("Hitta stöd", "Find support")).click()
    page.wait_for_load_state()
    form = said("/hitta-stod/", "/en/find-support/")
    visitor.seen.discard(form)  # the same address, another page: the answer
    visitor.check()
    assert page.url.endswith(f"{form}#answer"), "no word of it stands in an address"
    expect(page.locator("#answer")).to_be_in_viewport()
    assert page.locator(".match-card .reasons li").count()

    # More is said in place, by keyboard, and the answer comes into the page.
    if look.javascript:
        page.fill("[name=place]", "Hjo")
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            page.press("[name=place]", "Enter")
        assert answered.value.request.headers.get("hx-request") == "true"
        expect(page.locator("#answer")).to_be_focused()
    else:
        page.locator("main form details summary").first.click()
        page.fill("[name=place]", "Hjo")
        with page.expect_navigation():
            page.press("[name=place]", "Enter")
    expect(page.locator("[name=place]").first).to_have_value("Hjo")
    expect(page.locator("[name=change]")).to_have_value(text)
    visitor.seen.discard(form)
    visitor.check()

    page.get_by_role("button", name=said("Spara och fortsätt", "Save and continue")).click()
    page.wait_for_load_state()
    visitor.check()
    expect(page.locator("main")).to_contain_text(said("sparat i sju dagar", "saved for seven days"))
    page.fill("main [name=name]", "Resa Andersson")
    page.fill("main [name=email]", email)
    submit(visitor)
    page.fill("main [name=code]", code_mailed_to(visitor, email))
    submit(visitor)

    expect(page).to_have_url(re.compile(said(r"/initiativ/\w+/svar/$", r"/initiatives/\w+/answers/$")))
    page.get_by_role("link", name=said("Förändringen ni vill se", "The change you want")).first.click()
    expect(page.locator("main [name=change]")).to_have_value(text)
