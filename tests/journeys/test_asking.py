"""The initiative asks first: a yes that becomes support, and a no that takes no more questions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, DESKTOP_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# People of the demo. Nobody has asked anything between these pairs.
SEEKER, SEEKERS, OFFICER, OFFER = (
    "Emelie Storkvist",
    "Andra sidan skärmen",
    "Amina Söderqvist",
    "Snabba slanten",
)
ANOTHER_SEEKER, DEVELOPER, ANOTHER_OFFER = "Jimmy Thorell", "Siri Lantto", "Fyra utvecklare"


def sign_in(visitor: Visitor, name: str) -> None:
    visitor.page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name).click()


def open_pair(visitor: Visitor, offer: str) -> None:
    """Come to the page of one's own initiative beside an offer, from the offer's public page."""
    page = visitor.page
    page.goto(visitor.url(f"/stod/?q={offer}", f"/en/support/?q={offer}"))
    page.locator("main").get_by_role("link", name=re.compile(f"^{offer}")).first.click()
    page.wait_for_load_state()
    visitor.check()
    page.locator("main a[href*='/traffar/initiativ/'], main a[href*='/matches/initiative/']").first.click()
    page.wait_for_load_state()
    visitor.check()


def ask(visitor: Visitor, offer: str, message: str, phone: str) -> str:
    """Ask the giver of an offer for contact; return the address of the question."""
    page = visitor.page
    open_pair(visitor, offer)
    page.locator("main a[href$='/fraga/'], main a[href$='/ask/']").first.click()
    page.wait_for_load_state()
    visitor.check()
    page.fill("main [name=message]", message)
    page.fill("main [name=phone]", phone)
    submit(visitor)
    return page.url


def open_question(visitor: Visitor, about: str) -> None:
    """Come to a question that has been asked of one's organisation, from the list."""
    page = visitor.page
    visitor.go("/traffar/kontakter/?asked=of_us", "/en/matches/introductions/?asked=of_us")
    page.locator("main").get_by_role("link", name=re.compile(about)).first.click()
    page.wait_for_load_state()
    visitor.check()


def test_a_question_becomes_support(person: MakePerson) -> None:
    mark = new_mark()
    phone = "070-174 06 51"
    seeker, giver = person(PHONE_SWEDISH, "seeker"), person(DESKTOP_ENGLISH_PLAIN, "giver")
    sign_in(seeker, SEEKER)
    sign_in(giver, OFFICER)

    # Asked, with a way to be reached that the giver does not see yet.
    question = ask(seeker, OFFER, f"Får vi visa er ett år för de yngre? {mark}", phone)
    expect(seeker.page.locator("main")).to_contain_text(mark)
    open_question(giver, "The other side of the screen|Andra sidan skärmen")
    expect(giver.page.locator("main")).to_contain_text(mark)
    assert phone not in giver.page.content()

    # The giver says yes, and both see how to reach one another.
    giver.page.locator("main a[href$='/yes/']").first.click()
    giver.page.wait_for_load_state()
    giver.check()
    giver.page.fill("main [name=email]", f"amina-{mark}@abrinken.example")
    submit(giver)
    assert phone in giver.page.locator("main").inner_text()
    seeker.page.goto(question)
    seeker.check()
    expect(seeker.page.locator("main")).to_contain_text(f"amina-{mark}@abrinken.example")

    # Support is decided: a preview of what is sent first, and until it is sent nobody is told.
    page = giver.page
    giver.click("Move it or decide on the desk", "Move it or decide on the desk", role="link")
    page.locator("main select[name=to]").first.select_option("supported")
    page.locator(".board__move button").first.click()
    page.wait_for_load_state()
    giver.check()
    page.select_option("main [name=kind]", "grant")
    page.fill("main [name=amount]", "60 000")
    page.fill("main [name=message]", f"Yes! We look forward to the younger ones' year. {mark}")
    submit(giver)
    expect(page.locator("main")).to_contain_text(f"We look forward to the younger ones' year. {mark}")
    seeker.page.reload()
    assert "We look forward" not in seeker.page.content()
    submit(giver)
    seeker.page.reload()
    seeker.check()
    told = seeker.page.locator("main")
    expect(told).to_contain_text(f"We look forward to the younger ones' year. {mark}")
    expect(told).to_contain_text(re.compile(r"60\s000"))

    # It has become an award, which anybody sees.
    visitor = person(DESKTOP_PLAIN, "visitor")
    visitor.page.goto(visitor.url(f"/initiativ/?q={SEEKERS}", ""))
    visitor.page.locator("main").get_by_role("link", name=re.compile(f"^{SEEKERS}")).first.click()
    visitor.page.wait_for_load_state()
    visitor.check()
    expect(visitor.page.locator("main")).to_contain_text(re.compile(r"60\s000"))
    assert phone not in visitor.page.content()


def test_a_no_that_takes_no_more_questions_and_takes_them_again(person: MakePerson) -> None:
    mark = new_mark()
    seeker, giver = person(PHONE_SWEDISH, "seeker"), person(DESKTOP_ENGLISH_PLAIN, "giver")
    sign_in(seeker, ANOTHER_SEEKER)
    sign_in(giver, DEVELOPER)
    question = ask(
        seeker, ANOTHER_OFFER, f"Kan ni bygga ett bokningsschema åt garaget? {mark}", "070-174 06 52"
    )
    open_question(giver, "Leksberg")
    giver.page.locator("main a[href$='/no/']").first.click()
    giver.page.wait_for_load_state()
    giver.check()
    giver.page.locator("main [name=block]").check(force=True)
    submit(giver)
    seeker.page.goto(question)
    seeker.check()
    assert "070-174 06 52" not in giver.page.content()

    # On the list of introductions the giver sees whom they take no questions from, and takes them again.
    giver.go("/traffar/kontakter/", "/en/matches/introductions/")
    blocked = giver.page.locator("section[aria-labelledby=blocks-title]")
    expect(blocked).to_contain_text("Garagegänget på Leksberg")
    with giver.page.expect_navigation():
        blocked.get_by_role("button", name=re.compile("Let them ask again")).click()
    giver.check()
    expect(giver.page.locator("section[aria-labelledby=blocks-title]")).to_have_count(0)
