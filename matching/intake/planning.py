"""What becomes of each row of a table, before anything is done. The same number of queries for any number of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext

from brygga.core.reading import Unreadable, read_day
from brygga.language import mask_contact_details
from brygga.organisations.services import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.board import writers_of
from matching.desk.enums import Stage
from matching.desk.models import NOTE_LENGTH, Recusal, ShortlistEntry
from matching.desk.selectors import entries_of
from matching.engine.selectors import matches_for_offer
from matching.intake.columns import plain, stage_named
from matching.intake.enums import Column, Outcome
from matching.intake.models import CaseImport

# What exported tables put before a text that a spreadsheet would take for a formula.
_DEFUSED = re.compile(r"^'(?=\s*[=+\-@])")


@dataclass
class PlannedRow:
    """One row below the headings. `number` is its line in a spreadsheet; `said` is what the person should know."""

    number: int
    name: str
    outcome: Outcome = Outcome.NOT_HERE
    initiative: Initiative | None = None
    entry: ShortlistEntry | None = None
    stage: Stage = Stage.SHORTLISTED
    note: str = ""
    assignee: User | None = None
    due_on: date | None = None
    said: list[str] = field(default_factory=list)


class _Initiatives:
    """The initiatives that rows name, of those that the person may lay on the desk."""

    def __init__(self, offer: SupportOffer, user: User, keys: Iterable[str], numbers: Iterable[str]) -> None:
        rows = (
            Initiative.objects.published()
            .visible_to(user)
            .filter(Q(public_id__in=set(keys)) | Q(organisation__number__in=set(numbers)))
            .exclude(pk__in=Recusal.objects.initiatives_hidden_from(user, offer))
            .select_related("organisation")
            .defer("search_swedish", "search_english")
            .order_by("pk")
        )
        self._by_key: dict[str, Initiative] = {}
        self._by_name: dict[tuple[str, str], list[Initiative]] = {}
        for one in rows:
            self._by_key[one.public_id] = one
            for name in {plain(one.title), plain(one.title_second)} - {""}:
                self._by_name.setdefault((one.organisation.number, name), []).append(one)

    def find(self, keys: Sequence[str], number: str, name: str) -> Initiative | None:
        by_key = next((self._by_key[key] for key in keys if key in self._by_key), None)
        if by_key is not None:
            return by_key
        named = self._by_name.get((number, plain(name)), []) if number else []
        return named[0] if len(named) == 1 else None


def plan(case_import: CaseImport, user: User, now: datetime, *, adds_notes: bool = False) -> list[PlannedRow]:
    """Return what becomes of each row that says something, in the order of the table. Changes nothing."""
    offer = case_import.offer
    rows = [
        (number, {name: _cell(cells, place) for name, place in case_import.columns.items()})
        for number, cells in enumerate(case_import.table[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    keys = {number: _keys(cells.get(Column.ADDRESS, "")) for number, cells in rows}
    numbers = {number: _number(cells.get(Column.NUMBER, "")) for number, cells in rows}
    initiatives = _Initiatives(
        offer,
        user,
        (key for some in keys.values() for key in some),
        (one for one, _ in numbers.values() if one),
    )
    planned = []
    for number, cells in rows:
        row = PlannedRow(number, cells.get(Column.TITLE, "") or cells.get(Column.ADDRESS, ""))
        organisation, wrong = numbers[number]
        row.initiative = initiatives.find(keys[number], organisation, cells.get(Column.TITLE, ""))
        if row.initiative is None:
            row.said.append(wrong or _why_not_here(keys[number], organisation, row.name))
        planned.append(row)
    found = {row.initiative.pk: row.initiative for row in planned if row.initiative}
    entries = entries_of(offer, found)
    _say_the_rest(planned, dict(rows), case_import, user, entries, now)
    _say_outcomes(planned, entries, offer, adds_notes=adds_notes)
    return planned


def _cell(cells: Sequence[str], place: int) -> str:
    return _DEFUSED.sub("", cells[place].strip()) if place < len(cells) else ""


def _keys(text: str) -> list[str]:
    """Return what may be an initiative's key in an address, or a key alone."""
    return [piece for piece in re.split(r"[/?#\s]+", text) if re.fullmatch(r"[0-9a-z]{6,12}", piece)][:20]


def _number(text: str) -> tuple[str, str]:
    """Return an organisation number, or "" and what is wrong with it."""
    if not text:
        return "", ""
    try:
        return read_organisation_number(text), ""
    except LooksLikePersonalNumber:
        return "", gettext("This looks like a personal identity number. We take in none.")
    except NotAnOrganisationNumber:
        return "", gettext("“%(text)s” is not an organisation number.") % {"text": text[:40]}


def _why_not_here(keys: Sequence[str], number: str, name: str) -> str:
    if keys or (number and name):
        return gettext("We find no initiative like this that is published and shown to you.")
    return gettext("We need the address in Brygga, or both name and organisation number.")


def _say_the_rest(
    planned: Sequence[PlannedRow],
    cells_of: dict[int, dict[str, str]],
    case_import: CaseImport,
    user: User,
    entries: dict[int, ShortlistEntry],
    now: datetime,
) -> None:
    """Read stage, note, person and day of each row that names an initiative."""
    offer = case_import.offer
    people: dict[str, list[User]] = {}
    for writer in writers_of(offer.organisation_id):
        for word in {plain(str(writer)), writer.email.casefold()}:
            people.setdefault(word, []).append(writer)
    aside = set(Recusal.objects.filter(offer=offer).values_list("initiative_id", "person_id"))
    fitting = set(matches_for_offer(offer, user, now).values_list("initiative_id", flat=True))
    for row in planned:
        if row.initiative is None:
            continue
        cells = cells_of[row.number]
        row.stage = case_import.default_stage
        if word := cells.get(Column.STAGE, ""):
            _read_stage(row, word)
        if row.stage == Stage.SUGGESTED and row.initiative.pk not in fitting:
            # Only what fits is shown among the suggestions: elsewhere it would be lost.
            row.stage = Stage.SHORTLISTED
            if row.initiative.pk not in entries:
                row.said.append(gettext("It does not fit by our rules, so it goes to the shortlist."))
        note = cells.get(Column.NOTE, "")
        row.note = mask_contact_details(note).text
        if row.note != note:
            row.said.append(gettext("We hide contact details in the note."))
        if word := cells.get(Column.ASSIGNEE, ""):
            named = people.get(word.casefold()) or people.get(plain(word)) or []
            free = [one for one in named if (row.initiative.pk, one.pk) not in aside]
            if len(free) == 1:
                row.assignee = free[0]
            else:
                row.said.append(
                    gettext("No colleague who can take care of it is called “%(name)s”. Nobody does so yet.")
                    % {"name": word[:60]}
                )
        if word := cells.get(Column.DUE, ""):
            try:
                row.due_on = read_day(word.removesuffix(" 00:00"))
            except Unreadable:
                row.said.append(
                    gettext("We cannot read “%(day)s” as a day. It is left out.") % {"day": word[:40]}
                )


def _read_stage(row: PlannedRow, word: str) -> None:
    try:
        stage = stage_named(word)
    except KeyError:
        row.outcome = Outcome.WRONG
        row.said.append(
            gettext("We do not know “%(word)s”. Write suggested, on the shortlist or in dialogue.")
            % {"word": word[:40]}
        )
        return
    if stage is None:
        row.outcome = Outcome.WRONG
        row.said.append(
            gettext("“%(word)s” is a decision. You decide about one case at a time, on the desk.")
            % {"word": word[:40]}
        )
        return
    row.stage = stage


def _say_outcomes(
    planned: Sequence[PlannedRow],
    entries: dict[int, ShortlistEntry],
    offer: SupportOffer,
    *,
    adds_notes: bool,
) -> None:
    first: dict[int, int] = {}
    for row in planned:
        if row.initiative is None:
            continue
        row.entry = entries.get(row.initiative.pk)
        if row.initiative.pk in first:
            row.outcome = Outcome.DOUBLE
            row.said = [gettext("It is on line %(number)d as well.") % {"number": first[row.initiative.pk]}]
            continue
        if row.outcome == Outcome.WRONG:
            continue
        first[row.initiative.pk] = row.number
        if row.initiative.organisation_id == offer.organisation_id:
            row.outcome, row.said = Outcome.WRONG, [gettext("It is your own initiative.")]
        elif row.entry is not None:
            row.outcome = Outcome.EXISTS
            row.said = [_what_is_there(row)]
            if adds_notes and row.note and noted(row.entry.note, row.note) is not None:
                row.outcome = Outcome.NOTE
        elif len(row.note) > NOTE_LENGTH:
            row.outcome = Outcome.WRONG
            row.said.append(_too_long(len(row.note)))
        else:
            row.outcome = Outcome.NEW


def _what_is_there(row: PlannedRow) -> str:
    entry = row.entry
    assert entry is not None
    where = gettext("It lies under “%(stage)s”, and stays there.") % {"stage": entry.get_stage_display()}
    if row.note and noted(entry.note, row.note) is None:
        has_it = row.note in entry.note
        where += " " + (
            gettext("It has this note.") if has_it else _too_long(len(entry.note) + len(row.note))
        )
    return where


def _too_long(length: int) -> str:
    return gettext("The note has %(length)d characters. It can have %(most)d.") % {
        "length": length,
        "most": NOTE_LENGTH,
    }


def noted(note: str, more: str) -> str | None:
    """Return a note with more below it; None when it says so already or would be too long."""
    joined = f"{note}\n\n{more}" if note else more
    return None if more in note or len(joined) > NOTE_LENGTH else joined
