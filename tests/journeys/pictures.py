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
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 300_000
#: How much is seen above the element at which a picture begins.
ABOVE = 24

# Demo profiles that show much: a garage without an association, and money for those who never applied.
INITIATIVE, OFFER = "demo-i-075", "demo-o-047"
INNOVATOR, GIVER = "Jimmy Thorell", "Henrik Tegnell-Ås"


@dataclass(frozen=True)
class Screen:
    """How wide somebody's screen is, and how far down the picture goes."""

    name: str
    width: int
    height: int
    tallest: int


@dataclass(frozen=True)
class Subject:
    """A page and who looks at it. `{initiative}` and `{offer}` in the address stand for the chosen ones.

    The picture begins at the element `begins_at`, or at the top of the page.
    """

    name: str
    address: str
    person: str | None = None
    language: str = "sv"
    begins_at: str = ""


SCREENS = (Screen("phone", 390, 844, 1400), Screen("desktop", 1280, 900, 1500))
SCHEMES = ("light", "dark")
SUBJECTS = (
    Subject("start", "/"),
    Subject("initiatives", "/initiativ/"),
    Subject("initiative", "/initiativ/{initiative}/"),
    Subject("story", "/initiativ/{initiative}/", begins_at="#story-process"),
    Subject("journal", "/initiativ/{initiative}/dagbok/"),
    Subject("value", "/initiativ/{initiative}/nytta/"),
    Subject("find-support", "/hitta-stod/"),
    Subject("organisation", "/organisationer/{giver}/"),
    Subject("support", "/stod/"),
    Subject("offer", "/stod/{offer}/"),
    Subject("matches-of-initiative", "/traffar/initiativ/{initiative}/", INNOVATOR),
    Subject("matches-of-offer", "/traffar/stod/{offer}/", GIVER),
    Subject("more-matches", "/traffar/initiativ/{initiative}/fler-traffar/", INNOVATOR),
    Subject("support-package", "/traffar/initiativ/{initiative}/paket/", INNOVATOR),
    Subject("why-not", "/traffar/initiativ/{initiative}/varfor-inte/?q=stiftelsen", INNOVATOR),
    Subject("what-requirements-stop", "/traffar/stod/{offer}/vad-kraven-stoppar/", GIVER),
    Subject("work-together", "/traffar/initiativ/{initiative}/samarbeta/", INNOVATOR),
    Subject("how-many-fit", "/traffar/stod/{offer}/hur-manga-passar/", GIVER),
    Subject("all-cases", "/traffar/givare/{giver}/alla-arenden/", GIVER),
    Subject("notices", "/meddelanden/", GIVER),
    Subject("desk", "/traffar/stod/{offer}/vart-bord/", GIVER),
    Subject("desk-as-a-table", "/traffar/stod/{offer}/vart-bord/?view=table", GIVER),
    Subject("cases-from-a-table", "/traffar/stod/{offer}/ta-in-arenden/", GIVER),
    Subject("conversation", "/traffar/kontakter/{introduction}/", GIVER),
    Subject("ask-for-contact", "/traffar/initiativ/{initiative}/{offer}/", INNOVATOR),
    Subject("home-of-giver", "/min-sida/", GIVER),
    Subject("how-good-it-is", "/sa-matchar-vi/", begins_at="#quality-title"),
    Subject("tasks", "/initiativ/{initiative}/svar/", INNOVATOR),
    Subject("check-answers", "/initiativ/{initiative}/kontrollera/", INNOVATOR),
    Subject("a-question", "/initiativ/{initiative}/svar/people/", INNOVATOR),
    Subject("pictures-of-the-work", "/initiativ/{initiative}/bilder/", INNOVATOR),
    Subject("hand-over", "/initiativ/{initiative}/lamna-over/", INNOVATOR),
    Subject("ask-for-help", "/be-om-hjalp/?initiative={initiative}", INNOVATOR),
    Subject("promising", "/lovande/"),
    Subject("challenges", "/utmaningar/"),
    Subject("wanted", "/efterlysningar/"),
    Subject("one-that-is-wanted", "/efterlysningar/{adopter}/"),
    Subject("begin-an-offer", "/stod/nytt/", GIVER),
    Subject("where-support-is-missing", "/var-saknas-stod/?kind=mandate"),
    Subject("statistics", "/statistik/"),
    Subject("map-of-initiatives", "/initiativ/?view=map"),
    Subject("english-start", "/en/", language="en"),
    Subject("english-wanted", "/en/wanted/", language="en"),
    Subject("english-one-that-is-wanted", "/en/wanted/{adopter}/", language="en"),
    Subject("english-matches", "/en/matches/initiative/{initiative}/", INNOVATOR, "en"),
    Subject("english-story", "/en/initiatives/{initiative}/", None, "en", "#story-process"),
    Subject("english-all-cases", "/en/matches/giver/{giver}/all-cases/", GIVER, "en"),
    Subject("english-offer", "/en/support/{offer}/", language="en"),
    Subject("english-desk", "/en/matches/offer/{offer}/the-desk/", GIVER, "en"),
    Subject("english-conversation", "/en/matches/introductions/{introduction}/", GIVER, "en"),
)


def chosen_ids(site: Site) -> dict[str, str]:
    """The public ids that the chosen demo profiles got in this database."""
    found = {}
    with psycopg.connect(site.environment["DATABASE_URL"]) as connection:
        for name, table, source_id in (
            ("initiative", "innovators_initiative", INITIATIVE),
            ("offer", "funders_supportoffer", OFFER),
        ):
            row = connection.execute(
                psycopg.sql.SQL("SELECT public_id FROM {} WHERE source = 'demo' AND source_id = %s").format(
                    psycopg.sql.Identifier(table)
                ),
                [source_id],
            ).fetchone()
            if row is None:
                raise LookupError(f"The demo has no {source_id}.")
            found[name] = row[0]
        row = connection.execute(
            "SELECT o.public_id FROM organisations_organisation o JOIN funders_supportoffer s"
            " ON s.organisation_id = o.id WHERE s.public_id = %s",
            [found["offer"]],
        ).fetchone()
        if row is None:
            raise LookupError("The offer has no giver.")
        found["giver"] = row[0]
        row = connection.execute(
            "SELECT public_id FROM matching_introduction WHERE state = 'accepted' ORDER BY id LIMIT 1"
        ).fetchone()
        if row is None:
            raise LookupError("Nobody in the demo has said yes to an introduction.")
        found["introduction"] = row[0]
        row = connection.execute(
            "SELECT public_id FROM innovators_adopter ORDER BY published_at LIMIT 1"
        ).fetchone()
        if row is None:
            raise LookupError("Nobody in the demo looks for something proven.")
        found["adopter"] = row[0]
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


def take(context: BrowserContext, address: str, screen: Screen, begins_at: str = "") -> bytes:
    """Return a picture from the top, or an element. Raises RuntimeError when the page is not there."""
    page = context.new_page()
    answer = page.goto(address)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{address} answers {answer.status if answer else 'nothing'}.")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    begins = page.locator(begins_at).bounding_box() if begins_at else None
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
                context = browser.new_context(
                    viewport={"width": screen.width, "height": screen.height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale="sv-SE" if subject.language == "sv" else "en-GB",
                )
                context.add_cookies(cookies[subject.person])  # type: ignore[arg-type]
                path = folder / f"{subject.name}-{screen.name}-{scheme}.png"
                picture = take(
                    context, site.address + subject.address.format(**ids), screen, subject.begins_at
                )
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
