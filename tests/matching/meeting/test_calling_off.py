"""An agreed meeting is called off by either side: told to both calendars, once, and agreed anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.users.models import User
from matching.meeting.conversation.ending import end_conversation
from matching.meeting.conversation.models import Message
from matching.meeting.conversation.services import ConversationClosed
from matching.meeting.models import Introduction
from matching.meeting.times.calling_off import NothingToCallOff, call_off
from matching.meeting.times.models import MeetingProposal
from matching.meeting.times.selectors import calendar_file, meeting_of
from matching.meeting.times.services import ask_for_other_times
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory
from tests.matching.meeting.races import race
from tests.matching.meeting.test_invitations import sent, told_calendar
from tests.matching.meeting.test_times import page_of, pick, propose, read, told
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


def off(meeting: MeetingProposal, actor: User, text: str = "", now: datetime = NOW) -> MeetingProposal:
    return call_off(meeting=meeting, actor=actor, text=text, key=uuid4(), now=now)


def fresh(number: int) -> MeetingProposal:
    rows = MeetingProposal.objects.select_related(
        "introduction__initiative__organisation", "introduction__offer__organisation"
    )
    return rows.get(pk=number)


def test_it_is_called_off_in_every_calendar_and_agreed_anew(cast: Cast, met: Introduction) -> None:
    meeting = off(pick(propose(met, cast.ruth), cast.amina), cast.erik, "Jag är sjuk.")
    assert (meeting.state, meeting.called_off_side, meeting.called_off_by) == (
        "called_off",
        "initiative",
        cast.erik,
    )
    assert told("called_off") == ["Ruth Malmsten"]
    assert told("called_off_by_us") == ["Amina Warsame", "Erik Lindqvist"]
    mails = sent("meeting_called_off") | sent("meeting_called_off_by_us")
    assert set(mails) == {cast.ruth.email, cast.amina.email, cast.erik.email}
    for message in mails.values():
        said = told_calendar(message)
        assert (said["METHOD"], said["STATUS"], said["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
        assert said["UID"] == f"meeting-{met.public_id}@localhost"
        assert "sjuk" not in str(message)
    # A mail of the agreement that is sent late tells what is true by then.
    assert told_calendar(sent("meeting_picked")[cast.ruth.email])["METHOD"] == "CANCEL"
    assert read(calendar_file(met) or b"")["STATUS"] == "CANCELLED"
    # The words are a message like any other, without a mail of its own.
    assert Message.objects.get().text == "Jag är sjuk."
    assert AuditEvent.objects.filter(verb="call_off_meeting").count() == 1

    pick(propose(met, cast.amina), cast.ruth, 1)
    again = told_calendar(sent("meeting_picked_by_us")[cast.ruth.email])
    assert (again["METHOD"], again["SEQUENCE"]) == ("REQUEST", "2")
    assert "STATUS" not in again
    off(meeting_of(met).agreed or meeting, cast.ruth)
    assert read(calendar_file(met) or b"")["SEQUENCE"] == "3"


def test_an_earlier_agreement_does_not_come_back(cast: Cast, met: Introduction) -> None:
    first = pick(propose(met, cast.ruth), cast.amina)
    second = pick(propose(met, cast.ruth), cast.amina, 1)
    with pytest.raises(NothingToCallOff):
        off(first, cast.ruth)  # it has been moved
    off(second, cast.ruth)
    assert (meeting_of(met).agreed, meeting_of(met).called_off) == (None, second)
    with pytest.raises(NothingToCallOff):
        off(first, cast.ruth)


def test_who_may_and_when(cast: Cast, met: Introduction) -> None:
    giver_reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    waiting = propose(met, cast.ruth)
    with pytest.raises(NothingToCallOff):
        off(waiting, cast.ruth)
    meeting = pick(waiting, cast.amina)
    for person in (cast.rolf, giver_reader, cast.sara, cast.ingrid, cast.stefan):
        with pytest.raises(PermissionDenied):
            off(meeting, person)
    over = timedelta(minutes=meeting.minutes)
    assert meeting.picked is not None
    with pytest.raises(NothingToCallOff):
        off(meeting, cast.ruth, now=meeting.picked + over)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingProposal.objects.update(called_off_at=NOW)
    end_conversation(introduction=met, actor=cast.amina, now=NOW)
    with pytest.raises(ConversationClosed):
        off(meeting, cast.ruth, "Vi hinner inte.")
    assert fresh(meeting.pk).state == "picked"
    off(meeting, cast.ruth)
    with pytest.raises(NothingToCallOff):
        off(meeting, cast.ruth)
    assert Message.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_both_call_off_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    number = pick(propose(met, cast.ruth), cast.amina).pk
    outcomes = race(
        lambda: off(fresh(number), cast.amina, "Vi hinner inte.").called_off_side,
        lambda: off(fresh(number), cast.ruth, "Vi hinner inte.").called_off_side,
        told=NothingToCallOff,
    )
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    assert fresh(number).called_off_side == won
    assert Message.objects.get().side == won
    assert len(told("called_off")) == (1 if won == "initiative" else 2)


@pytest.mark.django_db(transaction=True)
def test_called_off_and_moved_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    number, other = pick(propose(met, cast.ruth), cast.amina).pk, propose(met, cast.ruth).pk
    outcomes = race(
        lambda: pick(fresh(other), cast.amina, 1).state,
        lambda: off(fresh(number), cast.ruth).state,
        told=NothingToCallOff,
    )
    assert outcomes in (["called_off", "picked"], ["picked", "told"])
    # Whoever was first: what was agreed on last stands.
    agreed = meeting_of(met).agreed
    assert agreed is not None
    assert agreed.pk == other


def test_on_the_pages(client: Client, cast: Cast, met: Introduction) -> None:
    now = timezone.now()
    times = [now + timedelta(days=day) for day in (1, 2, 3)]
    meeting = pick(propose(met, cast.ruth, times=times, now=now), cast.amina, now=now)
    where = page_of(met, "avboka/")
    client.force_login(cast.rolf)
    assert where not in client.get(page_of(met)).content.decode()
    client.force_login(cast.amina)
    assert where in client.get(page_of(met)).content.decode()
    asked = client.get(where).content.decode()
    assert "Stiftelsen Västanvind får veta att ni har avbokat." in asked
    form: dict[str, Any] = {"meeting": meeting.pk, "key": uuid4(), "text": "x" * 5001}
    wrong = client.post(where, form)
    assert (wrong.status_code, "x" * 5001 in wrong.content.decode()) == (422, True)
    # What somebody wrote about a meeting that is another by now is not lost.
    other = client.post(where, {**form, "meeting": "0", "text": "Jag är sjuk."}, follow=True)
    assert "inget sådant möte att avboka" in other.content.decode()
    assert "Jag är sjuk." in other.content.decode()
    assert fresh(meeting.pk).state == "picked"
    done = client.post(where, {**form, "text": "Jag har feber."}, follow=True).content.decode()
    assert "Mötet är avbokat." in done
    assert "Ni har avbokat det." in done
    assert "Jag har feber." in done
    assert "Föreslå tre tider" in done
    assert client.get(where)["Location"] == page_of(met, "#meeting")
    client.force_login(cast.ruth)
    page = client.get(page_of(met)).content.decode()
    assert "De har avbokat det." in page
    again = propose(met, cast.amina, times=times, now=now)
    ask_for_other_times(proposal=again, actor=cast.ruth, now=now)
    assert "Ingen av de föreslagna tiderna" in client.get(page_of(met)).content.decode()
    assert b"STATUS:CANCELLED" in client.get(page_of(met, "kalender/")).content


def test_words_that_cannot_be_sent_stay_in_the_form(client: Client, cast: Cast, met: Introduction) -> None:
    now = timezone.now()
    times = [now + timedelta(days=day) for day in (1, 2, 3)]
    meeting = pick(propose(met, cast.ruth, times=times, now=now), cast.amina, now=now)
    end_conversation(introduction=met, actor=cast.amina, now=now)
    client.force_login(cast.ruth)
    where = page_of(met, "avboka/")
    assert "<textarea" not in client.get(where).content.decode()
    form: dict[str, Any] = {"meeting": meeting.pk, "key": uuid4()}
    refused = client.post(where, {**form, "text": "Vi hinner inte."})
    assert refused.status_code == 409
    assert "Samtalet är avslutat, så dina ord kan inte skickas." in refused.content.decode()
    assert "Vi hinner inte." in refused.content.decode()
    assert client.post(where, form).status_code == 302
    assert fresh(meeting.pk).state == "called_off"


def test_the_page_costs_the_same_however_often_they_call_off(
    client: Client, cast: Cast, met: Introduction
) -> None:
    client.force_login(cast.rolf)
    off(pick(propose(met, cast.ruth), cast.amina), cast.ruth)
    client.get(page_of(met))
    before = queries_for(client, page_of(met))
    for _time in range(2):
        off(pick(propose(met, cast.amina), cast.ruth), cast.amina)
    assert queries_for(client, page_of(met)) == before
