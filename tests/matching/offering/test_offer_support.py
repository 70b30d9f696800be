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

from brygga.taxonomy.enums import OrganisationKind, SupportKind
from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import change_offer, publish_offer
from innovators.models import Initiative
from matching.desk.models import ShortlistEntry
from matching.meeting.models import Introduction
from matching.offering import services, views
from matching.offering.models import OfferedSupport
from tests.cast import Cast
from tests.factories import InitiativeFactory, UserFactory

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


def test_published_it_leads_to_the_question(cast: Cast, initiative: Initiative, client: Client) -> None:
    draft = offer(initiative, cast.ruth)
    client.force_login(cast.ruth)
    page = client.get(f"/stod/{draft.public_id}/svar/").content.decode()
    assert "”Lagningsverkstaden”" in page or "“Lagningsverkstaden”" in page
    assert "När du har publicerat det" in page
    now = timezone.now()
    change_offer(
        offer=draft,
        changes={
            "title": "Lokal på tisdagar",
            "area_codes": ["SE-14"],
            "theme_codes": [],
            "eligible_kinds": [],
        },
        actor=cast.ruth,
        now=now,
    )
    publish_offer(offer=SupportOffer.objects.get(), actor=cast.ruth, now=now)
    entry = ShortlistEntry.objects.get()
    assert (entry.initiative, entry.stage, entry.changed_by) == (initiative, "shortlisted", cast.ruth)
    ask = f"/traffar/stod/{draft.public_id}/{initiative.public_id}/fraga/"
    assert ask in client.get(f"/stod/{draft.public_id}/svar/").content.decode()
    page = client.get(ask).content.decode()
    assert "Vi kan låna ut en lokal på tisdagar." in page
    assert "070-174" not in page
    sent = {"message": "Hej!", "name": "Ruth", "email": "ruth@exempel.example"}
    assert client.post(ask, sent).status_code == 302
    assert Introduction.objects.get().initiative == initiative
    assert ask not in client.get(f"/stod/{draft.public_id}/svar/").content.decode()


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
