"""An intermediary proposes that two meet. Each says yes or no by itself, and nobody sees more than they should."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.models import Recusal, ShortlistEntry
from matching.meeting import services
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.proposing import services as proposing
from matching.meeting.proposing.models import Proposal
from matching.meeting.selectors import Contact
from matching.meeting.services import AlreadyAsked, AnsweredAlready, CannotAsk, WhyNot
from tests.cast import Cast
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ProposalFactory,
    SupportOfferFactory,
)
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

SEEKER = Contact("Amina", "", "070-174 06 12")
GIVER = Contact("Ruth", "ruth.bidrag@exempel.example", "")
TEXT = "De har det som ni söker. Ring 070-174 06 44."
ANSWERS = {"text": TEXT, "has_conflict": "yes", "conflict": "Vi gav dem råd, se rad@exempel.example."}
YES = {
    "message": "Gärna! Vi ses.",
    "name": "Amina",
    "email": "",
    "phone": "070-174 06 12",
}
LIST, CONTACTS = "/traffar/forslag/", "/traffar/kontakter/"


def propose(cast: Cast, offer: SupportOffer, initiative: Initiative, **changes: object) -> Proposal:
    arguments = {
        "offer": offer,
        "initiative": initiative,
        "organisation": cast.intermediary,
        "actor": cast.ingrid,
        "text": TEXT,
        "conflict": "",
        "now": timezone.now(),
        **changes,
    }
    return proposing.propose(**arguments)  # type: ignore[arg-type]


def take_up(cast: Cast, proposal: Proposal, *, as_giver: bool = False) -> Introduction:
    """Say yes as one side does. Read anew, as in a request of its own."""
    fresh = Proposal.objects.select_related("offer", "initiative").get(pk=proposal.pk)
    actor, contact = (cast.ruth, GIVER) if as_giver else (cast.amina, SEEKER)
    return proposing.take_up(
        proposal=fresh, actor=actor, message="Gärna!", contact=contact, now=timezone.now()
    )


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__name", flat=True))


def test_from_a_proposal_to_each_others_details(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    """No match and no place on the desk: the intermediary's word stands for both."""
    page = f"/initiativ/{initiative.public_id}/"
    choose = f"{LIST}till/{initiative.public_id}/"
    for person in (cast.amina, cast.ruth, cast.sara):
        client.force_login(person)
        assert f'href="{choose}"' not in text_of(client, page)
    client.force_login(cast.ingrid)
    assert "Ni har inte föreslagit något än" in text_of(client, LIST)
    assert f'href="{choose}"' in text_of(client, page)
    form = f"{choose}{offer.public_id}/"
    assert f'href="{form}"' in text_of(client, choose)
    assert "ruth.bidrag@exempel.example" not in text_of(client, form)
    for change, field in (
        ({"text": ""}, "text"),
        ({"has_conflict": ""}, "has_conflict"),
        ({"conflict": " "}, "conflict"),
    ):
        bad = client.post(form, {**ANSWERS, **change})
        assert (bad.status_code, list(bad.context["form"].errors)) == (422, [field])
    sent = client.post(form, ANSWERS)
    made = Proposal.objects.get()
    where = f"{LIST}{made.public_id}/"
    assert (sent.status_code, sent["Location"]) == (302, where)
    assert client.post(form, ANSWERS)["Location"] == where
    assert Proposal.objects.count() == 1
    assert (made.proposed_by_name, made.organisation) == ("Ingrid Sköld", cast.intermediary)
    assert made.text == "De har det som ni söker. Ring [telefon]."
    assert made.conflict == "Vi gav dem råd, se [e-post]."
    assert told("proposed_to_initiative") == {"Amina Warsame", "Erik Lindqvist"}
    assert told("proposed_to_giver") == {"Ruth Malmsten"}
    mails = OutboxMessage.objects.filter(task="outbox.deliver_mail")
    assert len(mails) == 3
    assert not [mail for mail in mails if "De har det som" in str(mail.arguments)]
    assert "Ingen av dem har svarat än." in text_of(client, where)
    assert "1 väntar på svar" in text_of(client, "/min-sida/")
    for address in (f"{where}ja/", f"{where}nej/"):
        assert client.get(address).status_code == 403

    for person, other in ((cast.ruth, initiative.title), (cast.amina, offer.title)):
        client.force_login(person)
        assert "1 förslag om att träffas väntar på ert svar" in text_of(client, "/min-sida/")
        assert other in text_of(client, f"{CONTACTS}?asked=proposed")
        seen = text_of(client, where)
        assert "Mötesplats Väst föreslår att ni träffar" in seen
        assert "Ingrid Sköld" in seen
        assert "Vi gav dem råd, se [e-post]." in seen
        assert client.get(f"{where}ta-tillbaka/").status_code == 403
    client.force_login(cast.sara)
    assert client.get(where).status_code == 404
    assert "Bara främjare föreslår" in text_of(client, LIST)

    client.force_login(cast.amina)
    assert "verkstan@exempel.example" in text_of(client, f"{where}ja/")  # her own, to choose from
    assert client.post(f"{where}ja/", {**YES, "message": ""}).status_code == 422
    said_yes = client.post(f"{where}ja/", YES)
    found = Introduction.objects.get()
    meeting = f"{CONTACTS}{found.public_id}/"
    assert (said_yes.status_code, said_yes["Location"]) == (302, meeting)
    assert (found.asked_side, list(found.brought_by.all())) == ("initiative", [made])
    assert client.post(f"{where}ja/", YES)["Location"] == meeting
    assert told("contact_wanted") == {"Ruth Malmsten"}
    assert "Föreslaget av Mötesplats Väst, Ingrid Sköld" in text_of(client, meeting)
    assert "Ni sa ja och frågade den andra sidan." in text_of(client, where)

    client.force_login(cast.ingrid)
    halfway = text_of(client, where)
    assert "En av dem har sagt ja." in halfway
    assert client.get(meeting).status_code == 404
    for hidden in (found.public_id, "Gärna", "174 06 12", "Sa ja"):
        assert hidden not in halfway

    client.force_login(cast.ruth)
    assert "Den andra sidan sa ja och frågar er." in text_of(client, where)
    assert client.get(f"{where}ja/")["Location"] == meeting
    assert "Föreslaget av Mötesplats Väst" in text_of(client, meeting)
    assert "070-174 06 12" not in text_of(client, meeting)
    client.post(f"{meeting}ja/", {"name": "Ruth", "email": "ruth.bidrag@exempel.example", "phone": ""})
    assert "070-174 06 12" in text_of(client, meeting)
    # What the giver has said yes to lies on the desk, though no match has put it there.
    assert ShortlistEntry.objects.get(offer=offer, initiative=initiative).stage == "in_dialogue"
    assert told("proposal_brought_together") == {"Ingrid Sköld"}
    client.force_login(cast.ingrid)
    assert "Båda har sagt ja och har kontakt." in text_of(client, where)
    for address in (where, LIST):
        assert "174 06 12" not in text_of(client, address)
        assert "ruth.bidrag" not in text_of(client, address)
    verbs = AuditEvent.objects.filter(verb__in=["propose", "ask_introduction"]).order_by("pk")
    assert [(one.verb, one.organisation_id) for one in verbs] == [
        ("propose", cast.intermediary.pk),
        ("ask_introduction", cast.association.pk),
    ]


def test_the_giver_says_yes_first_and_the_initiative_no(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    made = propose(cast, offer, initiative)
    second = ProposalFactory(offer=offer, initiative=initiative, proposed_by=None, proposed_by_name="Olle")
    found = take_up(cast, made, as_giver=True)
    # One question answers whoever has proposed the two.
    assert (found.asked_side, {one.pk for one in found.brought_by.all()}) == ("offer", {made.pk, second.pk})
    assert ShortlistEntry.objects.get().stage == "shortlisted"
    # What one side writes to the other is between them.
    services.decline(introduction=found, actor=cast.amina, answer="Inte just nu, Ruth.", now=timezone.now())
    assert told("proposal_over") == {"Ingrid Sköld"}
    client.force_login(cast.ingrid)
    where = f"{LIST}{made.public_id}/"
    seen = text_of(client, where)
    assert "Det blev inget den här gången." in seen
    assert "Inte just nu" not in seen
    assert not SharedContact.objects.exists()
    with pytest.raises(CannotAsk) as refused:
        propose(cast, offer, initiative)
    assert refused.value.why == WhyNot.NOT_NOW


def test_a_no_tells_who_proposed_only_what_was_chosen(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    quiet = propose(cast, offer, initiative)
    client.force_login(cast.ruth)
    where = f"{LIST}{quiet.public_id}/"
    assert "Ni behöver inte säga varför." in text_of(client, f"{where}nej/")
    Notice.objects.all().delete()
    assert client.post(f"{where}nej/", {"answer": ""})["Location"] == where
    assert client.post(f"{where}nej/", {"answer": "Igen"})["Location"] == where
    assert client.get(f"{where}ja/")["Location"] == where
    quiet.refresh_from_db()
    assert (quiet.state, quiet.answered_side, quiet.answer) == ("declined", "offer", "")
    # Nobody on the other side is written to.
    assert [(one.kind, one.user) for one in Notice.objects.all()] == [("proposal_over", cast.ingrid)]
    assert "Ni sa nej till förslaget." in text_of(client, where)
    seen_by = {}
    for person in (cast.ingrid, cast.amina):
        client.force_login(person)
        seen_by[person.name] = text_of(client, where)
        assert "Det blev inget den här gången." in seen_by[person.name]
        assert "skriver Stiftelsen" not in seen_by[person.name]
    for now in (timezone.now(), timezone.now() + timedelta(days=59)):
        with pytest.raises(CannotAsk) as refused:
            propose(cast, offer, initiative, now=now)
        assert refused.value.why == WhyNot.NOT_NOW
    loud = propose(cast, offer, initiative, now=timezone.now() + timedelta(days=61))
    proposing.decline_proposal(
        proposal=loud, actor=cast.amina, answer="Vi hinner inte. Ring 070-174 06 12.", now=timezone.now()
    )
    where = f"{LIST}{loud.public_id}/"
    for person, reads in ((cast.ingrid, True), (cast.erik, True), (cast.ruth, False)):
        client.force_login(person)
        assert ("Vi hinner inte. Ring [telefon]." in text_of(client, where)) == reads, person.name


def test_who_may_and_what_stands_in_the_way(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    for person in (cast.amina, cast.ruth, cast.sara, cast.stefan):
        with pytest.raises(PermissionDenied):
            propose(cast, offer, initiative, actor=person)
    for own in (initiative.organisation, offer.organisation):
        both = MembershipFactory(organisation=own, role="reader").user
        MembershipFactory(organisation=cast.intermediary, user=both, role="editor")
        with pytest.raises(PermissionDenied):
            propose(cast, offer, initiative, actor=both)
    reader = MembershipFactory(organisation=cast.intermediary, role="reader").user
    with pytest.raises(PermissionDenied):
        propose(cast, offer, initiative, actor=reader)
    own_offer = SupportOfferFactory(organisation=cast.intermediary)
    with pytest.raises(PermissionDenied):
        propose(cast, own_offer, initiative)

    closed = timezone.localdate() - timedelta(days=1)
    verified_at = cast.foundation.verified_at
    changes: list[tuple[WhyNot, object, dict[str, object], dict[str, object]]] = [
        (WhyNot.NOT_CONFIRMED, offer, {"is_confirmed": False}, {"is_confirmed": True}),
        (WhyNot.OTHER_WAY, offer, {"apply_way": "own_form"}, {"apply_way": "introduction"}),
        (WhyNot.NOT_VERIFIED, cast.foundation, {"verified_at": None}, {"verified_at": verified_at}),
        (WhyNot.NOT_OPEN, offer, {"closes_on": closed}, {"closes_on": None}),
    ]
    client.force_login(cast.ingrid)
    choose = f"{LIST}till/{initiative.public_id}/"
    assert f"{choose}{offer.public_id}/" in text_of(client, choose)
    for why, row, change, back in changes:
        rows = type(row).objects.filter(pk=row.pk)  # type: ignore[attr-defined]
        rows.update(**change)
        answer = client.post(f"{choose}{offer.public_id}/", ANSWERS)
        assert (answer.status_code, answer.context["why"]) == (409, why)
        assert f"{choose}{offer.public_id}/" not in text_of(client, choose)
        rows.update(**back)

    # What is between the two is theirs: in each case the same words.
    def refused() -> bool:
        answer = client.post(f"{choose}{offer.public_id}/", ANSWERS)
        seen = html.unescape(answer.content.decode())
        return answer.status_code == 409 and "Orsaken rör bara dem" in seen

    pairs = [
        (cast.association, cast.foundation),
        (cast.foundation, cast.association),
        (cast.association, cast.intermediary),
        (cast.foundation, cast.intermediary),
    ]
    for ours, against in pairs:
        block = ContactBlock.objects.create(organisation=ours, against=against)
        assert refused(), (ours, against)
        block.delete()
    for state, extra in (
        ("asked", {}),
        ("accepted", {"answered_at": timezone.now()}),
        ("declined", {"answered_at": timezone.now()}),
    ):
        for side in ("offer", "initiative"):
            between = Introduction.objects.create(
                offer=offer, initiative=initiative, asked_side=side, state=state, message="Hej", **extra
            )
            assert refused(), (state, side)
            between.delete()
    entry = ShortlistEntry.objects.create(
        offer=offer, initiative=initiative, stage="declined", reason="other", changed_by=cast.ruth
    )
    assert refused()
    entry.delete()
    aside = Recusal.objects.create(offer=offer, initiative=initiative, person=cast.ruth)
    assert refused()  # nobody is left to answer
    aside.delete()
    Initiative.objects.filter(pk=initiative.pk).update(visibility="chosen")
    initiative.shared_with.add(cast.intermediary)
    assert refused()  # the giver does not see it
    Initiative.objects.filter(pk=initiative.pk).update(visibility="everyone")

    now = timezone.now()
    for _number in range(proposing.MOST_A_DAY):
        ProposalFactory(organisation=cast.intermediary, proposed_at=now)
    with pytest.raises(CannotAsk) as many:
        propose(cast, offer, initiative)
    assert many.value.why == WhyNot.TOO_MANY
    made = propose(cast, offer, initiative, now=now + timedelta(days=1, minutes=1))
    with pytest.raises(proposing.AlreadyProposed):
        propose(cast, offer, initiative)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalFactory(organisation=cast.intermediary, offer=offer, initiative=initiative)
    # A proposal opens nothing that a rule of asking shuts.
    Initiative.objects.filter(pk=initiative.pk).update(state="paused")
    with pytest.raises(CannotAsk) as paused:
        take_up(cast, made)
    assert paused.value.why == WhyNot.OWN_NOT_PUBLISHED
    client.force_login(cast.ruth)
    assert "Initiativet visas inte längre." in text_of(client, f"{LIST}{made.public_id}/ja/")
    Initiative.objects.filter(pk=initiative.pk).update(state="published")
    ContactBlock.objects.create(organisation=cast.association, against=cast.foundation)
    with pytest.raises(CannotAsk) as blocked:
        take_up(cast, made, as_giver=True)
    assert blocked.value.why == WhyNot.NOT_NOW
    assert not Introduction.objects.exists()
    assert not ShortlistEntry.objects.exists()


def test_who_stands_aside_neither_hears_of_it_nor_sees_it(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    Recusal.objects.create(offer=offer, initiative=initiative, person=cast.ruth)
    made = propose(cast, offer, initiative)
    assert told("proposed_to_giver") == {colleague.name}
    client.force_login(cast.ruth)
    assert client.get(f"{LIST}{made.public_id}/").status_code == 404
    assert initiative.title not in text_of(client, f"{CONTACTS}?asked=proposed")
    assert "förslag om att träffas" not in text_of(client, "/min-sida/")
    with pytest.raises(PermissionDenied):
        proposing.decline_proposal(proposal=made, actor=cast.ruth, now=timezone.now())
    # The name stays, as that of who has flagged, when the account is gone.
    cast.ingrid.delete()
    client.force_login(colleague)
    assert "Ingrid Sköld" in text_of(client, f"{LIST}{made.public_id}/")


def test_support_is_chosen_among_what_fits_first(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]
) -> None:
    matched()
    SupportOfferFactory(
        organisation=OrganisationFactory(verified=True),
        title="Lokaler i Umeå",
        description="En sal att låna.",
    )
    # Nobody proposes what is their own.
    SupportOfferFactory(organisation=cast.intermediary)
    SupportOfferFactory(organisation=cast.association)
    client.force_login(cast.ingrid)
    choose = f"{LIST}till/{initiative.public_id}/"
    rows = client.get(choose).context["rows"]
    assert [row["card"].title for row in rows] == [offer.title, "Lokaler i Umeå"]
    assert [bool(row["band"]) for row in rows] == [True, False]
    found = client.get(choose, {"q": "sal i Umeå"}).context["rows"]
    assert [row["card"].title for row in found] == ["Lokaler i Umeå"]
    assert "Inget stöd hittades" in text_of(client, f"{choose}?q=ubåtar")
    propose(cast, offer, initiative)
    assert "Ni föreslog det" in text_of(client, choose)


def test_every_list_costs_the_same_for_many(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]
) -> None:
    choose = f"{LIST}till/{initiative.public_id}/"
    pages = [
        (cast.ingrid, choose),
        (cast.ingrid, LIST),
        (cast.ingrid, f"/initiativ/{initiative.public_id}/"),
        (cast.ruth, f"{CONTACTS}?asked=proposed"),
        (cast.amina, f"{CONTACTS}?asked=proposed"),
        (cast.amina, "/min-sida/"),
    ]

    def costs() -> list[int]:
        found = []
        for person, page in pages:
            client.force_login(person)
            client.get(page)
            found.append(queries_for(client, page))
        return found

    def one_more() -> None:
        support = SupportOfferFactory(organisation=cast.foundation)
        ProposalFactory(offer=support, initiative=initiative, organisation=cast.intermediary)

    one_more()
    matched()
    first = costs()
    for _number in range(3):
        one_more()
    matched()
    assert costs() == first


@pytest.mark.django_db(transaction=True)
def test_both_say_yes_at_the_same_moment_then_yes_meets_taken_back(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    made = propose(cast, offer, initiative)
    outcomes = race(
        lambda: take_up(cast, made).asked_side,
        lambda: take_up(cast, made, as_giver=True).asked_side,
        told=AlreadyAsked,
    )
    found = Introduction.objects.get()
    assert outcomes == sorted([found.asked_side, "told"])
    assert SharedContact.objects.get().side == found.asked_side
    assert Proposal.objects.get().answered_side == found.asked_side
    # The second is led to the question of the first, and answers it there.
    client.force_login(cast.amina if found.asked_side == "offer" else cast.ruth)
    answer = client.post(f"{LIST}{made.public_id}/ja/", YES)
    assert answer["Location"] == f"{CONTACTS}{found.public_id}/"
    Introduction.objects.all().delete()
    ShortlistEntry.objects.all().delete()

    again = propose(cast, offer, initiative)

    def fresh() -> Proposal:
        return Proposal.objects.select_related("offer", "initiative").get(pk=again.pk)

    now = timezone.now()
    outcomes = race(
        lambda: "taken_up" if take_up(cast, again) else "",
        lambda: proposing.withdraw_proposal(proposal=fresh(), actor=cast.ingrid, now=now).state,
        told=AnsweredAlready,
    )
    assert outcomes == sorted([fresh().state, "told"])
    assert Introduction.objects.count() == (fresh().state == "taken_up")
    with pytest.raises(AnsweredAlready):
        proposing.decline_proposal(proposal=fresh(), actor=cast.ruth, now=now)
    with pytest.raises((AnsweredAlready, AlreadyAsked)):
        take_up(cast, again, as_giver=True)
