"""Asking for help: it reaches the county's intermediaries, without a name until one of them says yes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from intermediaries.helping import services
from intermediaries.models import HelpRequest
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, OrganisationFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
DOOR, LIST = "/be-om-hjalp/", "/be-om-hjalp/fragor/"
WEST = "SE-14"
TEXT = "Vi vet inte var vi ska börja. Ring mig på 070-174 06 05."


def asked(cast: Cast, **more: Any) -> HelpRequest:
    return services.ask_for_help(actor=cast.sara, county=WEST, text=TEXT, now=NOW, **more)


def test_a_visitor_writes_first_and_signs_in_after(client: Client, cast: Cast) -> None:
    assert 'href="/be-om-hjalp/"' in client.get("/").content.decode()
    page = client.get(DOOR).content.decode()
    assert "De läser din text men ser inte ditt namn." in page
    empty = client.post(DOOR, {})
    assert empty.status_code == 422
    assert "Skriv några ord om vad du behöver hjälp med." in empty.content.decode()
    assert client.post(DOOR, {"text": TEXT, "county": WEST})["Location"] == f"/konto/logga-in/?next={DOOR}"
    assert not HelpRequest.objects.exists()
    client.force_login(cast.sara)
    kept = client.get(DOOR).content.decode()
    assert "Vi vet inte var vi ska börja" in kept
    sent = client.post(DOOR, {"text": TEXT, "county": WEST}, follow=True).content.decode()
    assert "Det väntar på svar" in sent
    assert "Mötesplats Väst" in sent
    assert "Vi vet inte var" not in client.get(DOOR).content.decode()
    assert HelpRequest.objects.get().asked_by == cast.sara


def test_it_reaches_those_in_the_county_and_those_everywhere_else_all(cast: Cast) -> None:
    near = OrganisationFactory(name="Nära", intermediary=True, area_code="SE-1480")
    far = OrganisationFactory(name="Långt bort", intermediary=True, area_code="SE-24")
    OrganisationFactory(name="Inte kontrollerad", is_intermediary=True, area_code="SE-14")
    assert set(services.intermediaries_for(WEST)) == {near, cast.intermediary}
    assert set(services.intermediaries_for("SE-25")) == {near, far, cast.intermediary}
    made = asked(cast)
    assert set(made.reached.all()) == {near, cast.intermediary}


def test_names_are_shown_to_the_two_when_one_has_said_yes(client: Client, cast: Cast) -> None:
    other = OrganisationFactory(name="Andra främjaren", intermediary=True)
    anna = MembershipFactory(organisation=other, role="editor").user
    made = asked(cast)
    there = f"/be-om-hjalp/{made.public_id}/"
    assert {one.user for one in Notice.objects.filter(kind="help_asked")} == {
        cast.ingrid,
        anna,
        *other.members.all(),
    }
    told = str(list(OutboxMessage.objects.values_list("arguments", flat=True)))
    assert "Vi vet inte" not in told
    assert cast.sara.name not in told
    for person in (cast.ingrid, anna):
        client.force_login(person)
        for page in (client.get(there), client.get(LIST)):
            words = page.content.decode()
            assert "Vi vet inte var vi ska börja" in words
            assert "070-174" not in words
            assert cast.sara.email not in words
            assert cast.sara.name not in words
        assert "1 person ber om hjälp" in client.get("/min-sida/").content.decode()
    client.force_login(cast.ingrid)
    page = client.post(f"{there}jag-hjalper/", follow=True).content.decode()
    assert cast.sara.email in page
    assert "070-174 06 05" in page
    assert "ber om hjälp" not in client.get("/min-sida/").content.decode()
    # The others see it no more, and the one who asked sees who helps.
    client.force_login(anna)
    assert client.get(there).status_code == 404
    assert "Vi vet inte" not in client.get(LIST).content.decode()
    client.force_login(cast.sara)
    page = client.get(there).content.decode()
    assert "Mötesplats Väst hjälper dig" in page
    assert cast.ingrid.email in page
    assert [one.user for one in Notice.objects.filter(kind="help_given")] == [cast.sara]
    assert "Mötesplats Väst hjälper dig" in client.get("/min-sida/").content.decode()
    client.post(f"{there}radera/")
    assert not HelpRequest.objects.exists()
    client.force_login(cast.ingrid)
    assert client.get(there).status_code == 404


def test_who_may_answer_and_ask(client: Client, cast: Cast) -> None:
    made = asked(cast)
    for person, organisation in (
        (cast.ruth, cast.foundation),
        (cast.ruth, cast.intermediary),
        (cast.ingrid, cast.foundation),
    ):
        with pytest.raises(PermissionDenied):
            services.give_help(request=made, organisation=organisation, actor=person, now=NOW)
    MembershipFactory(organisation=cast.intermediary, user=cast.sara, role="editor")
    with pytest.raises(PermissionDenied):
        services.give_help(request=made, organisation=cast.intermediary, actor=cast.sara, now=NOW)
    with pytest.raises(PermissionDenied):
        services.forget_help(request=made, actor=cast.ingrid, now=NOW)
    theirs = InitiativeFactory(organisation=cast.association)
    with pytest.raises(PermissionDenied):
        asked(cast, initiative=theirs)
    for _ in range(services.MOST_WAITING - 1):
        asked(cast)
    with pytest.raises(services.AskedEnough):
        asked(cast)
    client.force_login(cast.sara)
    refused = client.post(DOOR, {"text": TEXT, "county": WEST})
    assert refused.status_code == 422
    assert "Du har redan bett om hjälp" in refused.content.decode()


def test_from_an_initiative_its_county_is_filled_in_and_a_draft_is_not_shown(
    client: Client, cast: Cast
) -> None:
    draft = InitiativeFactory(
        organisation=cast.association, title="Verkstan", area_codes=["SE-1480"], draft=True
    )
    client.force_login(cast.amina)
    form = client.get(f"{DOOR}?initiative={draft.public_id}").context["form"]
    assert (form["county"].value(), form["initiative"].value()) == (WEST, draft.public_id)
    client.post(DOOR, {"text": TEXT, "county": WEST, "initiative": draft.public_id})
    there = f"/be-om-hjalp/{HelpRequest.objects.get(initiative=draft).public_id}/"
    assert "Verkstan" in client.get(there).content.decode()
    client.force_login(cast.ingrid)
    assert "Verkstan" not in client.get(there).content.decode()
    # Who helps is invited to fill in for them, by an owner.
    client.post(f"{there}jag-hjalper/")
    client.force_login(cast.amina)
    invite = f"/organisationer/{cast.association.public_id}/medlemmar/bjud-in/"
    assert f'href="{invite}"' in client.get(there).content.decode()


def test_where_nobody_is_the_page_says_whom_to_write_to(client: Client, cast: Cast) -> None:
    type(cast.intermediary).objects.update(is_intermediary=False)
    client.force_login(cast.sara)
    page = client.post(DOOR, {"text": TEXT, "county": WEST})
    assert page.status_code == 422
    assert "Det finns ingen främjare här än" in page.content.decode()
    assert "Vi vet inte var vi ska börja" in page.content.decode()
    assert not HelpRequest.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_three(client: Client, cast: Cast) -> None:
    asked(cast)
    client.force_login(cast.ingrid)
    queries_for(client, LIST)
    one = queries_for(client, LIST)
    for _ in range(2):
        asked(cast)
    assert queries_for(client, LIST) == one


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_are_one(cast: Cast) -> None:
    other = OrganisationFactory(name="Andra främjaren", intermediary=True, owner=cast.stefan)
    made = asked(cast)

    def first() -> str:
        services.give_help(request=made, organisation=cast.intermediary, actor=cast.ingrid, now=NOW)
        return "done"

    def second() -> str:
        services.give_help(request=made, organisation=other, actor=cast.stefan, now=NOW)
        return "done"

    assert race(first, second, told=services.SomebodyWasFirst) == ["done", "told"]
    assert Notice.objects.filter(kind="help_given").count() == 1
