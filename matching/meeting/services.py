"""Ask for an introduction, answer, take the question back. Either side asks; the other answers.

Contact details change hands only by `accept`. Each step carries the old state in its WHERE, so of
two people at the same moment one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import TextChoices

from brygga.audit.services import record
from brygga.core.enums import PublicationState
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.deciding import go_into_dialogue
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.desk.permissions import sees_case
from matching.meeting import permissions
from matching.meeting.answer_days import promised_day
from matching.meeting.blocking.selectors import is_blocked
from matching.meeting.blocking.services import block_other_side, hold_for_asking
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import MESSAGE_LENGTH, Introduction, SharedContact
from matching.meeting.proposing.enums import ProposalState
from matching.meeting.proposing.models import Proposal
from matching.meeting.proposing.telling import tell_proposers_of
from matching.meeting.selectors import Contact, open_introduction
from matching.meeting.sides import organisation_on, other_side
from matching.meeting.telling import tell_writers

# Where a case lies that one may ask about.
ON_THE_WAY = (Stage.SHORTLISTED, Stage.IN_DIALOGUE)
# After a no whoever asked waits before they may ask the same again. The other side may ask meanwhile.
WAIT_AFTER_NO = timedelta(days=60)


class WhyNot(TextChoices):
    """Why a question cannot be asked. The page says it in words, with what would help."""

    NOT_ON_LIST = "not_on_list"
    NOT_VERIFIED = "not_verified"
    NOT_CONFIRMED = "not_confirmed"
    NOT_PUBLISHED = "not_published"
    INITIATIVE_GONE = "initiative_gone"
    SAID_NO = "said_no"
    # They take no questions from the one who asks. They are told that it is so, and not why.
    NOT_NOW = "not_now"
    # When an initiative asks.
    OWN_NOT_PUBLISHED = "own_not_published"
    OTHER_WAY = "other_way"
    NOT_OPEN = "not_open"
    NO_MATCH = "no_match"
    CANNOT_SEE = "cannot_see"
    TOO_MANY = "too_many"


_ASKED = {Side.OFFER: NoticeKind.INTRODUCTION_ASKED, Side.INITIATIVE: NoticeKind.CONTACT_WANTED}
_ACCEPTED = {Side.OFFER: NoticeKind.INTRODUCTION_ACCEPTED, Side.INITIATIVE: NoticeKind.CONTACT_ACCEPTED}
_DECLINED = {Side.OFFER: NoticeKind.INTRODUCTION_DECLINED, Side.INITIATIVE: NoticeKind.CONTACT_DECLINED}
_WITHDRAWN = {Side.OFFER: NoticeKind.INTRODUCTION_WITHDRAWN, Side.INITIATIVE: NoticeKind.CONTACT_WITHDRAWN}


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


def why_not_ask(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime, is_proposed: bool = False
) -> WhyNot | None:
    """Return what stands in the way of asking, or None. Open questions are found by `ask_for_introduction`.

    A case that an intermediary has proposed need not lie on the desk.
    """
    if not offer.organisation.is_verified:
        return WhyNot.NOT_VERIFIED
    if not offer.is_confirmed:
        return WhyNot.NOT_CONFIRMED
    if offer.state != PublicationState.PUBLISHED:
        return WhyNot.NOT_PUBLISHED
    if not Initiative.objects.published().visible_to(actor).filter(pk=initiative.pk).exists():
        return WhyNot.INITIATIVE_GONE
    listed = ShortlistEntry.objects.filter(offer=offer, initiative=initiative, stage__in=ON_THE_WAY)
    if not is_proposed and not listed.exists():
        return WhyNot.NOT_ON_LIST
    if has_said_no(offer, initiative, asker=Side.OFFER, now=now):
        return WhyNot.SAID_NO
    return WhyNot.NOT_NOW if is_blocked(offer, initiative, asker=Side.OFFER) else None


def has_said_no(offer: SupportOffer, initiative: Initiative, *, asker: Side, now: datetime) -> bool:
    """Return whether the one who asks got a no from the other so lately that they wait."""
    return Introduction.objects.filter(
        offer=offer,
        initiative=initiative,
        asked_side=asker,
        state=IntroductionState.DECLINED,
        answered_at__gt=now - WAIT_AFTER_NO,
    ).exists()


@transaction.atomic
def ask_for_introduction(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
    proposal: Proposal | None = None,
) -> Introduction:
    """Ask the people behind a shortlisted initiative to be introduced, and tell them.

    Contact details in the message are masked. `contact` is what they will see if they say yes. With a
    `proposal`, which the question takes up, the initiative need not be on the shortlist.
    Raises PermissionDenied, NotReachable, CannotAsk, AlreadyAsked, or AnsweredAlready for a proposal that is gone.
    """
    if not permissions.can_ask(actor, offer) or not sees_case(actor, offer, initiative):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    # The desk's row first: a decision at this moment comes before the question, which it stops, or after it.
    list(ShortlistEntry.objects.select_for_update().filter(offer=offer, initiative=initiative).values("pk"))
    is_proposed = proposal is not None
    if why := why_not_ask(offer=offer, initiative=initiative, actor=actor, now=now, is_proposed=is_proposed):
        raise CannotAsk(why)
    return put_question(
        offer=offer,
        initiative=initiative,
        side=Side.OFFER,
        actor=actor,
        message=message,
        contact=contact,
        now=now,
        proposal=proposal,
    )


def put_question(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    side: Side,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
    answer_by: date | None = None,
    proposal: Proposal | None = None,
) -> Introduction:
    """Write the question of one side and tell the other. Whether it may be asked, the caller has asked.

    It takes up what intermediaries have proposed for the two, whether or not it is asked because of that.
    Raises AlreadyAsked when there is a question of either side, or a yes, CannotAsk for who is blocked, and
    AnsweredAlready when the question is asked because of a `proposal` that no longer waits.
    """
    hold_for_asking(initiative.organisation_id if side == Side.OFFER else offer.organisation_id)
    # Held before the question is written: the other side may say yes, or the proposal be taken back, just now.
    waiting = Proposal.objects.waiting().filter(offer=offer, initiative=initiative)
    proposals = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    if proposal is not None and proposal.pk not in proposals:
        open_one = open_introduction(offer, initiative)
        raise AnsweredAlready if open_one is None else AlreadyAsked(open_one)
    # Asked anew: the block may have come while we waited.
    if is_blocked(offer, initiative, asker=side):
        raise CannotAsk(WhyNot.NOT_NOW)
    try:
        # A savepoint, so that the constraint that stops a double click leaves the transaction usable.
        with transaction.atomic():
            introduction = Introduction.objects.create(
                offer=offer,
                initiative=initiative,
                asked_side=side,
                message=_cleaned(message),
                asked_by=actor,
                asked_at=now,
                answer_by=answer_by,
            )
    except IntegrityError as error:
        open_one = open_introduction(offer, initiative)
        if open_one is None:
            raise
        raise AlreadyAsked(open_one) from error
    Proposal.objects.filter(pk__in=proposals).update(
        state=ProposalState.TAKEN_UP,
        introduction=introduction,
        answered_side=side,
        answered_by=actor,
        answered_at=now,
    )
    _share(introduction, side, contact)
    _done("ask_introduction", _ASKED, side, introduction, actor, now)
    return introduction


@transaction.atomic
def accept(*, introduction: Introduction, actor: User, contact: Contact, now: datetime) -> Introduction:
    """Say yes: from now both sides see what the other has chosen to show. A giver's yes lays the case in dialogue.

    The giver's time to answer runs from the initiative's yes, which it gave by asking if it was the one to ask.
    Raises PermissionDenied, NotReachable, or AnsweredAlready.
    """
    if not permissions.can_answer(actor, introduction):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    side = introduction.answering_side
    if side == Side.INITIATIVE:
        answer_by = promised_day(introduction.offer.answer_days, now)
        _step(introduction, IntroductionState.ACCEPTED, actor, now, answer_by=answer_by)
    else:
        go_into_dialogue(offer=introduction.offer, initiative=introduction.initiative, actor=actor, now=now)
        _step(introduction, IntroductionState.ACCEPTED, actor, now)
    _share(introduction, side, contact)
    _done("accept_introduction", _ACCEPTED, side, introduction, actor, now)
    tell_proposers_of(introduction, now)
    return introduction


@transaction.atomic
def decline(
    *, introduction: Introduction, actor: User, now: datetime, answer: str = "", is_blocking: bool = False
) -> Introduction:
    """Say no, with a few words if one likes; contact details in them are masked. The case stays on the desk.

    With `is_blocking` no more questions are taken from their organisation, which is not told.

    Raises PermissionDenied or AnsweredAlready.
    """
    if not permissions.can_answer(actor, introduction):
        raise PermissionDenied
    _step(introduction, IntroductionState.DECLINED, actor, now, answer=_cleaned(answer))
    introduction.contacts.all().delete()
    if is_blocking:
        block_other_side(introduction=introduction, side=introduction.answering_side, actor=actor, now=now)
    _done("decline_introduction", _DECLINED, introduction.answering_side, introduction, actor, now)
    tell_proposers_of(introduction, now)
    return introduction


@transaction.atomic
def withdraw(*, introduction: Introduction, actor: User, now: datetime) -> Introduction:
    """Take the question back while it waits. Raises PermissionDenied or AnsweredAlready."""
    if not permissions.can_withdraw(actor, introduction):
        raise PermissionDenied
    _step(introduction, IntroductionState.WITHDRAWN, actor, now)
    introduction.contacts.all().delete()
    _done("withdraw_introduction", _WITHDRAWN, Side(introduction.asked_side), introduction, actor, now)
    tell_proposers_of(introduction, now)
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


def _done(
    verb: str,
    kinds: dict[Side, NoticeKind],
    side: Side,
    introduction: Introduction,
    actor: User,
    now: datetime,
) -> None:
    """Record what a side has done and tell the other. `kinds` holds the notice by who asked."""
    record(
        verb=verb,
        subject=introduction,
        actor=actor,
        now=now,
        organisation_id=organisation_on(introduction, side).pk,
        details={"offer": introduction.offer.public_id, "initiative": introduction.initiative.public_id},
    )
    tell_writers(
        introduction=introduction,
        side=other_side(side),
        kind=kinds[Side(introduction.asked_side)],
        key=lambda _: f"introduction-{introduction.pk}-{introduction.state}",
        actor=actor,
        now=now,
    )
