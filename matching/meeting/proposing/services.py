"""Propose that two meet, take the proposal back, and answer it. A yes is asked in the ordinary way.

Each step carries the old state in its WHERE, so of two people at the same moment one wins and the other is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders.enums import ApplyWay
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import DECIDED
from matching.desk.models import ShortlistEntry
from matching.meeting.asking import ask_giver, is_seen_by_giver, why_not_ask_giver
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing import permissions
from matching.meeting.proposing.enums import ProposalState
from matching.meeting.proposing.models import ANSWER_LENGTH, CONFLICT_LENGTH, TEXT_LENGTH, Proposal
from matching.meeting.proposing.placing import lay_on_desk
from matching.meeting.proposing.telling import tell_proposers, tell_sides
from matching.meeting.selectors import Contact, open_introduction
from matching.meeting.services import (
    WAIT_AFTER_NO,
    AnsweredAlready,
    CannotAsk,
    WhyNot,
    ask_for_introduction,
    has_said_no,
    why_not_ask,
)
from matching.meeting.sides import organisation_on, writing_side_of

# So many proposals may an intermediary make within a day, those taken back included.
MOST_A_DAY = 10
_A_DAY = timedelta(days=1)


class AlreadyProposed(Exception):
    """The intermediary has proposed the same already, and it waits: `proposal` is that one."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(str(proposal))


def why_not_propose(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    organisation: Organisation,
    actor: User,
    now: datetime,
) -> WhyNot | None:
    """Return what stands in the way of proposing that the two meet, or None.

    What is between the two, a no, a block or a contact, is theirs alone: for each of these the answer is NOT_NOW.
    """
    if not Initiative.objects.published().visible_to(actor).filter(pk=initiative.pk).exists():
        return WhyNot.INITIATIVE_GONE
    if not offer.is_confirmed:
        return WhyNot.NOT_CONFIRMED
    if offer.apply_way != ApplyWay.INTRODUCTION:
        return WhyNot.OTHER_WAY
    if not offer.organisation.is_verified:
        return WhyNot.NOT_VERIFIED
    if not SupportOffer.objects.open_on(timezone.localdate(now)).filter(pk=offer.pk).exists():
        return WhyNot.NOT_OPEN
    if not _may_be_brought_together(offer, initiative, organisation, now):
        return WhyNot.NOT_NOW
    lately = Proposal.objects.filter(organisation=organisation, proposed_at__gt=now - _A_DAY)
    return WhyNot.TOO_MANY if lately.count() >= MOST_A_DAY else None


def _may_be_brought_together(
    offer: SupportOffer, initiative: Initiative, organisation: Organisation, now: datetime
) -> bool:
    seeker, giver = initiative.organisation_id, offer.organisation_id
    if seeker == giver or not is_seen_by_giver(offer, initiative):
        return False
    if open_introduction(offer, initiative) is not None:
        return False
    if any(has_said_no(offer, initiative, asker=side, now=now) for side in Side):
        return False
    if ShortlistEntry.objects.filter(offer=offer, initiative=initiative, stage__in=DECIDED).exists():
        return False
    said_no = Proposal.objects.filter(
        offer=offer,
        initiative=initiative,
        state=ProposalState.DECLINED,
        answered_at__gt=now - WAIT_AFTER_NO,
    )
    sides = [seeker, giver]
    # Between the two, whoever made it; and by either of them against those who would propose.
    blocks = ContactBlock.objects.filter(
        Q(against__in=sides) | Q(against=organisation), organisation__in=sides
    )
    return not said_no.exists() and not blocks.exists()


@transaction.atomic
def propose(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    organisation: Organisation,
    actor: User,
    text: str,
    conflict: str,
    now: datetime,
) -> Proposal:
    """Propose to both sides that they meet, in the name of a verified intermediary.

    Contact details in the text are masked. Neither side has said anything by it. Raises PermissionDenied,
    AlreadyProposed, or CannotAsk.
    """
    if not permissions.can_propose(actor, organisation, initiative, offer):
        raise PermissionDenied
    # One at a time, by those who propose and to those who are asked: counted, and after a question or a block.
    held = [organisation.pk, initiative.organisation_id, offer.organisation_id]
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=held)
    list(rows.order_by("pk").values("pk"))
    waiting = Proposal.objects.waiting().filter(offer=offer, initiative=initiative, organisation=organisation)
    if (already := waiting.first()) is not None:
        raise AlreadyProposed(already)
    why = why_not_propose(offer=offer, initiative=initiative, organisation=organisation, actor=actor, now=now)
    if why is not None:
        raise CannotAsk(why)
    proposal = Proposal.objects.create(
        offer=offer,
        initiative=initiative,
        organisation=organisation,
        proposed_by=actor,
        proposed_by_name=str(actor),
        text=_masked(text, TEXT_LENGTH),
        conflict=_masked(conflict, CONFLICT_LENGTH),
        proposed_at=now,
    )
    _record("propose", proposal, organisation.pk, actor, now)
    tell_sides(proposal, now)
    return proposal


def why_not_take_up(*, proposal: Proposal, actor: User, now: datetime) -> WhyNot | None:
    """Return what stands in the way of a side's yes, or None."""
    offer, initiative = proposal.offer, proposal.initiative
    if writing_side_of(actor, proposal) == Side.INITIATIVE:
        return why_not_ask_giver(offer=offer, initiative=initiative, now=now, is_proposed=True)
    return why_not_ask(offer=offer, initiative=initiative, actor=actor, now=now, is_proposed=True)


@transaction.atomic
def take_up(
    *, proposal: Proposal, actor: User, message: str, contact: Contact, now: datetime
) -> Introduction:
    """Say yes to a proposal: ask the other side in the ordinary way, with what the rules of asking demand.

    What the intermediary's word stands for is not demanded: a match, a place on the desk. There the case is laid
    when it is the giver who says yes. Raises PermissionDenied, NotReachable, CannotAsk, AlreadyAsked when the other
    side was first, or AnsweredAlready.
    """
    if not permissions.can_answer_proposal(actor, proposal):
        raise PermissionDenied
    offer, initiative, asks = proposal.offer, proposal.initiative, ask_giver
    if writing_side_of(actor, proposal) == Side.OFFER:
        lay_on_desk(offer=offer, initiative=initiative, actor=actor, now=now)
        asks = ask_for_introduction
    return asks(
        offer=offer,
        initiative=initiative,
        actor=actor,
        message=message,
        contact=contact,
        now=now,
        proposal=proposal,
    )


@transaction.atomic
def decline_proposal(*, proposal: Proposal, actor: User, now: datetime, answer: str = "") -> Proposal:
    """Say no to a proposal, with a few words to those who made it if one likes; contact details in them are masked.

    Without words they are not told which side it was. The other side gets no mail. Raises PermissionDenied or
    AnsweredAlready.
    """
    if not permissions.can_answer_proposal(actor, proposal):
        raise PermissionDenied
    side = writing_side_of(actor, proposal)
    _step(
        proposal,
        ProposalState.DECLINED,
        actor,
        now,
        answered_side=side,
        answer=_masked(answer, ANSWER_LENGTH),
    )
    _record("decline_proposal", proposal, organisation_on(proposal, side).pk, actor, now)
    tell_proposers(proposal, NoticeKind.PROPOSAL_OVER, now)
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, actor: User, now: datetime) -> Proposal:
    """Take a proposal back while it waits. Nobody is written to. Raises PermissionDenied or AnsweredAlready."""
    if not permissions.can_withdraw_proposal(actor, proposal):
        raise PermissionDenied
    _step(proposal, ProposalState.WITHDRAWN, actor, now)
    _record("withdraw_proposal", proposal, proposal.organisation_id, actor, now)
    return proposal


def _step(proposal: Proposal, to: ProposalState, actor: User, now: datetime, **changes: str) -> None:
    # The old state is part of the WHERE clause: of "yes" and "taken back" at the same moment one wins.
    moved = (
        Proposal.objects.waiting()
        .filter(pk=proposal.pk)
        .update(state=to, answered_by=actor, answered_at=now, **changes)
    )
    if moved != 1:
        raise AnsweredAlready
    proposal.refresh_from_db(fields=["state", "answer", "answered_side", "answered_by", "answered_at"])


def _masked(text: str, length: int) -> str:
    return mask_contact_details(text.strip()).text[:length]


def _record(verb: str, proposal: Proposal, organisation_id: int, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=proposal,
        actor=actor,
        now=now,
        organisation_id=organisation_id,
        details={"offer": proposal.offer.public_id, "initiative": proposal.initiative.public_id},
    )
