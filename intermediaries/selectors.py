"""Reads for the list of flagged initiatives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from brygga.organisations.models import Organisation
from brygga.taxonomy.selectors import county_choices, current_taxonomy
from intermediaries.enums import FlagReason
from intermediaries.models import Flag
from intermediaries.querysets import FlagQuerySet

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class FlagFilters:
    """What the reader has chosen. Values that name nothing known are left out and listed in `unknown`."""

    counties: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    flaggers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())

    @property
    def chosen(self) -> int:
        return len(self.counties) + len(self.themes) + len(self.reasons) + len(self.flaggers)


def flaggers(user: User | AnonymousUser) -> Sequence[Organisation]:
    """Organisations with a standing flag that the user may see, by name: also a filter's option tells."""
    seen = Flag.objects.visible_to(user).values("organisation")
    return list(Organisation.objects.filter(pk__in=seen).order_by("name", "pk"))


def read_filters(
    *,
    counties: Iterable[str],
    themes: Iterable[str],
    reasons: Iterable[str],
    flaggers: Sequence[Organisation],
    chosen_flaggers: Iterable[str],
) -> FlagFilters:
    """Sort what an address asks for into known codes and unknown words."""
    asked: dict[str, tuple[Iterable[str], Collection[str]]] = {
        "counties": (counties, dict(county_choices()).keys()),
        "themes": (themes, current_taxonomy().themes.entries.keys()),
        "reasons": (reasons, FlagReason.values),
        "flaggers": (chosen_flaggers, {organisation.public_id for organisation in flaggers}),
    }
    parts: dict[str, list[str]] = {name: [] for name in asked}
    unknown: list[str] = []
    for name, (values, known) in asked.items():
        for value in dict.fromkeys(values):
            (parts[name] if value in known else unknown).append(value)
    return FlagFilters(
        counties=tuple(parts["counties"]),
        themes=tuple(parts["themes"]),
        reasons=tuple(parts["reasons"]),
        flaggers=tuple(parts["flaggers"]),
        unknown=tuple(unknown),
    )


def flags_for(user: User | AnonymousUser, filters: FlagFilters) -> FlagQuerySet:
    """Standing flags the user may see, newest first, narrowed by the filters."""
    flags = Flag.objects.visible_to(user).select_related("initiative__organisation", "organisation")
    taxonomy = current_taxonomy()
    if filters.counties:
        # A county's flags are those of the county itself and of any municipality in it.
        condition = Q()
        for code in filters.counties:
            condition |= Q(initiative__area_codes__overlap=[code, *taxonomy.areas[code].children])
        flags = flags.filter(condition)
    if filters.themes:
        entries = taxonomy.themes.entries
        codes = [code for chosen in filters.themes for code in (chosen, *entries[chosen].children)]
        flags = flags.filter(initiative__theme_codes__overlap=codes)
    if filters.reasons:
        flags = flags.filter(reasons__overlap=list(filters.reasons))
    if filters.flaggers:
        flags = flags.filter(organisation__public_id__in=filters.flaggers)
    return flags.order_by("-flagged_at", "-pk")


def top_theme_choices(language: str) -> list[tuple[str, str]]:
    """Themes of the upper level; choosing one takes its parts along."""
    return [
        (entry.code, entry.name(language))
        for entry in current_taxonomy().themes.entries.values()
        if entry.parent is None and entry.is_active
    ]
