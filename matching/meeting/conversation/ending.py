"""End a conversation, and open it again.

Both hold the introduction's row, as whoever writes does: of a message and an end at the same moment either
the message came first and stands, or whoever wrote it is told that the conversation is ended.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.blocking.services import block_other_side
from matching.meeting.conversation.services import hold_open
from matching.meeting.models import Introduction
from matching.meeting.sides import organisation_on, other_side, writing_side_of
from matching.meeting.telling import tell_writers
from matching.meeting.times.enums import ProposalState
from matching.meeting.times.models import MeetingProposal


class NotEnded(Exception):
    """The conversation is open already: somebody was first."""


@transaction.atomic
def end_conversation(
    *, introduction: Introduction, actor: User, now: datetime, is_blocking: bool = False
) -> Introduction:
    """Stop both sides from writing, sending files and proposing times, and tell the other side.

    What is written stays, and so does a meeting that is agreed; times that wait for an answer are taken back.
    With `is_blocking` no more questions are taken from their organisation, which is not told.
    Raises PermissionDenied or ConversationClosed.
    """
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    held = hold_open(introduction)
    side = writing_side_of(actor, held)
    Introduction.objects.filter(pk=held.pk).update(ended_side=side, ended_by=actor, ended_at=now)
    MeetingProposal.objects.filter(introduction=held, state=ProposalState.OPEN).update(
        state=ProposalState.TAKEN_BACK, answered_by=actor, answered_at=now
    )
    if is_blocking:
        block_other_side(introduction=held, side=side, actor=actor, now=now)
    return _told(introduction, "end_conversation", NoticeKind.CONVERSATION_ENDED, actor, now)


@transaction.atomic
def reopen_conversation(*, introduction: Introduction, actor: User, now: datetime) -> Introduction:
    """Let both sides write again, and tell the other side. Raises PermissionDenied or NotEnded."""
    held = Introduction.objects.select_for_update(of=("self",)).get(pk=introduction.pk)
    if held.ended_at is None and permissions.can_converse(actor, introduction):
        raise NotEnded
    # By its row now and not as the caller remembers it: only the side that ended it opens it.
    introduction.ended_side = held.ended_side
    if not permissions.can_reopen(actor, introduction):
        raise PermissionDenied
    Introduction.objects.filter(pk=held.pk).update(ended_side="", ended_by=None, ended_at=None)
    return _told(introduction, "reopen_conversation", NoticeKind.CONVERSATION_REOPENED, actor, now)


def _told(
    introduction: Introduction, verb: str, kind: NoticeKind, actor: User, now: datetime
) -> Introduction:
    introduction.refresh_from_db(fields=["ended_side", "ended_by", "ended_at"])
    side = writing_side_of(actor, introduction)
    record(
        verb=verb,
        subject=introduction,
        actor=actor,
        now=now,
        organisation_id=organisation_on(introduction, side).pk,
    )
    day = timezone.localtime(now).date()
    tell_writers(
        introduction=introduction,
        side=other_side(side),
        kind=kind,
        # Ending and opening again and again sends the other side at most one mail of each a day.
        key=lambda _: f"{kind}-{introduction.pk}-{day}",
        actor=actor,
        now=now,
    )
    return introduction
