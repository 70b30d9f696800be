"""No e-mail address and no phone number is seen by anybody before both have said yes.

Canaries are planted wherever people write, through the services that the forms call, and past them where only some
may read. Then every named URL is opened as a visitor, a stranger, the other side, a colleague who stands aside and an
intermediary; lists in many ways, and forms left empty; and exports, mails and notices are read.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from innovators.models import Initiative
from matching.desk import reminding
from matching.meeting import selectors, services
from matching.meeting.asking import ask_giver
from matching.meeting.conversation.files import check_file
from matching.meeting.conversation.models import Attachment
from matching.meeting.conversation.services import send_message
from matching.meeting.models import Introduction
from matching.meeting.proposing import services as proposing
from matching.meeting.selectors import Contact, Contacts
from tests.cast import Cast
from tests.matching.meeting.canaries import addresses_of, crawl
from tests.matching.meeting.planting import (
    CASE,
    GIVERS,
    SEEKERS,
    World,
    exported,
    plant,
    send_what_is_followed,
    told,
)

# Every page there is, for everybody, in both languages: minutes on a busy machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1200)]


#: Who is asked for every page there is.
EVERYBODY = ("visitor", "outsider", "initiative", "giver", "intermediary")


@pytest.fixture
def world(cast: Cast, matched: Callable[[], None]) -> World:
    return plant(cast, matched)


def test_canaries_are_there_to_be_heard(world: World) -> None:
    """What could leak exists: the owners themselves read it, in their own forms."""
    assert len(world.aviary.canaries) > 40
    own = crawl(world.aviary, world.in_swedish, world.cast.amina)
    heard = {line for lines in own.values() for line in lines}
    assert any(line.startswith("initiative contact") for line in heard)
    assert any(line.startswith("initiative change") for line in heard)
    colleagues = crawl(world.aviary, world.matching_pages, world.cast.ruth)
    heard = {line.split(" (")[0] for lines in colleagues.values() for line in lines}
    assert heard >= {f"{CASE} {place}" for place in ("note", "note version", "recusal", "table")}


def test_nobody_hears_a_canary_before_both_have_said_yes(world: World) -> None:
    # Everybody in one language, and whoever hears first of a match in the other too.
    assert world.heard(*EVERYBODY, among=world.in_swedish) == {}
    assert world.heard("aside", among=world.matching_pages) == {}
    assert world.heard("giver", among=addresses_of(world.planted, "en")) == {}
    # An outsider is shown in lists what a visitor is.
    sides = ("initiative", "giver", "aside", "intermediary")
    assert world.heard("visitor", *sides, among=world.asked_in_many_ways) == {}
    # Forms that are refused answer no more than pages do.
    assert world.heard(*sides, among=world.matching_pages, posted=True) == {}
    send_what_is_followed()
    assert world.aviary.heard_in(exported()) == []
    assert world.aviary.heard_in(told()) == []


def test_search_does_not_tell_of_what_is_hidden(world: World, client: Client) -> None:
    hidden = [one for one in world.aviary.canaries if "@" in one.written]
    for canary in hidden:
        if canary.place not in ("contact", "change", "description", "title"):
            continue
        word = canary.written.split("@")[0].split(".")[1]
        for page in ("/initiativ/", "/stod/"):
            assert client.get(page, {"q": f"kanarie {word}"}).context["result"].total == 0, canary
        for page in ("/api/v1/initiatives/", "/api/v1/offers/"):
            assert client.get(page, {"q": canary.written}).json()["results"] == [], canary


def test_after_a_yes_the_two_sides_hear_each_other_on_the_page_of_the_introduction_alone(
    world: World,
) -> None:
    services.accept(
        introduction=world.introduction,
        actor=world.cast.amina,
        contact=world.seekers_contact,
        now=timezone.now(),
    )
    for person in (world.cast.amina, world.cast.ruth):
        send_message(
            introduction=world.introduction,
            actor=person,
            text=world.aviary.text("conversation", "both sides’"),
            key=uuid4(),
            files=[check_file("x.txt", world.aviary.text("file", "both sides’").encode())],
            now=timezone.now(),
        )
    Introduction.objects.filter(pk=world.introduction.pk).update(answer_by=timezone.localdate())
    assert reminding.tell_all_due(now=timezone.now()) == 1
    files = [str(number) for number in Attachment.objects.values_list("pk", flat=True)]
    world.planted.values["matching:attachment:number"] = files
    # Before the yes every page was read in both languages; what the yes opens is the same in either.
    heard = world.heard("initiative", "giver", among={*world.in_swedish, *world.meeting_pages})
    heard |= world.heard(
        "visitor", "outsider", "intermediary", among=[*world.matching_pages, *world.meeting_pages]
    )
    assert set(heard) == {"initiative", "giver"}
    for name, other in (("initiative", GIVERS), ("giver", SEEKERS)):
        downloads = {where: heard[name].pop(where) for where in list(heard[name]) if "/fil/" in where}
        assert [len(lines) for lines in downloads.values()] == [2, 2]
        assert set(heard[name]) == world.meeting_pages
        for lines in heard[name].values():
            assert {line.split(" (")[0] for line in lines} == {f"{other} shared", "both sides’ conversation"}
            assert len(lines) == 2 + 4  # the address and the number, and those in two messages
    assert world.aviary.heard_in(exported()) == []
    assert world.aviary.heard_in(told()) == []


def test_after_a_no_nobody_hears_anything(world: World) -> None:
    services.decline(
        introduction=world.introduction,
        actor=world.cast.amina,
        answer=world.aviary.text("answer", "nobody's"),
        now=timezone.now(),
    )
    assert world.heard("initiative", "giver", among=world.matching_pages) == {}
    assert world.aviary.heard_in(told()) == []


def test_a_question_from_the_initiative_tells_as_little(world: World) -> None:
    now = timezone.now()
    services.withdraw(introduction=world.introduction, actor=world.cast.ruth, now=now)
    asked = ask_giver(
        offer=world.offer,
        initiative=world.initiative,
        actor=world.cast.amina,
        message=world.aviary.text("question", "nobody's"),
        contact=world.seekers_contact,
        now=now,
    )
    world.planted.values["matching:introductions:public_id"].append(asked.public_id)
    pages = world.matching_pages
    assert any(page.endswith("/fraga/") and "/initiativ/" in page for page in pages)
    assert any(f"/{asked.public_id}/ja/" in page for page in pages)
    # The others are asked after the yes, when there is more to hear.
    assert world.heard("initiative", "giver", "intermediary", among=pages) == {}
    assert world.aviary.heard_in(told()) == []
    givers = Contact("Ruth", world.aviary.email("yes", GIVERS), world.aviary.phone("yes", GIVERS))
    services.accept(introduction=asked, actor=world.cast.ruth, contact=givers, now=now)
    heard = world.heard(among=pages)
    page = f"/traffar/kontakter/{asked.public_id}/"
    assert {name: set(where) for name, where in heard.items()} == {"initiative": {page}, "giver": {page}}
    assert world.aviary.heard_in(told()) == []


def test_a_proposal_tells_as_little_until_both_have_said_yes(world: World) -> None:
    """Those who proposed the two see how it goes, and never how to reach anybody."""
    now = timezone.now()
    services.withdraw(introduction=world.introduction, actor=world.cast.ruth, now=now)
    made = proposing.propose(
        offer=world.offer,
        initiative=world.initiative,
        organisation=world.cast.intermediary,
        actor=world.cast.ingrid,
        text=world.aviary.text("proposal", "nobody's"),
        conflict=world.aviary.text("tie", "nobody's"),
        now=now,
    )
    asked = proposing.take_up(
        proposal=made,
        actor=world.cast.amina,
        message=world.aviary.text("yes in words", "nobody's"),
        contact=world.seekers_contact,
        now=now,
    )
    world.planted.values["matching:introductions:public_id"] = [asked.public_id]
    world.planted.values["matching:proposals:public_id"] = [made.public_id]
    pages = world.matching_pages
    assert f"/traffar/forslag/{made.public_id}/" in pages
    # An outsider is asked after the yes, when there is more to hear.
    assert world.heard("giver", "initiative", "intermediary", among=pages) == {}
    assert world.aviary.heard_in(told()) == []
    givers = Contact("Ruth", world.aviary.email("answer", GIVERS), world.aviary.phone("answer", GIVERS))
    services.accept(introduction=asked, actor=world.cast.ruth, contact=givers, now=now)
    page = f"/traffar/kontakter/{asked.public_id}/"
    heard = world.heard("giver", "initiative", "intermediary", "outsider", among=pages)
    assert {name: set(where) for name, where in heard.items()} == {"initiative": {page}, "giver": {page}}
    assert world.aviary.heard_in(told()) == []


@pytest.mark.parametrize("leak", ["column", "reader", "mail", "notice"])
def test_the_net_catches_a_leak(world: World, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each leak is made on purpose, past the services; a net with a hole would let it through."""
    secret = next(canary.written for canary in world.aviary.canaries if canary.place == "contact")
    if leak == "column":
        Initiative.objects.filter(pk=world.initiative.pk).update(description=f"Skriv till {secret}")
        leaking = {f"/initiativ/{world.initiative.public_id}/", "/api/v1/initiatives/"}
        heard = world.heard("visitor", among=[*leaking, "/stod/"])
        assert set(heard["visitor"]) == leaking
        assert world.aviary.heard_in(exported())
    elif leak == "reader":
        # A reader of contact details that forgets to ask whether both have said yes.
        everything = Contacts(world.seekers_contact, _shared(world.introduction))
        monkeypatch.setattr(selectors, "contact_details", lambda introduction, user: everything)
        heard = world.heard("initiative", "giver", "outsider", among=world.meeting_pages)
        assert {name: set(where) for name, where in heard.items()} == {
            "initiative": world.meeting_pages,
            "giver": world.meeting_pages,
        }
    elif leak == "mail":
        OutboxMessage.objects.create(task="x", key="x", arguments={"body": f"Ring {secret}"})
        assert world.aviary.heard_in(told())
    else:
        Notice.objects.update(parameters={"title": secret})
        assert world.aviary.heard_in(told())


def _shared(introduction: Introduction) -> Contact:
    row = introduction.contacts.get()
    return Contact(row.name, row.email, row.phone)
