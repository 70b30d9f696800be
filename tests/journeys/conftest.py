"""One site and one browser for all journeys; a person is made where they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from brygga.devservices.browser import find_browser
from tests.journeys.site import Site
from tests.journeys.visitor import Look, Visitor
from tests.ports import free_port


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(free_port(), Path(tmp_path_factory.mktemp("site")))
    try:
        yield site.start()
    finally:
        site.stop()


# Its event loop lives as long as the fixture, and Django's database refuses work in a process that
# has one: the browser is closed with its file, before other files' tests run in this process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    assert path is not None, "The journeys need Chromium: script/test installs it or says how."
    with sync_playwright() as playwright:
        # As root Chromium's own sandbox cannot start; the background traffic is nobody's errand here.
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


MakePerson = Callable[[Look, str], Visitor]


@pytest.fixture
def person(site: Site, browser: Browser) -> Iterator[MakePerson]:
    """Make people; when the test ends, whatever was wrong on any page they saw fails it."""
    people: list[Visitor] = []

    def make(look: Look, name: str) -> Visitor:
        visitor = Visitor(browser, site.address, look, name)
        visitor.page.set_default_timeout(20_000)
        people.append(visitor)
        return visitor

    yield make
    complaints = [complaint for visitor in people for complaint in visitor.complaints]
    for visitor in people:
        visitor.close()
    assert complaints == []
