"""Read the values of one exchange record, and say plainly what cannot be used.

Nothing raises here: a value that is wrong becomes unknown and a `Problem`, so that the rest of the
record is still of use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from brygga.language import mask_contact_details

T = TypeVar("T")
LONGEST_WORD = 120
MOST_WORDS = 60
MOST_ROWS = 30
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """Something about a record worth telling: what could not be used, or (a note) how it was used."""

    field: str
    reason: str
    is_note: bool = False


class FieldReader:
    """The keys of one JSON object, each read at most once; `leftovers` are those nobody asked for."""

    def __init__(self, values: Mapping[str, Any], problems: list[Problem], path: str = "") -> None:
        self._values = values
        self._problems = problems
        self._path = path
        self._asked: set[str] = set()

    def problem(self, name: str, reason: str, *, is_note: bool = False) -> None:
        """Report something about a key."""
        self._problems.append(Problem(self._name(name), reason, is_note))

    def leftovers(self) -> None:
        """Note the keys that were never read."""
        for name in self._values:
            if name not in self._asked:
                self.problem(str(name)[:60], "unknown key, ignored", is_note=True)

    def has(self, name: str) -> bool:
        """Say whether the key is there and not null."""
        return self._values.get(name) is not None

    def is_text(self, name: str) -> bool:
        """Say whether the value is a text and not something with parts."""
        return isinstance(self._values.get(name), str)

    def text(self, name: str, longest: int = 20_000) -> str:
        """Return a text without white space around it, "" when absent."""
        value = self._take(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._no(name, "is not text", "")
        if _UNSTORABLE.search(value):
            self.problem(name, "has characters that cannot be stored; they are left out")
            value = _UNSTORABLE.sub("", value)
        value = value.strip()
        if len(value) > longest:
            self.problem(name, f"is longer than {longest} characters; the rest is left out")
            value = value[: longest - 1].rstrip() + "…"
        return value

    def code(self, name: str, known: Collection[str]) -> str | None:
        """Return one of the known codes."""
        value = self._take(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or value not in known:
            return self._no(name, f"{_shown(value)} is not one of {', '.join(known)}", None)
        return value

    def codes(self, name: str, known: Collection[str]) -> list[str] | None:
        """Return known codes, each once; null stays null and [] stays []."""
        found: list[str] = []
        value = self._list(name)
        if value is None:
            return None
        for place, item in enumerate(value):
            if not isinstance(item, str) or item not in known:
                self.problem(f"{name}[{place}]", f"{_shown(item)} is not one of {', '.join(known)}")
            elif item not in found:
                found.append(item)
        # Only unusable codes: what was meant is unknown, which is not the same as none.
        return None if value and not found else found

    def words(self, name: str) -> list[str] | None:
        """Return free words, each once, for the taxonomy to make sense of."""
        value = self._list(name)
        if value is None:
            return None
        found: dict[str, None] = {}
        for place, item in enumerate(value):
            here = f"{name}[{place}]"
            if not isinstance(item, str):
                self.problem(here, "is not text")
                continue
            word = " ".join(_UNSTORABLE.sub("", item).split())
            if len(word) > LONGEST_WORD:
                self.problem(here, f"is longer than {LONGEST_WORD} characters; the rest is left out")
                word = word[:LONGEST_WORD].rstrip()
            if mask_contact_details(word).found:
                self.problem(here, "is an e-mail address or a phone number, which is never public")
            elif word:
                found[word] = None
        if len(found) > MOST_WORDS:
            self.problem(name, f"has more than {MOST_WORDS} words; the rest is left out")
        if value and not found:
            return None
        return list(found)[:MOST_WORDS]

    def whole(self, name: str, most: int) -> int | None:
        """Return a whole number from 0 to `most`."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._no(name, "is not a whole number", None)
        if not 0 <= value <= most:
            return self._no(name, f"is not between 0 and {most}", None)
        return value

    def yes_no(self, name: str) -> bool | None:
        """Return true or false."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return value
        return self._no(name, "is neither true nor false", None)

    def day(self, name: str) -> date | None:
        """Return an ISO date; a moment's date is taken as it is written."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = date.fromisoformat(value[:10]) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year <= 2200:
            return self._no(name, "is not a date such as 2027-03-31", None)
        return found

    def address(self, name: str, longest: int = 500) -> str:
        """Return a web address, "" when absent."""
        value = self._take(name)
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()) or len(value) > longest:
            return self._no(name, "is not a web address that begins with http:// or https://", "")
        value = value.strip()
        try:
            host = urlsplit(value).hostname
        except ValueError:
            host = None
        return (
            value
            if host and _UNSTORABLE.search(value) is None
            else self._no(name, "is not a web address", "")
        )

    def part(self, name: str) -> FieldReader | None:
        """Return the object under a key."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            return self._no(name, "is not an object", None)
        return FieldReader(value, self._problems, self._name(name))

    def rows(self, name: str) -> list[FieldReader] | None:
        """Return the objects in a list."""
        value = self._list(name)
        if value is None:
            return None
        found = []
        for place, item in enumerate(value[:MOST_ROWS]):
            if isinstance(item, dict):
                found.append(FieldReader(item, self._problems, f"{self._name(name)}[{place}]"))
            else:
                self.problem(f"{name}[{place}]", "is not an object")
        if len(value) > MOST_ROWS:
            self.problem(name, f"has more than {MOST_ROWS} rows; the rest is left out")
        return found

    def _take(self, name: str) -> Any:
        self._asked.add(name)
        return self._values.get(name)

    def _list(self, name: str) -> list[Any] | None:
        value = self._take(name)
        if value is None or isinstance(value, list):
            return value
        return self._no(name, "is not a list", None)

    def _no(self, name: str, reason: str, instead: T) -> T:
        self.problem(name, reason)
        return instead

    def _name(self, name: str) -> str:
        if not name:
            return self._path
        return f"{self._path}.{name}" if self._path else name


Resolve = Callable[[str], str | None]


@dataclass(frozen=True)
class Tags:
    """What a list of words means: codes (null = nobody has said), and the words that mean nothing here."""

    codes: list[str] | None
    words: list[str]


def resolved(words: list[str] | None, resolve: Resolve) -> Tags:
    """Sort words into codes and words without one."""
    if words is None:
        return Tags(None, [])
    codes: dict[str, None] = {}
    unknown: list[str] = []
    for word in words:
        code = resolve(word)
        if code is None:
            unknown.append(word)
        else:
            codes[code] = None
    return Tags(list(codes), unknown)


def _shown(value: Any) -> str:
    return f"“{value[:60]}”" if isinstance(value, str) else "this"
