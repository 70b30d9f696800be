"""The invitation to a meeting, which goes along with a mail and is made when the mail is sent."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.translation import override

from brygga.core.icalendar import Method, calendar
from brygga.outbox.attachments import TextAttachment, register
from brygga.users.models import User
from matching.meeting.models import Introduction
from matching.meeting.times.selectors import event_of

INVITATION = "meeting"


def invitation_to(introduction: Introduction) -> dict[str, str]:
    """Return what `notify` is told, so that the mail carries the invitation."""
    return {"maker": INVITATION, "introduction": introduction.public_id}


def make_invitation(*, introduction: str, user: int, **_unknown: Any) -> TextAttachment | None:
    """Return the meeting as it stands now, agreed or called off, for one person's calendar; None if there is none.

    Brygga invites, and the person alone is invited: no address of anybody else is in it. Whoever no longer
    belongs to one of the two sides, or stands aside, gets the mail without it.
    """
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None:
        return None
    found = (
        Introduction.objects.visible_to(person)
        .select_related("initiative__organisation", "offer__organisation")
        .filter(public_id=introduction)
        .first()
    )
    if found is None:
        return None
    with override(person.language):
        event = event_of(found)
        if event is None:
            return None
    _name, organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)
    method: Method = "CANCEL" if event.cancelled else "REQUEST"
    content = calendar([replace(event, organizer=organizer, attendee=person.email)], method=method)
    return TextAttachment("brygga.ics", "calendar", content.decode(), (("method", method),))


def connect() -> None:
    """Say who makes it; doing it again changes nothing."""
    register(INVITATION, make_invitation)
