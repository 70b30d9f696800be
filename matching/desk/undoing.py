"""Undo the last change of several cases: each lies as it lay, but for those that have been changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record_each
from brygga.organisations.enums import WRITING_ROLES
from brygga.users.models import User
from matching.desk import permissions
from matching.desk.enums import Deed, Stage
from matching.desk.models import Decision, LastChange, Recusal, ShortlistEntry
from matching.desk.querysets import in_pairs
from matching.desk.services import NothingToUndo
from matching.desk.several import pair_of

_MOVED = ("stage", "previous_stage", "reason", "changed_by", "changed_at")


@dataclass(frozen=True)
class Undone:
    """How many cases lie as they lay, and those that stay since they have been changed again."""

    number: int
    stays: list[ShortlistEntry]


@transaction.atomic
def undo_several(*, organisation: int, number: str, actor: User, now: datetime) -> Undone:
    """Undo the person's last change of several cases, at whichever of the organisation's offers they lie.

    A case that somebody has changed since is left as it is. Raises PermissionDenied, or NothingToUndo when it is
    undone already or was not their last.
    """
    if not permissions.can_write_for(actor, organisation):
        raise PermissionDenied
    last = (
        LastChange.objects.select_for_update(of=("self",))
        .filter(person=actor, offer__organisation=organisation, number=number)
        .first()
    )
    if last is None:
        raise NothingToUndo
    before = {card["entry"]: card for card in last.cards}
    rows = (
        ShortlistEntry.objects.select_for_update(of=("self",))
        .filter(~Recusal.objects.of_pair(actor), offer__organisation=organisation, pk__in=list(before))
        .order_by("pk")
        # Read when the rows are ours, not joined from before.
        .prefetch_related("changed_by", "initiative__organisation", "offer")
    )
    back: list[ShortlistEntry] = []
    stays: list[ShortlistEntry] = []
    for entry in rows:
        (back if _is_as_left(entry, last) else stays).append(entry)
    _put_back(organisation, back, before, last)
    last.delete()
    record_each(
        verb="desk_undo" if _is_move(last) else "desk_care",
        subjects=[
            (entry, {"initiative": entry.initiative.public_id, "stage": entry.stage}) for entry in back
        ],
        actor=actor,
        now=now,
        organisation_id=organisation,
    )
    return Undone(len(back), stays)


def _is_move(last: LastChange) -> bool:
    return last.deed not in (Deed.ASSIGN, Deed.DUE)


def _is_as_left(entry: ShortlistEntry, last: LastChange) -> bool:
    """Say whether a case lies as the change left it, and nobody has moved it away and back."""
    if last.deed == Deed.ASSIGN:
        return bool(entry.assignee_id == last.made["assignee"])
    if last.deed == Deed.DUE:
        return entry.due_on == _day(last.made["due_on"])
    return (entry.stage, entry.changed_by_id, entry.changed_at) == (last.deed, last.person_id, last.made_at)


def _put_back(
    organisation: int, entries: list[ShortlistEntry], before: Mapping[int, Any], last: LastChange
) -> None:
    if last.deed == Deed.DECLINE:
        Decision.objects.filter(entry__in=entries, outcome=Stage.DECLINED, is_told=False).delete()
    may_care = _who_may_care(organisation, entries, before) if last.deed == Deed.ASSIGN else set()
    people = set(
        User.objects.filter(pk__in=[card["changed_by"] for card in before.values()]).values_list(
            "pk", flat=True
        )
    )
    for entry in entries:
        card = before[entry.pk]
        if last.deed == Deed.ASSIGN:
            was = (entry.pk, card["assignee"])
            entry.assignee_id = card["assignee"] if was in may_care else None
        elif last.deed == Deed.DUE:
            entry.due_on = _day(card["due_on"])
        else:
            entry.stage, entry.previous_stage = card["stage"], card["previous_stage"]
            entry.reason = card["reason"]
            entry.changed_by_id = card["changed_by"] if card["changed_by"] in people else None
            entry.changed_at = datetime.fromisoformat(card["changed_at"])
    fields = {Deed.ASSIGN: ("assignee",), Deed.DUE: ("due_on",)}.get(Deed(last.deed), _MOVED)
    ShortlistEntry.objects.bulk_update(entries, fields)


def _who_may_care(
    organisation: int, entries: list[ShortlistEntry], before: Mapping[int, Any]
) -> set[tuple[int, int]]:
    """Return which of those who took care of the cases still may: they write for the giver and do not stand aside."""
    people = {before[entry.pk]["assignee"] for entry in entries} - {None}
    writers = set(
        User.objects.filter(
            pk__in=people,
            memberships__organisation=organisation,
            memberships__role__in=WRITING_ROLES,
        ).values_list("pk", flat=True)
    )
    pairs = {pair_of(entry): entry.pk for entry in entries}
    aside = {
        (pairs[offer, initiative], person)
        for offer, initiative, person in Recusal.objects.filter(
            in_pairs(pairs), person__in=people
        ).values_list("offer_id", "initiative_id", "person_id")
    }
    cases = {(entry.pk, before[entry.pk]["assignee"]) for entry in entries}
    return {(case, person) for case, person in cases if person in writers} - aside


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
