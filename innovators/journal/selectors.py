"""Reads of the journal: what somebody may read of it, and its picture in words and shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from babel import dates
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext, ngettext

from brygga.core.formatting import babel_locale, format_day_short
from brygga.taxonomy.enums import ProcessPart
from innovators.journal.picture import WIDTH, Moment, Picture, draw
from innovators.models import Initiative, JournalEntry

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class EntryLine:
    """An entry as it stands in the list."""

    entry: JournalEntry
    parts: list[str]


@dataclass(frozen=True)
class DrawnLane:
    """One of the six parts: its name, and what the table says of it."""

    label: str
    y: str
    name_y: str
    steps: int
    returns: int
    when: str
    is_now: bool
    now_x: str


@dataclass(frozen=True)
class ProcessPicture:
    """The picture as templates draw it: numbers as SVG wants them, words as people do."""

    picture: Picture
    lanes: list[DrawnLane]
    dots: list[dict[str, str]]
    bars: list[dict[str, str]]
    labels: list[tuple[str, str]]
    summary: str

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.picture.height:g}"

    @property
    def axis_y(self) -> str:
        return f"{self.picture.axis_y:g}"


def entries_for(initiative: Initiative, user: User | AnonymousUser) -> Any:
    """Return the entries that somebody may read, the newest first."""
    rows = JournalEntry.objects.visible_to(user).filter(initiative=initiative)
    return rows.order_by("-happened_on", "-pk")


def entry_lines(entries: Iterable[JournalEntry]) -> list[EntryLine]:
    return [EntryLine(entry, part_names(entry.parts)) for entry in entries]


def part_names(codes: Iterable[str]) -> list[str]:
    """Return the parts by name, in the order of the lanes."""
    chosen = set(codes)
    return [str(part.label) for part in ProcessPart if part.value in chosen]


def process_picture(initiative: Initiative, user: User | AnonymousUser, today: date) -> ProcessPicture | None:
    """Return the picture of what somebody may read of the journal, or None when that is nothing. One query."""
    rows = entries_for(initiative, user).values_list("happened_on", "parts")
    picture = draw(
        (Moment(on, tuple(parts)) for on, parts in rows), set(initiative.process_parts or []), today
    )
    return None if picture is None else _in_words(picture)


def _in_words(picture: Picture) -> ProcessPicture:
    return ProcessPicture(
        picture=picture,
        lanes=[
            DrawnLane(
                label=str(ProcessPart(lane.part).label),
                y=f"{lane.y:g}",
                name_y=f"{lane.y - 14:g}",
                steps=lane.steps,
                returns=lane.returns,
                when=_between(lane.first, lane.latest),
                is_now=lane.is_now,
                now_x=f"{WIDTH - 18:g}",
            )
            for lane in picture.lanes
        ],
        dots=[
            {"part": dot.part, "x": f"{dot.x:.1f}", "y": f"{dot.y:g}", "radius": f"{dot.radius:.2f}"}
            for dot in picture.dots
        ],
        bars=[
            {"x": f"{bar.x:.1f}", "top": f"{bar.top:g}", "bottom": f"{bar.bottom:g}"} for bar in picture.bars
        ],
        labels=[(f"{label.x:.1f}", axis_words(picture.scale, label.on)) for label in picture.labels],
        summary=summary(picture),
    )


def summary(picture: Picture) -> str:
    """Say in a few sentences what the picture shows."""
    said = [
        ngettext("%(steps)d step since %(month)s.", "%(steps)d steps since %(month)s.", picture.steps)
        % {"steps": picture.steps, "month": month_words(picture.first)},
        ngettext(
            "The work has been in %(number)d of the six parts.",
            "The work has been in %(number)d of the six parts.",
            picture.parts_worked_on,
        )
        % {"number": picture.parts_worked_on},
    ]
    if picture.returns:
        said.append(
            ngettext(
                "It has come back to a part %(number)d time.",
                "It has come back to a part %(number)d times.",
                picture.returns,
            )
            % {"number": picture.returns}
        )
    return " ".join(said)


def month_words(day: date | None) -> str:
    """Return "mars 2026"."""
    return "" if day is None else str(dates.format_date(day, "MMMM y", locale=babel_locale()))


def axis_words(scale: str, day: date) -> str:
    """Return what stands below a column: a day, a month or a year."""
    if scale in ("day", "week"):
        return format_day_short(day)
    if scale == "year":
        return str(day.year)
    return str(dates.format_date(day, "MMM y", locale=babel_locale()))


def _between(first: date | None, latest: date | None) -> str:
    start, end = month_words(first), month_words(latest)
    if start == end:
        return start
    return gettext("%(first)s to %(latest)s") % {"first": start, "latest": end}
