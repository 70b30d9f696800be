"""Reads of who else does it, as far as somebody may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from brygga.organisations.permissions import is_member
from brygga.organisations.registration.words import full_area_names
from brygga.taxonomy.selectors import county_of
from innovators.models import Initiative, SpreadRecord
from innovators.spread.lists import items_of

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class SpreadLine:
    """Somebody who does it too."""

    record: SpreadRecord
    place: str
    adopter: str
    kept: list[str]


@dataclass(frozen=True)
class Lists:
    """What must stay the same and what may be adapted."""

    core: list[str]
    adaptable: list[str]

    def __bool__(self) -> bool:
        return bool(self.core or self.adaptable)


def lists_of(initiative: Initiative) -> Lists:
    return Lists(items_of(initiative.core), items_of(initiative.adaptable))


def spread_lines(initiative: Initiative, user: User | AnonymousUser) -> list[SpreadLine]:
    """Return those who have taken it up, the latest first. One query."""
    rows = SpreadRecord.objects.visible_to(user).filter(initiative=initiative)
    is_own = is_member(user, initiative.organisation_id)
    return [
        SpreadLine(
            record=row,
            place=place_words(row, in_full=is_own or not initiative.place_coarsened),
            adopter=_adopter(row, is_own=is_own),
            kept=row.kept_words,
        )
        for row in rows.order_by(F("started_on").desc(nulls_last=True), "-pk")
    ]


def place_words(record: SpreadRecord, *, in_full: bool) -> str:
    """Return the place in words; an initiative that shows only its county does so with these too."""
    if in_full:
        return full_area_names([record.area_code])[0] if record.area_code else record.place
    if not record.area_code:
        return ""
    return full_area_names([county_of(record.area_code) or record.area_code])[0]


def _adopter(record: SpreadRecord, *, is_own: bool) -> str:
    name = record.adopter if is_own else record.public_adopter
    return name or str(record.get_adopter_kind_display() or "")
