"""Reads of when two sides meet: the proposal that waits, the time that is agreed, its calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from brygga.core.icalendar import Event, calendar
from innovators.selectors import owner_name
from matching.meeting.models import Introduction
from matching.meeting.times.enums import SETTLED, ProposalState
from matching.meeting.times.models import MeetingProposal


@dataclass(frozen=True)
class Meeting:
    """`waiting` is a proposal without an answer; of the last time that was picked, `agreed` or `called_off`."""

    waiting: MeetingProposal | None
    agreed: MeetingProposal | None
    called_off: MeetingProposal | None
    last: MeetingProposal | None


def meeting_of(introduction: Introduction) -> Meeting:
    """Return how far the two sides have come. The caller has found the introduction through `visible_to`."""
    rows = list(
        MeetingProposal.objects.filter(introduction=introduction)
        .filter(state__in=[ProposalState.OPEN, *SETTLED])
        .select_related("proposed_by", "answered_by")
        .order_by("-pk")[:2]
    )
    waiting = next((row for row in rows if row.state == ProposalState.OPEN), None)
    settled = next((row for row in rows if row.state in SETTLED), None)
    is_off = settled is not None and settled.state == ProposalState.CALLED_OFF
    last = MeetingProposal.objects.filter(introduction=introduction).order_by("-pk").first()
    return Meeting(waiting, None if is_off else settled, settled if is_off else None, last)


def calendar_file(introduction: Introduction) -> bytes | None:
    """Return the agreed meeting as a calendar file in the language that is on; None if nothing has been.

    A later agreement carries the same name and a higher number, so that calendars move the meeting; and so does
    its being called off.
    """
    event = event_of(introduction)
    return calendar([event]) if event is not None else None


def event_of(introduction: Introduction) -> Event | None:
    """Return the meeting as it stands, in the language that is on; None if none has been agreed. One query."""
    settled = list(
        MeetingProposal.objects.filter(introduction=introduction, state__in=SETTLED).order_by("-pk")
    )
    last = settled[0] if settled else None
    if last is None or last.picked is None or last.answered_at is None:
        return None
    address = settings.SITE_ADDRESS + reverse("matching:introduction", args=[introduction.public_id])
    names = {
        "title": introduction.initiative.title,
        "seeker": owner_name(introduction.initiative.organisation),
        "giver": owner_name(introduction.offer.organisation),
    }
    return Event(
        uid=f"meeting-{introduction.public_id}@{urlsplit(settings.SITE_ADDRESS).hostname}",
        summary=_("Meeting about “%(title)s”") % names,
        starts=last.picked,
        ends=last.ends_at,
        changed_at=last.called_off_at or last.answered_at,
        description=f"{names['seeker']}, {names['giver']}\n{last.get_way_display()}",
        location=last.where,
        url=address,
        # Each agreement is a word on the meeting, and so is each time one was called off.
        sequence=len(settled) - 1 + sum(one.state == ProposalState.CALLED_OFF for one in settled),
        cancelled=last.state == ProposalState.CALLED_OFF,
    )
