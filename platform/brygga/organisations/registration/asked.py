"""What an address asks of a catalogue, read so that it can be kept, named and asked again later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from brygga.organisations.registration.catalogue import Catalogue


@dataclass(frozen=True)
class Asked:
    """Words and filters. `is_lost`: a whole filter is unknown, so the answer would be wider than asked."""

    text: str
    chosen: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...]
    is_lost: bool = False

    @property
    def address(self) -> str:
        """The parameters, the same for whoever asks the same; without page, order and view."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in sorted(self.chosen) for value in sorted(self.chosen[name])]
        return urlencode(pairs)


def read_asked(catalogue: Catalogue, asked: MultiValueDict[str, Any]) -> Asked:
    """Return what is asked, with its words in the language that is on. No query."""
    text = " ".join(str(asked.get("q", "")).replace("\x00", "").split())[:200]
    chosen: dict[str, tuple[str, ...]] = {}
    labels = [gettext("“%(text)s”") % {"text": text}] if text else []
    is_lost = False
    for facet in catalogue.facets:
        values = list(dict.fromkeys(str(value) for value in asked.getlist(facet.name) if value))
        if not values:
            continue
        named = {option.value: option.label for option in facet.options()}
        if known := tuple(value for value in values if value in named):
            chosen[facet.name] = known
            labels += [named[value] for value in known]
        else:
            is_lost = True
    return Asked(text, chosen, tuple(labels), is_lost)


def find_asked(catalogue: Catalogue, asked: Asked) -> QuerySet[Any]:
    """Return the profiles that are found, in no order. What has become unknown never widens the answer."""
    if asked.is_lost:
        return catalogue.profiles.none()
    found = catalogue.profiles
    for facet in catalogue.facets:
        if facet.name in asked.chosen:
            found = found.filter(facet.condition(list(asked.chosen[facet.name])))
    if asked.text:
        plan = catalogue.plan_search(asked.text)
        if not plan.is_empty:
            found = found.filter(plan.condition())
    return found
