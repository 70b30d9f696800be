"""When two sides meet: three times, one picked, a calendar file, and two people at the same moment."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from matching.meeting.conversation.services import ConversationClosed
from matching.meeting.models import Introduction
from matching.meeting.times import services
from matching.meeting.times.forms import ClockField, in_stockholm
from matching.meeting.times.models import MeetingProposal
from matching.meeting.times.selectors import calendar_file
from matching.meeting.times.services import AnsweredAlready, BadTimes, ProposalWaits
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

TIMES = [NOW + timedelta(days=number) for number in (3, 1, 2)]
WHERE = "Torget 1; våning 2, Hjo"


def propose(introduction: Introduction, actor: User, **changes: Any) -> MeetingProposal:
    arguments = {"times": TIMES, "minutes": 45, "way": "place", "where": WHERE, "key": uuid4(), "now": NOW}
    return services.propose_times(introduction=introduction, actor=actor, **{**arguments, **changes})


def pick(proposal: MeetingProposal, actor: User, number: int = 0, now: datetime = NOW) -> MeetingProposal:
    return services.pick_time(proposal=proposal, actor=actor, picked=proposal.times[number], now=now)


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=f"meeting_{kind}").values_list("user__name", flat=True))


def page_of(introduction: Introduction, rest: str = "") -> str:
    return f"/traffar/kontakter/{introduction.public_id}/{rest}"


def read(content: bytes) -> dict[str, str]:
    """Return the properties of a calendar file with one event, its lines made whole again."""
    assert content.count(b"BEGIN:VEVENT") == 1
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return dict(line.split(":", 1) for line in lines if line)


def test_one_side_proposes_and_the_other_picks(cast: Cast, met: Introduction) -> None:
    proposal = propose(met, cast.ruth)
    assert (proposal.side, proposal.times) == ("offer", sorted(TIMES))
    assert told("proposed") == ["Amina Warsame", "Erik Lindqvist"]
    pick(proposal, cast.erik, 1)
    assert (proposal.state, proposal.picked) == ("picked", sorted(TIMES)[1])
    assert told("picked") == ["Ruth Malmsten"]
    assert told("picked_by_us") == ["Amina Warsame", "Erik Lindqvist"]
    # What waits to be sent holds neither the place nor the time, but a link.
    mails = json.dumps([one.arguments for one in OutboxMessage.objects.all()], ensure_ascii=False)
    assert "Torget" not in mails
    assert page_of(met) in mails


def test_other_times_can_be_asked_for_and_times_taken_back(cast: Cast, met: Introduction) -> None:
    services.ask_for_other_times(proposal=propose(met, cast.amina), actor=cast.ruth, now=NOW)
    assert told("others_wanted") == ["Amina Warsame", "Erik Lindqvist"]
    services.take_back_times(proposal=propose(met, cast.ruth), actor=cast.ruth, now=NOW)
    assert told("taken_back") == ["Amina Warsame", "Erik Lindqvist"]
    assert calendar_file(met) is None


def test_who_may_what(cast: Cast, met: Introduction) -> None:
    giver_reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    proposal = propose(met, cast.ruth)
    for person in (cast.rolf, giver_reader, cast.sara, cast.ingrid, cast.stefan):
        for act in (
            lambda who: propose(met, who),
            lambda who: pick(proposal, who),
            lambda who: services.ask_for_other_times(proposal=proposal, actor=who, now=NOW),
            lambda who: services.take_back_times(proposal=proposal, actor=who, now=NOW),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
    with pytest.raises(PermissionDenied):
        pick(proposal, cast.ruth)  # one's own
    with pytest.raises(PermissionDenied):
        services.take_back_times(proposal=proposal, actor=cast.amina, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "open"


@pytest.mark.parametrize(
    "changes",
    [
        {"times": TIMES[:2]},
        {"times": [TIMES[0], TIMES[0], TIMES[1]]},
        {"times": [NOW, *TIMES[:2]]},
        {"where": "  "},
        {"where": "x" * 301},
    ],
)
def test_a_proposal_is_three_times_and_a_place(
    cast: Cast, met: Introduction, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadTimes):
        propose(met, cast.ruth, **changes)


def test_a_time_is_picked_once_and_only_one_that_was_proposed(cast: Cast, met: Introduction) -> None:
    proposal = propose(met, cast.ruth)
    with pytest.raises(ProposalWaits):
        propose(met, cast.amina)
    with pytest.raises(BadTimes):
        services.pick_time(proposal=proposal, actor=cast.amina, picked=NOW + timedelta(days=9), now=NOW)
    with pytest.raises(BadTimes):
        pick(proposal, cast.amina, 0, NOW + timedelta(days=2))  # has passed
    pick(proposal, cast.amina)
    for again in (pick, lambda one, who: services.take_back_times(proposal=one, actor=cast.ruth, now=NOW)):
        with pytest.raises(AnsweredAlready):
            again(proposal, cast.erik)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingProposal.objects.update(picked=NOW + timedelta(days=9))
    Introduction.objects.update(state="withdrawn")
    with pytest.raises(ConversationClosed):
        propose(met, cast.ruth)


def test_a_picked_time_is_a_calendar_file_that_moves_with_the_next(cast: Cast, met: Introduction) -> None:
    pick(propose(met, cast.ruth), cast.amina)
    content = calendar_file(met)
    assert content is not None
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    event, start = read(content), min(TIMES)
    assert event["DTSTART"] == f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert event["DTEND"] == f"{start.astimezone(UTC) + timedelta(minutes=45):%Y%m%dT%H%M%SZ}"
    assert event["LOCATION"] == "Torget 1\\; våning 2\\, Hjo"
    assert event["SUMMARY"] == "Möte om ”Lagningsverkstaden”"
    assert (event["SEQUENCE"], event["URL"]) == ("0", f"http://localhost:8000{page_of(met)}")
    pick(propose(met, cast.amina), cast.ruth, 2)
    moved = read(calendar_file(met) or b"")
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], "1")
    assert moved["DTSTART"] == f"{max(TIMES).astimezone(UTC):%Y%m%dT%H%M%SZ}"


@pytest.mark.django_db(transaction=True)
def test_picked_and_taken_back_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    number = propose(met, cast.ruth).pk

    def fresh() -> MeetingProposal:
        rows = MeetingProposal.objects.select_related(
            "introduction__initiative__organisation", "introduction__offer__organisation"
        )
        return rows.get(pk=number)

    outcomes = race(
        lambda: pick(fresh(), cast.amina).state,
        lambda: services.take_back_times(proposal=fresh(), actor=cast.ruth, now=NOW).state,
        told=AnsweredAlready,
    )
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    assert fresh().state == won
    assert (calendar_file(met) is not None) == (won == "picked")
    assert (len(told("picked")), len(told("taken_back"))) == ((1, 0) if won == "picked" else (0, 2))


@pytest.mark.django_db(transaction=True)
def test_two_clicks_and_two_colleagues_propose_once(cast: Cast, met: Introduction) -> None:
    key = uuid4()
    outcomes = race(
        lambda: str(propose(met, cast.amina, key=key).pk),
        lambda: str(propose(met, cast.amina, key=key).pk),
        lambda: str(propose(met, cast.ruth).pk),
        told=ProposalWaits,
    )
    assert MeetingProposal.objects.count() == 1
    assert "told" in outcomes
    assert len(told("proposed")) in (1, 2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("13.05", time(13, 5)),
        ("kl 8", time(8)),
        ("kl. 18.00", time(18)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, meant: time) -> None:
    assert ClockField().clean(typed) == meant


def test_the_clock_of_stockholm_counts() -> None:
    assert in_stockholm(date(2027, 1, 4), time(9)) == datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert in_stockholm(date(2027, 7, 5), time(9)) == datetime(2027, 7, 5, 7, tzinfo=UTC)
    assert in_stockholm(date(2027, 3, 28), time(2, 30)) is None  # skipped
    assert in_stockholm(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_from_three_times_to_a_file(client: Client, cast: Cast, met: Introduction) -> None:
    day = timezone.localdate() + timedelta(days=10)
    form: dict[str, Any] = {"way": "video", "where": "https://mote.example/abc", "minutes": "30"}
    for number in (1, 2, 3):
        form |= {f"day{number}": str(day), f"time{number}": f"1{number}.30"}
    client.force_login(cast.ruth)
    wrong = client.post(page_of(met, "tider/"), {**form, "time2": "11:30", "day3": "2020-01-01"})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "Den tiden har du redan föreslagit." in said
    assert "Den tiden har passerat." in said
    assert "https://mote.example/abc" in said
    sent = client.post(page_of(met, "tider/"), form)
    assert sent["Location"] == page_of(met, "#meeting")
    proposal = MeetingProposal.objects.get()
    assert timezone.localtime(proposal.times[0]).strftime("%Y-%m-%d %H:%M") == f"{day} 11:30"
    assert "Ta tillbaka tiderna" in client.get(page_of(met)).content.decode()
    assert client.get(page_of(met, "kalender/")).status_code == 404

    client.force_login(cast.amina)
    page = client.get(page_of(met)).content.decode()
    assert "Vilken tid passar er?" in page
    assert 'href="https://mote.example' not in page
    value = f'value="{timezone.localtime(proposal.times[1]).isoformat()}"'
    assert value in page
    nothing = client.post(page_of(met, "svara-pa-tider/"), {"proposal": proposal.pk}, follow=True)
    assert "Välj en av tiderna som inte har passerat." in nothing.content.decode()
    picked = {"proposal": proposal.pk, "picked": timezone.localtime(proposal.times[1]).isoformat()}
    done = client.post(page_of(met, "svara-pa-tider/"), picked, follow=True).content.decode()
    assert "Tiden är bestämd." in done
    late = client.post(page_of(met, "svara-pa-tider/"), picked, follow=True).content.decode()
    assert "Någon hann före" in late
    for person in (cast.ruth, cast.rolf):
        client.force_login(person)
        file = client.get(page_of(met, "kalender/"))
        assert file["Content-Type"] == "text/calendar; charset=utf-8"
        assert file["Content-Disposition"] == 'attachment; filename="brygga.ics"'
        assert b"https://mote.example/abc" in file.content
    client.force_login(cast.sara)
    assert client.get(page_of(met, "kalender/")).status_code == 404


def test_another_introductions_proposal_is_not_there(
    client: Client, cast: Cast, met: Introduction, another: Introduction
) -> None:
    proposal = propose(another, cast.ruth)
    client.force_login(cast.amina)
    client.post(page_of(met, "svara-pa-tider/"), {"proposal": proposal.pk, "others": "1"})
    client.post(page_of(met, "svara-pa-tider/"), {"proposal": "x" * 30, "others": "1"})
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_the_page_costs_the_same_however_often_they_meet(
    client: Client, cast: Cast, met: Introduction
) -> None:
    client.force_login(cast.rolf)
    pick(propose(met, cast.ruth), cast.amina)
    client.get(page_of(met))
    before = queries_for(client, page_of(met))
    for _time in range(3):
        pick(propose(met, cast.amina), cast.ruth)
    assert queries_for(client, page_of(met)) == before
