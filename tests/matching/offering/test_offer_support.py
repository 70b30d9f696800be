"""From an initiative's page to a draft and a question: nothing is lost on the way, and nothing is shown too early."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brygga.notifications.models import Notice
from brygga.organisations.services import verify_organisation
from brygga.taxonomy.enums import OrganisationKind, SupportKind
from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import change_offer, pause_offer, publish_offer
from innovators.models import Initiative
from matching.desk.models import ShortlistEntry
from matching.meeting.models import Introduction
from matching.meeting.services import withdraw
from matching.offering import services, views
from matching.offering.models import OfferedSupport
from tests.cast import Cast
from tests.factories import InitiativeFactory, UserFactory
from tests.matching.meeting.races import race

WORDS = "Vi kan låna ut en lokal på tisdagar. Ring 070-174 06 05."


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    cache.clear()
    return InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")


def address(initiative: Initiative) -> str:
    return f"/traffar/initiativ/{initiative.public_id}/erbjud-stod/"


def fields(**changes: str) -> dict[str, str]:
    return {"kind": "premises", "words": WORDS, "who": "foundation", "key": str(uuid4()), **changes}


def offer(initiative: Initiative, actor: User, **changes: Any) -> SupportOffer:
    given = {"kind": "premises", "words": WORDS, "who": "foundation", "language": "sv", **changes}
    return services.offer_support(initiative=initiative, actor=actor, now=timezone.now(), **given)


def test_signing_in_in_the_middle_keeps_the_fields(
    cast: Cast, initiative: Initiative, client: Client
) -> None:
    page = client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert address(initiative) in page
    assert "sessionid" not in client.cookies, "who only reads is given no cookie"
    answer = client.post(address(initiative), fields())
    assert answer["Location"] == f"/konto/logga-in/?next={address(initiative)}"
    assert not SupportOffer.objects.exists()

    client.force_login(cast.ruth)
    page = client.get(address(initiative)).content.decode()
    assert WORDS in page
    assert re.search(r'<option value="premises"\s+selected', page)
    assert not SupportOffer.objects.exists(), "reading makes nothing"
    made = client.post(address(initiative), fields())
    draft = SupportOffer.objects.get()
    assert made["Location"] == f"/stod/{draft.public_id}/svar/"
    assert (draft.state, draft.organisation) == ("draft", cast.foundation)
    assert [line.kind for line in draft.support.all()] == ["premises"]
    assert WORDS not in client.get(address(initiative)).content.decode()


def test_what_waited_too_long_or_for_another_is_not_shown(
    initiative: Initiative, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(address(initiative), fields())
    other = InitiativeFactory()
    assert WORDS not in client.get(address(other)).content.decode()
    monkeypatch.setattr(views, "KEPT_SECONDS", -1)
    assert WORDS not in client.get(address(initiative)).content.decode()


def test_sent_twice_makes_one(cast: Cast, initiative: Initiative, client: Client) -> None:
    client.force_login(cast.ruth)
    sent = fields()
    assert (
        client.post(address(initiative), sent)["Location"]
        == client.post(address(initiative), sent)["Location"]
    )
    assert (SupportOffer.objects.count(), OfferedSupport.objects.count()) == (1, 1)


def test_a_phone_number_is_not_in_the_text_that_others_read(cast: Cast, initiative: Initiative) -> None:
    draft = offer(initiative, cast.ruth)
    assert "070-174" not in draft.description


def test_to_one_s_own_or_to_a_hidden_one_nothing_is_offered(
    cast: Cast, initiative: Initiative, client: Client
) -> None:
    page = client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert "Erbjud stöd" in page
    client.force_login(cast.amina)
    assert address(initiative) not in client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    for actor, one in (
        (cast.amina, initiative),
        (cast.ruth, InitiativeFactory(draft=True)),
        (cast.ruth, InitiativeFactory(visibility="chosen")),
    ):
        with pytest.raises(PermissionDenied):
            offer(one, actor)
    assert not SupportOffer.objects.exists()


def completed(draft: SupportOffer, actor: User) -> SupportOffer:
    """The draft with what publishing waits for."""
    changes = {
        "title": "Lokal på tisdagar",
        "area_codes": ["SE-14"],
        "theme_codes": [],
        "eligible_kinds": [],
    }
    change_offer(offer=draft, changes=changes, actor=actor, now=timezone.now())
    return SupportOffer.objects.get(pk=draft.pk)


def page_of(draft: SupportOffer, client: Client) -> str:
    return client.get(f"/stod/{draft.public_id}/svar/").content.decode()


def test_published_it_becomes_the_question(cast: Cast, initiative: Initiative, client: Client) -> None:
    draft = offer(initiative, cast.ruth)
    client.force_login(cast.ruth)
    page = page_of(draft, client)
    assert "”Lagningsverkstaden”" in page or "“Lagningsverkstaden”" in page
    assert "När ni publicerar det frågar vi dem om ni får mötas." in page
    assert not Introduction.objects.exists()
    publish_offer(offer=completed(draft, cast.ruth), actor=cast.ruth, now=timezone.now())
    entry = ShortlistEntry.objects.get()
    assert (entry.initiative, entry.stage, entry.changed_by) == (initiative, "shortlisted", cast.ruth)
    asked = Introduction.objects.get()
    assert (asked.initiative, asked.asked_side, asked.asked_by) == (initiative, "offer", cast.ruth)
    assert "Vi kan låna ut en lokal på tisdagar." in asked.message
    assert "070-174" not in asked.message
    assert Notice.objects.filter(user=cast.amina, kind="introduction_asked").count() == 1
    page = page_of(draft, client)
    assert f"/traffar/kontakter/{asked.public_id}/" in page
    assert "/fraga/" not in page
    # Its people read the words; the address of who asks they see after a yes.
    client.force_login(cast.amina)
    page = client.get(f"/traffar/kontakter/{asked.public_id}/").content.decode()
    assert "Vi kan låna ut en lokal på tisdagar." in page
    assert cast.ruth.email not in page


def test_an_unchecked_giver_is_asked_for_when_checked_and_only_once(
    cast: Cast, initiative: Initiative, client: Client
) -> None:
    person, staff = UserFactory(), UserFactory(is_staff=True)
    draft = offer(initiative, person, who="company")
    client.force_login(person)
    assert "När ni har publicerat det och vi har kontrollerat vilka ni är" in page_of(draft, client)
    published = publish_offer(offer=completed(draft, person), actor=person, now=timezone.now())
    assert not Introduction.objects.exists()
    assert "när vi har kontrollerat vilka som står bakom stödet" in page_of(draft, client)
    verify_organisation(organisation=published.organisation, actor=staff, now=timezone.now())
    asked = Introduction.objects.get()
    assert (asked.asked_by, asked.contacts.get().email) == (person, person.email)
    # Taken back it stays so, however often the offer is shown again.
    withdraw(introduction=asked, actor=person, now=timezone.now())
    paused = pause_offer(offer=SupportOffer.objects.get(), actor=person, now=timezone.now())
    publish_offer(offer=paused, actor=person, now=timezone.now())
    assert Introduction.objects.count() == 1


def test_who_has_left_asks_nothing_and_publishing_goes_on(cast: Cast, initiative: Initiative) -> None:
    draft = completed(offer(initiative, cast.ruth), cast.ruth)
    OfferedSupport.objects.update(begun_by=cast.erik)
    publish_offer(offer=draft, actor=cast.ruth, now=timezone.now())
    assert SupportOffer.objects.get().state == "published"
    assert not Introduction.objects.exists()
    assert OfferedSupport.objects.get().asked_at is None


@pytest.mark.django_db(transaction=True)
def test_published_and_checked_at_the_same_moment_it_is_asked_once(cast: Cast) -> None:
    staff = UserFactory(is_staff=True)
    for _ in range(4):
        person = UserFactory()
        draft = completed(offer(InitiativeFactory(), person, who="company"), person)

        def publish(draft: SupportOffer = draft, person: User = person) -> str:
            publish_offer(offer=draft, actor=person, now=timezone.now())
            return "published"

        def verify(draft: SupportOffer = draft) -> str:
            verify_organisation(organisation=draft.organisation, actor=staff, now=timezone.now())
            return "checked"

        assert sorted(race(publish, verify)) == ["checked", "published"]
        assert Introduction.objects.filter(offer=draft).count() == 1


def test_so_many_in_a_while(initiative: Initiative, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "OFFERING", views.Limit("offer-support-test", 1, 600))
    assert client.post(address(initiative), fields()).status_code == 302
    assert client.post(address(initiative), fields()).status_code == 429


@given(st.sampled_from(SupportKind), st.sampled_from(OrganisationKind))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_kind_of_giver_can_begin_with_every_kind_of_support(
    initiative: Initiative, kind: SupportKind, who: OrganisationKind
) -> None:
    person = UserFactory(email=f"{uuid4().hex}@exempel.example")
    made = offer(initiative, person, kind=kind, who=who)
    assert (made.state, made.organisation.kind) == ("draft", who)
    assert [line.kind for line in made.support.all()] == [kind]
    assert timezone.now() - made.created_at < timedelta(minutes=1)
