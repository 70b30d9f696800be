"""What can be searched. Filled from above in `AppConfig.ready()`, one entry a catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from brygga.organisations.registration.catalogue import Catalogue
from brygga.search.enums import CatalogueKind
from brygga.users.models import User


@dataclass(frozen=True)
class Found:
    """A profile as a mail may name it: its public title, whose it is, and where it is."""

    title: str
    owner: str
    path: str


@dataclass(frozen=True)
class Searchable:
    """A catalogue as somebody sees it, the name of its page, and how a hit is named."""

    catalogue: Callable[[User | AnonymousUser, datetime], Catalogue]
    page: str
    name: Callable[[Any], Found]


_searchables: dict[CatalogueKind, Searchable] = {}


def register(kind: CatalogueKind, searchable: Searchable) -> None:
    _searchables[kind] = searchable


def searchable(kind: CatalogueKind | str) -> Searchable:
    """Return the catalogue of a kind. Raises KeyError where no app has registered one."""
    return _searchables[CatalogueKind(kind)]
