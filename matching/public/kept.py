"""Counts that are kept for a while, because everybody asks for them and they cost a look at every row.

They are counted again when something public has changed: by the beat, within a quarter of a minute where
that is quick, or by the next reader where it takes no time. Without a cache each process keeps its own a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

V = TypeVar("V")
_CHANGED = "public-counts-changed"
# So quick a count is made again by whoever reads it.
_QUICK_SECONDS = 0.1
# After a count the beat rests so many times as long as it took.
_REST = 20
# How long a process answers from its own copy while the cache is away.
_ALONE = timedelta(minutes=1)


@dataclass(frozen=True)
class Kept(Generic[V]):
    """What was counted, when, and how long it took."""

    value: V
    counted_at: datetime
    seconds: float


_own: dict[str, Kept[Any]] = {}


def kept(name: str, count: Callable[[datetime], V]) -> Kept[V]:
    """Return a count, made now only when none is kept or it is old and quickly made."""
    if not settings.PUBLIC_COUNTS_SECONDS:
        return _count(count)
    found = cache.get_many([_key(name), _CHANGED])
    one: Kept[V] | None = found.get(_key(name))
    if one is None and (own := _own.get(name)) and timezone.now() - own.counted_at < _ALONE:
        return own
    if one is None or (one.seconds < _QUICK_SECONDS and _is_old(one, found.get(_CHANGED))):
        return renew(name, count)
    return one


def renew(name: str, count: Callable[[datetime], V]) -> Kept[V]:
    """Count now and keep it."""
    one = _own[name] = _count(count)
    cache.set(_key(name), one, settings.PUBLIC_COUNTS_SECONDS)
    return one


def renew_if_old(name: str, count: Callable[[datetime], V]) -> None:
    """Count when something has changed since, or half of its time has passed."""
    found = cache.get_many([_key(name), _CHANGED])
    one: Kept[V] | None = found.get(_key(name))
    half = timedelta(seconds=settings.PUBLIC_COUNTS_SECONDS / 2)
    age = timezone.now() - one.counted_at if one else half
    # What takes long is made seldom, however often something changes.
    is_due = one is None or age >= min(half, timedelta(seconds=one.seconds * _REST))
    if one is None or (is_due and (_is_old(one, found.get(_CHANGED)) or age >= half)):
        renew(name, count)


def note_change(**_: Any) -> None:
    """Remember, once it is committed, that what the public sees has changed. Receives signals."""
    transaction.on_commit(_note_change, robust=True)


def _note_change() -> None:
    cache.set(_CHANGED, timezone.now(), settings.PUBLIC_COUNTS_SECONDS or None)


def _is_old(one: Kept[Any], changed: datetime | None) -> bool:
    return changed is not None and changed >= one.counted_at


def _count(count: Callable[[datetime], V]) -> Kept[V]:
    # The moment before counting: what changes meanwhile makes it old.
    now, began = timezone.now(), time.monotonic()
    return Kept(count(now), now, time.monotonic() - began)


def _key(name: str) -> str:
    return f"public-counts-{name}"
