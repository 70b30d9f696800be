"""Slots: named places on pages below, filled from apps above.

A page below names a slot and fills it for all its objects at once; an app above registers one
callable in `AppConfig.ready()`. The page is whole without JavaScript, and the number of queries
does not grow with the number of objects, because a provider is called once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

# A provider gets all objects of a page and the request; it returns the markup for each that has some.
Provider = Callable[[Sequence[Any], HttpRequest], dict[Any, SafeString]]

_providers: dict[str, list[Provider]] = defaultdict(list)


def register(slot: str, provider: Provider) -> None:
    """Let `provider` fill `slot`. Registering the same callable again changes nothing."""
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def fill(slot: str, objects: Sequence[Any], request: HttpRequest) -> dict[Any, list[SafeString]]:
    """Return, per primary key, the markup that the apps above have for each object.

    The result is also put on each object as `slots[slot]`, where the template tag `{% slot %}` finds it.
    """
    contents: dict[Any, list[SafeString]] = defaultdict(list)
    for provider in _providers[slot]:
        for key, markup in provider(objects, request).items():
            contents[key].append(markup)
    for thing in objects:
        if thing is None:  # a page that is about no object: the caller reads the result
            continue
        if not hasattr(thing, "slots"):
            thing.slots = {}
        thing.slots[slot] = contents.get(thing.pk, [])
    return dict(contents)
