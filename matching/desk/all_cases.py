"""All cases of an organisation's offers in one list: what somebody must do something with comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from brygga.taxonomy.enums import OrganisationKind
from innovators.models import Initiative
from matching.desk.board import (
    COLUMNS,
    MINE,
    SORTS,
    WANTS_CONTACT,
    Place,
    column_of,
    in_order,
    last_moved_first,
    narrowed,
)
from matching.desk.enums import DECIDED, Stage
from matching.desk.models import ShortlistEntry
from matching.desk.selectors import Asked

if TYPE_CHECKING:
    from brygga.users.models import User

#: What the stage of the address may be besides a column: everything, suggestions and decisions too.
EVERYTHING = "all"
STAGES = (EVERYTHING, *(stage.value for stage in COLUMNS))
#: The usual order is that of what there is to do.
TO_DO = "todo"
ALL_SORTS = (TO_DO, *SORTS)
MOST_WORDS = 100
#: What an officer looks for first.
SHORTCUTS = (("contact", WANTS_CONTACT), ("who", MINE), ("due", "late"), ("answer", "late"))
_SOON = timedelta(days=7)
# What is handled already before what is only put forward.
_AFTER_THAT = (Stage.SHORTLISTED, Stage.IN_DIALOGUE, Stage.SUGGESTED, Stage.SUPPORTED, Stage.DECLINED)


def wants_suggestions(asked: Asked) -> bool:
    """Say whether the address asks for what is put forward and nobody has handled yet."""
    return bool({EVERYTHING, Stage.SUGGESTED.value} & set(asked["stage"]) or asked["new"])


def is_under_way(row: Place) -> bool:
    """Say whether a case is picked out and not decided, or is one that somebody waits for, has or should be done."""
    if row.wants_contact:
        return True
    if row.stage == Stage.SUGGESTED:
        return row.assignee is not None or row.due_on is not None or row.answer_by is not None
    return row.stage in (Stage.SHORTLISTED, Stage.IN_DIALOGUE)


def chosen(rows: Iterable[Place], asked: Asked, user: User, today: date) -> list[Place]:
    """Return the cases that the address asks for, but for its words. Without a stage: what is under way."""
    if not asked["stage"] and not asked["new"]:
        rows = [row for row in rows if is_under_way(row)]
    if EVERYTHING in asked["stage"]:
        asked = replace(asked, chosen={**asked.chosen, "stage": []})
    return narrowed(rows, asked, user, today)


def with_words(rows: list[Place], text: str) -> list[Place]:
    """Return the cases with a text in the initiative's name, in who leads it or in the note. Two queries."""
    if not rows:
        return rows
    names = Q(title__icontains=text) | Q(title_second__icontains=text)
    # A person who stands behind an initiative is not searched for by name.
    names |= Q(organisation__name__icontains=text) & ~Q(organisation__kind=OrganisationKind.INDIVIDUAL)
    keys = {row.initiative for row in rows}
    named = set(Initiative.objects.filter(names, pk__in=keys).values_list("pk", flat=True))
    noted = set(
        ShortlistEntry.objects.filter(
            offer__in={row.offer for row in rows}, note__icontains=text
        ).values_list("offer_id", "initiative_id")
    )
    return [row for row in rows if row.initiative in named or row.pair in noted]


def ordered(rows: Iterable[Place], sort: str, user: User, today: date) -> list[Place]:
    """Return the cases in an order: that of what there is to do, or one of the desk's."""
    if sort != TO_DO:
        return in_order(rows, sort)

    def what_first(row: Place) -> tuple[bool, date, bool, int, float]:
        days = [day for day in (row.due_on, row.answer_by) if day is not None]
        soonest = min(days) if days and row.stage not in DECIDED else date.max
        return (
            not presses(row, user, today),
            soonest,
            not row.wants_contact,
            _AFTER_THAT.index(column_of(row)),
            last_moved_first(row),
        )

    return sorted(in_order(rows, "fit"), key=what_first)


def presses(row: Place, user: User, today: date) -> bool:
    """Say whether there is something to do with a case: they wait for an answer, it is due, or it is the user's."""
    if row.wants_contact or row.answer_by is not None:
        return True
    if row.stage in DECIDED:
        return False
    return row.assignee == user.pk or (row.due_on is not None and row.due_on <= today + _SOON)


def figures(rows: Iterable[Place], user: User, today: date) -> dict[tuple[str, str], int]:
    """Return how many of the cases that are under way each shortcut leads to: parameter and value -> number."""
    under_way = [row for row in rows if is_under_way(row)]
    return {
        (name, value): len(narrowed(under_way, Asked({name: [value]}, TO_DO), user, today))
        for name, value in SHORTCUTS
    }
