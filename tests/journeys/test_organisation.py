"""An organisation: made, checked, asks for two steps, takes in a colleague, and lets one go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import MakePerson
from tests.journeys.test_asking import sign_in
from tests.journeys.test_following import link_mailed_to
from tests.journeys.test_main_journey import code_mailed_to, submit
from tests.journeys.visitor import DESKTOP_ENGLISH_PLAIN, DESKTOP_PLAIN, PHONE_SWEDISH, Visitor, new_mark

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

STAFF, OWNER, COLLEAGUE = "Rut Almqvist", "Henrik Tegnell-Ås", "Amina Söderqvist"


def code_of(secret: str) -> str:
    """Return the six digits that an app shows now (RFC 6238: SHA-1, 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def sign_up(visitor: Visitor, email: str, name: str) -> str:
    """Fill in the page for a new account, where the visitor is, and the code that is mailed; return the code."""
    page = visitor.page
    page.fill("main [name=email]", email)
    if page.locator("main [name=name]").count():
        page.fill("main [name=name]", name)
    submit(visitor)
    code = code_mailed_to(visitor, email)
    page.fill("main [name=code]", code)
    submit(visitor)
    return code


def connect_app(visitor: Visitor, email: str, earlier_code: str) -> None:
    """Set up two-step sign-in with an app, from the page that says that one must: first a code by mail."""
    page = visitor.page
    page.locator("main .buttons a").first.click()
    page.wait_for_load_state()
    visitor.check()
    page.locator("main a[href*='totp']").first.click()
    page.wait_for_load_state()
    visitor.check()
    page.fill("main [name=code]", code_mailed_to(visitor, email, after=earlier_code))
    submit(visitor)
    secret = page.locator("main code").first.inner_text()
    page.fill("main [name=code]", code_of(secret))
    submit(visitor)


def test_an_organisation_is_checked_asks_for_two_steps_and_a_colleague_leaves(person: MakePerson) -> None:
    mark = new_mark()
    owner = person(PHONE_SWEDISH, "owner")
    page = owner.page
    owner.go("/konto/skapa/", "")
    email = f"agare-{mark}@person.example"
    code = sign_up(owner, email, "Gudrun Wallin")
    owner.go("/organisationer/ny/", "")
    page.check("main [name=kind][value=foundation]", force=True)
    page.fill("main [name=name]", f"Stiftelsen Eldstaden {mark}")
    submit(owner)
    organisation = page.url

    # Asks to be checked; staff say yes with a word, and the mark is there.
    page.goto(f"{organisation}kontroll/")
    owner.check()
    page.fill("main [name=number]", "802000-1106")
    page.fill("main [name=signatory]", "Gudrun Wallin")
    submit(owner)
    officer = person(DESKTOP_PLAIN, "staff")
    sign_in(officer, STAFF)
    staff = officer.page
    staff.goto(f"{owner.site}/admin/organisations/verificationrequest/")
    staff.locator("#result_list tbody th a").first.click()
    staff.locator("[name=decision][value=approved]").check()
    staff.fill("[name=why]", "Uppgifterna stämmer med Stiftelseregistret.")
    staff.locator("[name=_save]").click()
    staff.wait_for_load_state()
    page.reload()
    owner.check()
    expect(page.locator("h1")).to_contain_text("Er organisation är kontrollerad")
    expect(page.locator("main")).to_contain_text("Stiftelseregistret")

    # Whoever asks two steps of others has it first.
    page.goto(f"{organisation}medlemmar/tva-steg/")
    owner.check()
    connect_app(owner, email, code)
    page.goto(f"{organisation}medlemmar/tva-steg/")
    owner.check()
    page.fill("main [name=day]", (timezone.localdate() + timedelta(days=20)).isoformat())
    submit(owner)

    # A colleague is invited by mail, joins, sees the day, and leaves.
    page.goto(f"{organisation}medlemmar/bjud-in/")
    owner.check()
    page.fill("main [name=email]", f"kollega-{mark}@person.example")
    page.check("main [name=role][value=editor]", force=True)
    submit(owner)
    colleague = person(DESKTOP_PLAIN, "colleague")
    colleague.page.goto(link_mailed_to(colleague, f"kollega-{mark}@person.example", "inbjudan"))
    colleague.check()
    colleague.page.locator("main a[href*='skapa']").first.click()
    colleague.page.wait_for_load_state()
    sign_up(colleague, f"kollega-{mark}@person.example", "Tore Lind")
    submit(colleague)
    colleague.go("/min-sida/", "")
    expect(colleague.page.locator("main")).to_contain_text(re.compile("två steg"))
    colleague.page.goto(f"{organisation}lamna/")
    colleague.check()
    submit(colleague)
    expect(colleague.page.locator("main")).to_contain_text("Du hör inte längre till")
    page.goto(f"{organisation}medlemmar/")
    owner.check()
    assert "Tore Lind" not in page.content()


def test_a_colleague_hands_over(person: MakePerson) -> None:
    """What somebody has on the desk goes to another when they only read from now on; then they write again."""
    owner = person(DESKTOP_ENGLISH_PLAIN, "owner")
    page = owner.page
    sign_in(owner, OWNER)
    owner.go("/organisationer/", "/en/organisations/")
    owner.click("Stiftelsen Åbrinken", "Stiftelsen Åbrinken", role="link")
    page.locator("main a[href*='/members/']").first.click()
    page.wait_for_load_state()
    owner.check()
    members = page.url
    row = page.locator("main li, main tr", has_text=COLLEAGUE).last
    row.locator("a[href*='/role/']").first.click()
    page.wait_for_load_state()
    owner.check()
    page.check("main [name=role][value=reader]", force=True)
    submit(owner)
    expect(page.locator("h1")).to_contain_text("Who takes over from")
    expect(page.locator("main")).to_contain_text("Snabba slanten")
    submit(owner)
    page.goto(members)
    expect(page.locator("main li, main tr", has_text=COLLEAGUE).last).to_contain_text("Reader")
    page.locator("main li, main tr", has_text=COLLEAGUE).last.locator("a[href*='/role/']").first.click()
    page.wait_for_load_state()
    page.check("main [name=role][value=editor]", force=True)
    submit(owner)
    expect(page.locator("main li, main tr", has_text=COLLEAGUE).last).to_contain_text("Editor")
