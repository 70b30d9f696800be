"""Two sides that are about to meet, with canaries in everything they have written; and what has been told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.challenges.services import publish_challenge, tell_challenge
from brygga.notifications import digest, newsletter
from brygga.notifications.digest import choices_token
from brygga.notifications.digest import stop_token as stop_tips_token
from brygga.notifications.enums import TipsTopic
from brygga.notifications.models import NewsletterReader, Notice, TipsMail
from brygga.organisations.services import change_organisation
from brygga.outbox.models import OutboxMessage
from brygga.search import services as following
from brygga.search.models import SavedSearch
from brygga.search.services import save_search, stop_token
from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import change_offer
from innovators.adopting.services import publish_adopter, register_adopter
from innovators.handing_over.services import hand_over
from innovators.models import Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from innovators.records.services import add_record
from innovators.services import change_initiative
from intermediaries.helping.services import ask_for_help
from intermediaries.services import flag_initiative
from matching.adopting import services as adopting
from matching.adopting.enums import AdoptionSide
from matching.challenges.services import answer_challenge, remove_answer
from matching.desk.models import Decision, NoteVersion, Recusal, ShortlistEntry
from matching.desk.services import shortlist
from matching.intake import services as intake
from matching.meeting import services
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from matching.together import services as together
from tests.cast import Cast
from tests.factories import (
    InitiativeFactory,
    InitiativePictureFactory,
    MembershipFactory,
    OrganisationFactory,
    ProposalFactory,
    SupportOfferFactory,
)
from tests.matching.meeting.canaries import Aviary, Planted, addresses_of, crawl

SEEKERS, GIVERS, FLAGGERS, OUTSIDE = "initiative", "offer", "intermediary", "outside"
LANGUAGES = ("sv", "en")
#: What the giver's people write for each other about one case: not for the initiative, nor for who stands aside.
CASE = "case"
#: How lists end, and what is asked of each of them.
LISTS = (
    "/initiativ/",
    "/stod/",
    "/lovande/",
    "/kontakter/",
    "/forslag/",
    "/vart-bord/",
    "/alla-arenden/",
    "/sokta-stod/",
    "/var-lista/",
)
QUERIES = (
    "page=2",
    "q=skriv&sort=newest&asked=proposed",
    "view=table&sort=title&rows=40&stage=shortlisted&who=nobody",
)


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

    @property
    def asked_in_many_ways(self) -> list[str]:
        """Lists and desks as filters, searches, orders and further pages show them."""
        own = (f"/{self.offer.public_id}/", f"/{self.initiative.public_id}/")
        lists = [one for one in self.in_swedish if one.endswith((*LISTS, *own)) and "/api/" not in one]
        missing = [end for end in LISTS if not any(one.endswith(end) for one in lists)]
        assert not missing, missing
        return [f"{one}?{query}" for one in lists for query in QUERIES]

    def heard(
        self, *who: str, among: Iterable[str] = (), posted: bool = False
    ) -> dict[str, dict[str, list[str]]]:
        """Return what each listener hears, and where; nothing of what is their own side's."""
        heard = {}
        addresses = list(among) or self.addresses
        for name in who or self.listeners:
            person, own = self.listeners[name]
            singing = crawl(self.aviary, addresses, person, deaf_to=own, posted=posted)
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
        "evidence",
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


def write_for_colleagues(initiative: Initiative, offer: SupportOffer, cast: Cast, aviary: Aviary) -> User:
    """Write what the giver's people read alone, past the services that mask it; return who stands aside."""
    now = timezone.now()
    entry = ShortlistEntry.objects.get(offer=offer, initiative=initiative)
    ShortlistEntry.objects.filter(pk=entry.pk).update(note=aviary.text("note", CASE))
    NoteVersion.objects.create(
        entry=entry, text=aviary.text("note version", CASE), written_by=cast.ruth, written_at=now
    )
    aside = MembershipFactory(organisation=cast.foundation, role="editor").user
    Recusal.objects.create(
        offer=offer, initiative=initiative, person=aside, reason=aviary.text("recusal", CASE)
    )
    # What another seeker reads of the decision about their own case.
    other = ShortlistEntry.objects.create(
        offer=offer, initiative=InitiativeFactory(), stage="declined", reason="no_room", changed_by=cast.ruth
    )
    Decision.objects.create(
        entry=other,
        outcome="declined",
        message=aviary.text("decision", GIVERS),
        is_told=True,
        decided_on=timezone.localdate(),
        decided_by=cast.ruth,
    )
    return aside


def bring_table(offer: SupportOffer, cast: Cast, aviary: Aviary) -> str:
    """Bring a table of cases with notes, not taken in yet. Only who brought it sees it."""
    rows = [["Initiativ", "Anteckning"], ["Odla ihop", aviary.text("table", CASE)]]
    return intake.begin(offer=offer, actor=cast.ruth, table=rows, now=timezone.now()).public_id


def tell_a_challenge(initiative: Initiative, cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Tell a challenge that an initiative answers, and of which another answer was taken away."""
    now = timezone.now()
    body = OrganisationFactory(kind="municipality", verified=True)
    texts = {name: aviary.text(f"challenge {name}", "nobody's") for name in ("title", "text", "wish")}
    told = tell_challenge(
        organisation=body, actor=None, now=now, values={**texts, "theme_code": "employment"}
    )
    challenge = publish_challenge(challenge=told, actor=None, now=now)
    officer = MembershipFactory(organisation=body, role="owner").user
    answers = [
        answer_challenge(challenge=challenge, profile=one, actor=cast.amina, now=now)
        for one in (initiative, InitiativeFactory(organisation=cast.association))
    ]
    remove_answer(answer=answers[1], actor=officer, reason=aviary.text("removal", "nobody's"), now=now)
    return {
        "challenges:public_id": [challenge.public_id],
        "matching:challenge:public_id": [challenge.public_id],
        "matching:take-away-answer:number": [str(answers[0].pk)],
        "matching:put-back-answer:number": [str(answers[1].pk)],
    }


def look_for_something_proven(initiative: Initiative, aviary: Aviary) -> dict[str, list[str]]:
    """Tell what a municipality wants to take up, with contact details in every text, and ask an initiative for it."""
    now = timezone.now()
    names = ("title", "change", "who_we_are", "to_know", "not_accepted")
    texts = {name: aviary.text(f"adopter {name}", "nobody's") for name in names}
    values = {**texts, "theme_codes": ["employment"], "area_codes": ["SE-1480"]}
    body = OrganisationFactory(kind="municipality", verified=True)
    made = register_adopter(organisation=body, actor=None, now=now, values=values)
    publish_adopter(adopter=made, actor=None, now=now)
    asked = adopting.ask(
        adopter=made,
        initiative=initiative,
        side=AdoptionSide.ADOPTER,
        actor=MembershipFactory(organisation=body, role="owner").user,
        message=aviary.text("adoption message", "nobody's"),
        contact=Contact("", aviary.email("adoption contact", "nobody's"), ""),
        now=now,
    )
    return {
        "adopters:public_id": [made.public_id],
        "matching:wanted:public_id": [made.public_id],
        "matching:take-up:public_id": [asked.public_id],
    }


def ask_together(initiative: Initiative, cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Ask to do it together, for a draft of which nothing but the title is told; the answer is not given yet."""
    draft = InitiativeFactory(
        organisation=cast.outsiders, draft=True, description=aviary.text("draft asked for", OUTSIDE)
    )
    asked = together.ask(
        initiative=initiative,
        organisation=cast.outsiders,
        own=draft,
        actor=cast.sara,
        message=aviary.text("together message", "nobody's"),
        contact=Contact("Sara", aviary.email("together", OUTSIDE), aviary.phone("together", OUTSIDE)),
        now=timezone.now(),
    )
    return {"matching:together:public_id": [asked.public_id]}


def follow(cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Follow a search and ask for the newsletter; return what the addresses of both are made of."""
    name, now = aviary.email("search name", GIVERS), timezone.now()
    search = save_search(
        actor=cast.ruth, kind="initiatives", query=f"q={name}", name=name, rhythm="daily", now=now
    )
    # One that has hits, so that a mail tells of them.
    save_search(actor=cast.sara, kind="initiatives", query="q=skriv", name="Skriv", rhythm="daily", now=now)
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


def ask_for_help_and_more(initiative: Initiative, cast: Cast, aviary: Aviary) -> dict[str, list[str]]:
    """Ask an intermediary for help, put up a picture, and ask the giver to take the initiative over."""
    asked = ask_for_help(
        actor=cast.amina,
        county="SE-14",
        text=aviary.text("HelpRequest text", SEEKERS),
        initiative=initiative,
        now=timezone.now(),
    )
    picture = InitiativePictureFactory(initiative=initiative)
    handover = hand_over(
        initiative=initiative, organisation=cast.foundation, actor=cast.amina, now=timezone.now()
    )
    return {
        "helping:public_id": [asked.public_id],
        "innovators:picture:number": [str(picture.pk)],
        "innovators:remove-picture:number": [str(picture.pk)],
        "innovators:handover:number": [str(handover.pk)],
    }


def plant(cast: Cast, matched: Callable[[], None]) -> World:
    """Let everybody write what they may write, with canaries in all of it."""
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
    aside = write_for_colleagues(initiative, offer, cast, aviary)
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
            "matching:public_id": both,
            "matching:initiative:public_id": [initiative.public_id],
            "matching:offer:public_id": [offer.public_id],
            "matching:giver:public_id": [cast.foundation.public_id],
            "matching:introductions:public_id": [introduction.public_id],
            "matching:proposals:public_id": [proposed.public_id],
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
            "table": [bring_table(offer, cast, aviary)],
            "number": [str(Notice.objects.values_list("pk", flat=True)[0])],
            "secret": ["fel"],
            "token_key": ["fel"],
            "pk": ["1"],
            **follow(cast, aviary),
            **tell_a_challenge(initiative, cast, aviary),
            **look_for_something_proven(initiative, aviary),
            **ask_together(initiative, cast, aviary),
            **ask_for_help_and_more(initiative, cast, aviary),
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
            "giver": (cast.ruth, (GIVERS, CASE)),
            "aside": (aside, (GIVERS,)),
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


def send_what_is_followed() -> None:
    """Let the jobs run that write of what is new: saved searches, tips and the newsletter. Each has something."""
    now = timezone.now()
    then = now - timedelta(days=2)
    Initiative.objects.filter(state="published").update(published_at=now - timedelta(hours=1))
    SupportOffer.objects.filter(state="published").update(published_at=now - timedelta(hours=1))
    SavedSearch.objects.update(begins_at=then, looked_until=then, due_at=now)
    NewsletterReader.objects.update(confirmed_at=then, told_until=then, due_at=now)
    digest.tell_all_due(now=now)
    TipsMail.objects.update(due_at=now)
    assert following.tell_all_due(now=now)
    assert digest.tell_all_due(now=now)
    assert newsletter.send_all_due(now=now)
