"""Ask, answer, take the question back, and write that it has been taken up. Either side asks; the other answers.

Contact details change hands only by `accept`. Each step carries the old state in its WHERE, so of two people at
the same moment one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils import timezone

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.models import Organisation
from brygga.organisations.selectors import writers_of
from brygga.users.models import User
from innovators.models import Adopter, Initiative, SpreadRecord
from innovators.records.services import add_record
from innovators.selectors import owner_name
from matching.adopting import permissions
from matching.adopting.enums import AdoptionSide, other_side
from matching.adopting.models import AdoptionContact, AdoptionQuestion
from matching.adopting.questions import open_question
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.blocking.services import block_organisation
from matching.meeting.enums import IntroductionState
from matching.meeting.models import MESSAGE_LENGTH
from matching.meeting.selectors import Contact
from matching.meeting.services import WAIT_AFTER_NO

# So many questions may be asked in the name of one organisation within a day, those taken back included.
MOST_A_DAY = 5
_A_DAY = timedelta(days=1)


class WhyNot(TextChoices):
    """Why a question cannot be asked. The page says it in words, with what would help."""

    SAME = "same"
    NOT_VERIFIED = "not_verified"
    ADOPTER_GONE = "adopter_gone"
    INITIATIVE_GONE = "initiative_gone"
    CANNOT_SEE = "cannot_see"
    SAID_NO = "said_no"
    # They take no questions from the one who asks. They are told that it is so, and not why.
    NOT_NOW = "not_now"
    TOO_MANY = "too_many"


class CannotAsk(Exception):
    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


class AlreadyAsked(Exception):
    """A question waits, or has got a yes: `question` is that one."""

    def __init__(self, question: AdoptionQuestion) -> None:
        self.question = question
        super().__init__(str(question))


class AnsweredAlready(Exception):
    """The question no longer waits for an answer: somebody was first."""


class NotReachable(Exception):
    """Contact details without an e-mail address and a phone number."""


class NotYet(Exception):
    """Both have not said yes, so nothing can be written about what was taken up."""


def why_not_ask(
    *, adopter: Adopter, initiative: Initiative, side: AdoptionSide, now: datetime
) -> WhyNot | None:
    """Return what stands in the way of one side's question, or None. Open questions are found by `ask`."""
    asking, asked = _organisations(adopter, initiative, side)
    if asking == asked:
        return WhyNot.SAME
    if not adopter.organisation.is_verified:
        return WhyNot.NOT_VERIFIED
    if not Adopter.objects.published().filter(pk=adopter.pk).exists():
        return WhyNot.ADOPTER_GONE
    published = Initiative.objects.published().filter(pk=initiative.pk)
    if not published.exists():
        return WhyNot.INITIATIVE_GONE
    theirs = Organisation.objects.filter(pk=adopter.organisation_id)
    if not published.seen_from(theirs).exists():
        return WhyNot.CANNOT_SEE
    said_no = AdoptionQuestion.objects.filter(
        adopter=adopter,
        initiative=initiative,
        asked_side=side,
        state=IntroductionState.DECLINED,
        answered_at__gt=now - WAIT_AFTER_NO,
    )
    if said_no.exists():
        return WhyNot.SAID_NO
    if ContactBlock.objects.filter(organisation=asked, against=asking).exists():
        return WhyNot.NOT_NOW
    whose = "adopter" if side == AdoptionSide.ADOPTER else "initiative"
    lately = AdoptionQuestion.objects.filter(
        **{f"{whose}__organisation": asking}, asked_side=side, asked_at__gt=now - _A_DAY
    )
    return WhyNot.TOO_MANY if lately.count() >= MOST_A_DAY else None


@transaction.atomic
def ask(
    *,
    adopter: Adopter,
    initiative: Initiative,
    side: AdoptionSide,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
) -> AdoptionQuestion:
    """Ask the other side to talk about taking it up, and tell its people.

    Contact details in the message are masked. `contact` is what they will see if they say yes.
    Raises PermissionDenied, NotReachable, CannotAsk, or AlreadyAsked when either side has asked.
    """
    if not permissions.can_ask_for(actor, adopter if side == AdoptionSide.ADOPTER else initiative):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    # One at a time: counted, and before or after a block. Nobody else waits for this lock to refer to the rows.
    held = Organisation.objects.select_for_update(no_key=True).filter(
        pk__in=_organisations(adopter, initiative, side)
    )
    list(held.order_by("pk").values("pk"))
    already = open_question(adopter, initiative)
    if already is not None:
        raise AlreadyAsked(already)
    if why := why_not_ask(adopter=adopter, initiative=initiative, side=side, now=now):
        raise CannotAsk(why)
    try:
        # A savepoint, so that the constraint that stops a double click leaves the transaction usable.
        with transaction.atomic():
            question = AdoptionQuestion.objects.create(
                adopter=adopter,
                initiative=initiative,
                asked_side=side,
                message=_cleaned(message),
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as error:
        already = open_question(adopter, initiative)
        if already is None:
            raise
        raise AlreadyAsked(already) from error
    _share(question, side, contact)
    _done("adoption.asked", NoticeKind.ADOPTION_ASKED, side, question, actor, now)
    return question


@transaction.atomic
def accept(*, question: AdoptionQuestion, actor: User, contact: Contact, now: datetime) -> AdoptionQuestion:
    """Say yes: from now both sides see what the other has chosen to show.

    Raises PermissionDenied, NotReachable, or AnsweredAlready.
    """
    if not permissions.can_answer(actor, question):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    _step(question, IntroductionState.ACCEPTED, actor, now)
    _share(question, question.answering_side, contact)
    _done("adoption.accepted", NoticeKind.ADOPTION_ACCEPTED, question.answering_side, question, actor, now)
    return question


@transaction.atomic
def decline(
    *, question: AdoptionQuestion, actor: User, now: datetime, answer: str = "", is_blocking: bool = False
) -> AdoptionQuestion:
    """Say no, with a few words if one likes; contact details in them are masked.

    With `is_blocking` no more questions are taken from their organisation, which is not told.
    Raises PermissionDenied or AnsweredAlready.
    """
    if not permissions.can_answer(actor, question):
        raise PermissionDenied
    _step(question, IntroductionState.DECLINED, actor, now, answer=_cleaned(answer))
    question.contacts.all().delete()
    side = question.answering_side
    if is_blocking:
        block_organisation(
            ours=_organisation_on(question, side),
            theirs=_organisation_on(question, other_side(side)),
            actor=actor,
            now=now,
        )
    _done("adoption.declined", NoticeKind.ADOPTION_DECLINED, side, question, actor, now)
    return question


@transaction.atomic
def withdraw(*, question: AdoptionQuestion, actor: User, now: datetime) -> AdoptionQuestion:
    """Take the question back while it waits. Raises PermissionDenied or AnsweredAlready."""
    if not permissions.can_withdraw(actor, question):
        raise PermissionDenied
    _step(question, IntroductionState.WITHDRAWN, actor, now)
    question.contacts.all().delete()
    side = AdoptionSide(question.asked_side)
    _done("adoption.withdrawn", NoticeKind.ADOPTION_WITHDRAWN, side, question, actor, now)
    return question


@transaction.atomic
def tell_taken_up(*, question: AdoptionQuestion, actor: User, now: datetime) -> SpreadRecord:
    """Write among the initiative's spread that the adopter has begun. Once is enough.

    Raises PermissionDenied, NotYet before both have said yes, or InvalidAnswers when there is no room.
    """
    if not permissions.can_tell_taken_up(actor, question):
        raise PermissionDenied
    # Held, so that two clicks write it once.
    rows = AdoptionQuestion.objects.select_for_update(of=("self",))
    held = rows.select_related("adopter__organisation", "initiative", "spread").get(pk=question.pk)
    if not held.is_accepted:
        raise NotYet
    if held.spread is not None:
        return held.spread
    adopter = held.adopter
    made = add_record(
        kind=SpreadRecord,
        initiative=held.initiative,
        values={
            "adopter": str(adopter.organisation)[:200],
            "adopter_kind": adopter.organisation.kind,
            "area_code": adopter.area_codes[0] if adopter.area_codes else "SE",
            "started_on": timezone.localdate(now),
        },
        actor=actor,
        now=now,
    )
    AdoptionQuestion.objects.filter(pk=held.pk).update(spread=made)
    return made


def _organisations(adopter: Adopter, initiative: Initiative, side: AdoptionSide) -> tuple[int, int]:
    """Return who asks and who is asked."""
    both = (adopter.organisation_id, initiative.organisation_id)
    return both if side == AdoptionSide.ADOPTER else both[::-1]


def _organisation_on(question: AdoptionQuestion, side: AdoptionSide) -> Organisation:
    whose = question.initiative if side == AdoptionSide.INITIATIVE else question.adopter
    return whose.organisation


def _step(
    question: AdoptionQuestion, to: IntroductionState, actor: User, now: datetime, answer: str = ""
) -> None:
    # The old state is part of the WHERE clause: of "yes" and "taken back" at the same moment one wins,
    # and contact details are written only by the winner.
    moved = (
        AdoptionQuestion.objects.waiting()
        .filter(pk=question.pk)
        .update(state=to, answered_by=actor, answered_at=now, answer=answer)
    )
    if moved != 1:
        raise AnsweredAlready
    question.refresh_from_db(fields=["state", "answer", "answered_by", "answered_at"])


def _share(question: AdoptionQuestion, side: AdoptionSide, contact: Contact) -> None:
    AdoptionContact.objects.create(question=question, side=side, **asdict(contact))


def _cleaned(text: str) -> str:
    return mask_contact_details(text.strip()).text[:MESSAGE_LENGTH]


def _done(
    verb: str,
    kind: NoticeKind,
    side: AdoptionSide,
    question: AdoptionQuestion,
    actor: User,
    now: datetime,
) -> None:
    """Record what a side has done and tell the other. Never with people's own words."""
    ours = _organisation_on(question, side)
    details = {"adopter": question.adopter.public_id, "initiative": question.initiative.public_id}
    record(verb=verb, subject=question, actor=actor, now=now, organisation_id=ours.pk, details=details)
    parameters = {
        "organisation": owner_name(ours),
        "title": question.initiative.title,
        "wanted": question.adopter.title,
        "adoption": question.public_id,
    }
    for user in writers_of(_organisation_on(question, other_side(side))):
        if user.pk != actor.pk:
            notify(
                user=user,
                kind=kind,
                parameters=parameters,
                key=f"adoption-{question.pk}-{question.state}",
                now=now,
            )
