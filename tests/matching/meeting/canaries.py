"""Addresses and numbers that must not sing, planted through the services, and a net to hear them with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils.translation import override

from brygga.users.models import User
from tests.answers import words_of

# Admin is for staff behind two factors; the theme switch and the way out change what the crawler is.
UNCRAWLED_NAMESPACES = frozenset({"admin"})
UNCRAWLED_NAMES = frozenset({"account_logout"})


@dataclass(frozen=True)
class Heard:
    """A text as it is listened to: without capitals, and without what numbers are broken up by."""

    folded: str
    bare: str

    @classmethod
    def of(cls, text: str) -> Heard:
        return cls(text.casefold(), re.sub(r"[\s\-‐‑‒–—./()·\xa0]|&nbsp;|%20", "", text))


@dataclass(frozen=True)
class Canary:
    """An e-mail address or a phone number that stands in one place only."""

    place: str
    side: str
    written: str

    @property
    def token(self) -> str:
        """What is looked for: the part that survives being written in another way."""
        if "@" in self.written:
            return self.written.split("@")[0].casefold()
        return re.sub(r"\D", "", self.written)[-9:]

    def sings_in(self, heard: Heard) -> bool:
        return self.token in (heard.folded if "@" in self.written else heard.bare)


@dataclass
class Aviary:
    """All canaries that are planted, each with a text of its own."""

    canaries: list[Canary] = field(default_factory=list)
    # Addresses that answer nobody, by whether it was a form: 405 depends on nothing else, and is heard once.
    closed: set[tuple[str, bool]] = field(default_factory=set)

    def email(self, place: str, side: str) -> str:
        number = len(self.canaries)
        letters = chr(ord("a") + number // 26) + chr(ord("a") + number % 26)
        return self._plant(place, side, f"kanarie.{letters}@fagelbur.example")

    def phone(self, place: str, side: str) -> str:
        number = len(self.canaries)
        return self._plant(place, side, f"070-174 {number // 100:02d} {number % 100:02d}")

    def text(self, place: str, side: str) -> str:
        """Return a sentence with an address and a number in it."""
        return f"Skriv till {self.email(place, side)} eller ring {self.phone(place, side)}!"

    def _plant(self, place: str, side: str, written: str) -> str:
        self.canaries.append(Canary(place, side, written))
        return written

    def heard_in(self, text: str, *, deaf_to: Iterable[str] = ()) -> list[str]:
        """Return where the canaries that sing in a text were planted, but for the listener's own side."""
        heard = Heard.of(text)
        return sorted(
            {
                f"{canary.side} {canary.place} ({canary.written})"
                for canary in self.canaries
                if canary.side not in deaf_to and canary.sings_in(heard)
            }
        )


@dataclass(frozen=True)
class Address:
    """A named URL pattern, the names of its arguments, and the first word of its own route, such as "offer"."""

    name: str
    arguments: tuple[str, ...]
    first: str = ""


def every_address() -> list[Address]:
    """Return every named pattern of the URLconf, each combination of arguments once."""
    with override("en"):
        found = set(_walk(get_resolver().url_patterns, "", ()))
    return sorted(found, key=lambda one: (one.name, one.arguments, one.first))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], namespace: str, arguments: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in patterns:
        own = (*arguments, *_arguments(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if pattern.namespace not in UNCRAWLED_NAMESPACES:
                yield from _walk(pattern.url_patterns, inner, own)
        elif pattern.name and pattern.name not in UNCRAWLED_NAMES:
            yield Address(f"{namespace}{pattern.name}", own, str(pattern.pattern).split("/")[0])


def _arguments(pattern: Any) -> tuple[str, ...]:
    return tuple(pattern.converters) or tuple(pattern.regex.groupindex)


@dataclass(frozen=True)
class Planted:
    """What the arguments of addresses stand for. Keys are argument names, `namespace:argument`, or with the
    first word of the route between them: a page about offers is not asked for with the id of a proposal.
    """

    values: dict[str, list[str]]

    def of(self, address: Address, argument: str) -> list[str]:
        namespace = address.name.rsplit(":", 1)[0] if ":" in address.name else address.name
        keys = (f"{address.name}:{argument}", f"{namespace}:{address.first}:{argument}")
        for key in (*keys, f"{namespace}:{argument}", argument):
            if key in self.values:
                return self.values[key]
        raise AssertionError(f"Say what “{argument}” of {address.name} stands for, so that it is crawled.")


def addresses_of(planted: Planted, language: str) -> list[str]:
    """Return every address there is for the planted things, in one language."""
    found: dict[str, None] = {}
    for address in every_address():
        combinations: list[dict[str, str]] = [{}]
        for argument in address.arguments:
            combinations = [
                {**one, argument: value} for one in combinations for value in planted.of(address, argument)
            ]
        for arguments in combinations:
            with override(language):
                try:
                    found[reverse(address.name, kwargs=arguments)] = None
                except NoReverseMatch:  # a pattern of another package takes only some forms
                    continue
    return list(found)


def everything_in(answer: Any) -> str:
    """Return everything an answer says: headers that people see, and the body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {answer.get('Location', '')}\n{words_of(body)}"


def crawl(
    aviary: Aviary,
    addresses: Iterable[str],
    person: User | None,
    *,
    deaf_to: Iterable[str] = (),
    posted: bool = False,
) -> dict[str, list[str]]:
    """Return what sings where, for one person: address -> places.

    With `posted` an empty form is sent to each instead, as to who has forgotten to fill it in; what that does
    is taken back.
    """
    client = Client()
    if person is not None:
        client.force_login(person)
    heard = {}
    for address in addresses:
        if (address, posted) in aviary.closed:
            continue
        with transaction.atomic():
            answer = client.post(address, {}) if posted else client.get(address)
            said = everything_in(answer)
            transaction.set_rollback(posted)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            aviary.closed.add((address, posted))
        singing = aviary.heard_in(said, deaf_to=deaf_to)
        if singing:
            heard[address] = singing
    return heard
