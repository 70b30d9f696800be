"""Reads of when two sides meet: the proposal that waits, the time that is agreed, its calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from brygga.core.icalendar import Event, calendar
from innovators.selectors import owner_name
from matching.meeting.models import Introduction
from matching.meeting.times.enums import ProposalState
from matching.meeting.times.models import MeetingProposal


@dataclass(frozen=True)
class Meeting:
    """`waiting` is a proposal without an answer; `agreed` the last one of which a time was picked."""

    waiting: MeetingProposal | None
    agreed: MeetingProposal | None
    last: MeetingProposal | None


def meeting_of(introduction: Introduction) -> Meeting:
    """Return how far the two sides have come. The caller has found the introduction through `visible_to`."""
    rows = list(
        MeetingProposal.objects.filter(introduction=introduction)
        .filter(state__in=[ProposalState.OPEN, ProposalState.PICKED])
        .select_related("proposed_by", "answered_by")
        .order_by("-pk")[:2]
    )
    waiting = next((row for row in rows if row.state == ProposalState.OPEN), None)
    agreed = next((row for row in rows if row.state == ProposalState.PICKED), None)
    last = MeetingProposal.objects.filter(introduction=introduction).order_by("-pk").first()
    return Meeting(waiting, agreed, last)


def calendar_file(introduction: Introduction) -> bytes | None:
    """Return the agreed meeting as a calendar file in the language that is on; None if nothing is agreed.

    A later agreement carries the same name and a higher number, so that calendars move the meeting.
    """
    event = event_of(introduction)
    return calendar([event]) if event is not None else None


def event_of(introduction: Introduction) -> Event | None:
    """Return the meeting as it stands, in the language that is on; None if none has been agreed. Two queries."""
    picked = MeetingProposal.objects.filter(introduction=introduction, state=ProposalState.PICKED)
    agreed = picked.order_by("-pk").first()
    if agreed is None or agreed.picked is None or agreed.answered_at is None:
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
        starts=agreed.picked,
        ends=agreed.picked + timedelta(minutes=agreed.minutes),
        changed_at=agreed.answered_at,
        description=f"{names['seeker']}, {names['giver']}\n{agreed.get_way_display()}",
        location=agreed.where,
        url=address,
        sequence=picked.count() - 1,
    )
