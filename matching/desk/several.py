"""Several cases at once: move them, say who takes care of them, set a day; and undo it.

A case is an offer and an initiative; the offers are all of one organisation.
Each case is changed as it would be alone, or left and named with the reason. Nothing is sent to anybody: who has
been asked, or has said yes, is turned down one by one. The number of queries is the same for any number of cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from brygga.audit.services import record_each
from brygga.core.enums import PublicationState
from brygga.organisations.services import hold_writer
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import permissions
from matching.desk.enums import DECIDED, NEXT_STAGES, WITH_REASON, Deed, DismissReason, Stage, Why
from matching.desk.models import Decision, LastChange, Recusal, ShortlistEntry
from matching.desk.querysets import Pair, in_pairs
from matching.desk.services import CannotAssign
from matching.engine.opened import mark_seen_by_giver
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction

#: So many cases at a time.
MOST = 200


@dataclass(frozen=True)
class Seen:
    """A case as it lay on the page where somebody chose it. `offer` and `initiative` are public ids."""

    offer: str
    initiative: str
    stage: Stage
    assignee: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Change:
    """What is to be done, and with what: a reason, a person or a day, as the deed asks for."""

    deed: Deed
    reason: DismissReason | None = None
    assignee: User | None = None
    due_on: date | None = None
    # Whether the person has said who or when; before that, any case may still be changed.
    is_said: bool = True

    @property
    def stage(self) -> Stage | None:
        return None if self.deed in (Deed.ASSIGN, Deed.DUE) else Stage(self.deed)


@dataclass(frozen=True)
class Left:
    """A case that is not changed, and why."""

    entry: ShortlistEntry
    why: Why


@dataclass(frozen=True)
class Sorted:
    """Which cases can be changed, or have been, and which are left. `number` is for undo; empty: nothing to undo."""

    ready: list[ShortlistEntry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    number: str = ""


def sort_cases(
    *, offers: Sequence[SupportOffer], seen: Sequence[Seen], change: Change, actor: User
) -> Sorted:
    """Return which of the cases would be changed and which not. Writes nothing. Raises as `change_several`."""
    _check(offers, seen, change, actor)
    return _judge(_lying(offers, seen, actor), seen, change, actor)


@transaction.atomic
def change_several(
    *, offers: Sequence[SupportOffer], seen: Sequence[Seen], change: Change, actor: User, now: datetime
) -> Sorted:
    """Change the cases that can be changed, in one go; the others are left and named.

    What the person stands aside from or may not see is passed over without a word, as is what lies at none of
    the offers. The same again changes nothing. Raises PermissionDenied, CannotAssign, or ValueError for a
    missing reason, too many cases, or offers of several organisations.
    """
    _check(offers, seen, change, actor)
    # Who is given cases can neither leave nor stand aside meanwhile; see `services.take_care`.
    if change.assignee is not None and not hold_writer(
        user=change.assignee, organisation_id=offers[0].organisation_id
    ):
        raise CannotAssign
    # Whoever sends twice, or undoes at this moment, waits here. The person's own row too: the first change of all has
    # no other to wait for.
    list(User.objects.select_for_update(no_key=True).filter(pk=actor.pk).values("pk"))
    list(LastChange.objects.select_for_update().filter(person=actor).values("pk"))
    _make_rows(_lying(offers, seen, actor), change, actor, now)
    found = _judge(_lying(offers, seen, actor, lock=True), seen, change, actor, lock=True)
    if not found.ready:
        return found
    cards = [_as_it_lies(entry) for entry in found.ready]
    _write(found.ready, change, actor, now)
    record_each(
        verb=f"desk_{change.stage}" if change.stage else "desk_care",
        subjects=[(entry, _details(entry, change.stage)) for entry in found.ready],
        actor=actor,
        now=now,
        organisation_id=offers[0].organisation_id,
    )
    mark_seen_by_giver(pairs=[pair_of(entry) for entry in found.ready], now=now)
    LastChange.objects.filter(person=actor).delete()
    last = LastChange.objects.create(
        person=actor,
        # Whose organisation the undo asks about; the cases themselves are named one by one.
        offer=found.ready[0].offer,
        deed=change.deed,
        cards=cards,
        made=_made(change),
        made_at=now,
    )
    return Sorted(found.ready, found.left, last.number)


def pair_of(entry: ShortlistEntry) -> Pair:
    return entry.offer_id, entry.initiative_id


def _check(offers: Sequence[SupportOffer], seen: Sequence[Seen], change: Change, actor: User) -> None:
    if len({offer.organisation_id for offer in offers}) != 1:
        raise ValueError(offers)
    if not permissions.can_use_desk(actor, offers[0]):
        raise PermissionDenied
    if len(seen) > MOST or (change.deed in WITH_REASON) != (change.reason is not None):
        raise ValueError(change.deed)
    if change.assignee is not None and not permissions.can_use_desk(change.assignee, offers[0]):
        raise CannotAssign


def _lying(
    offers: Sequence[SupportOffer], seen: Sequence[Seen], actor: User, *, lock: bool = False
) -> dict[tuple[str, str], ShortlistEntry]:
    """Return where each case lies, by public ids; what has no row yet gets one that is not saved."""
    by_name = {offer.public_id: offer for offer in offers}
    initiatives = {
        one.public_id: one
        for one in Initiative.objects.filter(public_id__in={one.initiative for one in seen})
        .select_related("organisation")
        .defer("search_swedish", "search_english")
    }
    cases = {
        (by_name[one.offer].pk, initiatives[one.initiative].pk): (
            by_name[one.offer],
            initiatives[one.initiative],
        )
        for one in seen
        if one.offer in by_name and one.initiative in initiatives
    }
    aside = Recusal.objects.filter(in_pairs(cases), person=actor).values_list("offer_id", "initiative_id")
    for pair in aside:
        del cases[pair]
    rows = ShortlistEntry.objects.filter(in_pairs(cases)).order_by("pk")
    if lock:
        # In the same order for everybody; who changed a row is read after it is ours, not joined from before.
        rows = rows.select_for_update(of=("self",))
    entries = {pair_of(entry): entry for entry in rows.prefetch_related("changed_by")}
    open_to_place = set(
        Initiative.objects.published()
        .visible_to(actor)
        .filter(pk__in={initiative for _offer, initiative in cases})
        .exclude(organisation=offers[0].organisation_id)
        .values_list("pk", flat=True)
    )
    found = {}
    for pair, (offer, initiative) in cases.items():
        entry = entries.get(pair)
        if entry is None and offer.state != PublicationState.DRAFT and initiative.pk in open_to_place:
            entry = ShortlistEntry(offer=offer, initiative=initiative, stage=Stage.SUGGESTED)
        if entry is not None:
            entry.offer, entry.initiative = offer, initiative
            found[offer.public_id, initiative.public_id] = entry
    return found


def _make_rows(
    lying: dict[tuple[str, str], ShortlistEntry], change: Change, actor: User, now: datetime
) -> None:
    """Make rows for cases that have none and may go where they are to go; a colleague may make the same now."""
    if change.stage is not None and change.stage not in NEXT_STAGES[Stage.SUGGESTED]:
        return
    ShortlistEntry.objects.bulk_create(
        [
            ShortlistEntry(
                offer=entry.offer,
                initiative=entry.initiative,
                stage=Stage.SUGGESTED,
                changed_by=actor,
                changed_at=now,
                created_at=now,
            )
            # In the same order for everybody.
            for entry in sorted(lying.values(), key=pair_of)
            if entry.pk is None
        ],
        ignore_conflicts=True,
    )


def _judge(
    lying: dict[tuple[str, str], ShortlistEntry],
    seen: Sequence[Seen],
    change: Change,
    actor: User,
    *,
    lock: bool = False,
) -> Sorted:
    pairs = [pair_of(entry) for entry in lying.values()]
    waiting: dict[Pair, str] = {}
    if change.deed in WITH_REASON:
        asked = Introduction.objects.filter(
            in_pairs(pairs), state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED]
        ).order_by("pk")
        if lock:
            asked = asked.select_for_update(of=("self",))
        waiting = {(one.offer_id, one.initiative_id): one.state for one in asked}
    aside: set[Pair] = set()
    if change.assignee is not None:
        theirs = Recusal.objects.filter(in_pairs(pairs), person=change.assignee)
        aside = set(theirs.values_list("offer_id", "initiative_id"))
    ready, left = [], []
    for one in {(card.offer, card.initiative): card for card in seen}.values():
        entry = lying.get((one.offer, one.initiative))
        if entry is None:
            continue
        why = _why_left(entry, one, change, actor)
        if why is None and pair_of(entry) in waiting:
            is_asked = waiting[pair_of(entry)] == IntroductionState.ASKED
            why = Why.ASKED if is_asked else Why.SAID_YES
        if why is None and pair_of(entry) in aside:
            why = Why.STANDS_ASIDE
        if why is None:
            ready.append(entry)
        else:
            left.append(Left(entry, why))
    return Sorted(ready, left)


def _why_left(entry: ShortlistEntry, seen: Seen, change: Change, actor: User) -> Why | None:
    to = change.stage
    if to is not None:
        if entry.stage == to:
            return Why.THERE if seen.stage == to or entry.changed_by_id == actor.pk else Why.CHANGED
        if entry.stage != seen.stage and entry.changed_by_id != actor.pk:
            return Why.CHANGED
        return None if to in NEXT_STAGES[Stage(entry.stage)] else Why.CANNOT
    if entry.stage in DECIDED:
        return Why.DECIDED
    wanted, now, then = (
        (change.assignee.pk if change.assignee else None, entry.assignee_id, seen.assignee)
        if change.deed == Deed.ASSIGN
        else (change.due_on, entry.due_on, seen.due_on)
    )
    if change.is_said and now == wanted:
        return Why.THERE
    return None if now == then else Why.CHANGED


def _write(entries: Sequence[ShortlistEntry], change: Change, actor: User, now: datetime) -> None:
    rows = ShortlistEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    to = change.stage
    if to is None:
        if change.deed == Deed.ASSIGN:
            rows.update(assignee=change.assignee)
        else:
            rows.update(due_on=change.due_on)
        return
    values: dict[str, Any] = {"reason": change.reason} if change.reason is not None else {}
    rows.update(stage=to, previous_stage=F("stage"), changed_by=actor, changed_at=now, **values)
    for entry in entries:
        entry.stage, entry.changed_by, entry.changed_at = to, actor, now
        entry.reason = change.reason or entry.reason
    if change.deed == Deed.DECLINE:
        Decision.objects.bulk_create(
            Decision(
                entry=entry,
                outcome=Stage.DECLINED,
                decided_on=timezone.localdate(now),
                decided_by=actor,
                decided_at=now,
            )
            for entry in entries
        )


def _details(entry: ShortlistEntry, to: Stage | None) -> dict[str, Any]:
    """Return what the record of events says of a case, as for one alone."""
    details = {"initiative": entry.initiative.public_id, "stage": to or entry.stage}
    if details["stage"] in (Stage.DISMISSED, Stage.DECLINED):
        details["reason"] = entry.reason
    return details


def _as_it_lies(entry: ShortlistEntry) -> dict[str, Any]:
    return {
        "entry": entry.pk,
        "stage": entry.stage,
        "previous_stage": entry.previous_stage,
        "reason": entry.reason,
        "assignee": entry.assignee_id,
        "due_on": entry.due_on.isoformat() if entry.due_on else None,
        "changed_by": entry.changed_by_id,
        "changed_at": entry.changed_at.isoformat(),
    }


def _made(change: Change) -> dict[str, Any]:
    return {
        "assignee": change.assignee.pk if change.assignee else None,
        "due_on": change.due_on.isoformat() if change.due_on else None,
    }
