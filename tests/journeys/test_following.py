"""Follow by mail, read about a subject, offer support from an initiative's page; with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import NAMES
from tests.journeys.visitor import (
    DESKTOP_ENGLISH,
    DESKTOP_PLAIN,
    PHONE_DARK,
    PHONE_SWEDISH,
    Look,
    Visitor,
    looks,
    new_mark,
)

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def link_mailed_to(visitor: Visitor, address: str, part: str) -> str:
    """Read a link in the demo's mailbox; the mail goes through outbox, relay and worker."""
    page = visitor.context.new_page()
    try:
        for _ in range(60):
            page.goto(visitor.url("/konto/demo/mailbox/", "/en/account/demo/mailbox/"))
            row = page.locator("main tr", has_text=address).first
            if row.count():
                row.get_by_role("link").first.click()
                page.wait_for_load_state()
                found = re.search(rf"https?://\S+/{part}/\S+", page.locator("main").inner_text())
                if found:
                    return found[0]
            page.wait_for_timeout(500)
        raise AssertionError("no mail arrived")
    finally:
        page.close()


@looks(DESKTOP_PLAIN, also=(PHONE_SWEDISH, DESKTOP_ENGLISH))
def test_follow_a_search_and_get_the_newsletter(person: MakePerson, look: Look) -> None:
    visitor = person(look, "follower")
    page = visitor.page
    mark = new_mark()

    # From the catalogue, by way of signing in, which keeps what was searched for.
    visitor.go(f"/stod/?kind=premises&q=lokal+{mark}", "/en/support/")
    visitor.click("Bevaka sökningen", "Follow this search", role="link")
    page.get_by_role("button", name=NAMES["wilma"]).click()
    page.wait_for_load_state()
    visitor.check()
    expect(page.locator("main .tags")).to_contain_text(mark)
    page.fill("main [name=name]", f"Lokaler {mark}")
    visitor.click("Bevaka sökningen", "Follow the search")
    card = page.locator("main article", has_text=f"Lokaler {mark}")
    visitor.click("Pausa", "Pause", within=card)
    visitor.click("Börja igen", "Begin again", within=card)
    visitor.click("Ta bort", "Delete", within=card)
    expect(card).to_have_count(0)
    visitor.click("Ta tillbaka", "Bring it back")
    expect(card).to_have_count(1)
    visitor.click("Ändra", "Change", role="link", within=card)
    visitor.go("/meddelanden/mejl/", "/en/notices/mails/")
    page.get_by_label("Aldrig").first.check()
    visitor.click("Spara", "Save")
    expect(page.get_by_label("Aldrig").first).to_be_checked()

    # The newsletter needs no account.
    reader = person(PHONE_DARK if look == DESKTOP_PLAIN else look, "reader")
    email = f"nyhet-{mark}@person.example"
    reader.go("/nyhetsbrev/", "/en/newsletter/")
    reader.click("Skicka nyhetsbrevet", "Send me")
    reader.page.fill("main [name=email]", email)
    reader.click("Skicka nyhetsbrevet", "Send me")
    expect(reader.page.locator("h1")).to_have_text("Titta i din inkorg")
    reader.page.goto(link_mailed_to(reader, email, "bekrafta"))
    reader.check()
    reader.click("Ja, skicka det", "Yes, send it")
    reader.page.goto(link_mailed_to(reader, email, "sluta"))
    reader.check()
    reader.click("Ja, sluta", "Yes, stop")
    expect(reader.page.locator("main")).to_contain_text("Din adress är borttagen")


@looks(PHONE_SWEDISH, also=(DESKTOP_PLAIN, DESKTOP_ENGLISH))
def test_from_a_subject_to_an_offer(person: MakePerson, look: Look) -> None:
    visitor = person(look, "helper")
    page = visitor.page
    words = f"Vi har en tom lokal på tisdagar, {new_mark()}."
    visitor.go("/amnen/", "/en/subjects/")
    visitor.click("Arbete och försörjning", "Work and livelihood", role="link")
    expect(page.locator("main table tbody tr").first).to_be_visible()
    page.locator("main h3 a").first.click()
    page.wait_for_load_state()
    visitor.click("Erbjud stöd", "Offer support", role="link")
    visitor.click("Gå vidare", "Go on")
    expect(page.locator("main")).to_contain_text("Välj vad du kan ge.")
    page.select_option("main [name=kind]", "premises")
    page.fill("main [name=words]", words)
    page.select_option("main [name=who]", "foundation")
    visitor.click("Gå vidare", "Go on")

    # Signing in, in the middle, keeps what was written.
    page.get_by_role("button", name=NAMES["henrik"]).click()
    page.wait_for_load_state()
    visitor.check()
    expect(page.locator("main [name=words]")).to_have_value(words)
    expect(page.locator("main [name=kind]")).to_have_value("premises")
    visitor.click("Spara erbjudandet", "Save the offer")
    expect(page).to_have_url(re.compile(r"/stod/\w+/svar/$"))
    expect(page.locator("main")).to_contain_text("Du började på det här för")
    expect(page.locator("main")).to_contain_text("Er beskrivning av stödet blir frågan.")
