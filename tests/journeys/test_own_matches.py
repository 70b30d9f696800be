"""One's own matches: what does not suit, the question that settles most, pictures, and a person who helps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories.initiatives import TINY
from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, Look, Visitor, looks

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# A person of the demo with a published initiative, and one at an intermediary.
SEEKER, HELPER = "Jimmy Thorell", "Ellinor Skogby"


def sign_in(visitor: Visitor, name: str) -> None:
    visitor.page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name).click()


def follow(visitor: Visitor, part: str) -> None:
    """Go where the first link with this in its address leads, and look at the page."""
    visitor.page.locator(f"main a[href*='{part}']").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


@looks(PHONE_SWEDISH, DESKTOP_ENGLISH_PLAIN)
def test_what_does_not_suit_and_what_would_help(person: MakePerson, look: Look) -> None:
    seeker = person(look, "seeker")
    page, text = seeker.page, seeker.text
    sign_in(seeker, SEEKER)
    seeker.go("/min-sida/", "/en/my-page/")
    page.locator("main a[href*='/traffar/initiativ/'], main a[href*='/matches/initiative/']").first.click()
    page.wait_for_load_state()
    seeker.check()
    matches = page.url

    # Put aside with a reason, undone, put aside again, and taken back from where it lies.
    door = text("/inte-relevant/", "/not-relevant/")
    card = page.locator(".match-card", has=page.locator(f"a[href*='{door}']")).first
    title = card.locator("a").first.inner_text()
    shown = page.locator(".match-card__head a", has_text=title)
    undo = page.get_by_role("button", name=text("Ångra", "Undo"))
    for is_last in (False, True):
        follow(seeker, door)
        page.locator("[name=reason][value=amount]").check(force=True)
        submit(seeker)
        expect(undo).to_be_visible()
        expect(shown).to_have_count(0)
        if not is_last:
            undo.click()
            page.wait_for_load_state()
            expect(shown).to_have_count(1)
    follow(seeker, text("/undanlagt/", "/put-aside/"))
    page.get_by_role("button", name=text("Lägg tillbaka", "Put it back")).first.click()
    page.wait_for_load_state()
    page.goto(matches)
    expect(shown).to_have_count(1)

    # In the order of closing, the package, those to work with.
    page.goto(f"{matches}?sort=closing")
    seeker.check()
    for part in (text("/paket/", "/support-package/"), text("/samarbeta/", "/work-together/")):
        page.goto(matches)
        follow(seeker, part)

    # What is not known is asked for, answered where it is asked, and the list follows.
    public_id = matches.rstrip("/").split("/")[-1]
    tasks = seeker.url(f"/initiativ/{public_id}/svar/", f"/en/initiatives/{public_id}/answers/")
    page.goto(f"{tasks}started/")
    page.fill("main [name=started_on]", "")
    page.locator("main [name=unknown]").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name=text("Spara och gå", "Save and go")).click()
    page.goto(f"{matches}{text('fler-traffar/', 'more-matches/')}")
    seeker.check()
    question = page.locator("#next-question")
    question.locator("[name=unknown]").uncheck(force=True)
    question.locator("[name=started_on]").fill(text("1 mars 2024", "1 March 2024"))
    with page.expect_navigation():
        question.locator("button[type=submit]").first.click()
    assert page.url.startswith(matches)
    seeker.seen.clear()
    seeker.check()

    # A picture on the page, with words for those who cannot see it.
    pictures = tasks.replace(text("/svar/", "/answers/"), text("/bilder/", "/pictures/"))
    page.goto(pictures)
    page.set_input_files("main [name=file]", {"name": "cykel.png", "mimeType": "image/png", "buffer": TINY})
    page.fill("main [name=alt]", "Två flickor lagar en cykel")
    submit(seeker)
    page.goto(seeker.url(f"/initiativ/{public_id}/", f"/en/initiatives/{public_id}/"))
    seeker.check()
    shown = page.locator("img[alt='Två flickor lagar en cykel']")
    assert shown.evaluate("picture => picture.naturalWidth") == 1
    page.goto(pictures)
    page.get_by_role("button", name=text("Ta bort bilden", "Take the picture away")).click()


@looks(PHONE_SWEDISH, DESKTOP_ENGLISH_PLAIN)
def test_a_person_helps(person: MakePerson, look: Look) -> None:
    # Written before signing in; what was written is still there after.
    asker = person(look, "asker")
    page, text = asker.page, asker.text
    asker.go("/be-om-hjalp/", "/en/ask-for-help/")
    page.fill("main [name=text]", "Vi vet inte var vi ska börja.")
    page.select_option("main [name=county]", "SE-14")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    with page.expect_navigation():
        page.get_by_role("button", name=SEEKER).click()
    page.goto(asker.url("/be-om-hjalp/", "/en/ask-for-help/"))
    expect(page.locator("main [name=text]")).to_have_value("Vi vet inte var vi ska börja.")
    submit(asker)
    here = page.url
    expect(page.locator("main")).to_contain_text(text("Det väntar på svar", "It waits for an answer"))

    helper = person(look, "helper")
    sign_in(helper, HELPER)
    helper.go("/be-om-hjalp/fragor/", "/en/ask-for-help/requests/")
    helper.page.goto(here)
    helper.check()
    assert SEEKER not in helper.page.locator("main").inner_text()
    helper.page.get_by_role("button", name=re.compile(text("Ja, .* hjälper", "Yes, .* helps"))).first.click()
    helper.page.wait_for_load_state()
    helper.seen.clear()
    helper.check()
    expect(helper.page.locator("main")).to_contain_text(SEEKER)

    page.goto(here)
    asker.seen.clear()
    asker.check()
    expect(page.locator("main")).to_contain_text(HELPER)
    page.locator("main form[action*='radera'] button, main form[action*='delete-it'] button").first.click()
    page.wait_for_load_state()
    asker.check()
