"""Who wants no more questions from somebody gets none, from either side, and can change it."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import shortlist
from matching.meeting import services
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.blocking.selectors import is_blocked
from matching.meeting.blocking.services import block_other_side
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing import services as proposing
from matching.meeting.proposing.models import Proposal
from matching.meeting.selectors import Contact
from matching.meeting.services import AnsweredAlready, CannotAsk, WhyNot
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, ProposalFactory, SupportOfferFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
CONTACTS = "/traffar/kontakter/"


def ask(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    return services.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Får vi höra mer?",
        contact=Contact("Ruth", "ruth@exempel.example"),
        now=NOW,
    )


def put_question(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    """What both ways of asking come to; here the initiative's."""
    with transaction.atomic():
        return services.put_question(
            offer=offer,
            initiative=initiative,
            side=Side.INITIATIVE,
            actor=cast.amina,
            message="Får vi höra mer?",
            contact=Contact("Amina", "amina@exempel.example"),
            now=NOW,
        )


def test_an_initiative_that_says_no_is_asked_no_more(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    other = InitiativeFactory(organisation=cast.association, title="Cykelköket")
    second = SupportOfferFactory(organisation=cast.foundation, title="Andra fonden")
    for one in (initiative, other):
        for support in (offer, second):
            shortlist(offer=support, initiative=one, actor=cast.ruth, now=NOW)
    asked = ask(cast, offer, initiative)
    client.force_login(cast.amina)
    page = client.get(f"{CONTACTS}{asked.public_id}/nej/").content.decode()
    assert "Ta inte emot fler förfrågningar från dem" in page
    Notice.objects.all().delete()
    client.post(f"{CONTACTS}{asked.public_id}/nej/", {"block": "on"})
    block = ContactBlock.objects.get()
    assert (block.organisation, block.against, block.made_by) == (
        cast.association,
        cast.foundation,
        cast.amina,
    )
    # The giver reads the no that everybody gets, and nothing of the block.
    assert [one.kind for one in Notice.objects.all()] == ["introduction_declined"]
    with pytest.raises(CannotAsk) as refused:
        ask(cast, second, other)
    assert refused.value.why == WhyNot.NOT_NOW
    client.force_login(cast.ruth)
    # Nothing that they read of the no says that they may ask when the two months are over.
    no = client.get(f"{CONTACTS}{asked.public_id}/").content.decode()
    again = client.get(f"/traffar/stod/{offer.public_id}/{initiative.public_id}/fraga/").content.decode()
    for page in (no, again, client.get(f"{CONTACTS}?asked=by_us").content.decode()):
        assert "Ett nej gäller i minst två månader." in page or "Det går inte att fråga" in page
        assert "fråga igen" not in page
    said = client.get(f"/traffar/stod/{second.public_id}/{other.public_id}/fraga/")
    assert "Det går inte att fråga det här initiativet nu." in said.content.decode()
    assert "tar inte emot" not in said.content.decode()
    assert "tar inte emot" not in client.get(CONTACTS).content.decode()
    # It holds in the one direction only: who blocked may ask themselves.
    assert put_question(cast, second, other).asked_side == Side.INITIATIVE

    client.force_login(cast.rolf)
    shown = html.unescape(client.get(CONTACTS).content.decode())
    assert "Ni tar inte emot förfrågningar från" in shown
    assert "Låt dem fråga igen" not in shown
    assert client.post(f"{CONTACTS}sparrade/{block.pk}/slapp/").status_code == 403
    for person in (cast.ruth, cast.sara):
        client.force_login(person)
        assert client.post(f"{CONTACTS}sparrade/{block.pk}/slapp/").status_code == 404
    client.force_login(cast.erik)
    assert "Stiftelsen Västanvind" in client.get(CONTACTS).content.decode()
    assert client.post(f"{CONTACTS}sparrade/{block.pk}/slapp/")["Location"] == CONTACTS
    assert not ContactBlock.objects.exists()
    assert ask(cast, offer, other)
    verbs = AuditEvent.objects.filter(verb__in=["block_contact", "lift_contact_block"]).order_by("pk")
    about = {"against": cast.foundation.public_id}
    assert [(one.verb, one.organisation_id, one.details) for one in verbs] == [
        ("block_contact", cast.association.pk, about),
        ("lift_contact_block", cast.association.pk, about),
    ]


def test_a_giver_that_ends_a_conversation_is_asked_no_more(
    client: Client, cast: Cast, met: Introduction
) -> None:
    offer, initiative = met.offer, met.initiative
    client.force_login(cast.ruth)
    where = f"{CONTACTS}{met.public_id}/avsluta/"
    assert "Ta inte emot fler förfrågningar från dem" in client.get(where).content.decode()
    client.post(where, {"block": "1"})
    assert is_blocked(offer, initiative, asker=Side.INITIATIVE)
    assert not is_blocked(offer, initiative, asker=Side.OFFER)
    other = InitiativeFactory(organisation=cast.association)
    with pytest.raises(CannotAsk):
        put_question(cast, offer, other)
    # Without a tick nothing is blocked.
    ContactBlock.objects.all().delete()
    client.post(f"{CONTACTS}{met.public_id}/oppna-igen/")
    client.post(where)
    assert not ContactBlock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_question_and_a_block_at_the_same_moment(
    cast: Cast, met: Introduction, offer: SupportOffer
) -> None:
    other = InitiativeFactory(organisation=cast.association)
    shortlist(offer=offer, initiative=other, actor=cast.ruth, now=NOW)

    def blocks() -> str:
        rows = Introduction.objects.select_related("initiative__organisation", "offer__organisation")
        block_other_side(introduction=rows.get(pk=met.pk), side="initiative", actor=cast.amina, now=NOW)
        return "blocked"

    outcomes = race(blocks, lambda: str(ask(cast, offer, other).pk and "asked"), told=CannotAsk)
    assert outcomes in (["asked", "blocked"], ["blocked", "told"])
    assert Introduction.objects.filter(initiative=other).count() == outcomes.count("asked")


def test_what_waits_between_the_two_ends_as_after_a_no(client: Client, cast: Cast, met: Introduction) -> None:
    """An intermediary's proposal of another pair of the same two, and what the blocked have proposed themselves."""
    between = ProposalFactory(
        offer=met.offer,
        initiative=InitiativeFactory(organisation=cast.association, title="Cykelköket"),
        organisation=cast.intermediary,
        proposed_by=cast.ingrid,
    )
    elsewhere = ProposalFactory(initiative=between.initiative, organisation=cast.intermediary)
    by_them = ProposalFactory(initiative=between.initiative, organisation=cast.foundation)
    Notice.objects.all().delete()
    client.force_login(cast.amina)
    where = f"/traffar/forslag/{between.public_id}/"
    assert client.get(where).status_code == 200
    block_other_side(introduction=met, side="initiative", actor=cast.amina, now=NOW)
    for one, state in ((between, "declined"), (by_them, "declined"), (elsewhere, "waiting")):
        one.refresh_from_db()
        assert one.state == state
    assert (between.answered_side, between.answered_by, between.answer) == ("initiative", cast.amina, "")
    for actor in (cast.amina, cast.ruth):
        with pytest.raises((AnsweredAlready, CannotAsk)):
            proposing.take_up(
                proposal=Proposal.objects.select_related("offer", "initiative").get(pk=between.pk),
                actor=actor,
                message="Gärna!",
                contact=Contact("Vi", "vi@exempel.example"),
                now=NOW,
            )
    # The side that blocked is not shown it any more, in no list and on no page.
    assert {client.get(f"{where}{rest}").status_code for rest in ("", "ja/", "nej/")} == {404}
    assert "Cykelköket" in client.get(f"{CONTACTS}?asked=proposed").content.decode()  # elsewhere
    assert Proposal.objects.made_to(cast.amina).get() == elsewhere
    # The other side and those who proposed it read what they would after a no.
    for person in (cast.ruth, cast.ingrid):
        client.force_login(person)
        page = client.get(where).content.decode()
        assert "Det blev inget den här gången." in page
        assert "emot" not in page.split("<main")[1].split("</main")[0]
    told = Notice.objects.filter(kind="proposal_over").values_list("user", flat=True)
    assert set(told) == {cast.ingrid.pk, cast.ruth.pk}
    # What was taken up before stays where it was.
    ContactBlock.objects.all().delete()
    Proposal.objects.filter(pk=between.pk).update(state="taken_up", introduction=met)
    block_other_side(introduction=met, side="initiative", actor=cast.amina, now=NOW)
    client.force_login(cast.amina)
    assert client.get(where).status_code in (200, 302)


@pytest.mark.django_db(transaction=True)
def test_a_yes_to_a_proposal_and_a_block_at_the_same_moment(cast: Cast, met: Introduction) -> None:
    waiting = ProposalFactory(
        offer=met.offer,
        initiative=InitiativeFactory(organisation=cast.association),
        organisation=cast.intermediary,
    )

    def blocks() -> str:
        rows = Introduction.objects.select_related("initiative__organisation", "offer__organisation")
        block_other_side(introduction=rows.get(pk=met.pk), side="initiative", actor=cast.amina, now=NOW)
        return "blocked"

    def yes() -> str:
        proposing.take_up(
            proposal=Proposal.objects.select_related("offer", "initiative").get(pk=waiting.pk),
            actor=cast.ruth,
            message="Gärna!",
            contact=Contact("Ruth", "ruth.bidrag@exempel.example"),
            now=timezone.now(),
        )
        return "asked"

    outcomes = race(blocks, yes, told=(AnsweredAlready, CannotAsk))
    assert outcomes in (["asked", "blocked"], ["blocked", "told"])
    waiting.refresh_from_db()
    assert waiting.state == ("taken_up" if "asked" in outcomes else "declined")


def test_the_list_costs_the_same_for_many(client: Client, cast: Cast, met: Introduction) -> None:
    client.force_login(cast.amina)
    client.get(CONTACTS)
    for number, organisation in enumerate([cast.foundation, cast.outsiders, cast.intermediary]):
        ContactBlock.objects.create(
            organisation=cast.association, against=organisation, made_at=NOW + timedelta(days=number)
        )
        if number == 0:
            before = queries_for(client, CONTACTS)
    assert queries_for(client, CONTACTS) == before
