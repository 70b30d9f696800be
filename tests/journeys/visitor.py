"""A person at a browser: each page they come to is checked before they go on."""

from __future__ import annotations

import os
import random
import re
import string
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.norwegian import SAID, norwegian_in

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
RUN_AXE = """axe.run().then(result => result.violations.map(
    violation => violation.id + ': ' + violation.nodes.map(node => node.html.slice(0, 160)).join(' | ')))"""
WIDER_THAN_THE_SCREEN = """(() => {
    const by = document.documentElement.scrollWidth - window.innerWidth;
    if (by <= 0) return '';
    const out = [...document.querySelectorAll('body *')].filter(
        element => element.getBoundingClientRect().right > window.innerWidth);
    return by + ' px, last ' + out.slice(-3).map(element => element.outerHTML.slice(0, 160)).join(' | ');
})()"""


@dataclass(frozen=True)
class Look:
    """How somebody looks at the site."""

    name: str
    width: int
    height: int
    scheme: str
    javascript: bool
    language: str


PHONE_SWEDISH = Look("phone-sv", 390, 844, "light", True, "sv")
PHONE_DARK = Look("phone-sv-dark", 390, 844, "dark", True, "sv")
DESKTOP_ENGLISH = Look("desktop-en", 1280, 900, "dark", True, "en")
DESKTOP_PLAIN = Look("desktop-sv-no-script", 1280, 900, "light", False, "sv")
DESKTOP_ENGLISH_PLAIN = Look("desktop-en-no-script", 1280, 900, "dark", False, "en")
PHONE_ENGLISH_PLAIN = Look("phone-en-no-script", 360, 740, "dark", False, "en")


def new_mark() -> str:
    """Return six letters that nothing else has: digits could be taken for a telephone number, and masked."""
    return "".join(random.SystemRandom().choices(string.ascii_lowercase, k=6))


def looks(*always: Look, also: tuple[Look, ...] = ()) -> pytest.MarkDecorator:
    """Go a journey in these looks; in `also` too when every combination is asked for (`script/test --all`)."""
    chosen = (*always, *also) if os.environ.get("BRYGGA_TEST_ALL") else always
    return pytest.mark.parametrize("look", chosen, ids=lambda look: look.name)


class Visitor:
    """One person with a browser of their own. Collects what is wrong on the pages they see."""

    def __init__(self, browser: Browser, site: str, look: Look, name: str = "visitor") -> None:
        self.site = site
        self.look = look
        self.name = name
        self.complaints: list[str] = []
        self.seen: set[str] = set()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.scheme,  # type: ignore[arg-type]
            java_script_enabled=look.javascript,
            locale="sv-SE" if look.language == "sv" else "en-GB",
        )
        # axe needs scripts to run; for a person without JavaScript the same page is checked with them.
        self.checking: BrowserContext | None = None
        if not look.javascript:
            self.checking = browser.new_context(
                viewport={"width": look.width, "height": look.height},
                color_scheme=look.scheme,  # type: ignore[arg-type]
            )
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def close(self) -> None:
        self.context.close()
        if self.checking is not None:
            self.checking.close()

    # -- going places --------------------------------------------------------------------------------

    def url(self, swedish: str, english: str) -> str:
        return f"{self.site}{swedish if self.look.language == 'sv' else english}"

    def go(self, swedish: str, english: str) -> None:
        self.page.goto(self.url(swedish, english))
        self.check()

    def text(self, swedish: str, english: str) -> str:
        return swedish if self.look.language == "sv" else english

    def click(
        self, swedish: str, english: str, *, role: str = "button", within: Locator | None = None
    ) -> None:
        """Press the one thing with this name, and look at the page it leads to."""
        scope = within or self.page.locator("main")
        scope.get_by_role(role, name=self.text(swedish, english), exact=False).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        self.check()

    # -- looking -------------------------------------------------------------------------------------

    def check(self) -> None:
        """Look at the page as it is now: axe, width, language, heading, one look for each kind of page."""
        self.page.wait_for_load_state("networkidle")
        path = urlsplit(self.page.url).path
        where = f"{self.name} {self.look.name} {path}"
        for name in ("h1",):
            if self.page.locator(name).count() != 1:
                self.complaints.append(f"{where}: {self.page.locator(name).count()} {name}")
        language = self.page.locator("html").get_attribute("lang")
        if language != self.look.language:
            self.complaints.append(f"{where}: lang is {language}")
        kind = re.sub(r"/[23456789a-hjkmnp-z]{10}(?=/)", "/ID", re.sub(r"\d+", "N", path))
        if kind in self.seen:
            return
        self.seen.add(kind)
        if self.look.javascript:
            self.complaints += [f"{where}: {line}" for line in self._wrong_on(self.page)]
            wide = self.page.evaluate(WIDER_THAN_THE_SCREEN)
            if wide:
                self.complaints.append(f"{where}: wider than the screen: {wide}")
        elif self.checking is not None:
            self.checking.clear_cookies()
            self.checking.add_cookies(self.context.cookies())  # type: ignore[arg-type]
            other = self.checking.new_page()
            other.goto(self.page.url)
            self.complaints += [f"{where}: {line}" for line in self._wrong_on(other)]
            other.close()

    @staticmethod
    def _wrong_on(page: Page) -> list[str]:
        """What axe finds, and words that are in neither of our languages."""
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = page.evaluate(RUN_AXE)
        return found + [f"Norwegian: {word}" for word in norwegian_in(page.evaluate(SAID))]

    def _console(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # The browser reports our own 404 and 422 answers as errors; those are looked at as pages.
        # A search that is sent while an earlier one is on its way takes its place: htmx tells of that too.
        is_known = "Failed to load resource" in text or text.startswith(
            ("htmx:sendAbort", "htmx:afterRequest")
        )
        if kind == "error" and not is_known:
            self.complaints.append(f"console: {text}")

    def _request(self, request: object) -> None:
        url = getattr(request, "url", "")
        if not url.startswith((self.site, "data:", "blob:")):
            self.complaints.append(f"a request to somebody else: {url}")

    def _response(self, response: object) -> None:
        if getattr(response, "status", 200) >= 500:
            self.complaints.append(f"{getattr(response, 'status', '')} {getattr(response, 'url', '')}")
