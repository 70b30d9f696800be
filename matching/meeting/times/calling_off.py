"""Call off a meeting that is agreed.

The introduction's row is held, as by whoever picks a time: of two people who call off at the same moment, or
of one who does while the other agrees on another time, one is first and the other is told.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.conversation.services import ConversationClosed, send_message
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.meeting.sides import writing_side_of
from matching.meeting.times.enums import SETTLED, ProposalState
from matching.meeting.times.invitations import invitation_to
from matching.meeting.times.models import MeetingProposal
from matching.meeting.times.telling import note_step, tell_own


class NothingToCallOff(Exception):
    """The meeting has been, is called off already, or another time has been agreed since."""


@transaction.atomic
def call_off(
    *, meeting: MeetingProposal, actor: User, now: datetime, text: str = "", key: UUID
) -> MeetingProposal:
    """Call off an agreed meeting, and say why in the conversation if one likes. Both sides' calendars are told.

    It can be done after the conversation is ended too, but then without words. Raises PermissionDenied,
    NothingToCallOff, or ConversationClosed where there are words and nowhere to write them.
    """
    introduction = meeting.introduction
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    accepted = Introduction.objects.filter(pk=introduction.pk, state=IntroductionState.ACCEPTED)
    if not accepted.select_for_update(of=("self",)).exists():
        raise ConversationClosed
    settled = MeetingProposal.objects.filter(introduction=introduction, state__in=SETTLED).order_by("-pk")
    last = settled.first()
    if last is None or last.pk != meeting.pk or last.state != ProposalState.PICKED:
        raise NothingToCallOff
    if last.ends_at is None or last.ends_at <= now:
        raise NothingToCallOff
    MeetingProposal.objects.filter(pk=meeting.pk, state=ProposalState.PICKED).update(
        state=ProposalState.CALLED_OFF,
        called_off_side=writing_side_of(actor, introduction),
        called_off_by=actor,
        called_off_at=now,
    )
    meeting.refresh_from_db(fields=["state", "called_off_side", "called_off_by", "called_off_at"])
    if text.strip():
        send_message(introduction=introduction, actor=actor, text=text, key=key, now=now, is_told=False)
    invitation = invitation_to(introduction)
    note_step(meeting, "call_off_meeting", NoticeKind.MEETING_CALLED_OFF, actor, now, invitation)
    tell_own(meeting, NoticeKind.MEETING_CALLED_OFF_BY_US, actor, now, invitation)
    return meeting
