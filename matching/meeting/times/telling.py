"""Record and tell what one side has done about when they meet."""

from __future__ import annotations

from datetime import datetime

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting.sides import organisation_on, other_side, writing_side_of
from matching.meeting.telling import tell_writers
from matching.meeting.times.models import MeetingProposal


def note_step(
    proposal: MeetingProposal,
    verb: str,
    kind: NoticeKind,
    actor: User,
    now: datetime,
    invitation: dict[str, str] | None = None,
) -> None:
    """Record what the actor has done and tell the other side."""
    introduction = proposal.introduction
    side = writing_side_of(actor, introduction)
    record(
        verb=verb,
        subject=proposal,
        actor=actor,
        now=now,
        organisation_id=organisation_on(introduction, side).pk,
        details={"introduction": introduction.public_id},
    )
    tell_writers(
        introduction=introduction,
        side=other_side(side),
        kind=kind,
        key=lambda _: f"proposal-{proposal.pk}-{proposal.state}",
        actor=actor,
        now=now,
        attached=invitation,
    )


def tell_own(
    proposal: MeetingProposal, kind: NoticeKind, actor: User, now: datetime, invitation: dict[str, str]
) -> None:
    """Tell the actor's own side too, the actor included: the invitation is for everybody's calendar."""
    tell_writers(
        introduction=proposal.introduction,
        side=writing_side_of(actor, proposal.introduction),
        kind=kind,
        key=lambda _: f"proposal-{proposal.pk}-{proposal.state}-by-us",
        actor=None,
        now=now,
        attached=invitation,
    )
