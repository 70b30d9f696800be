"""Propose times to meet, pick one, ask for others, take the proposal back.

Each step holds the introduction's row and carries the old state in its WHERE, so of two people at the
same moment one wins and the other is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.conversation.services import hold_open
from matching.meeting.models import Introduction
from matching.meeting.sides import writing_side_of
from matching.meeting.times.enums import MeetingWay, ProposalState
from matching.meeting.times.invitations import invitation_to
from matching.meeting.times.models import TIMES, WHERE_LENGTH, MeetingProposal
from matching.meeting.times.telling import note_step, tell_own


class BadTimes(Exception):
    """Not three different times that are to come, or no word of where."""


class ProposalWaits(Exception):
    """Times have been proposed already and wait for an answer."""


class AnsweredAlready(Exception):
    """The proposal no longer waits for an answer: somebody was first."""


@transaction.atomic
def propose_times(
    *,
    introduction: Introduction,
    actor: User,
    times: Sequence[datetime],
    minutes: int,
    way: MeetingWay | str,
    where: str,
    key: UUID,
    now: datetime,
) -> MeetingProposal:
    """Propose three times to the other side and tell them. The same `key` is the same proposal.

    Raises PermissionDenied, BadTimes, ProposalWaits, or ConversationClosed.
    """
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    where = where.strip()
    is_sound = len(set(times)) == TIMES and all(one > now for one in times)
    if not is_sound or not where or len(where) > WHERE_LENGTH or minutes <= 0:
        raise BadTimes
    held = hold_open(introduction)
    made = MeetingProposal.objects.filter(introduction=held, creation_key=key).first()
    if made is not None:
        return made
    if MeetingProposal.objects.filter(introduction=held, state=ProposalState.OPEN).exists():
        raise ProposalWaits
    proposal = MeetingProposal.objects.create(
        introduction=held,
        side=writing_side_of(actor, held),
        proposed_by=actor,
        proposed_at=now,
        times=sorted(times),
        minutes=minutes,
        way=MeetingWay(way),
        where=where,
        creation_key=key,
    )
    note_step(proposal, "propose_times", NoticeKind.MEETING_PROPOSED, actor, now)
    return proposal


@transaction.atomic
def pick_time(*, proposal: MeetingProposal, actor: User, picked: datetime, now: datetime) -> MeetingProposal:
    """Pick one of the other side's times. Both sides get the invitation for their calendars.

    Raises PermissionDenied, BadTimes for one that was not proposed or has passed, AnsweredAlready, or
    ConversationClosed.
    """
    _check_answers(proposal, actor)
    if picked not in proposal.times or picked <= now:
        raise BadTimes
    _step(proposal, ProposalState.PICKED, actor, now, picked=picked)
    invitation = invitation_to(proposal.introduction)
    note_step(proposal, "pick_time", NoticeKind.MEETING_PICKED, actor, now, invitation)
    tell_own(proposal, NoticeKind.MEETING_PICKED_BY_US, actor, now, invitation)
    return proposal


@transaction.atomic
def ask_for_other_times(*, proposal: MeetingProposal, actor: User, now: datetime) -> MeetingProposal:
    """Say that none of the times is possible. Raises PermissionDenied, AnsweredAlready, ConversationClosed."""
    _check_answers(proposal, actor)
    _step(proposal, ProposalState.OTHERS_WANTED, actor, now)
    note_step(proposal, "ask_for_other_times", NoticeKind.MEETING_OTHERS_WANTED, actor, now)
    return proposal


@transaction.atomic
def take_back_times(*, proposal: MeetingProposal, actor: User, now: datetime) -> MeetingProposal:
    """Take one's own side's proposal back. Raises PermissionDenied, AnsweredAlready, ConversationClosed."""
    introduction = proposal.introduction
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    if writing_side_of(actor, introduction) != proposal.side:
        raise PermissionDenied
    _step(proposal, ProposalState.TAKEN_BACK, actor, now)
    note_step(proposal, "take_back_times", NoticeKind.MEETING_TAKEN_BACK, actor, now)
    return proposal


def _check_answers(proposal: MeetingProposal, actor: User) -> None:
    introduction = proposal.introduction
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    if writing_side_of(actor, introduction) == proposal.side:
        raise PermissionDenied


def _step(
    proposal: MeetingProposal,
    to: ProposalState,
    actor: User,
    now: datetime,
    picked: datetime | None = None,
) -> None:
    hold_open(proposal.introduction)
    moved = MeetingProposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(
        state=to, picked=picked, answered_by=actor, answered_at=now
    )
    if moved != 1:
        raise AnsweredAlready
    proposal.refresh_from_db(fields=["state", "picked", "answered_by", "answered_at"])
