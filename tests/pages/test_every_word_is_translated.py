"""Every word that a page says is in the catalogue of messages: seen with a language made of marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.urls import reverse
from django.utils import translation

from brygga.organisations.registration.questions import QuestionList
from brygga.pages import api_documents
from funders.questions import OFFER_QUESTIONS
from innovators.questions import INITIATIVE_QUESTIONS
from matching.kernel import adopting_reasons, collaboration_reasons, reasons
from tests.permissions.table import address, read_table, rolled_back
from tests.permissions.world import ROLES, World
from tests.security.conftest import pages

pytestmark = pytest.mark.django_db

OPEN, CLOSE = "⟦", "⟧"
# Texts in the page that are read or heard. `value` counts on buttons alone.
HEARD = {"title", "alt", "aria-label", "placeholder", "label", "aria-description", "aria-roledescription"}
# Code reads the same in every language.
SILENT = {"script", "style", "template", "code", "pre"}
# Our own name, the languages in their own words, and what has no other name.
SAME_IN_EVERY_LANGUAGE = {"Brygga", "Svenska", "English", "API", "CSV", "XLSX", "JSON", "TXT"}
# Days and amounts are written by a library, from the language of the page.
MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
SHORT_MONTHS = "jan|feb|apr|aug|sep|okt|nov|dec"
BY_THE_LIBRARY = re.compile(
    rf"(\d+ ({MONTHS}|({SHORT_MONTHS})\.)|({MONTHS}) \d{{4}})( \d{{4}})?( \d\d:\d\d)?|\d[\d\s–]*kr\b"
)
# On the page of a pair the words that made the match are marked, in the midst of what people wrote.
IN_PIECES = "matching:pair-"


def in_marks(message: object) -> str:
    """Return a message between marks; parts of addresses stay as they are."""
    text = str(message)
    is_address = "/" in text and re.fullmatch(r"[a-zåäö0-9<>:_./-]+", text)
    return text if is_address or not text.strip() else f"{OPEN}{text}{CLOSE}"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put marks around each message that is looked up, in whatever way."""
    catalogue = translation._trans

    def marking(look_up: Callable[..., str]) -> Callable[..., str]:
        return lambda *asked: in_marks(look_up(*asked))

    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        monkeypatch.setattr(catalogue, name, marking(getattr(catalogue, name)))
    # The engine's reasons have their two languages side by side; a test of theirs holds them equal.
    adopting = adopting_reasons.SWEDISH.values()
    for vocabulary in (reasons.SWEDISH, collaboration_reasons.SWEDISH, *adopting):
        for key, text in vocabulary.items():
            monkeypatch.setitem(cast("dict[str, str]", vocabulary), key, f"{OPEN}{text}{CLOSE}")
    _forget_pages()
    yield
    _forget_pages()


def _forget_pages() -> None:
    cache.clear()
    api_documents.schema.cache_clear()


class Said(HTMLParser):
    """What a page says outside the marks, without what nobody sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0
        self.marked = 0
        # A message may hold links: its marks stand far apart.
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        given = dict(attrs)
        for name, value in given.items():
            if value and (
                name in HEARD
                or (name == "value" and tag == "input" and given.get("type") in ("submit", "button"))
            ):
                self._keep(outside_marks(value)[0])

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if self.silent or not data.strip():
            return
        self.marked += data.count(OPEN)
        pieces, self.depth = outside_marks(data, self.depth)
        self._keep(pieces)

    def _keep(self, pieces: list[str]) -> None:
        self.texts += [piece.strip() for piece in pieces if re.search(r"[^\W\d_]{2}", piece)]


def outside_marks(text: str, depth: int = 0) -> tuple[list[str], int]:
    """Return the pieces that stand between no marks, and how many marks are still open."""
    piece, pieces = "", []
    for letter in text:
        if letter == OPEN:
            pieces, piece, depth = [*pieces, piece], "", depth + 1
        elif letter == CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            piece += letter
    return [*pieces, piece], depth


def people_wrote() -> list[str]:
    """Return every text in the database, the longest first: what people wrote is in no catalogue."""
    texts: set[str] = set()
    for model in apps.get_models():
        fields = [field.name for field in model._meta.concrete_fields if _holds_text(field)]
        for row in model._default_manager.values_list(*fields) if fields else []:
            for value in row:
                texts.update(_texts_in(value))
    return sorted({text.strip() for text in texts if len(text.strip()) > 1}, key=len, reverse=True)


def _holds_text(field: Any) -> bool:
    return not isinstance(field, models.GeneratedField) and field.get_internal_type() in (
        "CharField",
        "TextField",
        "EmailField",
        "SlugField",
        "URLField",
        "ArrayField",
        "JSONField",
    )


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts_in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_in(one)


def unknown(said: dict[str, set[str]]) -> list[str]:
    """Return the texts with words that are neither in marks nor written by people, and where they stand."""
    wrote, found = people_wrote(), []
    for text, names in sorted(said.items()):
        rest = BY_THE_LIBRARY.sub(" ", " ".join(text.split()))
        is_a_piece = rest.endswith("…") or all(name.startswith(IN_PIECES) for name in names)
        if is_a_piece and any(rest.strip(".… ") in known for known in wrote):
            continue
        for known in wrote:
            if known in rest:
                rest = rest.replace(known, " ")
        for name in SAME_IN_EVERY_LANGUAGE:
            rest = re.sub(rf"\b{re.escape(name)}\b", " ", rest)
        if re.search(r"[^\W\d_]{2}", rest):
            found.append(f"{text} ({', '.join(sorted(names)[:3])})")
    return found


def test_pages_say_nothing_outside_the_catalogue(world: World, marked: None) -> None:
    said: dict[str, set[str]] = {}
    marks = 0
    for page in pages(only_html=True):
        if page.language != "sv":
            continue
        response = world.client(page.role).get(page.address(world))
        assert response.status_code == 200, str(page)
        reader = Said()
        reader.feed(response.content.decode())
        marks += reader.marked
        for text in reader.texts:
            said.setdefault(text, set()).add(page.row.name)
    assert marks > 2000
    assert unknown(said) == []


# No answers to anything, too long and short, and no word that a page could be thought to say.
NONSENSE = ("9" * 9_000 + "@", "9@")
# What Django says of a text that is too long; we say how to mend it.
NOT_OURS = ("Säkerställ", "Ensure this value")


def nonsense_for(response: Any) -> list[dict[str, Any]]:
    """Return wrong answers to every question of the form on a page; what it carries along stays."""
    asked = list(response.context.get("form") or ())
    carried = {one.html_name: one.value() for one in asked if one.is_hidden and one.value() is not None}
    return [{**carried, **{one.html_name: wrong for one in asked if not one.is_hidden}} for wrong in NONSENSE]


def test_errors_of_forms_say_nothing_outside_the_catalogue(world: World, marked: None) -> None:
    said: dict[str, set[str]] = {}
    forms = 0
    for row in read_table():
        expected = dict(zip(ROLES, row.expected, strict=True))
        role = next((role for role in reversed(ROLES) if expected[role] == "422"), None)
        if row.verb != "POST" or role is None:
            continue
        where = address(row.name, world.things[row.about], "sv")
        response = world.client(role).post(where, {})
        assert response.status_code == 422, str(row)
        answers = [response]
        for wrong in nonsense_for(response):
            with rolled_back():
                answers.append(world.client(role).post(where, wrong))
        for answer in answers:
            if answer.status_code != 422:
                continue
            reader = Said()
            reader.feed(answer.content.decode())
            forms += 1
            for text in reader.texts:
                said.setdefault(text, set()).add(row.name)
    assert forms >= 100
    assert unknown(said) == []


@pytest.mark.parametrize(
    ("app", "questions", "thing", "role"),
    [
        ("innovators", INITIATIVE_QUESTIONS, "initiative", "owner"),
        ("funders", OFFER_QUESTIONS, "offer", "giver"),
    ],
)
def test_every_question_says_nothing_outside_the_catalogue(
    world: World, marked: None, app: str, questions: QuestionList, thing: str, role: str
) -> None:
    said: dict[str, set[str]] = {}
    wrong = 0
    client, public_id = world.client(role), world.things[thing]["public_id"]
    for question in questions:
        where = reverse(f"{app}:question", args=[public_id, question.slug])
        shown = client.get(where)
        assert shown.status_code == 200, question.slug
        answers = [shown]
        for given in nonsense_for(shown):
            with rolled_back():
                answers.append(client.post(where, given))
        wrong += sum(answer.status_code == 422 for answer in answers)
        for answer in answers:
            content = answer.content.decode()
            assert not [words for words in NOT_OURS if words in content], question.slug
            reader = Said()
            reader.feed(content)
            for text in reader.texts:
                said.setdefault(text, set()).add(question.slug)
    assert wrong >= 30
    assert unknown(said) == []
