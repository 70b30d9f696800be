"""Ask another initiative to do it together, answer, take the question back.

Contact details change hands only by `accept`. Each step carries the old state in its WHERE, so of two people at
the same moment one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.organisations.models import Organisation
from brygga.organisations.selectors import writers_of
from brygga.users.models import User
from innovators.models import Initiative
from innovators.selectors import owner_name
from matching.meeting.asking import MOST_A_DAY
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.blocking.services import block, hold_for_asking
from matching.meeting.enums import IntroductionState
from matching.meeting.selectors import Contact
from matching.meeting.services import WAIT_AFTER_NO, AnsweredAlready, NotReachable
from matching.together import permissions
from matching.together.enums import TogetherSide, WhyNot
from matching.together.models import ANSWER_LENGTH, MESSAGE_LENGTH, TogetherQuestion
from matching.together.selectors import open_question

_A_DAY = timedelta(days=1)

__all__ = [
    "AlreadyAsked",
    "AnsweredAlready",
    "CannotAsk",
    "NotReachable",
    "accept",
    "ask",
    "decline",
    "withdraw",
]


class CannotAsk(Exception):
    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


class AlreadyAsked(Exception):
    """Something waits between the two, or has got a yes: `question` is that one. They may have asked it."""

    def __init__(self, question: TogetherQuestion) -> None:
        self.question = question
        super().__init__(str(question))


def why_not_ask(
    *, initiative: Initiative, organisation: Organisation, actor: User, now: datetime
) -> WhyNot | None:
    """Return what stands in the way of asking, or None. Open questions are found by `ask`."""
    if initiative.organisation_id == organisation.pk:
        return WhyNot.OWN
    if not Initiative.objects.published().visible_to(actor).filter(pk=initiative.pk).exists():
        return WhyNot.GONE
    writers = initiative.organisation.memberships.filter(role__in=WRITING_ROLES, user__is_active=True)
    if not writers.exists():
        return WhyNot.NOBODY
    asked = TogetherQuestion.objects.filter(organisation=organisation)
    if asked.filter(
        initiative=initiative, state=IntroductionState.DECLINED, answered_at__gt=now - WAIT_AFTER_NO
    ).exists():
        return WhyNot.SAID_NO
    if ContactBlock.objects.filter(organisation=initiative.organisation_id, against=organisation).exists():
        return WhyNot.NOT_NOW
    return WhyNot.TOO_MANY if asked.filter(asked_at__gt=now - _A_DAY).count() >= MOST_A_DAY else None


@transaction.atomic
def ask(
    *,
    initiative: Initiative,
    organisation: Organisation,
    own: Initiative | None,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
) -> TogetherQuestion:
    """Ask an initiative's people to do it together, in the name of one's organisation, and tell them.

    `own` is the initiative it concerns, a draft too; of it they learn the title. Contact details in the message
    are masked. `contact` is what they will see if they say yes.
    Raises PermissionDenied, NotReachable, CannotAsk or AlreadyAsked.
    """
    if not permissions.can_ask_for(actor, organisation, initiative):
        raise PermissionDenied
    if own is not None and own.organisation_id != organisation.pk:
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    # Held in one order: two that ask each other at once are asked one after the other, and so is a block.
    for key in sorted({organisation.pk, initiative.organisation_id}):
        hold_for_asking(key)
    if (there := open_question(initiative, [organisation.pk])) is not None:
        raise AlreadyAsked(there)
    if why := why_not_ask(initiative=initiative, organisation=organisation, actor=actor, now=now):
        raise CannotAsk(why)
    try:
        # A savepoint: the constraint stands also if the row was written past the lock.
        with transaction.atomic():
            question = TogetherQuestion.objects.create(
                initiative=initiative,
                organisation=organisation,
                own=own,
                message=_cleaned(message, MESSAGE_LENGTH),
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as error:
        there = open_question(initiative, [organisation.pk])
        if there is None:
            raise
        raise AlreadyAsked(there) from error
    _share(question, TogetherSide.ASKER, contact)
    _done("ask_together", NoticeKind.TOGETHER_ASKED, TogetherSide.ASKER, question, actor, now)
    return question


@transaction.atomic
def accept(*, question: TogetherQuestion, actor: User, contact: Contact, now: datetime) -> TogetherQuestion:
    """Say yes: from now both sides see what the other has chosen to show.

    Raises PermissionDenied, NotReachable, or AnsweredAlready.
    """
    if not permissions.can_answer(actor, question):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    _step(question, IntroductionState.ACCEPTED, actor, now)
    _share(question, TogetherSide.ASKED, contact)
    _done("accept_together", NoticeKind.TOGETHER_ACCEPTED, TogetherSide.ASKED, question, actor, now)
    return question


@transaction.atomic
def decline(
    *, question: TogetherQuestion, actor: User, now: datetime, answer: str = "", is_blocking: bool = False
) -> TogetherQuestion:
    """Say no, with a few words if one likes; contact details in them are masked.

    With `is_blocking` no more questions are taken from them, which they are not told.
    Raises PermissionDenied or AnsweredAlready.
    """
    if not permissions.can_answer(actor, question):
        raise PermissionDenied
    _say_no(question, actor, now, _cleaned(answer, ANSWER_LENGTH))
    if is_blocking:
        block(ours=question.initiative.organisation, theirs=question.organisation, actor=actor, now=now)
    return question


@transaction.atomic
def withdraw(*, question: TogetherQuestion, actor: User, now: datetime) -> TogetherQuestion:
    """Take the question back while it waits. Raises PermissionDenied or AnsweredAlready."""
    if not permissions.can_withdraw(actor, question):
        raise PermissionDenied
    _step(question, IntroductionState.WITHDRAWN, actor, now)
    question.contacts.all().delete()
    _done("withdraw_together", NoticeKind.TOGETHER_WITHDRAWN, TogetherSide.ASKER, question, actor, now)
    return question


def end_by_block(*, ours: Organisation, theirs: Organisation, actor: User, now: datetime) -> None:
    """End what those whom we block have asked us and waits, as after a no. Nobody is told why."""
    waiting = (
        TogetherQuestion.objects.waiting()
        .filter(organisation=theirs, initiative__organisation=ours)
        .select_related("initiative__organisation", "organisation")
        .order_by("pk")
    )
    for question in waiting:
        try:
            _say_no(question, actor, now, "")
        except AnsweredAlready:
            continue


def _say_no(question: TogetherQuestion, actor: User, now: datetime, answer: str) -> None:
    _step(question, IntroductionState.DECLINED, actor, now, answer=answer)
    question.contacts.all().delete()
    _done("decline_together", NoticeKind.TOGETHER_DECLINED, TogetherSide.ASKED, question, actor, now)


def _step(
    question: TogetherQuestion, to: IntroductionState, actor: User, now: datetime, **changes: str
) -> None:
    # The old state is part of the WHERE clause: of "yes" and "taken back" at the same moment one wins,
    # and contact details are written only by the winner.
    moved = (
        TogetherQuestion.objects.waiting()
        .filter(pk=question.pk)
        .update(state=to, answered_by=actor, answered_at=now, **changes)
    )
    if moved != 1:
        raise AnsweredAlready
    question.refresh_from_db(fields=["state", "answer", "answered_by", "answered_at"])


def _share(question: TogetherQuestion, side: TogetherSide, contact: Contact) -> None:
    question.contacts.create(side=side, **asdict(contact))


def _cleaned(text: str, length: int) -> str:
    return mask_contact_details(text.strip()).text[:length]


def _done(
    verb: str,
    kind: NoticeKind,
    side: TogetherSide,
    question: TogetherQuestion,
    actor: User,
    now: datetime,
) -> None:
    """Record what a side has done and tell those who may write for the other; never with people's own words."""
    asked, asker = question.initiative.organisation, question.organisation
    doer, told = (asker, asked) if side == TogetherSide.ASKER else (asked, asker)
    record(
        verb=verb,
        subject=question,
        actor=actor,
        now=now,
        organisation_id=doer.pk,
        details={"initiative": question.initiative.public_id},
    )
    parameters = {
        "title": question.initiative.title,
        "organisation": owner_name(doer),
        "initiative": question.initiative.public_id,
        "together": question.public_id,
    }
    for user in writers_of(told):
        if user.pk != actor.pk:
            notify(
                user=user,
                kind=kind,
                parameters=parameters,
                key=f"together-{question.pk}-{question.state}",
                now=now,
            )
