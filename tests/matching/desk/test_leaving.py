"""Somebody leaves the giver's organisation: what they held is handed over, and they are out at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.organisations import services as organisations
from brygga.organisations.leaving import ContactMissing, NewContact
from brygga.organisations.models import Membership
from brygga.users.models import User
from brygga.users.services import create_token
from funders.models import OfferContact, SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services
from matching.desk.models import ShortlistEntry
from matching.meeting import services as meeting
from matching.meeting.models import SharedContact
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, SupportOfferFactory, UserFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

ADDRESS = "lena.gammal@exempel.example"
DAY = date(2026, 5, 1)


@pytest.fixture
def lena(cast: Cast) -> Membership:
    """Somebody who takes care of cases, and whose address the other side sees."""
    return MembershipFactory(
        organisation=cast.foundation, user=UserFactory(name="Lena Ek", email=ADDRESS), role="editor"
    )


@pytest.fixture
def boel(cast: Cast) -> User:
    return MembershipFactory(
        organisation=cast.foundation, user=UserFactory(name="Boel Ny"), role="editor"
    ).user


def give(cast: Cast, offer: SupportOffer, initiative: Initiative, to: User) -> ShortlistEntry:
    services.shortlist(offer=offer, initiative=initiative, actor=to, now=NOW)
    return services.take_care(
        offer=offer, initiative=initiative, actor=cast.ruth, assignee=to, due_on=DAY, now=NOW
    )


def remove_address(lena: Membership) -> str:
    return reverse("organisations:remove-member", args=[lena.organisation.public_id, lena.pk])


def test_what_somebody_held_is_shown_and_handed_over(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, lena: Membership, boel: User
) -> None:
    others = InitiativeFactory.create_batch(2, organisation=cast.association)
    for one in (initiative, others[0]):
        give(cast, offer, one, lena.user)
    meeting.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=lena.user,
        message="Vi vill träffas.",
        contact=Contact("Lena", ADDRESS.upper(), "070-1740605"),
        now=NOW,
    )
    recusing.recuse(offer=offer, initiative=others[0], actor=boel, now=NOW)
    theirs = Client()
    theirs.force_login(lena.user)
    board = reverse("matching:desk", args=[offer.public_id])
    # One invitation of theirs is open, and so is a session; a token reads for them.
    organisations.change_role(membership=lena, role="owner", actor=cast.ruth, now=NOW)
    organisations.invite(
        organisation=cast.foundation,
        email="bakvag@exempel.example",
        role="owner",
        actor=User.objects.get(pk=lena.user_id),
        now=NOW,
    )
    _token, secret = create_token(
        user=lena.user, name="Kalkylen", scopes=["read_matches"], days=9, now=timezone.now()
    )
    matches = f"/api/v1/offers/{offer.public_id}/matches/"
    bearer = {"authorization": f"Bearer {secret}"}
    assert theirs.get(board).status_code == Client().get(matches, headers=bearer).status_code == 200

    client.force_login(cast.ruth)
    page = client.get(remove_address(lena)).content.decode()
    for said in (
        "2 ärenden att ta hand om",
        offer.title,
        "1 maj 2026",
        "1 kontakt eller samtal",
        "1 inbjudan",
    ):
        assert said in page, said
    assert initiative.title not in page
    assert ADDRESS not in page.lower()
    cost = queries_for(client, remove_address(lena))
    for one in (others[1], *InitiativeFactory.create_batch(2, organisation=cast.association)):
        give(cast, SupportOfferFactory(organisation=cast.foundation), one, lena.user)
    assert queries_for(client, remove_address(lena)) == cost

    missing = client.post(remove_address(lena), {"successor": "", "email": ""})
    assert missing.status_code == 422
    assert set(missing.context["form"].errors) == {"successor", "email"}
    outsider = client.post(remove_address(lena), {"successor": cast.amina.pk, "email": "ny@exempel.example"})
    assert outsider.status_code == 422
    said = {"successor": boel.pk, "name": "Stiftelsen", "email": "stod@exempel.example"}
    answer = client.post(remove_address(lena), said, follow=True)
    assert "Lena Ek är inte längre medlem" in answer.content.decode()

    assert not Membership.objects.filter(pk=lena.pk).exists()
    assert sorted(ShortlistEntry.objects.values_list("assignee", "due_on"), key=str) == sorted(
        [(boel.pk, DAY)] * 4 + [(None, DAY)], key=str
    )
    shared = SharedContact.objects.get()
    assert (shared.name, shared.email, shared.phone) == ("Stiftelsen", "stod@exempel.example", "")
    assert OfferContact.objects.get(offer=offer).email == "ruth.bidrag@exempel.example"
    assert theirs.get(board).status_code == Client().get(matches, headers=bearer).status_code == 404
    assert cast.foundation.invitations.get().withdrawn_at is not None
    told = dict(Notice.objects.filter(user__in=[boel, lena.user]).values_list("kind", "user"))
    assert told == {"handed_over": boel.pk, "membership_ended": lena.user.pk}
    event = AuditEvent.objects.get(verb="remove_member")
    assert (event.details["to"], len(event.details["handed_over"]["cases"])) == (boel.pk, 5)


def test_somebody_who_leaves_chooses_and_the_only_owner_stays(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, lena: Membership
) -> None:
    OfferContact.objects.filter(offer=offer).update(email=ADDRESS, phone="070-1740605")
    give(cast, offer, initiative, lena.user)
    with pytest.raises(ContactMissing):
        organisations.leave_organisation(organisation=cast.foundation, actor=lena.user, now=NOW)
    for wrong in (lena.user, cast.amina):
        with pytest.raises(organisations.CannotTakeOver):
            organisations.leave_organisation(
                organisation=cast.foundation,
                actor=lena.user,
                successor=wrong,
                contact=NewContact("", "stod@exempel.example"),
                now=NOW,
            )
    assert ShortlistEntry.objects.get().assignee == lena.user
    client.force_login(cast.ruth)
    leave = reverse("organisations:leave", args=[cast.foundation.public_id])
    alone = client.get(leave).content.decode()
    assert "Du är den enda ägaren" in alone
    assert 'class="stack confirm-form"' not in alone

    client.force_login(lena.user)
    assert client.get(leave).context["form"].initial == {}
    assert client.post(leave, {"successor": cast.ruth.pk, "email": "stod@exempel.example"}).status_code == 302
    assert ShortlistEntry.objects.get().assignee == cast.ruth
    contact = OfferContact.objects.get(offer=offer)
    assert (contact.email, contact.phone) == ("stod@exempel.example", "")
    assert Notice.objects.get(kind="handed_over").user == cast.ruth
    assert not Notice.objects.filter(kind="membership_ended").exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_with_somebody_who_is_gone(
    cast: Cast, offer: SupportOffer, initiative: Initiative, lena: Membership
) -> None:
    """A case is given to somebody at the moment they are removed: again and again, as the order is chance."""
    person = lena.user
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    for _time in range(6):
        membership = Membership.objects.get_or_create(
            organisation=cast.foundation, user=person, defaults={"role": "editor"}
        )[0]
        ShortlistEntry.objects.update(assignee=None)

        def give_it() -> str:
            actor, assignee = User.objects.get(pk=cast.ruth.pk), User.objects.get(pk=person.pk)
            services.take_care(
                offer=offer, initiative=initiative, actor=actor, assignee=assignee, due_on=DAY, now=NOW
            )
            return "given"

        def remove(gone: Membership = membership) -> str:
            organisations.remove_member(
                membership=gone, actor=User.objects.get(pk=cast.ruth.pk), now=timezone.now()
            )
            return "removed"

        outcome = race(give_it, remove, told=services.CannotAssign)
        assert outcome in (["given", "removed"], ["removed", "told"]), outcome
        assert not Membership.objects.filter(user=person).exists()
        assert ShortlistEntry.objects.get().assignee in (None, cast.ruth)


def test_who_only_reads_from_now_on_hands_over_and_the_other_side_is_told(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, lena: Membership, boel: User
) -> None:
    give(cast, offer, initiative, lena.user)
    asked = meeting.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=lena.user,
        message="Vi vill träffas.",
        contact=Contact("Lena", ADDRESS, ""),
        now=NOW,
    )
    meeting.accept(
        introduction=asked,
        actor=cast.amina,
        contact=Contact("Amina", "amina.visar@exempel.example", ""),
        now=NOW,
    )
    # Nothing is done by halves: no role without a new contact.
    with pytest.raises(ContactMissing):
        organisations.change_role(membership=lena, role="reader", actor=cast.ruth, now=NOW)
    lena.refresh_from_db()
    assert lena.role == "editor"

    client.force_login(cast.ruth)
    role = reverse("organisations:change-role", args=[cast.foundation.public_id, lena.pk])
    where = reverse("organisations:hand-over", args=[cast.foundation.public_id, lena.pk])
    assert client.post(role, {"role": "reader"})["Location"] == where
    page = client.get(where).content.decode()
    assert all(said in page for said in ("Vem tar över efter Lena Ek?", "1 ärende att ta hand om"))
    assert client.post(where, {"successor": "", "email": ""}).status_code == 422
    said = {"successor": boel.pk, "name": "Stiftelsen", "email": "stod@exempel.example"}
    answer = client.post(where, said, follow=True)
    assert "Lena Ek läser från och med nu" in answer.content.decode()
    lena.refresh_from_db()
    assert (lena.role, ShortlistEntry.objects.get().assignee) == ("reader", boel)
    assert SharedContact.objects.get(side="offer").email == "stod@exempel.example"
    told = [
        sorted(Notice.objects.filter(user=one).values_list("kind", flat=True))
        for one in (boel, lena.user, cast.amina, cast.erik)
    ]
    asked_too = ["contact_changed", "introduction_asked"]
    assert told[1:] == [["introduction_accepted"], asked_too, asked_too]
    assert told[0] == ["handed_over", "introduction_accepted"]
    assert not any(ADDRESS in str(one.parameters) for one in Notice.objects.all())
    event = AuditEvent.objects.get(verb="change_role")
    assert (event.details["successor"], set(event.details["handed_over"])) == (boel.pk, {"cases", "contacts"})
    # A reader has nothing to hand over; who holds nothing changes at once.
    assert client.get(where).status_code == 302
    free = MembershipFactory(organisation=cast.foundation, role="editor")
    again = reverse("organisations:change-role", args=[cast.foundation.public_id, free.pk])
    client.post(again, {"role": "reader"})
    free.refresh_from_db()
    assert free.role == "reader"
