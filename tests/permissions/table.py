"""The table in docs/permissions.md, read; and the whole URLconf, to hold against it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from tests.permissions.world import ROLES, World

TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
# Django's admin makes its own addresses for each model; they are asked one by one, by one rule.
ADMIN = "admin:"
# What is said when it is not only a status.
SIGN_IN, CONFIRM = "302 sign-in", "302 confirm"
_PROVING = ("users:confirm-it-is-you", "account_reauthenticate", "mfa_reauthenticate")


@dataclass(frozen=True)
class Row:
    """One line of the table: who gets which answer."""

    name: str
    verb: str
    about: str
    expected: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.verb} {self.name}" + (f" ({self.about})" if self.about else "")


def read_table() -> list[Row]:
    """Return the rows whose first cell is a URL's name in backticks and whose second is a verb."""
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("| `") or cells[1] not in ("GET", "POST"):
            continue
        name, verb, about, *expected = cells
        if len(expected) != len(ROLES):
            raise ValueError(f"{name} has {len(expected)} answers for {len(ROLES)} roles")
        rows.append(Row(name.strip("`"), verb, about, tuple(expected)))
    return rows


def urls(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Return every URL of the project: its name, and what has to be filled in."""
    for pattern in (resolver or get_resolver()).url_patterns:
        wanted = above | frozenset(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from urls(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, wanted)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or "?")), wanted


@functools.cache
def _wanted() -> dict[str, frozenset[str]]:
    return dict(urls())


def address(name: str, things: dict[str, Any], language: str) -> str:
    """Return a URL's address in a language, filled with what a row is about."""
    with override(language):
        return reverse(name, kwargs={key: things[key] for key in _wanted()[name]})


# An empty form is answered 422 to those who may send it, and 403 or 404 to those who may not.
FORMS: dict[str, dict[str, str]] = {"core:set-theme": {"theme": "dark"}}


def answer(world: World, row: Row, role: str, language: str = "sv") -> str:
    """Ask as somebody in a role, and put the answer as the table does."""
    client = world.client(role)
    where = address(row.name, world.things[row.about], language)
    response = client.post(where, FORMS.get(row.name, {})) if row.verb == "POST" else client.get(where)
    return in_words(response)


def asked_once(world: World, row: Row, role: str, language: str = "sv") -> str:
    """Ask, and take back what it did; limits on how often start from nothing."""
    cache.clear()
    with rolled_back():
        return answer(world, row, role, language)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back what is written inside; what waits for a commit never happens."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def in_words(response: Any) -> str:
    status = str(response.status_code)
    target = response.headers.get("Location", "").split("?")[0]
    for language in ("sv", "en"):
        with override(language):
            if target == reverse("account_login"):
                return SIGN_IN
            if target in {reverse(name) for name in _PROVING}:
                return CONFIRM
    return status
