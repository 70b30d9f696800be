"""Reads of saved searches: one's own list, and what is new in one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from brygga.organisations.registration.asked import Asked, find_asked, read_asked
from brygga.search.enums import CatalogueKind
from brygga.search.models import SavedSearch
from brygga.search.registry import Found, searchable

if TYPE_CHECKING:
    from brygga.users.models import User

#: So many are named in one mail; the others are counted.
MOST_NAMED = 10
#: What is published in a transaction that is long in coming is still found the next time.
LOOK_BACK = timedelta(hours=6)


@dataclass(frozen=True)
class SearchRow:
    """A saved search in words, and where to see what it finds."""

    search: SavedSearch
    labels: tuple[str, ...]
    address: str
    is_lost: bool


@dataclass(frozen=True)
class News:
    """What is new: keys of all, and those that everybody may see, by name. `more` are not named."""

    keys: list[int]
    named: list[Found]
    more: int


def asked_by(kind: CatalogueKind | str, query: str, now: datetime) -> Asked:
    """Return what an address asks of a catalogue. No query: whoever looks, the filters are the same."""
    return read_asked(searchable(kind).catalogue(AnonymousUser(), now), _parameters(query))


def _parameters(query: str) -> MultiValueDict[str, str]:
    return MultiValueDict(parse_qs(query))


def catalogue_address(kind: CatalogueKind | str, query: str) -> str:
    path = reverse(searchable(kind).page)
    return f"{path}?{query}" if query else path


def search_rows(searches: Iterable[SavedSearch], now: datetime) -> list[SearchRow]:
    """Return searches as their list shows them. No query."""
    rows = []
    for search in searches:
        asked = asked_by(search.kind, search.query, now)
        rows.append(
            SearchRow(search, asked.labels, catalogue_address(search.kind, search.query), asked.is_lost)
        )
    return rows


def own_searches(user: User) -> QuerySet[SavedSearch]:
    """Return the person's searches, newest first."""
    return SavedSearch.objects.visible_to(user).kept().order_by("-created_at", "-pk")


def news_of(search: SavedSearch, now: datetime) -> News:
    """Return what the search finds that was published since it was looked at, and has not been told.

    A mail is read on more screens than a page behind a sign-in, so only what everybody may see is named.
    """
    wanted = searchable(search.kind)
    catalogue = wanted.catalogue(search.user, now)
    asked = read_asked(catalogue, _parameters(search.query))
    since = max(search.begins_at, search.looked_until - LOOK_BACK)
    new = find_asked(catalogue, asked).filter(published_at__gt=since, published_at__lte=now)
    keys = list(
        new.exclude(pk__in=search.told.values("profile_id"))
        .order_by("-published_at", "-pk")
        .values_list("pk", flat=True)
    )
    if not keys:
        return News([], [], 0)
    public = wanted.catalogue(AnonymousUser(), now).profiles.filter(pk__in=keys)
    named = [wanted.name(one) for one in public.order_by("-published_at", "-pk")[:MOST_NAMED]]
    return News(keys, named, len(keys) - len(named))


def has_active_searches(user: User) -> bool:
    """Say whether the person gets mails about any search."""
    return own_searches(user).filter(paused_at__isnull=True).exists()
