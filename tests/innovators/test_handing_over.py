"""An initiative goes to another organisation: at once to one's own, after a yes to others'."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from brygga.notifications.models import Notice
from brygga.organisations.models import Organisation
from brygga.outbox.models import OutboxMessage
from innovators.handing_over import services
from innovators.models import Initiative, InitiativeHandover
from matching.meeting.models import Introduction
from tests.cast import Cast
from tests.factories import (
    NOW,
    InitiativeFactory,
    MembershipFactory,
    OrganisationFactory,
    SupportOfferFactory,
)
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(
        organisation=cast.association,
        title="Lagningsverkstaden",
        contact={"name": "Amina", "email": "verkstan@exempel.example", "phone": "070-174 06 05"},
    )


def ask(initiative: Initiative, organisation: Organisation, cast: Cast) -> InitiativeHandover:
    return services.hand_over(initiative=initiative, organisation=organisation, actor=cast.amina, now=NOW)


def owner_of(initiative: Initiative) -> Organisation:
    return Initiative.objects.get(pk=initiative.pk).organisation


def test_to_another_of_ones_own_organisations_it_goes_at_once(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    new = OrganisationFactory(name="Verkstans förening", owner=cast.amina)
    client.force_login(cast.amina)
    tasks, door = f"/initiativ/{initiative.public_id}/svar/", f"/initiativ/{initiative.public_id}/lamna-over/"
    assert f'href="{door}"' in client.get(tasks).content.decode()
    assert "Verkstans förening" in client.get(door).content.decode()
    for typed, said in (
        ({}, "Välj vem som tar över."),
        ({"to": "another"}, "Skriv vad organisationen heter."),
    ):
        refused = client.post(door, typed)
        assert refused.status_code == 422
        assert said in refused.content.decode(), typed
    OutboxMessage.objects.all().delete()
    answer = client.post(door, {"to": new.public_id}, follow=True)
    assert answer.redirect_chain[-1][0] == tasks
    assert "hör nu till Verkstans förening" in answer.content.decode()
    moved = Initiative.objects.get()
    assert moved.organisation == new
    assert moved.revision == initiative.revision + 1
    assert moved.contact.email == "verkstan@exempel.example"
    # It is matched anew, since whose it is decides what it may meet.
    assert OutboxMessage.objects.filter(task__startswith="matching.").exists()
    # Those of the first organisation see it as everybody does.
    client.force_login(cast.erik)
    assert client.get(tasks).status_code == 404
    assert client.get(f"/initiativ/{initiative.public_id}/").status_code == 200


def test_another_organisation_is_asked_and_says_yes(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    client.force_login(cast.amina)
    door = f"/initiativ/{initiative.public_id}/lamna-over/"
    # Who has one organisation only has nothing to choose between.
    assert 'type="radio"' not in client.get(door).content.decode()
    for typed, said in (
        ({}, "Skriv vad organisationen heter."),
        ({"name": "Utanför AB"}, "ingen kontrollerad organisation"),
    ):
        refused = client.post(door, typed)
        assert refused.status_code == 422
        assert said in refused.content.decode(), typed
    page = client.post(door, {"name": "stiftelsen västanvind"}, follow=True)
    assert "Initiativet är ert tills de säger ja" in page.content.decode()
    assert owner_of(initiative) == cast.association
    made = InitiativeHandover.objects.get()
    there = f"/initiativ/overlamning/{made.pk}/"
    assert client.get(door)["Location"] == there
    assert [one.user for one in Notice.objects.filter(kind="handover_asked")] == [cast.ruth]
    client.force_login(cast.ruth)
    assert "vill ta över ”Lagningsverkstaden”" in client.get("/min-sida/").content.decode()
    assert "Ja, vi tar över" in client.get(there).content.decode()
    done = client.post(there, {"answer": "accept"}, follow=True)
    assert "Nu är initiativet ert" in done.content.decode()
    moved = Initiative.objects.get()
    assert moved.organisation == cast.foundation
    assert (moved.contact.email, moved.contact.phone) == ("ruth@exempel.example", "")
    assert [one.user for one in Notice.objects.filter(kind="handover_accepted")] == [cast.amina]
    # Twice is no harm.
    again = client.post(there, {"answer": "decline"}, follow=True)
    assert "redan besvarad" in again.content.decode()
    assert owner_of(initiative) == cast.foundation


def test_those_in_contact_reach_who_took_it_over(cast: Cast, initiative: Initiative) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)
    introduction = Introduction.objects.create(
        initiative=initiative,
        offer=offer,
        asked_by=cast.ruth,
        message="Hej!",
        state="accepted",
        answered_at=NOW,
    )
    introduction.contacts.create(
        side="initiative", name="Amina", email="a@exempel.example", phone="070-1740605"
    )
    introduction.contacts.create(side="offer", name="Ruth", email="r@exempel.example")
    made = ask(initiative, cast.intermediary, cast)
    services.accept(handover=made, actor=cast.ingrid, now=NOW)
    shown = set(introduction.contacts.values_list("side", "name", "email", "phone"))
    assert shown == {
        ("initiative", "Ingrid Sköld", "ingrid@exempel.example", ""),
        ("offer", "Ruth", "r@exempel.example", ""),
    }
    assert [one.user for one in Notice.objects.filter(kind="contact_changed")] == [cast.ruth]


def test_a_no_and_taking_it_back_leave_it_where_it_is(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    made = ask(initiative, cast.foundation, cast)
    services.decline(handover=made, actor=cast.ruth, now=NOW)
    assert [one.user for one in Notice.objects.filter(kind="handover_declined")] == [cast.amina]
    made = ask(initiative, cast.foundation, cast)
    client.force_login(cast.amina)
    client.post(f"/initiativ/overlamning/{made.pk}/", {"answer": "withdraw"})
    with pytest.raises(services.SomebodyWasFirst):
        services.accept(handover=made, actor=cast.ruth, now=NOW)
    assert owner_of(initiative) == cast.association


def test_who_may_and_to_whom(cast: Cast, initiative: Initiative) -> None:
    for person in (cast.erik, cast.rolf, cast.sara, cast.ruth):
        with pytest.raises(PermissionDenied):
            services.hand_over(initiative=initiative, organisation=cast.foundation, actor=person, now=NOW)
    for organisation in (cast.association, cast.outsiders):
        with pytest.raises(services.CannotHandOver):
            ask(initiative, organisation, cast)
    made = ask(initiative, cast.foundation, cast)
    with pytest.raises(services.CannotHandOver):
        ask(initiative, cast.intermediary, cast)
    for service, person in (
        (services.accept, cast.amina),
        (services.decline, cast.sara),
        (services.withdraw, cast.ruth),
    ):
        with pytest.raises(PermissionDenied):
            service(handover=made, actor=person, now=NOW)
    # An editor of the side that is asked sees nothing of it.
    editor = MembershipFactory(organisation=cast.foundation, role="editor").user
    assert not InitiativeHandover.objects.visible_to(editor).exists()


def test_a_yes_for_what_has_gone_elsewhere_meanwhile_is_refused(cast: Cast, initiative: Initiative) -> None:
    made = ask(initiative, cast.foundation, cast)
    Initiative.objects.update(organisation=cast.outsiders)
    with pytest.raises(services.SomebodyWasFirst):
        services.accept(handover=made, actor=cast.ruth, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_taking_it_back_at_once(cast: Cast, initiative: Initiative) -> None:
    made = ask(initiative, cast.foundation, cast)

    def yes() -> str:
        services.accept(handover=made, actor=cast.ruth, now=NOW)
        return "done"

    def back() -> str:
        services.withdraw(handover=made, actor=cast.amina, now=NOW)
        return "done"

    assert race(yes, back, told=services.SomebodyWasFirst) == ["done", "told"]
    state = InitiativeHandover.objects.get().state
    assert owner_of(initiative) == (cast.foundation if state == "accepted" else cast.association)
