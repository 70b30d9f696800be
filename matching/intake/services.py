"""Take cases in from a table, and take that back. Nothing is sent to anybody, and no decision is made.

A case that lies on the desk stays as colleagues left it: at most the table's note is added below theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from stdnum import luhn

from brygga.audit.services import record
from brygga.core.tables import Table
from brygga.organisations.services import hold_members
from brygga.users.models import User
from funders.models import SupportOffer
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.desk.note_versions import keep_versions
from matching.desk.services import note_mark
from matching.intake import permissions
from matching.intake.columns import guessed
from matching.intake.enums import Column, Outcome
from matching.intake.models import TABLE_KEPT, UNDO_KEPT, CaseImport, ImportedCase
from matching.intake.planning import PlannedRow, noted, plan
from matching.meeting.models import Introduction

# Colleagues who lay the same cases on the desk at this very moment: how often we look again.
_MOST_TRIES = 5
_PERSONAL = re.compile(
    r"(?<!\d)(?:18|19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)"
)


class TableGone(Exception):
    """The table was thrown away, or is more than a day old."""


class NothingToUndo(Exception):
    """Nothing was taken in, it is undone already, or it was too long ago."""


@transaction.atomic
def begin(*, offer: SupportOffer, actor: User, table: Table, now: datetime) -> CaseImport:
    """Keep a table until its columns and rows have been looked through. It takes the place of one not taken in.

    Personal identity numbers are not kept. Raises PermissionDenied.
    """
    if not permissions.can_take_in(actor, offer):
        raise PermissionDenied
    CaseImport.objects.filter(offer=offer, person=actor, taken_at=None).delete()
    return CaseImport.objects.create(
        offer=offer,
        person=actor,
        table=[[_without_personal_numbers(cell) for cell in row] for row in table],
        columns=guessed(*table[:2]),
        stage=Stage.SHORTLISTED,
        created_at=now,
    )


@transaction.atomic
def map_columns(
    *, case_import: CaseImport, actor: User, columns: Mapping[Column, int], stage: Stage, now: datetime
) -> CaseImport:
    """Say which column tells what, and where cases lie whose row does not say. Raises PermissionDenied or TableGone."""
    mine = _locked(case_import, actor)
    if mine.taken_at is not None or _is_gone(mine, now):
        raise TableGone
    mine.columns = {column.value: place for column, place in columns.items()}
    mine.stage, mine.is_mapped = stage, True
    mine.save(update_fields=["columns", "stage", "is_mapped"])
    return mine


@transaction.atomic
def take_in(*, case_import: CaseImport, actor: User, adds_notes: bool, now: datetime) -> CaseImport:
    """Lay the table's cases on the desk. Once is enough: again changes nothing.

    What colleagues have done until this moment counts: a case that has come to the desk since it was shown
    stays as they left it. Raises PermissionDenied or TableGone.
    """
    mine = _locked(case_import, actor)
    if mine.taken_at is not None:
        return mine
    if _is_gone(mine, now) or not mine.is_mapped:
        raise TableGone
    if Column.ASSIGNEE.value in mine.columns:
        # Whom the table gives cases to can neither leave nor stand aside meanwhile.
        hold_members(organisation_id=mine.offer.organisation_id)
    planned, made = _lay_new_ones(mine, actor, now, adds_notes=adds_notes)
    added = _add_notes(planned, actor, now)
    for cases in (made, added):
        for case in cases:
            case.case_import = mine
        ImportedCase.objects.bulk_create(cases)
    outcomes = {row.number: row.outcome.value for row in planned}
    mine.outcomes = [outcomes.get(number, "") for number in range(2, len(mine.table) + 1)]
    mine.taken_at = now
    mine.save(update_fields=["outcomes", "taken_at"])
    _record("desk_cases_taken_in", mine, actor, now, made=_ids(made), noted=_ids(added))
    return mine


@transaction.atomic
def undo(*, case_import: CaseImport, actor: User, now: datetime) -> tuple[int, int]:
    """Take back what the table did; return how many cases that was, and how many somebody has changed since.

    Those stay as they are. Raises PermissionDenied or NothingToUndo.
    """
    mine = _locked(case_import, actor)
    if mine.taken_at is None or mine.undone_at is not None or now - mine.taken_at > UNDO_KEPT:
        raise NothingToUndo
    cases = {case.entry_id: case for case in mine.cases.all()}
    entries = ShortlistEntry.objects.select_for_update().filter(pk__in=cases).order_by("pk")
    asked = set(
        Introduction.objects.filter(offer=mine.offer, asked_at__gte=mine.taken_at).values_list(
            "initiative_id", flat=True
        )
    )
    undone: list[ImportedCase] = []
    before: dict[ShortlistEntry, str] = {}
    gone: list[int] = []
    for entry in entries.select_related("initiative"):
        case = cases[entry.pk]
        case.entry = entry
        if case.mark != (_mark(entry) if case.is_new else note_mark(entry.note)):
            continue
        if not case.is_new:
            before[entry], entry.note = entry.note, entry.note[: case.note_length]
            entry.save(update_fields=["note"])
        elif entry.initiative_id in asked:
            continue
        else:
            gone.append(entry.pk)
        undone.append(case)
    keep_versions(before, actor=actor, now=now)
    _record("desk_cases_taken_back", mine, actor, now, cases=_ids(undone))
    ImportedCase.objects.filter(pk__in=[case.pk for case in undone]).delete()
    ShortlistEntry.objects.filter(pk__in=gone).delete()
    mine.undone_at = now
    mine.save(update_fields=["undone_at"])
    return len(undone), len(cases) - len(undone)


@transaction.atomic
def throw_away(*, case_import: CaseImport, actor: User, now: datetime) -> None:
    """Delete the table at once. What was taken in stays. Raises PermissionDenied."""
    mine = _locked(case_import, actor)
    if mine.taken_at is None:
        mine.delete()
    else:
        CaseImport.objects.filter(pk=mine.pk).update(table=[], outcomes=[])


@transaction.atomic
def forget_tables(*, now: datetime) -> int:
    """Delete tables that are a day old, and what could no longer be taken back. Safe to run twice."""
    CaseImport.objects.filter(taken_at__lt=now - UNDO_KEPT).delete()
    old = CaseImport.objects.filter(created_at__lt=now - TABLE_KEPT).exclude(table=[])
    emptied = old.filter(taken_at__isnull=False).update(table=[], outcomes=[])
    deleted, _tables = old.filter(taken_at=None).delete()
    return emptied + deleted


def _lay_new_ones(
    mine: CaseImport, actor: User, now: datetime, *, adds_notes: bool
) -> tuple[list[PlannedRow], list[ImportedCase]]:
    """Make rows for the new cases, all at once; return the plan that held, and what was made."""
    for _try in range(_MOST_TRIES):
        planned = plan(mine, actor, now, adds_notes=adds_notes)
        # In one order, so that two tables that hold the same cases never wait for each other.
        fresh = sorted(
            (row for row in planned if row.outcome == Outcome.NEW),
            key=lambda row: row.initiative.pk if row.initiative else 0,
        )
        entries = [
            ShortlistEntry(
                offer=mine.offer,
                initiative=row.initiative,
                stage=row.stage,
                note=row.note,
                assignee=row.assignee,
                due_on=row.due_on,
                changed_by=actor,
                changed_at=now,
                created_at=now,
            )
            for row in fresh
        ]
        try:
            with transaction.atomic():
                ShortlistEntry.objects.bulk_create(entries)
                keep_versions(dict.fromkeys(entries, ""), actor=actor, now=now)
        except IntegrityError:
            # A colleague has laid one of them there since the plan was made: look again.
            continue
        return planned, [ImportedCase(entry=one, is_new=True, mark=_mark(one)) for one in entries]
    raise TableGone


def _add_notes(planned: Sequence[PlannedRow], actor: User, now: datetime) -> list[ImportedCase]:
    """Write the table's notes below those that are there, as they are at this moment."""
    rows = {row.entry.pk: row for row in planned if row.outcome == Outcome.NOTE and row.entry}
    made = []
    before: dict[ShortlistEntry, str] = {}
    for entry in (
        ShortlistEntry.objects.select_for_update(of=("self",))
        .filter(pk__in=rows)
        .select_related("initiative")
        .order_by("pk")
    ):
        joined = noted(entry.note, rows[entry.pk].note)
        if joined is None:
            rows[entry.pk].outcome = Outcome.EXISTS
            continue
        length, before[entry], entry.note = len(entry.note), entry.note, joined
        entry.save(update_fields=["note"])
        made.append(ImportedCase(entry=entry, is_new=False, note_length=length, mark=note_mark(entry.note)))
    keep_versions(before, actor=actor, now=now)
    return made


def _mark(entry: ShortlistEntry) -> str:
    """Return a short mark of all that somebody may change of a case."""
    said = [entry.stage, entry.changed_at.isoformat(), entry.assignee_id, entry.due_on, entry.note]
    return note_mark("|".join(str(one) for one in said))


def _locked(case_import: CaseImport, actor: User) -> CaseImport:
    mine = (
        CaseImport.objects.select_for_update(of=("self",))
        .select_related("offer__organisation")
        .filter(pk=case_import.pk, person_id=actor.pk)
        .first()
    )
    if mine is None or not permissions.can_take_in(actor, mine.offer):
        raise PermissionDenied
    return mine


def _is_gone(mine: CaseImport, now: datetime) -> bool:
    return not mine.table or now - mine.created_at > TABLE_KEPT


def _without_personal_numbers(cell: str) -> str:
    def hidden(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])[-10:]
        # Alone in a cell also a mistyped one; among words only what can be one.
        is_one = luhn.is_valid(digits) or (found[0] == cell.strip() and not found[0].isdigit())
        return gettext("[personal identity number]") if is_one else found[0]

    return _PERSONAL.sub(hidden, cell)


def _ids(cases: Sequence[ImportedCase]) -> list[str]:
    return [case.entry.initiative.public_id for case in cases]


def _record(verb: str, mine: CaseImport, actor: User, now: datetime, **initiatives: list[str]) -> None:
    record(
        verb=verb,
        subject=mine,
        actor=actor,
        now=now,
        organisation_id=mine.offer.organisation_id,
        details={"offer": mine.offer.public_id, **initiatives},
    )
