"""Ask for an introduction, answer, take the question back.

Contact details change hands only by `accept`. Each step carries the old state in its WHERE, so of
two people at the same moment one wins and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import TextChoices

from brygga.audit.services import record
from brygga.core.enums import PublicationState
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import owner_name
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.desk.permissions import sees_case
from matching.desk.selectors import who_stands_aside
from matching.meeting import permissions
from matching.meeting.answer_days import promised_day
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import MESSAGE_LENGTH, Introduction, SharedContact
from matching.meeting.selectors import Contact

# Where a case lies that one may ask about.
ON_THE_WAY = (Stage.SHORTLISTED, Stage.IN_DIALOGUE)
# After a no the same offer waits before it may ask the same initiative again.
WAIT_AFTER_NO = timedelta(days=60)


class WhyNot(TextChoices):
    """Why a question cannot be asked. The page says it in words, with what would help."""

    NOT_ON_LIST = "not_on_list"
    NOT_VERIFIED = "not_verified"
    NOT_CONFIRMED = "not_confirmed"
    NOT_PUBLISHED = "not_published"
    INITIATIVE_GONE = "initiative_gone"
    SAID_NO = "said_no"


class CannotAsk(Exception):
    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


class AlreadyAsked(Exception):
    """A question is open, or has been accepted: `introduction` is that one."""

    def __init__(self, introduction: Introduction) -> None:
        self.introduction = introduction
        super().__init__(str(introduction))


class AnsweredAlready(Exception):
    """The introduction is no longer waiting for an answer: somebody was first."""


class NotReachable(Exception):
    """Contact details without an e-mail address and a phone number."""


def why_not_ask(*, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime) -> WhyNot | None:
    """Return what stands in the way of asking, or None. Open questions are found by `ask_for_introduction`."""
    if not offer.organisation.is_verified:
        return WhyNot.NOT_VERIFIED
    if not offer.is_confirmed:
        return WhyNot.NOT_CONFIRMED
    if offer.state != PublicationState.PUBLISHED:
        return WhyNot.NOT_PUBLISHED
    if not Initiative.objects.published().visible_to(actor).filter(pk=initiative.pk).exists():
        return WhyNot.INITIATIVE_GONE
    listed = ShortlistEntry.objects.filter(offer=offer, initiative=initiative, stage__in=ON_THE_WAY)
    if not listed.exists():
        return WhyNot.NOT_ON_LIST
    declined = Introduction.objects.filter(
        offer=offer,
        initiative=initiative,
        state=IntroductionState.DECLINED,
        answered_at__gt=now - WAIT_AFTER_NO,
    )
    return WhyNot.SAID_NO if declined.exists() else None


@transaction.atomic
def ask_for_introduction(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
) -> Introduction:
    """Ask the people behind a shortlisted initiative to be introduced, and tell them.

    Contact details in the message are masked. `contact` is what they will see if they say yes.
    Raises PermissionDenied, NotReachable, CannotAsk, or AlreadyAsked.
    """
    if not permissions.can_ask(actor, offer) or not sees_case(actor, offer, initiative):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    # The desk's row first: a decision at this moment comes before the question, which it stops, or after it.
    list(ShortlistEntry.objects.select_for_update().filter(offer=offer, initiative=initiative).values("pk"))
    if why := why_not_ask(offer=offer, initiative=initiative, actor=actor, now=now):
        raise CannotAsk(why)
    try:
        # A savepoint, so that the constraint that stops a double click leaves the transaction usable.
        with transaction.atomic():
            introduction = Introduction.objects.create(
                offer=offer,
                initiative=initiative,
                message=_cleaned(message),
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as error:
        open_one = Introduction.objects.filter(
            offer=offer,
            initiative=initiative,
            state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED],
        ).first()
        if open_one is None:
            raise
        raise AlreadyAsked(open_one) from error
    _share(introduction, Side.OFFER, contact)
    _record("ask_introduction", introduction, actor, now, offer.organisation_id)
    _tell(initiative.organisation, NoticeKind.INTRODUCTION_ASKED, introduction, actor, now)
    return introduction


@transaction.atomic
def accept(*, introduction: Introduction, actor: User, contact: Contact, now: datetime) -> Introduction:
    """Say yes: from now both sides see what the other has chosen to show, and the giver's time to answer runs.

    Raises PermissionDenied, NotReachable, or AnsweredAlready.
    """
    if not permissions.can_answer(actor, introduction):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    answer_by = promised_day(introduction.offer.answer_days, now)
    _step(introduction, IntroductionState.ACCEPTED, actor, now, answer_by=answer_by)
    _share(introduction, Side.INITIATIVE, contact)
    _record("accept_introduction", introduction, actor, now, introduction.initiative.organisation_id)
    _tell(introduction.offer.organisation, NoticeKind.INTRODUCTION_ACCEPTED, introduction, actor, now)
    return introduction


@transaction.atomic
def decline(*, introduction: Introduction, actor: User, now: datetime, answer: str = "") -> Introduction:
    """Say no, with a few words if one likes; contact details in them are masked.

    Raises PermissionDenied or AnsweredAlready.
    """
    if not permissions.can_answer(actor, introduction):
        raise PermissionDenied
    _step(introduction, IntroductionState.DECLINED, actor, now, answer=_cleaned(answer))
    introduction.contacts.all().delete()
    _record("decline_introduction", introduction, actor, now, introduction.initiative.organisation_id)
    _tell(introduction.offer.organisation, NoticeKind.INTRODUCTION_DECLINED, introduction, actor, now)
    return introduction


@transaction.atomic
def withdraw(*, introduction: Introduction, actor: User, now: datetime) -> Introduction:
    """Take the question back while it waits. Raises PermissionDenied or AnsweredAlready."""
    if not permissions.can_withdraw(actor, introduction):
        raise PermissionDenied
    _step(introduction, IntroductionState.WITHDRAWN, actor, now)
    introduction.contacts.all().delete()
    _record("withdraw_introduction", introduction, actor, now, introduction.offer.organisation_id)
    _tell(introduction.initiative.organisation, NoticeKind.INTRODUCTION_WITHDRAWN, introduction, actor, now)
    return introduction


def _step(
    introduction: Introduction,
    to: IntroductionState,
    actor: User,
    now: datetime,
    **changes: str | date | None,
) -> None:
    # The old state is part of the WHERE clause: of "yes" and "taken back" at the same moment one wins,
    # and contact details are written only by the winner.
    moved = (
        Introduction.objects.waiting()
        .filter(pk=introduction.pk)
        .update(state=to, answered_by=actor, answered_at=now, **changes)
    )
    if moved != 1:
        raise AnsweredAlready
    introduction.refresh_from_db(fields=["state", "answer", "answered_by", "answered_at", "answer_by"])


def _share(introduction: Introduction, side: Side, contact: Contact) -> None:
    SharedContact.objects.create(introduction=introduction, side=side, **asdict(contact))


def _cleaned(text: str) -> str:
    return mask_contact_details(text.strip()).text[:MESSAGE_LENGTH]


def _tell(
    organisation: Organisation, kind: NoticeKind, introduction: Introduction, actor: User, now: datetime
) -> None:
    """Tell everybody who may write in the organisation's name, but not the one who did it."""
    parameters: Mapping[str, str] = {
        "title": introduction.initiative.title,
        "offer_title": introduction.offer.title,
        "organisation": owner_name(introduction.offer.organisation),
        "introduction": introduction.public_id,
        "initiative": introduction.initiative.public_id,
        "offer": introduction.offer.public_id,
    }
    writers = organisation.memberships.filter(role__in=WRITING_ROLES).select_related("user").order_by("pk")
    if organisation == introduction.offer.organisation:
        writers = writers.exclude(user__in=who_stands_aside(introduction.offer, introduction.initiative))
    for membership in writers:
        if membership.user_id != actor.pk:
            notify(
                user=membership.user,
                kind=kind,
                parameters=parameters,
                key=f"introduction-{introduction.pk}-{introduction.state}",
                now=now,
            )


def _record(verb: str, introduction: Introduction, actor: User, now: datetime, organisation_id: int) -> None:
    record(
        verb=verb,
        subject=introduction,
        actor=actor,
        now=now,
        organisation_id=organisation_id,
        details={"offer": introduction.offer.public_id, "initiative": introduction.initiative.public_id},
    )
