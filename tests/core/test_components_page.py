"""Pages that show every component: what their markup promises, and what a browser makes of them."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import override_settings
from django.utils.translation import override
from playwright.sync_api import Browser, Page, sync_playwright

from brygga.devservices.browser import find_browser
from tests.core.pages_context import NAMES, render
from tests.core.test_form_looks import Elements
from tests.norwegian import SAID, norwegian_in

ROOT = Path(settings.ROOT)
COMPONENTS = sorted(path.stem for path in (ROOT / "templates/components").glob("*.html"))


@pytest.fixture(autouse=True)
def _frame() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.core.frame_urls"), override("sv"):
        yield


@pytest.mark.parametrize("name", NAMES)
def test_page_obeys_the_content_security_policy(name: str) -> None:
    elements = Elements(render(name))
    for tag, attributes in elements.found:
        assert "style" not in attributes
        assert tag != "style"
        assert not [key for key in attributes if key.startswith(("on", "hx-on"))]
        if tag == "script":
            assert str(attributes["src"]).startswith("/static/")


@pytest.mark.parametrize("name", NAMES)
def test_page_has_one_heading_one_main_and_no_id_twice(name: str) -> None:
    elements = Elements(render(name))
    tags = [tag for tag, _attributes in elements.found]
    assert (tags.count("h1"), tags.count("main")) == (1, 1)
    ids = elements.ids()
    assert len(ids) == len(set(ids))
    pointed = {
        one
        for key in ("aria-describedby", "aria-labelledby", "for")
        for value in elements.values(key)
        for one in value.split()
    }
    assert pointed <= set(ids)


def test_page_with_errors_says_so_in_its_title() -> None:
    assert "<title>Fel: Er idé – Brygga</title>" in render("question")
    assert "<title>Initiativ – Brygga</title>" in render("list")


@pytest.mark.parametrize("name", NAMES)
def test_page_is_swedish_throughout(name: str) -> None:
    text = re.sub(r"<[^>]+>", " ", render(name))
    assert norwegian_in(text) == []
    english = {"the", "and", "with", "your", "you", "page", "Search", "Next", "Change", "Save"}
    assert not english & set(re.findall(r"\w+", text))


def test_every_component_is_on_some_page() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/core/pages").glob("*.html"))
    shown += "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "templates").rglob("*.html")
        if "/core/" not in str(path)
    )
    used = set(re.findall(r'\{% (?:show|component) "(\w+)"', shown))
    assert set(COMPONENTS) - used == set()


def test_every_component_is_documented() -> None:
    guide = (ROOT / "docs/components.md").read_text(encoding="utf-8")
    assert [name for name in COMPONENTS if f"`{name}`" not in guide and f'"{name}"' not in guide] == []


def test_styles_hold_no_address_of_others() -> None:
    for path in (ROOT / "static").glob("css/*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text(encoding="utf-8")), path.name


# -- in a browser ----------------------------------------------------------------------------------


@cache
def policy() -> str:
    directives: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


class PageServer(http.server.BaseHTTPRequestHandler):
    """Serves the rendered pages and the static files, with the policy of the real site."""

    pages: dict[str, bytes] = {}
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            body = Path(str(found)).read_bytes() if found else None
        else:
            body = self.pages.get(path)
        self.send_response(200 if body is not None else 404)
        self.send_header(
            "Content-Type", self.types.get(path.rpartition(".")[2], "text/html") + "; charset=utf-8"
        )
        self.send_header("Content-Security-Policy", policy())
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: Any) -> None:
        """The tests say what went wrong."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.core.frame_urls"), override("sv"):
        PageServer.pages = {
            f"/{name}/{theme}": render(name, theme=theme).encode()
            for name in NAMES
            for theme in ("light", "dark")
        }
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), PageServer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture(params=[1280, 360, 320])
def page(request: pytest.FixtureRequest, browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800}, bypass_csp=False)
    opened = context.new_page()
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()


AXE_VIOLATIONS = """axe.run().then(result => result.violations.map(
    violation => [violation.id, violation.nodes.slice(0, 3).map(node => node.html.slice(0, 150))]))"""


def open_page(page: Page, address: str, name: str, theme: str) -> None:
    page.goto(f"{address}/{name}/{theme}")
    page.evaluate("document.fonts.ready")


@pytest.mark.slow
def test_pages_please_axe_and_fit_the_screen(page: Page, address: str, complaints: list[str]) -> None:
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found: list[tuple[str, str, Any]] = []
    width = page.evaluate("innerWidth")
    for name in NAMES:
        for theme in ("light", "dark"):
            open_page(page, address, name, theme)
            # At 320 the rules are those of 360; what matters there is that nothing sticks out.
            if width > 320:
                page.evaluate(axe)
                violations = page.evaluate(AXE_VIOLATIONS)
                found += [(name, theme, violation) for violation in violations]
            # Scripts and style sheets say things too.
            found += [(name, theme, word) for word in norwegian_in(page.evaluate(SAID))]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((name, theme, "wider than the screen"))
            small = page.evaluate(
                """[...document.querySelectorAll("a, button, summary")]
                .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "inline")
                .filter(e => !e.classList.contains("ds-skip-link"))
                .filter(e => { const r = e.getBoundingClientRect(); return Math.min(r.height, r.width) < 24; })
                .map(e => e.outerHTML.slice(0, 120))"""
            )
            found += [(name, theme, target) for target in small]
    assert found == []
    assert complaints == []


@pytest.mark.slow
def test_theme_changes_without_a_reload_and_is_remembered(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    open_page(page, address, "start", "light")
    page.get_by_role("button", name="Mörkt").click()
    assert page.locator("html").get_attribute("data-color-scheme") == "dark"
    assert page.get_by_role("button", name="Mörkt").get_attribute("aria-pressed") == "true"
    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()} == {"theme": "dark"}
    context.close()


@pytest.mark.slow
def test_menu_on_a_phone_opens_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/start/light")
    assert not page.get_by_role("link", name="Hitta stöd").is_visible()
    page.get_by_role("button", name="Meny").click()
    assert page.get_by_role("link", name="Hitta stöd").is_visible()
    context.close()


@pytest.mark.slow
def test_error_summary_has_the_focus_and_leads_to_the_field(browser: Browser, address: str) -> None:
    page = browser.new_page()
    open_page(page, address, "question", "light")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.get_by_role("link", name="Skriv summan som ett tal").click()
    assert page.evaluate("document.activeElement.id") == "id_amount"
    page.close()


@pytest.mark.slow
def test_characters_are_counted_while_writing(browser: Browser, address: str) -> None:
    page = browser.new_page()
    open_page(page, address, "question", "light")
    page.get_by_label("Vad vill ni förändra?").fill("Hej 👋")
    assert page.locator("[data-counter-live]").inner_text() == "75 tecken kvar"
    page.get_by_label("Vad vill ni förändra?").fill("x" * 83)
    assert page.locator("[data-counter-live]").inner_text() == "3 tecken för mycket"
    page.close()
