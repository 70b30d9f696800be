"""What two sides write to each other: who may, what is told to whom, what is read, what never doubles."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from matching.meeting.conversation import services
from matching.meeting.conversation.models import TEXT_LENGTH, Message, ReadUpTo
from matching.meeting.conversation.selectors import MESSAGES_A_PAGE, conversation_of, unread_numbers
from matching.meeting.conversation.services import ConversationClosed, NothingWritten
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.views.conversation import SENDING
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

SECRET = "Nyckeln ligger under krukan."


def send(introduction: Introduction, actor: User, text: str = SECRET, **changes: object) -> Message:
    arguments = {"key": uuid4(), "now": NOW, **changes}
    return services.send_message(
        introduction=introduction,
        actor=actor,
        text=text,
        **arguments,  # type: ignore[arg-type]
    )


def page_of(introduction: Introduction, rest: str = "") -> str:
    return f"/traffar/kontakter/{introduction.public_id}/{rest}"


def told() -> list[str]:
    found = Notice.objects.filter(kind="message_received").order_by("pk")
    return list(found.values_list("user__name", flat=True))


# -- writing ---------------------------------------------------------------------------------------


def test_writers_of_both_sides_write_and_nobody_else(cast: Cast, met: Introduction) -> None:
    giver_reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    for person, side in ((cast.amina, "initiative"), (cast.erik, "initiative"), (cast.ruth, "offer")):
        assert send(met, person, f"Hej från {person.name}").side == side
    for person in (cast.rolf, giver_reader, cast.sara, cast.ingrid, cast.stefan):
        with pytest.raises(PermissionDenied):
            send(met, person)
    assert Message.objects.count() == 3


def test_the_other_side_is_told_once_until_they_have_read(cast: Cast, met: Introduction) -> None:
    first = send(met, cast.ruth, "Hej!")
    send(met, cast.ruth, "En sak till.")
    assert told() == ["Amina Warsame", "Erik Lindqvist"]
    services.note_read(introduction=met, actor=cast.amina, up_to=first.pk + 1, now=NOW)
    send(met, cast.ruth, "Och en till.")
    assert told() == ["Amina Warsame", "Erik Lindqvist", "Amina Warsame"]
    # Who has not read is reminded the next day, if more is written then.
    send(met, cast.ruth, "God morgon!", now=NOW + timedelta(days=1))
    assert told()[3:] == ["Amina Warsame", "Erik Lindqvist"]


def test_what_is_written_is_in_no_mail_notice_or_log(cast: Cast, met: Introduction) -> None:
    send(met, cast.ruth)
    mails = [json.dumps(one.arguments) for one in OutboxMessage.objects.all()]
    notices = [json.dumps(one.parameters) for one in Notice.objects.all()]
    [event] = AuditEvent.objects.filter(verb="send_message")
    assert event.details == {"introduction": met.public_id, "files": 0}
    assert event.organisation_id == cast.foundation.pk
    assert not [one for one in (*mails, *notices, str(Message.objects.get())) if "krukan" in one]
    mail = OutboxMessage.objects.order_by("pk").last()
    assert mail is not None
    assert page_of(met) in mail.arguments["body"]
    assert "står aldrig i ett mejl" in mail.arguments["body"]


@pytest.mark.parametrize("state", ["asked", "declined", "withdrawn"])
def test_only_those_who_have_both_said_yes_write(cast: Cast, met: Introduction, state: str) -> None:
    Introduction.objects.update(state=state)
    with pytest.raises(ConversationClosed):
        send(met, cast.ruth)
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (TEXT_LENGTH + 1)])
def test_a_message_says_something(cast: Cast, met: Introduction, text: str) -> None:
    with pytest.raises(NothingWritten):
        send(met, cast.ruth, text)


def test_a_form_sent_twice_is_one_message_and_a_changed_one_another(cast: Cast, met: Introduction) -> None:
    key = uuid4()
    assert send(met, cast.ruth, "Hej!", key=key) == send(met, cast.ruth, "Hej! ", key=key)
    send(met, cast.ruth, "Hej igen!", key=key)
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == ["Hej!", "Hej igen!"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_send_one(cast: Cast, met: Introduction) -> None:
    key = uuid4()
    outcomes = race(*[lambda: str(send(met, cast.ruth, "Hej!", key=key).pk)] * 3)
    assert outcomes == [str(Message.objects.get().pk)] * 3
    assert told() == ["Amina Warsame", "Erik Lindqvist"]


# -- reading ---------------------------------------------------------------------------------------


def test_unread_is_what_the_other_side_has_written_since(
    cast: Cast, met: Introduction, another: Introduction
) -> None:
    send(met, cast.ruth)
    second = send(met, cast.ruth, "Två")
    send(another, cast.amina, "Hej Ruth")
    everyone = (cast.amina, cast.erik, cast.rolf, cast.ruth, cast.sara, cast.ingrid, cast.stefan)
    assert [unread_numbers(person) for person in everyone] == [
        *([{met.pk: 2}] * 3),
        {another.pk: 1},
        *([{}] * 3),
    ]
    services.note_read(introduction=met, actor=cast.rolf, up_to=second.pk, now=NOW)
    assert unread_numbers(cast.rolf) == {}
    # An old page that is opened again takes nothing back, and no number from elsewhere counts.
    services.note_read(introduction=met, actor=cast.rolf, up_to=second.pk - 1, now=NOW)
    services.note_read(introduction=met, actor=cast.rolf, up_to=2**62, now=NOW)
    assert ReadUpTo.objects.get(user=cast.rolf).message_id == second.pk
    with pytest.raises(PermissionDenied):
        services.note_read(introduction=met, actor=cast.sara, up_to=second.pk, now=NOW)


def test_long_conversations_come_a_page_at_a_time_newest_last(cast: Cast, met: Introduction) -> None:
    for number in range(MESSAGES_A_PAGE + 2):
        send(met, cast.ruth, f"Nummer {number}")
    newest = conversation_of(met, cast.amina, Side.INITIATIVE)
    texts = [line.message.text for line in newest.lines]
    assert (texts[0], texts[-1], len(texts)) == ("Nummer 2", "Nummer 21", MESSAGES_A_PAGE)
    older = conversation_of(met, cast.amina, Side.INITIATIVE, "2")
    assert [line.message.text for line in older.lines] == ["Nummer 0", "Nummer 1"]
    assert [line.is_first_unread for line in older.lines] == [True, False]
    assert (newest.newest, older.newest, newest.unread) == (newest.lines[-1].message.pk, 0, 22)


# -- pages -----------------------------------------------------------------------------------------


def test_a_message_goes_back_and_forth(client: Client, cast: Cast, met: Introduction) -> None:
    client.force_login(cast.ruth)
    page = client.get(page_of(met))
    assert "Ingen har skrivit än" in page.content.decode()
    key = page.context["form"]["key"].value()
    form = {"text": "Kan vi ses på <torsdag>?", "key": str(key)}
    sent = [client.post(page_of(met), form) for _click in range(2)]
    [message] = Message.objects.all()
    assert {one["Location"] for one in sent} == {page_of(met, f"?sent={message.pk}#message-{message.pk}")}

    client.force_login(cast.amina)
    assert "Du har 1 nytt meddelande" in client.get("/min-sida/").content.decode()
    assert "1 nytt meddelande" in client.get("/traffar/kontakter/").content.decode()
    seen = client.get(page_of(met)).content.decode()
    assert "Kan vi ses på &lt;torsdag&gt;?" in seen
    assert "Ruth Malmsten" in seen
    # Reading writes nothing; the page tells by itself, or by its button.
    assert not ReadUpTo.objects.filter(user=cast.amina).exists()
    assert client.post(page_of(met, "har-last/"), {"up_to": message.pk})["Location"] == page_of(met)
    assert client.post(page_of(met, "har-last/"), {"up_to": "x"}, headers={"HX-Request": "true"}).status_code
    assert "Nytt meddelande" not in client.get(page_of(met)).content.decode()
    assert "nytt meddelande" not in client.get("/min-sida/").content.decode()


def test_who_opens_what(client: Client, cast: Cast, met: Introduction) -> None:
    send(met, cast.ruth)
    people = {"amina": 422, "erik": 422, "rolf": 403, "ruth": 422, "sara": 404, "ingrid": 404}
    for name, answer in people.items():
        client.force_login(getattr(cast, name))
        page = client.get(page_of(met))
        assert (page.status_code, "krukan" in page.content.decode()) == (
            (404, False) if answer == 404 else (200, True)
        )
        assert client.post(page_of(met), {"text": ""}).status_code == answer
        assert client.post(page_of(met, "har-last/")).status_code == (404 if answer == 404 else 302)
    client.force_login(cast.rolf)
    assert "Du får läsa men inte skriva" in client.get(page_of(met)).content.decode()


def test_a_draft_survives_being_signed_out_mistakes_and_leaving(
    client: Client, cast: Cast, met: Introduction
) -> None:
    client.force_login(cast.ruth)
    assert "Skriv några ord" in client.post(page_of(met), {"text": " "}).content.decode()
    long = client.post(page_of(met), {"text": "å" * 4001})
    assert (long.status_code, "å" * 4001 in long.content.decode()) == (422, True)
    # The page saves while somebody writes.
    kept = client.post(page_of(met), {"text": "Halvskrivet", "autosave": "1"})
    assert kept.json()["state"] == "kept"
    assert "Utkastet sparades" in kept.json()["said"]
    again = client.get(page_of(met)).content.decode()
    assert ">\nHalvskrivet</textarea>" in again
    assert "Det är inte skickat än." in again
    client.post(page_of(met), {"text": "Helskrivet"})
    assert "Halvskrivet" not in client.get(page_of(met)).content.decode()
    assert list(Message.objects.values_list("text", flat=True)) == ["Helskrivet"]

    client.logout()
    signed_out = client.post(page_of(met), {"text": "Skrivet utloggad"})
    assert signed_out["Location"].startswith("/konto/logga-in/")
    client.force_login(cast.ruth)
    assert "Skrivet utloggad" in client.get(page_of(met)).content.decode()
    client.logout()
    assert client.post(page_of(met), {"text": "Igen", "autosave": "1"}).status_code == 401


def test_so_many_messages_and_no_more(
    client: Client, cast: Cast, met: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(
        "matching.meeting.views.conversation.SENDING", type(SENDING)("message", 2, SENDING.seconds)
    )
    client.force_login(cast.ruth)
    answers = [client.post(page_of(met), {"text": f"Nummer {number}"}) for number in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "Nummer 2</textarea>" in answers[2].content.decode()
    client.force_login(cast.amina)
    assert client.post(page_of(met), {"text": "Hej"}).status_code == 302
    cache.clear()


def test_pages_cost_the_same_for_one_and_for_many(
    client: Client, cast: Cast, met: Introduction, another: Introduction
) -> None:
    client.force_login(cast.amina)
    places = (page_of(met), "/traffar/kontakter/", "/min-sida/")
    send(met, cast.ruth)
    for place in places:
        client.get(place)
    before = [queries_for(client, place) for place in places]
    for number in range(4):
        send(met, cast.ruth, f"Nummer {number}", now=timezone.now())
        send(met, cast.erik, f"Svar {number}")
        send(another, cast.ruth, f"Nummer {number}")
    assert [queries_for(client, place) for place in places[:2]] == before[:2]
    assert queries_for(client, places[2]) <= before[2]
