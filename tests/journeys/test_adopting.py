"""A municipality looks for something proven; an initiative shows how, and writes that they have begun."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import sign_in
from tests.journeys.test_challenges import follow
from tests.journeys.test_main_journey import submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, PHONE_SWEDISH, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

# People of the demo.
OFFICER, SEEKER = "Simon Vaara", "Jimmy Thorell"
INITIATIVE = "Garaget vid Leksberg"


def test_something_proven_is_looked_for_shown_and_taken_up(person: MakePerson) -> None:
    mark = new_mark()
    officer = person(PHONE_SWEDISH, "officer")
    sign_in(officer, OFFICER)
    officer.go("/min-sida/", "")
    follow(officer, "Berätta vad ni letar efter")
    page, main = officer.page, officer.page.locator("main")
    # Half a draft is saved, and says what is needed.
    page.fill(
        "main [name=change]", "Efter klockan fem finns ingenstans att vara, och den som är ensam märks inte."
    )
    submit(officer)
    expect(main).to_contain_text("Det här behövs innan alla kan läsa den:")
    follow(officer, "Ändra")
    assert "ingenstans att vara" in page.input_value("main [name=change]")
    page.fill("main [name=title]", f"En kväll i veckan som unga själva har nyckeln till {mark}")
    page.select_option("main [name=theme]", "loneliness_and_community")
    page.fill("main [name=places]", "Ankeborg")
    submit(officer)
    expect(main).to_contain_text("Vi känner inte till platsen ”Ankeborg”")
    page.fill("main [name=places]", "Norrbottens län")
    submit(officer)
    officer.click("Publicera den", "")
    here = page.url
    follow(officer, "Vilka har gjort det")
    expect(main).to_contain_text("Samma ämne:")

    # Whoever has done it finds the municipality, from the list that everybody reads.
    seeker = person(DESKTOP_ENGLISH_PLAIN, "seeker")
    sign_in(seeker, SEEKER)
    seeker.go("", f"/en/wanted/?q={mark}")
    follow(seeker, mark)
    follow(seeker, "We can show you how")
    expect(seeker.page.locator("main")).to_contain_text(INITIATIVE)
    seeker.page.fill("main [name=message]", "Vi lämnade över nyckeln i mars. Kom en måndag och se.")
    seeker.page.fill("main [name=phone]", "070-174 06 01")
    submit(seeker)
    question = seeker.page.url

    page.goto(here)
    officer.go("/min-sida/", "")
    follow(officer, "Läs och svara")
    follow(officer, INITIATIVE)
    expect(main).not_to_contain_text("070-174 06 01")
    follow(officer, "Svara ja")
    submit(officer)
    expect(main).to_contain_text("070-174 06 01")

    seeker.page.goto(question)
    seeker.check()
    expect(seeker.page.locator("main")).to_contain_text("simon@demo.example")
    seeker.click("", "They have begun: write it")
    assert seeker.page.input_value("main [name=adopter]") == "Björksunds kommun"
    submit(seeker)
    expect(seeker.page.locator("main")).to_contain_text("Björksunds kommun")
