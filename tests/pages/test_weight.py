"""What the first page weighs for somebody with a slow line and nothing kept from before."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db

MOST = 150_000
# As much as our headers take for one file, asked for alone.
HEADERS = 450
PACKED = {".woff2", ".png", ".jpg", ".webp"}


def linked_from(page: str) -> set[str]:
    """Return what a browser fetches for a page: what it names, and what that imports."""
    tags = re.findall(r"<(?:link|script|img|source)\b[^>]*>", page)
    asked = {name for tag in tags for name in re.findall(r'(?:href|src)="/static/([^"?]+)', tag)}
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        if name.endswith(".js"):
            folder = name.rpartition("/")[0]
            found = {f"{folder}/{one}" for one in re.findall(r'from "\./([^"]+)"', text_of(name))}
        elif name.endswith(".css"):
            # Fonts come by preload; further ones only where a letter on the page needs them.
            found = {one for one in re.findall(r"url\(\"?/static/([^\")]+)", text_of(name))} - {name}
            found = {one for one in found if not one.endswith(".woff2")}
        else:
            found = set()
        waiting += found - asked
        asked |= found
    return asked


def path_of(name: str) -> Path:
    found = finders.find(name)
    assert found, name
    return Path(found)


def text_of(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


def weight(name: str) -> int:
    content = path_of(name).read_bytes()
    return HEADERS + len(content if Path(name).suffix in PACKED else gzip.compress(content))


def test_the_start_page_weighs_less_than_150_kilobytes() -> None:
    InitiativeFactory.create_batch(3)
    SupportOfferFactory.create_batch(3)
    answer = Client().get("/", headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    files = linked_from(gzip.decompress(answer.content).decode())
    assert {"css/theme.css", "vendor/inter/inter-latin.woff2", "js/autosave.js"} <= files
    weights = {name: weight(name) for name in files}
    total = HEADERS + len(answer.content) + sum(weights.values())
    assert total < MOST, sorted(weights.items(), key=lambda one: -one[1])[:8]
