"""The main job, end to end, on real servers: from a visitor's two sentences to two people who can call each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.visitor import (
    DESKTOP_ENGLISH,
    DESKTOP_ENGLISH_PLAIN,
    DESKTOP_PLAIN,
    PHONE_ENGLISH_PLAIN,
    PHONE_SWEDISH,
    Look,
    Visitor,
    looks,
    new_mark,
)

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(900)]

# A demo support offer that any group of young people may ask for, and the people who give it.
OFFER = "Snabba slanten"
# A reason is made of facts of both sides: here the theme that they share.
REASON = re.compile("egen organisering|brottsförebyggande|influence|[Cc]rime prevention")
GIVER, INTERMEDIARY, OUTSIDER = "henrik", "ellinor", "wilma"
NAMES = {"henrik": "Henrik Tegnell-Ås", "ellinor": "Ellinor Skogby", "wilma": "Wilma Ekeroth"}


def submit(visitor: Visitor) -> None:
    """Press the first button of the page's own form."""
    visitor.page.locator("main form button[type=submit]:visible").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


def sign_in_as(visitor: Visitor, key: str) -> None:
    """Sign in with one click as a person of the demo."""
    visitor.go("/konto/logga-in/", "/en/account/sign-in/")
    visitor.page.get_by_role("button", name=NAMES[key]).click()
    visitor.page.wait_for_load_state()
    visitor.check()


def code_mailed_to(visitor: Visitor, address: str, *, after: str = "") -> str:
    """Read the newest code in the demo's mailbox; the mail goes through outbox, relay and worker.

    `after` is the code that came before it, if there was one.
    """
    page = visitor.context.new_page()
    try:
        for _ in range(60):
            page.goto(visitor.url("/konto/demo/mailbox/", "/en/account/demo/mailbox/"))
            row = page.locator("main tr", has_text=address).first
            if row.count():
                found = re.search(r"\b(\d{6})\b", row.inner_text())
                if found and found[1] != after:
                    return found[1]
            page.wait_for_timeout(500)
        raise AssertionError("no code arrived")
    finally:
        page.close()


def register_and_publish(visitor: Visitor, title: str, email: str, phone: str) -> str:
    """Write first, sign up in the middle, answer the few questions that matter, publish. Return the public id."""
    page = visitor.page
    visitor.go("/", "/en/")
    visitor.go("/initiativ/nytt/", "/en/initiatives/start/")
    page.fill(
        "main [name=change]",
        "Unga i Hjo ska ha någonstans att vara på kvällarna. Vi lagar mopeder i ett garage, och de som "
        "kan lär dem som vill. Då håller färre på med dumheter och fler hittar något att bli bra på.",
    )
    page.fill("main [name=title]", title)
    page.check("[name=owner][value=group]", force=True)
    page.fill("main [name=organisation_name]", "Garagegänget i Hjo")
    submit(visitor)  # a visitor: kept, and asked to sign in
    page.locator("main a[href*='skapa'], main a[href*='create']").first.click()
    page.wait_for_load_state()
    visitor.check()
    page.fill("main [name=name]", "Resa Andersson")
    page.fill("main [name=email]", email)
    page.check(f"[name=language][value={visitor.look.language}]", force=True)
    submit(visitor)
    page.fill("main [name=code]", code_mailed_to(visitor, email))
    submit(visitor)
    expect(page.locator("main [name=title]")).to_have_value(
        title
    )  # what was written before signing up is still there
    submit(visitor)
    tasks = page.url
    public_id = tasks.rstrip("/").split("/")[-2]

    def answer(slug: str) -> None:
        page.goto(f"{tasks}{slug}/")
        visitor.check()

    answer("description")
    page.fill(
        "main [name=description]",
        "Garaget har öppet tre kvällar i veckan. Två pensionerade mekaniker är med, och ungdomarna bestämmer "
        "vad som ska göras. Vi behöver verktyg, värme och försäkring för att orka fortsätta. Ring "
        f"{phone} om du undrar något.",
    )
    submit(visitor)
    answer("places")
    page.fill("main [name=places]", "Hjo")
    submit(visitor)
    answer("themes")
    # The parts are folded; without JavaScript too, since the browser folds them.
    for code in ("crime_prevention", "youth_influence"):
        box = page.locator(f"[name=chosen][value={code}]")
        if not box.is_visible():
            page.locator("details", has=box).last.locator("summary").first.click()
        box.check(force=True)
    submit(visitor)
    answer("target-groups")
    page.locator("[name=chosen][value=young_people]").check(force=True)
    submit(visitor)
    answer("process")
    page.locator("[name=process_parts][value=develop]").check(force=True)
    submit(visitor)
    answer("legal")
    page.locator("[name=legal_entity][value=no]").check(force=True)
    submit(visitor)
    answer("needs")
    page.select_option("main [name=row0_kind]", "grant")
    page.fill("main [name=row0_amount]", "40 tkr")
    page.get_by_role("button", name=visitor.text("Spara och fortsätt", "Save and continue")).click()
    page.wait_for_load_state()
    visitor.check()
    answer("contact")
    page.fill("main [name=name]", "Resa Andersson")
    page.fill("main [name=email]", email)
    page.fill("main [name=phone]", phone)
    submit(visitor)
    page.goto(re.sub(r"/(svar|answers)/$", visitor.text("/kontrollera/", "/check/"), tasks))
    visitor.check()
    expect(page.locator("main")).to_contain_text(re.compile(r"40[\s,]000"))
    page.locator("main form[action*='publi'] button[type=submit]").first.click()
    page.wait_for_load_state()
    visitor.check()
    return public_id


def find_case(visitor: Visitor, title: str) -> None:
    """Open the list of the offer's matches and go to the page that has the initiative."""
    page = visitor.page
    for _ in range(30):
        if page.locator("main").get_by_role("link", name=title).count():
            return
        following = page.locator("nav a[rel=next]")
        if following.count():
            following.first.click()
            page.wait_for_load_state()
        else:
            page.wait_for_timeout(1000)
            page.goto(page.url.partition("?")[0])
    raise AssertionError(f"{title} is not among the matches")


@looks(PHONE_SWEDISH, DESKTOP_ENGLISH_PLAIN, also=(DESKTOP_ENGLISH, DESKTOP_PLAIN, PHONE_ENGLISH_PLAIN))
def test_from_a_first_sentence_to_an_introduction(person: MakePerson, look: Look) -> None:
    mark = new_mark()
    title = f"Kvällsgaraget {mark}"
    email, phone = f"resa-{mark}@person.example", "070-174 06 42"

    # A visitor writes, signs up on the way, and publishes.
    innovator = person(look, "innovator")
    public_id = register_and_publish(innovator, title, email, phone)

    # The worker matches within seconds; the list says why, and is never a bare number.
    innovator.go(f"/traffar/initiativ/{public_id}/", f"/en/matches/initiative/{public_id}/")
    for _ in range(60):
        if innovator.page.locator("main", has_text=OFFER).count():
            break
        innovator.page.wait_for_timeout(500)
        innovator.page.reload()
    innovator.check()
    card = innovator.page.locator("main li", has_text=OFFER).first
    expect(card).to_contain_text(REASON)
    assert not re.search(r"\d\s?%", card.inner_text()), "a fit is told in words, not in per cent"

    # The giver finds it among the offer's matches, with reasons, and puts it on the list.
    giver = person(look, "giver")
    sign_in_as(giver, GIVER)
    giver.go("/stod/mina/", "/en/support/mine/")
    giver.page.get_by_role("link", name=re.compile(OFFER)).first.click()
    giver.page.wait_for_load_state()
    giver.check()
    offer = giver.page.url.split("/")[-3]
    giver.page.locator(
        f"main a[href$='/traffar/stod/{offer}/'], main a[href$='/offer/{offer}/']"
    ).first.click()
    giver.page.wait_for_load_state()
    giver.check()
    list_address = giver.page.url.partition("?")[0]
    find_case(giver, title)
    case = giver.page.locator("main li", has=giver.page.get_by_role("link", name=title)).first
    expect(case).to_contain_text(REASON)
    assert phone not in giver.page.content() and email not in giver.page.content()
    case.locator("form[action*='lagg'], form[action*='add']").first.locator("button").first.click()
    giver.page.wait_for_load_state()
    expect(giver.page.locator("main", has_text=title).first).to_be_visible()
    giver.check()

    # An intermediary flags it; the flag is a named person's judgement, on the page and in the giver's list.
    intermediary = person(look, "intermediary")
    sign_in_as(intermediary, INTERMEDIARY)
    intermediary.go(f"/initiativ/{public_id}/", f"/en/initiatives/{public_id}/")
    intermediary.page.locator("main a[href*='/lyft/'], main a[href*='/flag/']").first.click()
    intermediary.page.wait_for_load_state()
    intermediary.check()
    intermediary.page.locator("[name=reasons][value=strong_participation]").check(force=True)
    intermediary.page.fill(
        "main [name=text]", "Ungdomarna bestämmer själva, och de äldre mekanikerna stannar kvar."
    )
    intermediary.page.locator("[name=has_conflict][value=no]").check(force=True)
    submit(intermediary)
    expect(intermediary.page.locator(".flag-note").first).to_contain_text("Ellinor Skogby")
    giver.page.goto(list_address)
    find_case(giver, title)
    case = giver.page.locator("main li", has=giver.page.get_by_role("link", name=title)).first
    expect(case.locator(".flag-note")).to_contain_text("Ellinor Skogby")

    # From the shortlist the giver asks to be introduced.
    case.locator("a[href*='fraga'], a[href*='ask']").first.click()
    giver.page.wait_for_load_state()
    giver.check()
    giver.page.fill("main [name=message]", "Vi tycker om hur ni arbetar. Kan vi ses i garaget?")
    for name, value in (("email", "henrik.givare@abrinken.example"), ("name", "Henrik Tegnell-Ås")):
        box = giver.page.locator(f"main [name={name}]")
        if box.count() and not box.input_value():
            box.fill(value)
    submit(giver)
    assert phone not in giver.page.content() and email not in giver.page.content()

    # The innovator says yes, and only now both see how to reach one another.
    innovator.go("/traffar/kontakter/", "/en/matches/introductions/")
    innovator.page.locator("main a[href*='/kontakter/'], main a[href*='/introductions/']").first.click()
    innovator.page.wait_for_load_state()
    innovator.check()
    introduction = innovator.page.url
    innovator.page.locator("main a[href$='/ja/'], main a[href$='/yes/']").first.click()
    innovator.page.wait_for_load_state()
    innovator.check()
    submit(innovator)
    assert "@" in innovator.page.locator("main").inner_text()
    giver.page.goto(introduction)
    giver.check()
    told = giver.page.locator("main").inner_text()
    assert email in told
    assert phone in told

    # Nobody else: neither the intermediary, nor an outsider, nor a visitor.
    for name, key in (("intermediary", INTERMEDIARY), ("outsider", OUTSIDER), ("stranger", None)):
        other = person(look, name)
        if key:
            sign_in_as(other, key)
        answer = other.page.goto(introduction)
        assert answer is not None
        assert email not in other.page.content()
        if key:
            assert answer.status == 404
        other.page.goto(other.url(f"/initiativ/{public_id}/", f"/en/initiatives/{public_id}/"))
        assert title in other.page.content()
        assert email not in other.page.content() and phone not in other.page.content()
