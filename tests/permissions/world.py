"""One world in which every URL has something to show and everybody has a role. Built once for a module."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from brygga.notifications import newsletter
from brygga.notifications.digest import choices_token
from brygga.notifications.digest import stop_token as stop_tips_token
from brygga.notifications.enums import TipsTopic
from brygga.notifications.models import NewsletterReader, Notice
from brygga.organisations.models import Invitation, Organisation
from brygga.outbox.models import MailboxMail
from brygga.search.services import save_search, stop_token
from brygga.users.enums import DemoGroup, TokenScope
from brygga.users.models import DemoPerson, User
from brygga.users.services import create_token
from funders.models import SupportOffer
from innovators.kept_drafts import Answers, keep_draft, tie_to_address
from innovators.models import Initiative, InitiativeHandover, KeptDraft
from intermediaries.models import HelpRequest
from matching.applying.models import Application
from matching.desk.models import Decision, Recusal, ShortlistEntry
from matching.engine.services import run_now
from matching.intake.models import CaseImport
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.conversation.models import Attachment, Message
from matching.meeting.models import Introduction
from matching.meeting.times.models import MeetingProposal
from tests.factories import (
    AdopterFactory,
    AdoptionQuestionFactory,
    ChallengeAnswerFactory,
    ChallengeFactory,
    FlagFactory,
    FollowFactory,
    IndicatorFactory,
    InitiativeFactory,
    InitiativePictureFactory,
    JournalEntryFactory,
    MeasurementFactory,
    MembershipFactory,
    OrganisationFactory,
    ProposalFactory,
    SpreadRecordFactory,
    SupportOfferFactory,
    TogetherQuestionFactory,
    UserFactory,
)

SECRET = "invitation-secret"
CANARY = "canary.example"
# In the order of the table's columns.
ROLES = (
    "visitor",
    "stranger",
    "reader",
    "editor",
    "owner",
    "giver reader",
    "giver",
    "intermediary",
    "staff",
)


@dataclass
class World:
    """People by role, what URLs may be about, and each person's session."""

    people: dict[str, User | None]
    things: dict[str, dict[str, Any]]
    organisations: dict[str, Organisation]
    initiatives: dict[str, Initiative]
    offers: dict[str, SupportOffer]
    sessions: dict[str, str]

    def client(self, role: str, **headers: str) -> Client:
        """Return a browser in which the person of a role has signed in."""
        client = Client(raise_request_exception=False, headers=headers)
        if self.sessions[role]:
            client.cookies = SimpleCookie({"sessionid": self.sessions[role]})
        return client


def build() -> World:
    """Make the world. Needs the taxonomy and a database."""
    now = timezone.now()
    people = _people()
    organisations = _organisations(people)
    initiatives = _initiatives(organisations)
    offers = _offers(organisations)
    run_now(now=now)
    things = _things(people, organisations, initiatives, offers)
    sessions = {}
    for role, person in people.items():
        client = Client()
        if person is not None:
            client.force_login(person)
        sessions[role] = client.cookies["sessionid"].value if person is not None else ""
    return World(people, things, organisations, initiatives, offers, sessions)


def _people() -> dict[str, User | None]:
    people: dict[str, User | None] = {"visitor": None}
    for role in ROLES[1:]:
        name = role.replace(" ", "-")
        people[role] = UserFactory(email=f"{name}@{CANARY}", name=f"Person {name}", staff=role == "staff")
    # Staff without a second factor get no further than to setting one up.
    Authenticator.objects.create(
        user=people["staff"], type=Authenticator.Type.TOTP, data={"secret": "not used here"}
    )
    return people


def _organisations(people: dict[str, User | None]) -> dict[str, Organisation]:
    association = OrganisationFactory(
        name="Verkstan i Bergsjön", owner=people["owner"], editor=people["editor"], reader=people["reader"]
    )
    # A second owner, so that the first may leave.
    MembershipFactory(organisation=association, user=UserFactory(), role="owner")
    return {
        "association": association,
        "foundation": OrganisationFactory(
            name="Stiftelsen Västanvind",
            kind="foundation",
            verified=True,
            owner=people["giver"],
            reader=people["giver reader"],
        ),
        "intermediary": OrganisationFactory(
            # A public body too, so that somebody tells challenges.
            name="Mötesplats Väst",
            intermediary=True,
            kind="region",
            owner=people["intermediary"],
        ),
        "outsiders": OrganisationFactory(name="Utanför AB", kind="company", owner=people["stranger"]),
    }


def _initiatives(organisations: dict[str, Organisation]) -> dict[str, Initiative]:
    association = organisations["association"]
    contact = {"name": "Amina", "email": f"initiative@{CANARY}", "phone": "070-174 06 05"}
    made = {
        "initiative": InitiativeFactory(
            organisation=association, title="Lagningsverkstaden", contact=contact
        ),
        "draft initiative": InitiativeFactory(organisation=association, draft=True),
        "paused initiative": InitiativeFactory(organisation=association, paused=True),
        "closed initiative": InitiativeFactory(organisation=association, closed=True),
        "chosen initiative": InitiativeFactory(organisation=association, visibility="chosen"),
        "fitting initiative": InitiativeFactory(organisation=association, visibility="fitting_givers"),
        # On the giver's short list and not asked for: what "add" and "ask" are tried with.
        "listed initiative": InitiativeFactory(organisation=association, contact=contact),
        "new initiative": InitiativeFactory(organisation=association, contact=contact),
    }
    made["chosen initiative"].shared_with.add(organisations["foundation"])
    return made


def _offers(organisations: dict[str, Organisation]) -> dict[str, SupportOffer]:
    foundation = organisations["foundation"]
    contact = {"name": "Ruth", "email": f"offer@{CANARY}", "phone": "070-174 06 06"}
    return {
        "offer": SupportOfferFactory(organisation=foundation, title="Bidrag till unga", contact=contact),
        "draft offer": SupportOfferFactory(organisation=foundation, draft=True),
        "paused offer": SupportOfferFactory(organisation=foundation, paused=True),
        "closed offer": SupportOfferFactory(organisation=foundation, closed=True),
        "imported offer": SupportOfferFactory(
            organisation=OrganisationFactory(source="torget"),
            is_confirmed=False,
            source="torget",
            source_id="1",
        ),
    }


def _things(
    people: dict[str, User | None],
    organisations: dict[str, Organisation],
    initiatives: dict[str, Initiative],
    offers: dict[str, SupportOffer],
) -> dict[str, dict[str, Any]]:
    """Return, by what a row of the table is about, what fills the URL."""
    now = timezone.now()
    owner, giver = people["owner"], people["giver"]
    assert owner is not None
    offer = offers["offer"]
    things: dict[str, dict[str, Any]] = {"": {}}
    for name, initiative in initiatives.items():
        things[name] = {
            "public_id": initiative.public_id,
            "initiative": initiative.public_id,
            "offer": offer.public_id,
            "slug": "title",
        }
        ShortlistEntry.objects.create(
            offer=offer, initiative=initiative, stage="shortlisted", changed_by=giver
        )
    ShortlistEntry.objects.filter(initiative=initiatives["new initiative"]).delete()
    ShortlistEntry.objects.filter(initiative=initiatives["closed initiative"]).update(
        stage="dismissed", reason="other", previous_stage="shortlisted"
    )
    things |= _desk(people, offer, initiatives)
    things |= _tables(giver, offer, now)
    for name, one in offers.items():
        things[name] = {"public_id": one.public_id, "slug": "title"}
    things |= _records(initiatives["initiative"])
    things |= _challenges(organisations["intermediary"], initiatives)
    things |= _adopters(organisations["intermediary"], initiatives)
    things |= _together(people, organisations, initiatives)
    introduction = Introduction.objects.create(
        offer=offer, initiative=initiatives["initiative"], message="Får vi höra mer?", asked_by=giver
    )
    introduction.contacts.create(side="offer", name="Ruth", email=f"offer@{CANARY}")
    things["introduction"] = {"public_id": introduction.public_id}
    wanted = Introduction.objects.create(
        offer=offer,
        initiative=initiatives["closed initiative"],
        asked_side="initiative",
        message="Får vi höra av er?",
        asked_by=owner,
    )
    wanted.contacts.create(side="initiative", name="Amina", email=f"initiative@{CANARY}")
    things["initiative’s question"] = {"public_id": wanted.public_id}
    met = Introduction.objects.create(
        offer=offer,
        initiative=initiatives["chosen initiative"],
        message="Får vi höra mer?",
        asked_by=giver,
        state="accepted",
        answered_by=owner,
        answered_at=now,
    )
    message = Message.objects.create(
        introduction=met, side="offer", author=giver, text="Kan vi ses?", creation_key=uuid4()
    )
    attachment = Attachment(message=message, added_by=giver, name="Plan.txt", kind="txt", size=4)
    attachment.file.save("Plan.txt", ContentFile(b"Plan"))
    # A file's number does not open it from another introduction.
    written = {"number": attachment.pk, "message": message.pk}
    things["other conversation"] = {"public_id": introduction.public_id, **written}
    things["conversation"] = {"public_id": met.public_id, **written}
    ended = Introduction.objects.create(
        offer=offer,
        initiative=initiatives["paused initiative"],
        message="Får vi höra mer?",
        asked_by=giver,
        state="accepted",
        answered_by=owner,
        answered_at=now,
        ended_side="offer",
        ended_at=now,
    )
    things["ended conversation"] = {"public_id": ended.public_id}
    day = now + timedelta(days=7)
    MeetingProposal.objects.create(
        introduction=met,
        side="offer",
        times=[day, day + timedelta(hours=1), day + timedelta(hours=2)],
        way="place",
        where="Torget 1",
        state="picked",
        picked=day,
        answered_at=now,
        creation_key=uuid4(),
    )
    for name, about in (("proposal", "listed initiative"), ("proposal aside", "fitting initiative")):
        made = ProposalFactory(
            initiative=initiatives[about],
            offer=offer,
            organisation=organisations["intermediary"],
            proposed_by=people["intermediary"],
        )
        things[name] = {"public_id": made.public_id}
    flag = FlagFactory(
        initiative=initiatives["initiative"],
        organisation=organisations["intermediary"],
        flagged_by=people["intermediary"],
    )
    things["flag"] = {"flag_id": flag.pk}
    association = organisations["association"]
    membership = association.memberships.get(user=people["reader"])
    invitation = Invitation.objects.create(
        organisation=association,
        email=f"stranger@{CANARY}",
        role="editor",
        secret_hash=hashlib.sha256(SECRET.encode()).hexdigest(),
        expires_at=now + timedelta(days=7),
    )
    for name, organisation in (
        ("own organisation", association),
        ("foundation", organisations["foundation"]),
    ):
        things[name] = {"public_id": organisation.public_id}
    things["reader’s membership"] = {"public_id": association.public_id, "number": membership.pk}
    things["stranger’s invitation"] = {
        "public_id": association.public_id,
        "number": invitation.pk,
        "secret": SECRET,
    }
    block = ContactBlock.objects.create(organisation=association, against=organisations["outsiders"])
    things["association’s block"] = {"number": block.pk}
    for name, shown in (("picture", "initiative"), ("hidden picture", "chosen initiative")):
        picture = InitiativePictureFactory(initiative=initiatives[shown])
        things[name] = {"public_id": picture.initiative.public_id, "number": picture.pk}
    help_request = HelpRequest.objects.create(
        asked_by=owner, area_code="SE-14", text="Vi vet inte var vi ska börja"
    )
    help_request.reached.set([organisations["intermediary"]])
    things["request for help"] = {"public_id": help_request.public_id}
    handover = InitiativeHandover.objects.create(
        initiative=initiatives["paused initiative"],
        from_organisation=association,
        organisation=organisations["foundation"],
        asked_by=owner,
    )
    things["handover"] = {"number": handover.pk}
    things |= _applications(people, organisations, initiatives["initiative"])
    notice = Notice.objects.create(user=owner, kind="member_joined", key="one", parameters={})
    things["owner’s notice"] = {"number": notice.pk}
    token, _ = create_token(user=owner, name="Kalkylark", scopes=list(TokenScope), days=30, now=now)
    things["owner’s token"] = {"token_key": token.token_key}
    secret = keep_draft(answers=Answers({"change": "Sparat innan kontot fanns"}, "", "sv"), now=now)
    tie_to_address(secret=secret, address=owner.email, now=now)
    things["owner’s kept draft"] = {"number": KeptDraft.objects.get().pk}
    search = save_search(
        actor=owner, kind="offers", query="theme=employment", name="Jobb", rhythm="daily", now=now
    )
    things["owner’s choices of mails"] = {"token": choices_token(owner)}
    things["owner’s tips"] = {"token": stop_tips_token(owner, TipsTopic.SUPPORT)}
    reader = NewsletterReader.objects.create(email=f"reader@{CANARY}", asked_at=now, answered_at=now)
    things["newsletter to confirm"] = {"token": newsletter.confirm_token(reader)}
    things["newsletter to stop"] = {"token": newsletter.stop_token(reader)}
    things["subject"] = {"code": "employment"}
    things["saved search"] = {"kind": "offers"}
    things["owner’s saved search"] = {"public_id": search.public_id, "token": stop_token(search)}
    demo = UserFactory(demo=True)
    DemoPerson.objects.create(
        user=demo, group=DemoGroup.INNOVATOR, role_sv="x", role_en="x", story_sv="x", story_en="x"
    )
    mail = MailboxMail.objects.create(sender="a", recipients="b", subject="c", body="d")
    things["mail"] = {"number": mail.pk}
    things["security key"] = {"pk": 1}
    return things


def _desk(
    people: dict[str, User | None], offer: SupportOffer, initiatives: dict[str, Initiative]
) -> dict[str, dict[str, Any]]:
    """Stand aside and decide at the giver's desk, and return what fills the URLs that are about it."""
    colleague = MembershipFactory(organisation=offer.organisation, role="editor").user
    chosen, fitting = initiatives["chosen initiative"], initiatives["fitting initiative"]
    aside = {
        "colleague’s recusal": Recusal.objects.create(offer=offer, initiative=chosen, person=colleague),
        "giver’s recusal": Recusal.objects.create(offer=offer, initiative=fitting, person=people["giver"]),
    }
    decided = initiatives["paused initiative"]
    entry = ShortlistEntry.objects.get(offer=offer, initiative=decided)
    Decision.objects.create(entry=entry, outcome="declined", decided_on=date(2026, 3, 1))
    ShortlistEntry.objects.filter(pk=entry.pk).update(stage="declined", reason="other")
    pair = {"offer": offer.public_id, "initiative": decided.public_id}
    return {"decided initiative": pair} | {
        name: {"offer": offer.public_id, "initiative": one.initiative.public_id, "number": one.pk}
        for name, one in aside.items()
    }


def _challenges(body: Organisation, initiatives: dict[str, Initiative]) -> dict[str, dict[str, Any]]:
    """Tell challenges in the public body's name, and return what fills the URLs that are about them."""
    made = ChallengeFactory(organisation=body)
    things = {
        "challenge": {"public_id": made.public_id},
        "draft challenge": {"public_id": ChallengeFactory(organisation=body, draft=True).public_id},
    }
    for name, about, removed in (
        ("answer", "initiative", False),
        ("hidden answer", "chosen initiative", False),
        ("removed answer", "listed initiative", True),
    ):
        answer = ChallengeAnswerFactory(challenge=made, initiative=initiatives[about], removed=removed)
        things[name] = {"public_id": made.public_id, "number": answer.pk}
    return things


def _together(
    people: dict[str, User | None], organisations: dict[str, Organisation], initiatives: dict[str, Initiative]
) -> dict[str, dict[str, Any]]:
    """Let the foundation ask the association to do it together, and the stranger follow it."""
    asked = TogetherQuestionFactory(
        initiative=initiatives["initiative"],
        organisation=organisations["foundation"],
        asked_by=people["giver"],
    )
    asked.contacts.create(side="asker", name="Ruth", email=f"offer@{CANARY}")
    FollowFactory(user=people["stranger"], initiative=initiatives["initiative"])
    return {"together question": {"public_id": asked.public_id}}


def _tables(giver: User | None, offer: SupportOffer, now: datetime) -> dict[str, dict[str, Any]]:
    """Bring tables of cases: one that waits, and one that is taken in. They are the giver's alone."""
    table = [["Namn", "Org.nr", "Anteckning"], ["Finns inte", "556016-0680", f"ring ruth@{CANARY}"]]
    columns = {"title": 0, "number": 1, "note": 2}
    values = {"offer": offer, "person": giver, "table": table, "columns": columns, "stage": "shortlisted"}
    made = {
        "giver’s table": CaseImport.objects.create(**values, is_mapped=True),
        "giver’s taken table": CaseImport.objects.create(
            **values, is_mapped=True, taken_at=now, outcomes=["not_here"]
        ),
    }
    return {name: {"public_id": offer.public_id, "table": one.public_id} for name, one in made.items()}


def _applications(
    people: dict[str, User | None], organisations: dict[str, Organisation], initiative: Initiative
) -> dict[str, dict[str, Any]]:
    """Mean to apply for support with the giver's own form, and return what fills the URLs that are about it."""
    elsewhere = SupportOfferFactory(
        organisation=organisations["foundation"],
        title="Med eget formulär",
        apply_way="own_form",
        apply_url="https://soka.givare.example/",
    )
    application = Application.objects.create(
        offer=elsewhere, initiative=initiative, meant_by=people["owner"], meant_on=date(2026, 3, 1)
    )
    pair = {"initiative": initiative.public_id, "offer": elsewhere.public_id}
    return {"application": {"public_id": application.public_id}, "support elsewhere": pair}


def _records(initiative: Initiative) -> dict[str, dict[str, Any]]:
    """Write about how the work goes, and return what fills the URLs that are about it."""
    measurement = MeasurementFactory(indicator=IndicatorFactory(initiative=initiative))
    MeasurementFactory(indicator=measurement.indicator, measured_on=date(2026, 5, 1), number=20)
    made = {
        "journal entry": ("journal", JournalEntryFactory(initiative=initiative)),
        "indicator": ("indicator", measurement.indicator),
        "measurement": ("measurement", measurement),
        "spread record": ("spread", SpreadRecordFactory(initiative=initiative)),
    }
    JournalEntryFactory(initiative=initiative, internal=True, title="Bara för oss")
    return {
        name: {"public_id": initiative.public_id, "number": record.pk, "kind": kind}
        for name, (kind, record) in made.items()
    }


def _adopters(body: Organisation, initiatives: dict[str, Initiative]) -> dict[str, dict[str, Any]]:
    """Look for something proven in the public body's name, and return what fills the URLs that are about it."""
    made = AdopterFactory(organisation=body)
    things = {
        "adopter": {"public_id": made.public_id},
        "draft adopter": {"public_id": AdopterFactory(organisation=body, draft=True).public_id},
    }
    for name, about, more in (
        ("adopter’s question", "initiative", {"contacts": {"adopter": f"adopter@{CANARY}"}}),
        ("question to adopter", "new initiative", {"by_initiative": True}),
        ("accepted question", "listed initiative", {"accepted": True}),
    ):
        asked = AdoptionQuestionFactory(adopter=made, initiative=initiatives[about], **more)
        things[name] = {"public_id": asked.public_id}
    return things
