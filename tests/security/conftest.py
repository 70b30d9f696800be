"""The permission table's world, and every page that it opens to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.permissions.conftest import world
from tests.permissions.table import Row, address, read_table
from tests.permissions.world import ROLES, World

__all__ = ["world"]

# Those who see most come first, so that a page is read with everything on it.
_RICHEST = ("owner", "giver", "intermediary", "staff", "visitor")


NO_HTML = {
    "healthz",
    "readyz",
    "robots",
    "api-index",
    "api-schema",
    "api-taxonomy",
    "api-initiatives",
    "api-initiative",
    "api-initiative-matches",
    "api-offers",
    "api-offer",
    "api-offer-matches",
    "matching:meeting-file",
    "innovators:catalogue-file",
    "innovators:questions-text",
    "innovators:picture",
    "innovators:story-file",
    "innovators:questions-document",
    "innovators:answers-document",
    "funders:questions-text",
    "funders:questions-document",
    "funders:answers-document",
    "public:gaps-file",
    "matching:cases-file",
    "matching:shortlist-file",
    "matching:all-cases-file",
    "matching:support-file",
    "matching:intake-rest",
    "matching:calendar-feed",
    "matching:closing-day",
    "matching:attachment",
}


@dataclass(frozen=True)
class Page:
    """A page that a role may read, in a language."""

    row: Row
    role: str
    language: str

    def __str__(self) -> str:
        return f"{self.row} as {self.role} in {self.language}"

    def address(self, world: World) -> str:
        return address(self.row.name, world.things[self.row.about], self.language)


def pages(*, only_html: bool = False) -> Iterator[Page]:
    """Return every page: as whoever sees most of it, and as a visitor where it is public; in both languages."""
    for row in read_table():
        if row.verb != "GET" or (only_html and row.name in NO_HTML):
            continue
        expected = dict(zip(ROLES, row.expected, strict=True))
        open_to = [role for role in _RICHEST if expected[role] == "200"]
        for role in dict.fromkeys([*open_to[:1], *(["visitor"] if "visitor" in open_to else [])]):
            for language in ("sv", "en"):
                yield Page(row, role, language)
