"""A conversation is ended by either side, and opened again by the one that ended it alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from matching.meeting import selectors
from matching.meeting.conversation import ending
from matching.meeting.conversation.ending import NotEnded
from matching.meeting.conversation.models import Message
from matching.meeting.conversation.services import ConversationClosed, send_message
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.times.models import MeetingProposal
from matching.meeting.times.services import propose_times
from matching.meeting.views import conversation as talk
from tests.cast import Cast
from tests.factories import NOW
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

TYPED = "Det här hann jag skriva."


def end(introduction: Introduction, actor: User, now: Any = NOW) -> Introduction:
    return ending.end_conversation(introduction=introduction, actor=actor, now=now)


def reopen(introduction: Introduction, actor: User, now: Any = NOW) -> Introduction:
    return ending.reopen_conversation(introduction=introduction, actor=actor, now=now)


def send(introduction: Introduction, actor: User, text: str = "Hej!") -> Message:
    return send_message(introduction=introduction, actor=actor, text=text, key=uuid4(), now=NOW)


def propose(introduction: Introduction, actor: User) -> MeetingProposal:
    return propose_times(
        introduction=introduction,
        actor=actor,
        times=[NOW + timedelta(days=day) for day in (1, 2, 3)],
        minutes=60,
        way="place",
        where="Torget 1",
        key=uuid4(),
        now=NOW,
    )


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=f"conversation_{kind}").values_list("user__name", flat=True))


def fresh(introduction: Introduction) -> Introduction:
    rows = Introduction.objects.select_related("initiative__organisation", "offer__organisation")
    return rows.get(pk=introduction.pk)


def page_of(introduction: Introduction, rest: str = "") -> str:
    return f"/traffar/kontakter/{introduction.public_id}/{rest}"


# -- ending and opening ----------------------------------------------------------------------------


def test_when_one_side_ends_neither_can_write_or_propose(cast: Cast, met: Introduction) -> None:
    send(met, cast.ruth)
    proposal = propose(met, cast.ruth)
    end(met, cast.amina)
    assert (met.ended_side, met.ended_by, met.ended_at) == ("initiative", cast.amina, NOW)
    for person in (cast.amina, cast.erik, cast.ruth):
        with pytest.raises(ConversationClosed):
            send(met, person)
        with pytest.raises(ConversationClosed):
            propose(met, person)
        with pytest.raises(ConversationClosed):
            end(met, person)
    assert Message.objects.count() == 1
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answered_by) == ("taken_back", cast.amina)


def test_the_other_side_is_told_and_the_log_knows(cast: Cast, met: Introduction) -> None:
    end(met, cast.ruth)
    assert told("ended") == ["Amina Warsame", "Erik Lindqvist"]
    reopen(met, cast.ruth)
    assert told("reopened") == ["Amina Warsame", "Erik Lindqvist"]
    verbs = ["end_conversation", "reopen_conversation"]
    rows = AuditEvent.objects.filter(verb__in=verbs).order_by("pk")
    assert [(row.verb, row.organisation_id, row.details) for row in rows] == [
        (verb, cast.foundation.pk, {}) for verb in verbs
    ]
    mail = OutboxMessage.objects.filter(arguments__subject__icontains="avslutat samtalet").first()
    assert mail is not None
    assert page_of(met) in mail.arguments["body"]


def test_ending_again_and_again_sends_no_heap_of_mail(cast: Cast, met: Introduction) -> None:
    for _turn in range(3):
        reopen(end(met, cast.ruth), cast.ruth)
    assert (len(told("ended")), len(told("reopened"))) == (2, 2)
    end(met, cast.ruth, NOW + timedelta(days=1))
    assert len(told("ended")) == 4


def test_only_the_side_that_ended_it_opens_it(cast: Cast, met: Introduction) -> None:
    end(met, cast.erik)
    for person in (cast.ruth, cast.rolf, cast.sara, cast.stefan):
        with pytest.raises(PermissionDenied):
            reopen(met, person)
    # A colleague who may write opens it as well as who ended it.
    reopen(met, cast.amina)
    assert (met.ended_side, met.ended_by, met.ended_at) == ("", None, None)
    with pytest.raises(NotEnded):
        reopen(met, cast.amina)
    send(met, cast.ruth)


def test_it_is_the_row_that_says_who_ended_it(cast: Cast, met: Introduction) -> None:
    end(fresh(met), cast.ruth)
    met.ended_side = Side.INITIATIVE
    with pytest.raises(PermissionDenied):
        reopen(met, cast.amina)


def test_who_closes_an_account_leaves_it_ended_for_the_organisation(cast: Cast, met: Introduction) -> None:
    end(met, cast.erik)
    cast.erik.delete()
    assert (fresh(met).ended_by, fresh(met).ended_side) == (None, "initiative")
    reopen(fresh(met), cast.amina)


@pytest.mark.parametrize(
    "broken",
    [{"ended_side": "offer"}, {"ended_at": NOW}, {"ended_side": "x", "ended_at": NOW}],
)
def test_a_conversation_is_ended_by_a_side_at_a_moment(met: Introduction, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=met.pk).update(**broken)


def test_only_what_both_have_said_yes_to_can_be_ended(cast: Cast, met: Introduction) -> None:
    Introduction.objects.update(state="withdrawn")
    with pytest.raises(ConversationClosed):
        end(met, cast.amina)


def test_each_side_reads_where_it_stands(cast: Cast, met: Introduction) -> None:
    end(met, cast.amina)
    ours, theirs = (selectors.standing(met, side) for side in (Side.INITIATIVE, Side.OFFER))
    assert (ours.state, ours.now) == ("Samtalet avslutat", "Ni har avslutat samtalet.")
    assert theirs.now == "Den andra sidan har avslutat samtalet."


# -- at the same moment ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_message_and_an_end_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    outcomes = race(
        lambda: str(send(fresh(met), cast.ruth).pk and "sent"),
        lambda: str(end(fresh(met), cast.amina).pk and "ended"),
        told=ConversationClosed,
    )
    assert outcomes in (["ended", "sent"], ["ended", "told"])
    assert Message.objects.count() == outcomes.count("sent")
    assert fresh(met).ended_side == "initiative"


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_row_is_refused_once_it_is_ended(cast: Cast, met: Introduction) -> None:
    """The message comes while the end is written: it waits, and then finds the conversation ended."""
    import threading

    written = threading.Event()

    def ends_slowly() -> str:
        with transaction.atomic():
            end(fresh(met), cast.amina)
            written.set()
            threading.Event().wait(0.3)
        return "ended"

    def sends_meanwhile() -> str:
        found = fresh(met)
        assert written.wait(timeout=10)
        return str(send(found, cast.ruth).pk and "sent")

    assert race(ends_slowly, sends_meanwhile, told=ConversationClosed) == ["ended", "told"]
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_both_sides_end_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    outcomes = race(
        lambda: end(fresh(met), cast.ruth).ended_side,
        lambda: end(fresh(met), cast.amina).ended_side,
        told=ConversationClosed,
    )
    assert outcomes in (["initiative", "told"], ["offer", "told"])
    assert fresh(met).ended_side == outcomes[0]


# -- pages -----------------------------------------------------------------------------------------


def test_the_page_says_what_happens_and_does_it(client: Client, cast: Cast, met: Introduction) -> None:
    client.force_login(cast.amina)
    assert "Avsluta samtalet" in client.get(page_of(met)).content.decode()
    asked = client.get(page_of(met, "avsluta/")).content.decode()
    assert "Avsluta samtalet med Stiftelsen Västanvind?" in asked
    assert "De får inte veta varför." in asked
    assert fresh(met).ended_at is None
    done = client.post(page_of(met, "avsluta/"))
    assert done["Location"] == page_of(met, "#conversation")
    page = client.get(page_of(met)).content.decode()
    assert "Ni har avslutat samtalet." in page
    assert "Öppna samtalet igen" in page
    assert "<textarea" not in page
    # Asked for again, it only says where it stands.
    assert client.get(page_of(met, "avsluta/"))["Location"] == page_of(met, "#conversation")

    client.force_login(cast.ruth)
    page = client.get(page_of(met)).content.decode()
    assert "Den andra sidan har avslutat samtalet." in page
    assert "Amina" not in page.split('id="conversation"')[1].split("</section>")[0]
    assert [
        word
        for word in ("Öppna samtalet igen", "<textarea", "Föreslå tre tider", "När ni ses")
        if word in page
    ] == []
    assert client.post(page_of(met, "oppna-igen/")).status_code == 403
    assert client.get(page_of(met, "tider/")).status_code == 302

    client.force_login(cast.erik)
    assert client.post(page_of(met, "oppna-igen/"))["Location"] == page_of(met, "#conversation")
    assert "<textarea" in client.get(page_of(met)).content.decode()


def test_who_may_end(client: Client, cast: Cast, met: Introduction) -> None:
    for person, status in ((cast.rolf, 403), (cast.sara, 404), (cast.ingrid, 404)):
        client.force_login(person)
        for rest in ("avsluta/", "oppna-igen/"):
            assert client.post(page_of(met, rest)).status_code == status
    assert fresh(met).ended_at is None


def test_a_message_that_comes_too_late_is_refused_and_its_text_stays(
    client: Client, cast: Cast, met: Introduction
) -> None:
    end(met, cast.amina)
    client.force_login(cast.ruth)
    refused = client.post(page_of(met), {"text": TYPED})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Ditt meddelande skickades inte" in page
    assert f"{TYPED}</textarea>" in page
    assert not Message.objects.exists()
    # It is still there when the page is opened again, and can be sent when the conversation is open.
    assert f"{TYPED}</textarea>" in client.get(page_of(met)).content.decode()
    reopen(met, cast.amina)
    assert client.post(page_of(met), {"text": TYPED}).status_code == 302
    assert Message.objects.get().text == TYPED


def test_ended_between_the_look_and_the_writing(
    client: Client, cast: Cast, met: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page found it open; the row says otherwise when the message is written."""

    def ends_first(*_: object) -> bool:
        end(fresh(met), cast.amina)
        return True

    monkeypatch.setattr(talk, "is_within", ends_first)
    client.force_login(cast.ruth)
    refused = client.post(page_of(met), {"text": TYPED})
    page = refused.content.decode()
    assert (refused.status_code, Message.objects.count()) == (409, 0)
    assert "Den andra sidan har avslutat samtalet." in page
    assert f"{TYPED}</textarea>" in page


def test_an_ended_page_costs_no_more(client: Client, cast: Cast, met: Introduction) -> None:
    client.force_login(cast.amina)
    send(met, cast.ruth)
    client.get(page_of(met))
    before = queries_for(client, page_of(met))
    for number in range(3):
        send(met, cast.ruth, f"Nummer {number}")
    end(met, cast.amina, timezone.now())
    assert queries_for(client, page_of(met)) <= before
