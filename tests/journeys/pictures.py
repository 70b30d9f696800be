"""Takes the pictures in docs/screenshots/: the same pages of the demo, on phone and desktop, light and dark.

Usage: `script/screenshots [PAGE ...]`
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from brygga.devservices.browser import find_browser
from brygga.devservices.lease import Lease, missing_variables
from brygga.devservices.location import throw_away_location
from tests.journeys.palette import with_palette
from tests.journeys.site import Site
from tests.journeys.subjects import INITIATIVE, OFFER, OTHER_INITIATIVE, SUBJECTS, Subject
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 300_000
#: How much is seen above the element at which a picture begins.
ABOVE = 24


@dataclass(frozen=True)
class Screen:
    """How wide somebody's screen is, and how far down the picture goes."""

    name: str
    width: int
    height: int
    tallest: int


SCREENS = (Screen("phone", 390, 844, 1400), Screen("desktop", 1280, 900, 1500))
SCHEMES = ("light", "dark")
BRIEF = {("phone", "light"), ("desktop", "dark")}


# What stands for each name in an address, and what the demo lacks when nothing is found.
_CHOSEN = {
    "initiative": (
        "SELECT public_id FROM innovators_initiative WHERE source = 'demo' AND source_id = %(initiative)s",
        "the chosen initiative",
    ),
    "other": (
        "SELECT public_id FROM innovators_initiative WHERE source = 'demo' AND source_id = %(other)s",
        "the other initiative",
    ),
    "offer": (
        "SELECT public_id FROM funders_supportoffer WHERE source = 'demo' AND source_id = %(offer)s",
        "the chosen offer",
    ),
    "giver": (
        "SELECT o.public_id FROM organisations_organisation o JOIN funders_supportoffer s"
        " ON s.organisation_id = o.id WHERE s.source = 'demo' AND s.source_id = %(offer)s",
        "a giver of the offer",
    ),
    "introduction": (
        "SELECT public_id FROM matching_introduction WHERE state = 'accepted' ORDER BY id LIMIT 1",
        "somebody who has said yes to an introduction",
    ),
    "adopter": (
        "SELECT public_id FROM innovators_adopter ORDER BY published_at LIMIT 1",
        "somebody who looks for something proven",
    ),
    "challenge": (
        "SELECT public_id FROM challenges_challenge WHERE state = 'published' ORDER BY published_at LIMIT 1",
        "a challenge",
    ),
}


def chosen_ids(site: Site) -> dict[str, str]:
    """The public ids that the chosen demo profiles got in this database."""
    source_ids = {"initiative": INITIATIVE, "other": OTHER_INITIATIVE, "offer": OFFER}
    found = {}
    with psycopg.connect(site.environment["DATABASE_URL"]) as connection:
        for name, (question, lacking) in _CHOSEN.items():
            row = connection.execute(question, source_ids).fetchone()
            if row is None:
                raise LookupError(f"The demo lacks {lacking}.")
            found[name] = row[0]
    return found


@contextlib.contextmanager
def running_site() -> Iterator[Site]:
    """The site with its demo, on servers of its own unless DATABASE_URL and REDIS_URL are given."""
    with contextlib.ExitStack() as stack:
        if missing := missing_variables(os.environ):
            os.environ.update(stack.enter_context(Lease(throw_away_location(), missing)).environment)
        site = Site(free_port(), Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(site.stop)
        yield site.start()


def signed_in(browser: Browser, site: Site, person: str | None) -> list[object]:
    """The cookies of somebody who signed in with one click; none for a visitor."""
    if person is None:
        return []
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(f"{site.address}/konto/logga-in/")
    page.get_by_role("button", name=person).click()
    page.wait_for_load_state()
    cookies: list[object] = list(context.cookies())
    context.close()
    return cookies


def take(context: BrowserContext, address: str, screen: Screen, subject: Subject) -> bytes:
    """Return a picture from the top, or an element. Raises RuntimeError when the page is not there."""
    page = context.new_page()
    answer = page.goto(address)
    if answer is None or answer.status != subject.status:
        raise RuntimeError(f"{address} answers {answer.status if answer else 'nothing'}.")
    for field, words in subject.typed:
        page.fill(field, words)
    if subject.typed:
        page.locator("main form:not([role=search]) [type=submit]").first.click()
        page.wait_for_load_state()
        page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    begins = page.locator(subject.begins_at).bounding_box() if subject.begins_at else None
    top = max(0, begins["y"] - ABOVE) if begins else 0
    height = min(page.evaluate("document.documentElement.scrollHeight") - top, screen.tallest)
    picture = page.screenshot(
        full_page=True,
        clip={"x": 0, "y": top, "width": screen.width, "height": height},
        animations="disabled",
        caret="hide",
    )
    page.close()
    return picture


def take_all(browser: Browser, site: Site, subjects: list[Subject], folder: Path) -> list[Path]:
    """Take every picture of these pages; return their files."""
    ids = chosen_ids(site)
    cookies = {
        person: signed_in(browser, site, person) for person in {subject.person for subject in subjects}
    }
    taken = []
    empty = browser.new_page()
    for screen in SCREENS:
        for scheme in SCHEMES:
            for subject in subjects:
                if subject.brief and (screen.name, scheme) not in BRIEF:
                    continue
                context = browser.new_context(
                    viewport={"width": screen.width, "height": screen.height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale="sv-SE" if subject.language == "sv" else "en-GB",
                )
                context.add_cookies(cookies[subject.person])  # type: ignore[arg-type]
                path = folder / f"{subject.name}-{screen.name}-{scheme}.png"
                picture = take(context, site.address + subject.address.format(**ids), screen, subject)
                path.write_bytes(with_palette(picture, empty))
                context.close()
                taken.append(path)
    return taken


def main(arguments: list[str]) -> int:
    names = [subject.name for subject in SUBJECTS]
    parser = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"only these: {', '.join(names)}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to put them (docs/screenshots)")
    options = parser.parse_args(arguments)
    if unknown := set(options.pages) - set(names):
        parser.error(f"no such page: {', '.join(sorted(unknown))}")
    subjects = [subject for subject in SUBJECTS if not options.pages or subject.name in options.pages]
    options.folder.mkdir(parents=True, exist_ok=True)
    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        taken = take_all(browser, site, subjects, options.folder)
        browser.close()
    sizes = {path.name: path.stat().st_size for path in taken}
    print(f"{len(taken)} pictures, {sum(sizes.values()) / 1e6:.1f} MB")
    large = [name for name, size in sizes.items() if size > LARGEST]
    if large:
        print(f"Larger than {LARGEST // 1000} kB: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
