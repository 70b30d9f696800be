"""After the yes: two people in two browsers write, agree on a time, report and end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.visitor import (
    DESKTOP_ENGLISH,
    DESKTOP_ENGLISH_PLAIN,
    PHONE_SWEDISH,
    Look,
    Visitor,
    looks,
    new_mark,
)

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# In the demo these two have said yes to each other.
SEEKER, GIVER = "Emelie Storkvist", "Henrik Tegnell-Ås"
SEEKERS = "Lanföreningen Andra Sidan"


def open_introduction(visitor: Visitor, person: str, about: str) -> None:
    """Sign in with one click and come to the introduction that was accepted."""
    page = visitor.page
    page.goto(visitor.url("/konto/logga-in/", "/en/account/sign-in/"))
    with page.expect_navigation():
        page.get_by_role("button", name=person).click()
    asked = "of_us" if person == SEEKER else "by_us"
    page.goto(visitor.url("/traffar/kontakter/", "/en/matches/introductions/") + f"?asked={asked}")
    page.locator("main").get_by_role("link", name=re.compile(about)).first.click()
    page.wait_for_load_state()
    visitor.check()


def send(visitor: Visitor, text: str) -> None:
    """Write in the conversation and send."""
    page = visitor.page
    page.fill("#conversation [name=text]", text)
    # Not by its name: a chooser of files is a button too, and its name begins in the same way.
    with page.expect_navigation():
        page.locator("#conversation .buttons button").click()
    visitor.check()


@looks(DESKTOP_ENGLISH_PLAIN, also=(DESKTOP_ENGLISH,))
def test_from_a_first_line_to_an_ended_conversation(person: MakePerson, look: Look) -> None:
    mark = new_mark()
    seeker, giver = person(PHONE_SWEDISH, "seeker"), person(look, "giver")
    open_introduction(seeker, SEEKER, "Andra sidan skärmen")
    open_introduction(giver, GIVER, "The other side of the screen")

    # One writes, with a file along; the other reads it, answers and has the file.
    seeker.page.set_input_files(
        "#conversation input[type=file]",
        {"name": "schema.csv", "mimeType": "text/csv", "buffer": "kväll;ledare\nmåndag;Oskar\n".encode()},
    )
    send(seeker, f"Hej! Kom en måndag, då är vi flest. {mark}")
    giver.page.reload()
    giver.check()
    expect(giver.page.locator("#conversation")).to_contain_text(f"då är vi flest. {mark}")
    file = giver.page.locator("#conversation a[href*='/file/']").last
    address = file.get_attribute("href")
    assert address is not None
    got = giver.context.request.get(giver.site + address)
    assert got.status == 200 and "Oskar" in got.text()
    send(giver, f"Gladly. I propose three Mondays. {mark}")

    # Three times, of which the other picks one; both see it and have it for their calendars.
    page = giver.page
    page.locator("main a[href$='/times/']").first.click()
    page.wait_for_load_state()
    giver.check()
    page.locator("main [name=way]").first.check(force=True)
    page.fill("main [name=where]", "Karlstad, Herrgårdsgatan 12")
    today = timezone.localdate()
    for number in (1, 2, 3):
        page.fill(f"main [name=day{number}]", (today + timedelta(days=7 * number)).isoformat())
        page.fill(f"main [name=time{number}]", "18.30")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    giver.check()
    seeker.page.reload()
    seeker.check()
    seeker.page.locator("#meeting [name=picked]").nth(1).check(force=True)
    seeker.click("Välj den här tiden", "Pick this time", within=seeker.page.locator("#meeting"))
    expect(seeker.page.locator("#meeting")).to_contain_text("18:30")
    giver.page.goto(giver.page.url.partition("#")[0])
    giver.check()
    expect(giver.page.locator("#meeting")).to_contain_text("18:30")
    calendar = giver.page.locator("#meeting a[href$='/calendar/']").get_attribute("href")
    assert "BEGIN:VEVENT" in giver.context.request.get(f"{giver.site}{calendar}").text()

    # The seeker calls it off; the giver sees it, and that new times may be proposed.
    seeker.click("Avboka mötet", "Call off the meeting", role="link")
    seeker.page.fill("main textarea", f"Vi har fått förhinder. {mark}")
    seeker.click("Avboka mötet", "Call off the meeting")
    expect(seeker.page.locator("#meeting")).to_contain_text("Ni har avbokat det.")
    giver.page.reload()
    giver.check()
    expect(giver.page.locator("#meeting")).to_contain_text("They have called it off.")
    expect(giver.page.locator("#meeting a[href$='/times/']")).to_be_visible()

    # The giver reports a message; the one who wrote it is not told.
    giver.page.locator(".talk__line", has_text=mark).first.get_by_role(
        "link", name="Report the message"
    ).click()
    giver.page.wait_for_load_state()
    giver.check()
    giver.page.locator("main [name=reason]").first.check(force=True)
    giver.page.locator("main form button[type=submit]").first.click()
    giver.page.wait_for_load_state()
    giver.check()
    expect(giver.page.locator("#conversation")).to_contain_text("You have reported this message.")
    seeker.page.reload()
    assert "anmäl" not in seeker.page.locator(".talk__line--ours").last.inner_text().lower()

    # The seeker ends it while the giver writes: what the giver wrote is still there, and nothing was sent.
    giver.page.fill("#conversation [name=text]", f"One more thing {mark}")
    seeker.click("Avsluta samtalet", "End the conversation", role="link")
    seeker.page.locator("main form button[type=submit]").first.click()
    seeker.page.wait_for_load_state()
    seeker.check()
    giver.page.locator("#conversation form button[type=submit]").last.click()
    giver.page.wait_for_load_state()
    giver.check()
    expect(giver.page.locator("#conversation [name=text]")).to_have_value(f"One more thing {mark}")
    expect(giver.page.locator("#conversation")).to_contain_text("Your message was not sent")

    # Only who ended it opens it again, and then the giver's words go through.
    giver.page.goto(giver.page.url.partition("#")[0])
    assert not giver.page.get_by_role("button", name="Open the conversation again").count()
    seeker.click("Öppna samtalet igen", "Open the conversation again")
    giver.page.reload()
    send(giver, f"One more thing {mark}")
    seeker.page.reload()
    seeker.check()
    expect(seeker.page.locator("#conversation")).to_contain_text(f"One more thing {mark}")
