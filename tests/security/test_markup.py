"""Rendered pages hold nothing that a strict policy would have to allow, and ask nobody else for anything."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from tests.permissions.world import World
from tests.security.conftest import pages

pytestmark = pytest.mark.django_db

# Attributes that make a browser fetch or send something. A link in a text only goes somewhere when followed.
FETCHED = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("use", "href"),
    ("image", "href"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
    ("input", "src"),
    ("base", "href"),
}
NOT_ALLOWED = {"iframe", "object", "embed", "base", "style", "applet"}


class Wrong(HTMLParser):
    """Gathers what should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        given = {name: value or "" for name, value in attrs}
        if tag in NOT_ALLOWED:
            self.found.append(f"<{tag}>")
        # A block of data is not run, and no policy asks about it.
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("inline script")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")) or name in ("srcdoc", "ping"):
                self.found.append(f"{tag} {name}={value}")
            if value.strip().lower().startswith(("javascript:", "vbscript:", "js:")):
                self.found.append(f"{tag} {name}={value}")
            if (tag, name) in FETCHED or name.startswith(("hx-get", "hx-post")):
                self._check_address(tag, name, value)
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.append("meta refresh")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", ""):
            self.found.append(f"a without noopener {given.get('href')}")

    def _check_address(self, tag: str, name: str, value: str) -> None:
        parts = urlsplit(value.strip())
        is_drawing = parts.scheme == "data" and tag in ("img", "image")
        is_own = (not parts.scheme and not parts.netloc) or parts.netloc == "testserver"
        if not is_own and not is_drawing:
            self.found.append(f"{tag} {name}={value}")


def smallest(name: str) -> int:
    """Return how many tags a page or a part of one has at least."""
    if name == "quick:places":
        return -1  # The municipalities of a county, and none was chosen.
    return 3 if name.endswith("-status") else 20


def test_pages_hold_no_inline_code_and_ask_nobody_else(world: World) -> None:
    found = {}
    kinds = set()
    for page in pages(only_html=True):
        # The templates are the same in both languages; what is public is read in both all the same.
        if page.language != "sv" and page.role != "visitor":
            continue
        cache.clear()
        response = world.client(page.role).get(page.address(world))
        assert response["Content-Type"].startswith("text/html"), str(page)
        reader = Wrong()
        reader.feed(response.content.decode())
        assert reader.tags > smallest(page.row.name), str(page)
        kinds.add(page.row.name)
        if reader.found:
            found[str(page)] = reader.found
    assert found == {}
    assert len(kinds) >= 40


def test_error_pages_are_as_strict(world: World) -> None:
    answers = [
        world.client("visitor").get("/finns-inte/"),
        world.client("reader").get(f"/initiativ/{world.initiatives['initiative'].public_id}/svar/"),
        world.client("owner").post("/organisationer/ny/", {}),
        world.client("visitor").post("/konto/skapa/", {}),
        world.client("visitor").get("/om/", headers={"Host": "evil.example"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 403, 422, 422, 400]
    for answer in answers:
        reader = Wrong()
        reader.feed(answer.content.decode())
        assert reader.found == []


def test_the_reader_sees_what_is_wrong() -> None:
    reader = Wrong()
    reader.feed(
        '<script>1</script><p style="x" onclick="y">a</p><img src="https://x.example/a.png">'
        '<a href="javascript:1">b</a><link href="//cdn.example/a.css"><style></style>'
        '<img src="data:image/png;base64,AA=="><a href="https://fine.example">c</a><script src="/static/a.js">'
    )
    assert len(reader.found) == 7


def test_what_people_write_is_never_markup(world: World) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    initiative = world.initiatives["initiative"]
    type(initiative).objects.filter(pk=initiative.pk).update(
        title=evil,
        change=evil,
        description=evil,
        who_affected=evil,
        theme_words=[evil],
        links=["javascript:alert(1)"],
    )
    addresses = ["/initiativ/", f"/initiativ/{initiative.public_id}/", "/lovande/", f"/initiativ/?q={evil}"]
    offer = world.offers["offer"]
    type(offer).objects.filter(pk=offer.pk).update(title=evil, description=evil, how_to_apply=evil)
    addresses += ["/stod/", f"/stod/{offer.public_id}/", f"/traffar/stod/{offer.public_id}/"]
    addresses += [f"/traffar/stod/{offer.public_id}/{initiative.public_id}/"]
    for address in addresses:
        reader = Wrong()
        reader.feed(world.client("giver").get(address).content.decode())
        assert reader.found == [] or all("javascript:" in one for one in reader.found), address
