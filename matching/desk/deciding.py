"""Decide about a case: support it or turn it down, and take that back.

Only who has said yes to an introduction is told. Whoever decides has been shown whether anybody is told and
what is sent; when that has changed since, nothing is done and the person sees the page again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.taxonomy.enums import SupportKind
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import owner_name
from matching.awards.services import record_support, remove_support
from matching.desk import permissions
from matching.desk.enums import DECIDED, DismissReason, Stage
from matching.desk.models import MESSAGE_LENGTH, Decision, ShortlistEntry
from matching.desk.services import NothingToUndo, lock_case, move_locked, place
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction

#: Where support that was decided on the desk says it comes from.
SOURCE = "brygga"


class QuestionWaits(Exception):
    """The initiative has been asked and has not answered: `introduction` is taken back first."""

    def __init__(self, introduction: Introduction) -> None:
        self.introduction = introduction
        super().__init__(str(introduction))


class TellingChanged(Exception):
    """Whether the initiative is told is no longer as it was shown."""


@dataclass(frozen=True)
class Given:
    """The support that was decided."""

    kind: SupportKind
    decided_on: date
    amount: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    hours: int | None = None


def introduction_to_tell(offer: SupportOffer, initiative: Initiative) -> Introduction | None:
    """Return the accepted introduction by which the initiative is told. Raises QuestionWaits."""
    return _to_tell(Introduction.objects.filter(offer=offer, initiative=initiative))


@transaction.atomic
def decline(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    reason: DismissReason | str,
    message: str,
    is_told: bool,
    decided_on: date,
    now: datetime,
    seen: Stage | None = None,
) -> Decision:
    """Turn a case down. The reason stays on the desk; the message goes to an initiative that is told.

    `is_told` is what the person was shown. The same person again changes nothing and sends nothing. Raises
    PermissionDenied, ValueError for an unknown reason, CannotMove, ColleagueWasFirst, QuestionWaits or
    TellingChanged.
    """
    chosen = DismissReason(reason)
    entry, telling, done = _begin(offer, initiative, actor, Stage.DECLINED, is_told=is_told)
    if done is not None:
        return done
    entry.reason = chosen
    move_locked(entry, Stage.DECLINED, actor, now, seen)
    decision = _write(entry, Stage.DECLINED, actor, now, message, telling, decided_on=decided_on)
    _tell(telling, NoticeKind.DECISION_MADE, decision, actor, now)
    return decision


@transaction.atomic
def support(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    given: Given,
    message: str,
    is_told: bool,
    now: datetime,
    seen: Stage | None = None,
) -> Decision:
    """Decide to support a case. It is recorded as support given, which teaches what the offer is for.

    Otherwise as `decline`.
    """
    entry, telling, done = _begin(offer, initiative, actor, Stage.SUPPORTED, is_told=is_told)
    if done is not None:
        return done
    move_locked(entry, Stage.SUPPORTED, actor, now, seen)
    award, _is_new = record_support(
        source=SOURCE,
        source_id=f"{offer.public_id}-{initiative.public_id}",
        values={
            "offer": offer,
            "initiative": initiative,
            "giver": offer.organisation,
            **vars(given),
            "language": initiative.language,
        },
        now=now,
    )
    decision = _write(
        entry,
        Stage.SUPPORTED,
        actor,
        now,
        message,
        telling,
        award=award,
        **vars(given),
    )
    _tell(telling, NoticeKind.DECISION_MADE, decision, actor, now)
    return decision


@transaction.atomic
def take_back(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime, outcome: Stage
) -> ShortlistEntry:
    """Take a decision back: the case lies where it lay, and the support is no longer recorded.

    Who was told of the decision is told of this. Raises PermissionDenied, or NothingToUndo.
    """
    if not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    entry = lock_case(offer, initiative)
    decision = Decision.objects.select_related("award").filter(entry=entry).first() if entry else None
    if entry is None or decision is None or entry.stage != outcome or outcome not in DECIDED:
        raise NothingToUndo
    accepted = introductions_between(offer, initiative).filter(state=IntroductionState.ACCEPTED).first()
    if decision.is_told:
        _tell(accepted, NoticeKind.DECISION_TAKEN_BACK, decision, actor, now)
    award = decision.award
    decision.delete()
    if award is not None:
        remove_support(award, now=now)
    place(
        entry, Stage(entry.previous_stage or Stage.SHORTLISTED), actor, now, verb="desk_decision_taken_back"
    )
    ShortlistEntry.objects.filter(pk=entry.pk).update(previous_stage="")
    entry.previous_stage = ""
    return entry


def go_into_dialogue(*, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime) -> None:
    """Lay a case among those in dialogue after the giver's yes to a question. One that gets support stays.

    A decline that nobody was told of no longer holds. Within the transaction of the yes, and before its row is
    locked: whoever decides locks the desk's row first.
    """
    ShortlistEntry.objects.get_or_create(
        offer=offer,
        initiative=initiative,
        defaults={"stage": Stage.SUGGESTED, "changed_by": actor, "changed_at": now, "created_at": now},
    )
    entry = ShortlistEntry.objects.select_for_update().get(offer=offer, initiative=initiative)
    if entry.stage in (Stage.SUPPORTED, Stage.IN_DIALOGUE):
        return
    Decision.objects.filter(entry=entry, is_told=False).delete()
    place(entry, Stage.IN_DIALOGUE, actor, now)


def introductions_between(offer: SupportOffer, initiative: Initiative) -> Any:
    return Introduction.objects.filter(offer=offer, initiative=initiative).select_related(
        "initiative__organisation", "offer__organisation"
    )


def cleaned_message(message: str) -> str:
    """Return a message as it is kept and shown: contact details in it are masked."""
    return mask_contact_details(message.strip()).text[:MESSAGE_LENGTH]


def notice_parameters(introduction: Introduction) -> Mapping[str, str]:
    """Return what the notice of a decision holds: titles and public ids, never the message."""
    return {
        "title": introduction.initiative.title,
        "offer_title": introduction.offer.title,
        "organisation": owner_name(introduction.offer.organisation),
        "introduction": introduction.public_id,
        "initiative": introduction.initiative.public_id,
        "offer": introduction.offer.public_id,
    }


def _begin(
    offer: SupportOffer, initiative: Initiative, actor: User, outcome: Stage, *, is_told: bool
) -> tuple[ShortlistEntry, Introduction | None, Decision | None]:
    """Return the locked row, whom to tell by, and the decision if the person has made it already."""
    if not permissions.can_handle(actor, offer, initiative):
        raise PermissionDenied
    entry = lock_case(offer, initiative)
    if entry is None:
        raise PermissionDenied
    if entry.stage == outcome and entry.changed_by_id == actor.pk:
        return entry, None, Decision.objects.get(entry=entry)
    # Locked, so that a yes at this moment comes before or after, and the page is right about who is told.
    telling = _to_tell(introductions_between(offer, initiative).select_for_update(of=("self",)))
    if entry.stage not in DECIDED and (telling is not None) != is_told:
        raise TellingChanged
    return entry, telling, None


def _to_tell(introductions: Any) -> Introduction | None:
    open_ones = introductions.filter(state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED])
    found: Introduction | None = open_ones.first()
    if found is not None and found.state == IntroductionState.ASKED:
        raise QuestionWaits(found)
    return found


def _write(
    entry: ShortlistEntry,
    outcome: Stage,
    actor: User,
    now: datetime,
    message: str,
    telling: Introduction | None,
    **values: Any,
) -> Decision:
    return Decision.objects.create(
        entry=entry,
        outcome=outcome,
        message=cleaned_message(message) if telling is not None else "",
        is_told=telling is not None,
        decided_by=actor,
        decided_at=now,
        **values,
    )


def _tell(
    introduction: Introduction | None, kind: NoticeKind, decision: Decision, actor: User, now: datetime
) -> None:
    """Tell everybody who may write in the initiative's name, but not the one who did it."""
    if introduction is None:
        return
    parameters = notice_parameters(introduction)
    seekers = introduction.initiative.organisation.memberships.filter(role__in=WRITING_ROLES)
    for membership in seekers.select_related("user").order_by("pk"):
        if membership.user_id != actor.pk:
            notify(
                user=membership.user,
                kind=kind,
                parameters=parameters,
                key=f"{kind}-{decision.pk}",
                now=now,
            )
