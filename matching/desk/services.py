"""The giver's desk: move a case, put it aside, change one's mind, write a note, say who takes care of it.

Nothing here is told to the initiative. Colleagues share one desk: whoever is second is told.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.organisations.services import hold_writer
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import permissions
from matching.desk.enums import DECIDED, NEXT_STAGES, DismissReason, Stage
from matching.desk.mentions import tell_mentioned
from matching.desk.models import NOTE_LENGTH, ShortlistEntry
from matching.desk.note_versions import keep_versions
from matching.desk.waiting import hold_nobody_waiting
from matching.engine.opened import Side, acknowledge_gone, mark_seen
from matching.engine.order import accept_order


class ColleagueWasFirst(Exception):
    """Somebody has moved the case since the person looked; `entry` says who and whereto."""

    def __init__(self, entry: ShortlistEntry) -> None:
        self.entry = entry
        super().__init__(str(entry))


class CannotMove(Exception):
    """A case does not go from where `entry` lies to where somebody wanted it."""

    def __init__(self, entry: ShortlistEntry) -> None:
        self.entry = entry
        super().__init__(str(entry))


class CannotAssign(Exception):
    """The person may not write in the giver's name, or stands aside from the case."""


class NothingToUndo(Exception):
    """The step is undone already, or the case has moved on since."""


@transaction.atomic
def shortlist(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    now: datetime,
    note: str = "",
    seen: Stage | None = None,
) -> ShortlistEntry:
    """Put an initiative on the offer's shortlist. `seen` is where the person saw it lie, if known.

    Once is enough: the same person again changes nothing. An empty note keeps the one there is;
    contact details in it are masked. Raises PermissionDenied, CannotMove or ColleagueWasFirst.
    """
    entry = _locked(offer, initiative, actor, now)
    before = entry.note
    if entry.stage != Stage.SHORTLISTED and note.strip():
        entry.note = clean_note(note)
    entry = move_locked(entry, Stage.SHORTLISTED, actor, now, seen)
    keep_versions({entry: before}, actor=actor, now=now)
    tell_mentioned(entry=entry, before=before, actor=actor, now=now)
    return entry


@transaction.atomic
def move(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    to: Stage,
    now: datetime,
    seen: Stage | None = None,
) -> ShortlistEntry:
    """Move a case among the suggestions, the shortlist and those in dialogue. Nothing is sent.

    The same person again changes nothing. Raises PermissionDenied, CannotMove, ColleagueWasFirst, or
    ValueError for a stage that needs more than a move.
    """
    if to in (*DECIDED, Stage.DISMISSED):
        raise ValueError(to)
    entry = lock_case(offer, initiative)
    if entry is None:
        entry = _locked(offer, initiative, actor, now)
    elif not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    return move_locked(entry, to, actor, now, seen)


@transaction.atomic
def dismiss(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    reason: DismissReason | str,
    now: datetime,
    seen: Stage | None = None,
) -> ShortlistEntry:
    """Put an initiative aside as not relevant. Nothing is sent to it, so nobody who waits for a word is put aside.

    Raises PermissionDenied, ValueError for an unknown reason, CannotMove, ColleagueWasFirst or WaitsForWord.
    """
    chosen = DismissReason(reason)
    entry = _locked(offer, initiative, actor, now)
    if entry.stage != Stage.DISMISSED:
        hold_nobody_waiting(offer, initiative)
        entry.reason = chosen
    return move_locked(entry, Stage.DISMISSED, actor, now, seen)


@transaction.atomic
def put_back(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime, seen: Stage | None = None
) -> ShortlistEntry:
    """Take a case off the shortlist, or out of the dismissed ones. Its note is kept.

    Raises PermissionDenied, NothingToUndo, CannotMove or ColleagueWasFirst.
    """
    if not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    entry = lock_case(offer, initiative)
    if entry is None or entry.stage == Stage.SUGGESTED:
        raise NothingToUndo
    return move_locked(entry, Stage.SUGGESTED, actor, now, seen)


@transaction.atomic
def undo(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime, step: Stage
) -> ShortlistEntry:
    """Undo the step that led to `step`. Raises PermissionDenied, or NothingToUndo if the case has moved on.

    A decision is not undone here but taken back (`deciding.take_back`), since somebody may have been told.
    """
    if not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    entry = lock_case(offer, initiative)
    if entry is None or entry.stage != step or not entry.previous_stage or step in DECIDED:
        raise NothingToUndo
    back = Stage(entry.previous_stage)
    if back in DECIDED:
        raise NothingToUndo
    entry = place(entry, back, actor, now, verb="desk_undo")
    # An undone step is not undone again: two clicks end where one does.
    ShortlistEntry.objects.filter(pk=entry.pk).update(previous_stage="")
    entry.previous_stage = ""
    return entry


@transaction.atomic
def change_note(
    *, entry: ShortlistEntry, actor: User, note: str, now: datetime, read: str | None = None
) -> ShortlistEntry:
    """Write the note anew; empty takes it away, and what it said before is kept.

    Contact details in it are masked, people newly mentioned are told.

    `read` is the `note_mark` of the note the person started from, if known. Raises PermissionDenied,
    or ColleagueWasFirst when the note is no longer that one.
    """
    if not permissions.can_handle(actor, entry.offer, entry.initiative):
        raise PermissionDenied
    cleaned = clean_note(note)
    entry = ShortlistEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.note == cleaned:
        return entry
    if read is not None and note_mark(entry.note) != read:
        raise ColleagueWasFirst(entry)
    before, entry.note = entry.note, cleaned
    entry.save(update_fields=["note"])
    keep_versions({entry: before}, actor=actor, now=now)
    mark_seen(initiative=entry.initiative, offer=entry.offer, side="offer", now=now)
    _record("desk_note", entry, actor, now)
    tell_mentioned(entry=entry, before=before, actor=actor, now=now)
    return entry


@transaction.atomic
def take_care(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    assignee: User | None,
    due_on: date | None,
    now: datetime,
) -> ShortlistEntry:
    """Say who takes care of a case and until when; None takes either away. The same again changes nothing.

    Raises PermissionDenied, or CannotAssign when the person may not write or stands aside.
    """
    # The membership before the case, as when somebody leaves: nothing is given to who is gone.
    stays = assignee is None or hold_writer(user=assignee, organisation_id=offer.organisation_id)
    entry = lock_case(offer, initiative)
    if entry is None:
        entry = _locked(offer, initiative, actor, now)
    elif not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    if not stays or (assignee is not None and not permissions.can_handle(assignee, offer, initiative)):
        raise CannotAssign
    if (entry.assignee, entry.due_on) == (assignee, due_on):
        return entry
    entry.assignee, entry.due_on = assignee, due_on
    entry.save(update_fields=["assignee", "due_on"])
    mark_seen(initiative=initiative, offer=offer, side="offer", now=now)
    _record("desk_care", entry, actor, now)
    return entry


@transaction.atomic
def note_opened(
    *, initiative: Initiative, offer: SupportOffer, side: Side, actor: User, now: datetime
) -> bool:
    """Note that a side has opened a suggestion; return whether it was new to it. Again changes nothing.

    Who it was is kept nowhere, not in the record of events either. Raises PermissionDenied.
    """
    if not permissions.can_see_matches_of(actor, initiative if side == "initiative" else offer):
        raise PermissionDenied
    return mark_seen(initiative=initiative, offer=offer, side=side, now=now)


@transaction.atomic
def note_gone_read(
    *, profile: Initiative | SupportOffer, actor: User, now: datetime, until: datetime | None = None
) -> int:
    """Stop telling a profile's people what had gone until a moment; return how many. Raises PermissionDenied."""
    if not permissions.can_write_for(actor, profile.organisation_id):
        raise PermissionDenied
    return acknowledge_gone(profile, until=min(until, now) if until else now)


@transaction.atomic
def note_order_read(*, offer: SupportOffer, actor: User, now: datetime) -> int:
    """Stop telling an offer's people that what they had opened stands in another order. Raises PermissionDenied."""
    if not permissions.can_use_desk(actor, offer):
        raise PermissionDenied
    return accept_order(offer, now=now)


def note_mark(note: str) -> str:
    """Return a short mark of a note, to tell later whether somebody has changed it."""
    return sha256(note.encode()).hexdigest()[:16]


def clean_note(note: str) -> str:
    return mask_contact_details(note.strip()).text[:NOTE_LENGTH]


def lock_case(offer: SupportOffer, initiative: Initiative) -> ShortlistEntry | None:
    """Return the pair's row, locked: of two colleagues the second waits here."""
    return ShortlistEntry.objects.select_for_update().filter(offer=offer, initiative=initiative).first()


def move_locked(
    entry: ShortlistEntry, to: Stage, actor: User, now: datetime, seen: Stage | None
) -> ShortlistEntry:
    """Move a locked row, if the case may go there and lies where the person saw it."""
    if entry.stage == to:
        if entry.changed_by_id != actor.pk:
            raise ColleagueWasFirst(entry)
        return entry
    if seen is not None and entry.stage != seen and entry.changed_by_id != actor.pk:
        raise ColleagueWasFirst(entry)
    if to not in NEXT_STAGES[Stage(entry.stage)]:
        raise CannotMove(entry)
    return place(entry, to, actor, now)


def place(entry: ShortlistEntry, stage: Stage, actor: User, now: datetime, verb: str = "") -> ShortlistEntry:
    """Write where a locked row lies now, and who put it there."""
    entry.previous_stage, entry.stage = entry.stage, stage
    entry.changed_by, entry.changed_at = actor, now
    entry.save(update_fields=["stage", "previous_stage", "note", "reason", "changed_by", "changed_at"])
    _record(verb or f"desk_{stage}", entry, actor, now)
    return entry


def _locked(offer: SupportOffer, initiative: Initiative, actor: User, now: datetime) -> ShortlistEntry:
    """Return the pair's row, made if need be, and locked. The initiative must be one that may be placed."""
    if not permissions.can_place(actor, offer, initiative):
        raise PermissionDenied
    ShortlistEntry.objects.get_or_create(
        offer=offer,
        initiative=initiative,
        defaults={"stage": Stage.SUGGESTED, "changed_by": actor, "changed_at": now, "created_at": now},
    )
    return ShortlistEntry.objects.select_for_update().get(offer=offer, initiative=initiative)


def _record(verb: str, entry: ShortlistEntry, actor: User, now: datetime) -> None:
    details = {"initiative": entry.initiative.public_id, "stage": entry.stage}
    if entry.stage in (Stage.DISMISSED, Stage.DECLINED):
        details["reason"] = entry.reason
    record(
        verb=verb,
        subject=entry,
        actor=actor,
        now=now,
        organisation_id=entry.offer.organisation_id,
        details=details,
    )
