"""No e-mail address and no phone number is seen by anybody before both have said yes.

Canaries are planted wherever people write, through the services that the forms call. Then every named
URL is opened as a visitor, a stranger, the other side and an intermediary, and exports, mails and notices are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications import newsletter
from brygga.notifications.digest import choices_token
from brygga.notifications.digest import stop_token as stop_tips_token
from brygga.notifications.enums import TipsTopic
from brygga.notifications.models import NewsletterReader, Notice
from brygga.organisations.services import change_organisation
from brygga.outbox.models import OutboxMessage
from brygga.search.services import save_search, stop_token
from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import change_offer
from innovators.models import Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from innovators.records.services import add_record
from innovators.services import change_initiative
from intermediaries.services import flag_initiative
from matching.desk.services import shortlist
from matching.meeting import selectors, services
from matching.meeting.asking import ask_giver
from matching.meeting.conversation.files import check_file
from matching.meeting.conversation.models import Attachment
from matching.meeting.conversation.services import send_message
from matching.meeting.models import Introduction
from matching.meeting.proposing import services as proposing
from matching.meeting.selectors import Contact, Contacts
from tests.cast import Cast
from tests.factories import InitiativeFactory, ProposalFactory, SupportOfferFactory
from tests.matching.meeting.canaries import Aviary, Planted, addresses_of, crawl

# Every page there is, for everybody, in both languages: minutes on a busy machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1200)]

SEEKERS, GIVERS, FLAGGERS, OUTSIDE = "initiative", "offer", "intermediary", "outside"
LANGUAGES = ("sv", "en")


@dataclass(frozen=True)
class World:
    """Two sides that are about to meet, with canaries in everything they have written."""

    aviary: Aviary
    cast: Cast
    initiative: Initiative
    offer: SupportOffer
    introduction: Introduction
    planted: Planted
    seekers_contact: Contact
    listeners: dict[str, tuple[User | None, tuple[str, ...]]]

    @property
    def addresses(self) -> list[str]:
        return [address for language in LANGUAGES for address in addresses_of(self.planted, language)]

    @property
    def meeting_pages(self) -> set[str]:
        rest = f"{self.introduction.public_id}/"
        return {f"/traffar/kontakter/{rest}", f"/en/matches/introductions/{rest}"}

    @property
    def in_swedish(self) -> list[str]:
        """Every address in one language: what a page leaks, it leaks in both."""
        return addresses_of(self.planted, "sv")

    @property
    def matching_pages(self) -> list[str]:
        """The addresses of this app alone, for what the whole crawl has no more to say about."""
        return [one for one in self.in_swedish if one.startswith("/traffar/")]

    def heard(self, *who: str, among: Iterable[str] = ()) -> dict[str, dict[str, list[str]]]:
        """Return what each listener hears, and where; nothing of what is their own side's."""
        heard = {}
        addresses = list(among) or self.addresses
        for name in who or self.listeners:
            person, own = self.listeners[name]
            singing = crawl(self.aviary, addresses, person, deaf_to=own)
            if singing:
                heard[name] = singing
        return heard


def rename(user: User, aviary: Aviary, side: str) -> None:
    user.email = aviary.email(f"address of {user.name}", side)
    user.save(update_fields=["email"])
    user.emailaddress_set.update(email=user.email)


def write_initiative(initiative: Initiative, cast: Cast, aviary: Aviary) -> None:
    texts = (
        "title",
        "change",
        "description",
        "who_affected",
        "core",
        "adaptable",
        "title_second",
        "summary_second",
    )
    changes: dict[str, object] = {name: aviary.text(name, SEEKERS) for name in texts}
    changes["theme_words"] = [aviary.email("theme word", SEEKERS)]
    changes["area_words"] = [aviary.phone("place word", SEEKERS)]
    changes["actors"] = [
        {
            "name": f"Cykelköket {aviary.email('actor', SEEKERS)}",
            "kind": "association",
            "role": f"Lånar ut, {aviary.phone('role', SEEKERS)}",
        }
    ]
    changes["contact"] = {
        "name": "Amina",
        "email": aviary.email("contact", SEEKERS),
        "phone": aviary.phone("contact", SEEKERS),
    }
    change_initiative(initiative=initiative, changes=changes, actor=cast.amina, now=timezone.now())


def write_how_it_goes(initiative: Initiative, cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Write in the journal, of value and of spread; return what the addresses of each are made of."""

    def add(model: Any, **values: Any) -> Any:
        texts = {name: aviary.text(f"{model.__name__} {name}", SEEKERS) for name in model.TEXTS}
        if "unit" in texts:
            texts["unit"] = aviary.phone("Indicator unit", SEEKERS)
        return add_record(
            kind=model,
            initiative=initiative,
            values={**texts, **values},
            actor=cast.amina,
            now=timezone.now(),
        )

    today = timezone.localdate()
    entry, indicator = add(JournalEntry, happened_on=today, parts=["value"]), add(Indicator, kind="social")
    number = add(Measurement, indicator=indicator, measured_on=today, number=1)
    add(Measurement, indicator=indicator, measured_on=today, number=2)
    kept = aviary.email("SpreadRecord kept", SEEKERS)
    place = add(SpreadRecord, adopter_kind="association", kept_words=[kept])
    about = {
        "journal-change": entry,
        "indicator-change": indicator,
        "measurement-new": indicator,
        "measurement-change": number,
        "spread-change": place,
    }
    return {f"innovators:{name}:number": [str(row.pk)] for name, row in about.items()}


def write_offer(offer: SupportOffer, cast: Cast, aviary: Aviary) -> None:
    texts = ("title", "description", "title_second", "summary_second", "how_to_apply")
    changes: dict[str, object] = {name: aviary.text(name, GIVERS) for name in texts}
    changes["theme_words"] = [aviary.email("theme word", GIVERS)]
    changes["contact"] = {
        "name": "Ruth",
        "email": aviary.email("contact", GIVERS),
        "phone": aviary.phone("contact", GIVERS),
    }
    change_offer(offer=offer, changes=changes, actor=cast.ruth, now=timezone.now())


def follow(cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Follow a search and ask for the newsletter; return what the addresses of both are made of."""
    name, now = aviary.email("search name", GIVERS), timezone.now()
    search = save_search(
        actor=cast.ruth, kind="initiatives", query=f"q={name}", name=name, rhythm="daily", now=now
    )
    reader = NewsletterReader.objects.create(
        email=aviary.email("newsletter", "nobody's"), asked_at=now, answered_at=now
    )
    return {
        "search:public_id": [search.public_id],
        "search:kind": ["offers", "initiatives"],
        "search:token": [stop_token(search)],
        "notifications:mails-by-link:token": [choices_token(cast.ruth)],
        "notifications:stop:token": [stop_tips_token(cast.ruth, TipsTopic.CASES)],
        "newsletter:token": [newsletter.confirm_token(reader), newsletter.stop_token(reader)],
        "public:code": ["employment"],
    }


@pytest.fixture
def world(cast: Cast, matched: Callable[[], None]) -> World:
    aviary = Aviary()
    for person, side in (
        (cast.amina, SEEKERS),
        (cast.erik, SEEKERS),
        (cast.ruth, GIVERS),
        (cast.ingrid, FLAGGERS),
        (cast.sara, OUTSIDE),
    ):
        rename(person, aviary, side)
    initiative = InitiativeFactory(organisation=cast.association)
    offer = SupportOfferFactory(organisation=cast.foundation)
    write_initiative(initiative, cast, aviary)
    write_offer(offer, cast, aviary)
    written = write_how_it_goes(initiative, cast, aviary)
    now = timezone.now()
    for organisation, owner, side in (
        (cast.association, cast.amina, SEEKERS),
        (cast.foundation, cast.ruth, GIVERS),
        (cast.intermediary, cast.ingrid, FLAGGERS),
    ):
        change_organisation(
            organisation=organisation, actor=owner, now=now, description=aviary.text("organisation", side)
        )
    flag = flag_initiative(
        initiative=initiative,
        organisation=cast.intermediary,
        actor=cast.ingrid,
        reasons=["scalable"],
        text=aviary.text("flag", FLAGGERS),
        evidence_url="",
        conflict=aviary.text("conflict", FLAGGERS),
        now=now,
    )
    matched()
    # What a colleague notes is seen by colleagues alone, and hidden all the same.
    shortlist(
        offer=offer, initiative=initiative, actor=cast.ruth, note=aviary.text("note", "nobody's"), now=now
    )
    introduction = services.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message=aviary.text("message", "nobody's"),
        contact=Contact("Ruth", aviary.email("shared", GIVERS), aviary.phone("shared", GIVERS)),
        now=now,
    )
    seekers_contact = Contact("Amina", aviary.email("shared", SEEKERS), aviary.phone("shared", SEEKERS))
    # Two others of the same sides, so that the pair above may be asked about as well.
    proposed = ProposalFactory(
        initiative=InitiativeFactory(organisation=cast.association),
        offer=offer,
        organisation=cast.intermediary,
        proposed_by=cast.ingrid,
    )
    initiative.refresh_from_db()
    offer.refresh_from_db()
    both = [initiative.public_id, offer.public_id]
    organisations = [cast.association.public_id, cast.foundation.public_id, cast.intermediary.public_id]
    planted = Planted(
        {
            "innovators:public_id": [initiative.public_id],
            "funders:public_id": [offer.public_id],
            "intermediaries:public_id": [initiative.public_id],
            "matching:public_id": [*both, introduction.public_id, proposed.public_id],
            "api-initiative:public_id": [initiative.public_id],
            "api-initiative-matches:public_id": [initiative.public_id],
            "api-offer:public_id": [offer.public_id],
            "api-offer-matches:public_id": [offer.public_id],
            "organisations:public_id": organisations,
            "initiative": [initiative.public_id],
            "offer": [offer.public_id],
            "slug": ["title", "change", "contact"],
            "kind": ["journal"],
            **written,
            "flag_id": [str(flag.pk)],
            "matching:attachment:number": ["1"],
            # No message has it, whichever tests have gone before.
            "message": ["0"],
            "table": ["fel"],
            "number": [str(Notice.objects.values_list("pk", flat=True)[0])],
            "secret": ["fel"],
            "token_key": ["fel"],
            "pk": ["1"],
            **follow(cast, aviary),
        }
    )
    return World(
        aviary=aviary,
        cast=cast,
        initiative=initiative,
        offer=offer,
        introduction=introduction,
        planted=planted,
        seekers_contact=seekers_contact,
        listeners={
            "visitor": (None, ()),
            "outsider": (cast.sara, (OUTSIDE,)),
            "initiative": (cast.amina, (SEEKERS,)),
            "giver": (cast.ruth, (GIVERS,)),
            "intermediary": (cast.ingrid, (FLAGGERS,)),
        },
    )


def exported() -> str:
    pieces = []
    for command, arguments in (
        ("export_exchange", ()),
        ("export_matches", ()),
        ("export_matches", ("--per", "offer")),
    ):
        out = StringIO()
        call_command(command, *arguments, stdout=out)
        pieces.append(out.getvalue())
    assert all(piece.strip() for piece in pieces)
    return "\n".join(pieces)


def told() -> str:
    """Return every mail without its envelope, every notice and every audit row."""
    mails = [
        json.dumps({**message.arguments, "recipients": []}, ensure_ascii=False)
        for message in OutboxMessage.objects.all()
    ]
    notices = [json.dumps(notice.parameters, ensure_ascii=False) for notice in Notice.objects.all()]
    audit = [json.dumps(event.details, ensure_ascii=False) for event in AuditEvent.objects.all()]
    assert mails
    assert notices
    assert audit
    return "\n".join([*mails, *notices, *audit])


def test_canaries_are_there_to_be_heard(world: World) -> None:
    """What could leak exists: the owners themselves read it, in their own forms."""
    assert len(world.aviary.canaries) > 40
    own = crawl(world.aviary, world.in_swedish, world.cast.amina)
    heard = {line for lines in own.values() for line in lines}
    assert any(line.startswith("initiative contact") for line in heard)
    assert any(line.startswith("initiative change") for line in heard)


def test_nobody_hears_a_canary_before_both_have_said_yes(world: World) -> None:
    # Everybody in one language, and whoever hears first of a match in the other too.
    assert world.heard(among=world.in_swedish) == {}
    assert world.heard("giver", among=addresses_of(world.planted, "en")) == {}
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
    world.planted.values["matching:public_id"].append(asked.public_id)
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
    world.planted.values["matching:public_id"] = [made.public_id, asked.public_id]
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
