"""The invitation to a meeting: in the mails as they are sent, made from how things stand then."""

from __future__ import annotations

from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core import mail

from brygga.notifications.models import Notice
from brygga.outbox.models import MailboxMail, OutboxMessage
from brygga.outbox.tasks import deliver_mail
from brygga.users.models import User
from matching.desk.recusing import recuse
from matching.meeting.models import Introduction
from tests.cast import Cast
from tests.factories import NOW
from tests.matching.meeting.test_times import TIMES, WHERE, pick, propose, read

pytestmark = pytest.mark.django_db


def sent(kind: str) -> dict[str, EmailMessage]:
    """Send the mails of a kind of notice; return them by who got them, as a mail program reads them."""
    mail.outbox.clear()
    for notice in Notice.objects.filter(kind=kind):
        message = OutboxMessage.objects.get(key=f"notice-{notice.pk}")
        deliver_mail(outbox_id=message.pk, **message.arguments)
    read_mails = [message_from_bytes(one.message().as_bytes(), policy=policy.default) for one in mail.outbox]
    return {str(one["To"]): one for one in read_mails}


def invitation(message: EmailMessage) -> EmailMessage | None:
    """Return the part of a mail that is for a calendar."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) <= 1
    return parts[0] if parts else None


def told_calendar(message: EmailMessage) -> dict[str, str]:
    part = invitation(message)
    assert part is not None
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    said = read(content)
    # The mail and the file ask the same of a calendar, or programs take it for an ordinary file.
    assert part["Content-Type"].params["method"] == said["METHOD"]
    assert part["Content-Type"].params["charset"] == "utf-8"
    return said


def test_both_sides_get_the_invitation_and_nobody_elses_address(cast: Cast, met: Introduction) -> None:
    pick(propose(met, cast.ruth), cast.amina)
    mails = sent("meeting_picked") | sent("meeting_picked_by_us")
    assert set(mails) == {cast.ruth.email, cast.amina.email, cast.erik.email}
    for address, message in mails.items():
        said = told_calendar(message)
        assert said["METHOD"] == "REQUEST"
        assert said["ATTENDEE;RSVP=FALSE"] == f"mailto:{address}"
        assert said["ORGANIZER"] == "mailto:brygga@brygga.example"
        assert said["UID"] == f"meeting-{met.public_id}@localhost"
        assert said["DTSTART"] == f"{min(TIMES).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        assert (said["SEQUENCE"], said["LOCATION"]) == ("0", WHERE.replace(";", "\\;").replace(",", "\\,"))
        others = {cast.ruth.email, cast.amina.email, cast.erik.email} - {address}
        part = invitation(message)
        assert part is not None
        assert part.get_filename() == "brygga.ics"
        assert not [other for other in others if other in part.get_content()]


def test_the_invitation_is_made_when_the_mail_is_sent(cast: Cast, met: Introduction) -> None:
    pick(propose(met, cast.ruth), cast.amina)
    pick(propose(met, cast.amina), cast.ruth, 2)
    first = sent("meeting_picked_by_us")[cast.amina.email]
    assert told_calendar(first)["SEQUENCE"] == "1"
    assert told_calendar(first)["DTSTART"] == f"{max(TIMES).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def test_who_no_longer_sees_the_introduction_gets_no_place(cast: Cast, met: Introduction) -> None:
    pick(propose(met, cast.ruth), cast.amina)
    cast.association.memberships.filter(user=cast.erik).delete()
    recuse(offer=met.offer, initiative=met.initiative, actor=cast.ruth, reason="friend", now=NOW)
    User.objects.filter(pk=cast.amina.pk).update(is_active=False)
    mails = sent("meeting_picked") | sent("meeting_picked_by_us")
    assert len(mails) == 3
    assert not any(invitation(message) for message in mails.values())
    assert not any(b"Torget" in message.as_bytes() for message in mails.values())


def test_the_mailbox_of_a_demo_shows_what_goes_along(cast: Cast, met: Introduction, settings: object) -> None:
    settings.EMAIL_BACKEND = "brygga.outbox.mailbox.MailboxBackend"  # type: ignore[attr-defined]
    pick(propose(met, cast.ruth), cast.amina)
    sent("meeting_picked")
    assert "METHOD:REQUEST" in MailboxMail.objects.get().body
