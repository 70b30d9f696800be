"""An imported offer gets its giver only when staff have said yes."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.users.models import User
from funders.claiming import services
from funders.claiming.models import OfferClaim
from funders.models import SupportOffer
from funders.services import save_imported_offer
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.offers import SupportOfferFactory
from tests.matching.meeting.races import race

CANARY = "https://kanariefagel.example/stod"


@pytest.fixture
def imported(cast: Cast) -> SupportOffer:
    giver = OrganisationFactory(name="Torgets givare", source="torget")
    return SupportOfferFactory(
        organisation=giver, title="Hämtat bidrag", is_confirmed=False, source="torget", source_id="1"
    )


def ask(offer: SupportOffer, actor: User, organisation: object) -> OfferClaim:
    return services.ask_to_take_over(
        offer=offer,
        organisation=organisation,  # type: ignore[arg-type]
        way="website",
        evidence=CANARY,
        actor=User.objects.get(pk=actor.pk),
        now=NOW,
    )


def said_to(user: User) -> list[str]:
    return sorted(Notice.objects.filter(user=user).values_list("kind", flat=True))


@pytest.fixture
def staff(cast: Cast) -> Client:
    """Staff sign in with two steps."""
    Authenticator.objects.create(user=cast.stefan, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    client.force_login(cast.stefan)
    return client


def admin_of(offer_claim: OfferClaim) -> str:
    return reverse("admin:funders_offerclaim_change", args=[offer_claim.pk])


def test_a_claim_goes_from_question_to_answer(
    client: Client, staff: Client, cast: Cast, imported: SupportOffer
) -> None:
    page = reverse("funders:detail", args=[imported.public_id])
    where = reverse("funders:claim", args=[imported.public_id])
    assert where in client.get(page).content.decode()
    client.force_login(UserFactory())
    assert "Du behöver en organisation" in client.get(where).content.decode()
    client.force_login(cast.ruth)
    empty = client.post(where, {})
    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"way", "evidence"})
    for _click in range(2):
        sent = client.post(where, {"way": "website", "evidence": CANARY}, follow=True)
    assert "Vi kontrollerar om stödet är ert" in sent.content.decode()
    claim = OfferClaim.objects.get()
    assert said_to(cast.stefan) == ["offer_claimed"]
    # What they wrote is heard by their own writers and by staff alone.
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    for person in (cast.sara, reader):
        client.force_login(person)
        assert CANARY not in client.get(where).content.decode()
        assert CANARY not in client.get(page).content.decode()
    assert not any(CANARY in str(one.parameters) for one in Notice.objects.all())
    assert not any(CANARY in str(one.details) for one in AuditEvent.objects.all())

    # Another organisation asks as well; a no needs a reason, and changes nothing of the offer.
    theirs = ask(imported, cast.sara, cast.outsiders)
    listed = staff.get(reverse("admin:funders_offerclaim_changelist")).content.decode()
    assert admin_of(claim) in listed
    shown = staff.get(admin_of(claim)).content.decode()
    assert all(text in shown for text in (CANARY, "ruth@exempel.example", "Utanför AB", "Torgets givare"))
    assert staff.post(admin_of(claim), {"decision": "approved", "why": ""}).status_code == 200
    staff.post(admin_of(claim), {"decision": "declined", "why": "Sidan finns inte."})
    imported.refresh_from_db()
    assert (imported.is_confirmed, imported.organisation.name) == (False, "Torgets givare")
    client.force_login(cast.ruth)
    assert "Sidan finns inte." in client.get(where).content.decode()
    assert said_to(cast.ruth) == ["claim_declined"]
    again = client.post(f"{where}?again=1", {"way": "phone", "evidence": "Växeln, 031-16 06 05"})
    assert again.status_code == 302
    second = OfferClaim.objects.get(organisation=cast.foundation, state="open")
    staff.post(admin_of(second), {"decision": "approved", "why": "Vi har ringt er."})

    imported.refresh_from_db()
    assert (imported.is_confirmed, imported.organisation) == (True, cast.foundation)
    assert "Inte bekräftat av givaren" not in client.get(page).content.decode()
    assert "Stödet är ert" in client.get(where).content.decode()
    assert client.get(reverse("funders:tasks", args=[imported.public_id])).status_code == 200
    assert said_to(cast.ruth) == ["claim_approved", "claim_declined"]
    theirs.refresh_from_db()
    assert (theirs.state, theirs.note, said_to(cast.sara)) == ("overtaken", "", ["claim_overtaken"])
    staff.post(admin_of(theirs), {"decision": "approved", "why": "Ändå."})
    imported.refresh_from_db()
    assert imported.organisation == cast.foundation
    # The source is read again: what the giver has claimed stays theirs.
    kept, is_new = save_imported_offer(
        organisation=OrganisationFactory(source="torget"),
        source="torget",
        source_id="1",
        changes={"title": "Källans namn"},
        now=NOW,
    )
    kept.refresh_from_db()
    assert (is_new, kept.title, kept.is_confirmed, kept.organisation) == (
        *(False, "Hämtat bidrag", True),
        cast.foundation,
    )


def test_what_cannot_be_claimed_and_by_whom(client: Client, cast: Cast, imported: SupportOffer) -> None:
    own = ask(imported, cast.ruth, cast.foundation)
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    with pytest.raises(services.AlreadyClaimed):
        ask(imported, colleague, cast.foundation)
    MembershipFactory(organisation=cast.foundation, user=cast.stefan)
    with pytest.raises(services.OwnClaim):
        services.decide_claim(claim=own, outcome="approved", note="Ja.", actor=cast.stefan, now=NOW)
    client.force_login(cast.ruth)
    where = reverse("funders:claim", args=[imported.public_id])
    stranger = Client()
    stranger.force_login(cast.sara)
    stranger.post(where, {"take_back": own.pk})
    assert OfferClaim.objects.get().state == "open"
    for _click in range(2):
        client.post(where, {"take_back": own.pk})
    assert OfferClaim.objects.get().state == "taken_back"
    for _try in range(2):
        services.take_back_claim(claim=ask(imported, cast.ruth, cast.foundation), actor=cast.ruth, now=NOW)
    with pytest.raises(services.TooManyClaims):
        ask(imported, cast.ruth, cast.foundation)
    SupportOffer.objects.update(is_confirmed=True)
    with pytest.raises(services.NotToClaim):
        ask(imported, cast.sara, cast.outsiders)
    assert stranger.get(where).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_yes_at_once_one_wins(cast: Cast, imported: SupportOffer) -> None:
    claims = [ask(imported, cast.ruth, cast.foundation), ask(imported, cast.sara, cast.outsiders)]

    def yes(claim: OfferClaim) -> str:
        actor = User.objects.get(pk=cast.stefan.pk)
        services.decide_claim(claim=claim, outcome="approved", note="Ja.", actor=actor, now=NOW)
        return "yes"

    outcomes = race(lambda: yes(claims[0]), lambda: yes(claims[1]), told=services.DecidedAlready)
    assert outcomes == ["told", "yes"]
    winner = OfferClaim.objects.get(state="approved")
    imported.refresh_from_db()
    assert imported.organisation == winner.organisation
    loser = OfferClaim.objects.exclude(pk=winner.pk).get()
    assert (loser.state, said_to(loser.asked_by)) == ("overtaken", ["claim_overtaken"])  # type: ignore[arg-type]
