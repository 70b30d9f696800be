"""Support that does not suit: put aside with a reason, out of everything its people read, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.answers.selectors import package
from matching.calendar.selectors import days_of
from matching.desk.waiting import WaitsForWord
from matching.engine.selectors import matches_for_initiative, matches_for_offer, own_matches
from matching.following.gathering import new_support
from matching.meeting.models import Introduction
from matching.unsuited import services
from matching.unsuited.enums import UnsuitedReason
from matching.unsuited.models import Unsuited
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_cases, shown_support, support_url
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
TITLE = "Bidrag till unga på väg"


def aside_url(initiative: Initiative, offer: SupportOffer, verb: str = "inte-relevant") -> str:
    return support_url(initiative, f"{offer.public_id}/{verb}/")


def put(initiative: Initiative, offer: SupportOffer, cast: Cast, reason: str = "amount") -> Unsuited:
    return services.put_aside(
        initiative=initiative, offer=offer, reason=UnsuitedReason(reason), actor=cast.amina, now=NOW
    )


def test_put_aside_from_the_list_and_undo(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(cast.amina)
    here = f"{support_url(initiative)}?section=money"
    door = aside_url(initiative, offer)
    assert f'href="{door}?next=' in client.get(here).content.decode()
    assert "Varför passar det inte?" in client.get(f"{door}?next={here}").content.decode()
    refused = client.post(door, {"next": here})
    assert refused.status_code == 422
    assert "Välj det skäl som stämmer bäst." in refused.content.decode()
    assert client.post(door, {"reason": "too_much_work", "next": here})["Location"] == here
    first = client.get(here)
    assert "är undanlagt. Givaren får inte veta något." in first.content.decode()
    assert [card.title for card in first.context["cards"]] == []
    # Told once; what lies aside is led to as long as something does.
    page = client.get(here).content.decode()
    assert "är undanlagt. Givaren" not in page
    assert "Undanlagt (1)" in page
    undo = aside_url(initiative, offer, "relevant-igen")
    assert client.post(undo, {"next": here})["Location"] == here
    assert shown_support(client, here) == [TITLE]
    assert "Undanlagt (" not in client.get(here).content.decode()
    # Twice is no harm.
    assert client.post(undo)["Location"] == support_url(initiative)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "put_support_aside",
        "take_support_back",
    ]


def test_it_leaves_everything_its_people_read_and_nothing_of_the_givers(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    SupportOffer.objects.update(closes_on=date(2099, 12, 31))
    sister = InitiativeFactory(organisation=cast.association, title="Systern")
    matched()
    put(initiative, offer, cast)
    now = timezone.now()
    assert not matches_for_initiative(initiative, cast.amina).exists()
    assert matches_for_initiative(sister, cast.amina).exists()
    assert {one.initiative for one in own_matches(cast.amina)} == {sister}
    assert {one.initiative for one in matches_for_offer(offer, cast.ruth)} == {initiative, sister}
    found = package(initiative, cast.amina, now)
    assert found is not None
    assert found.parts == []
    [closing] = [day for day in days_of(cast.amina, now) if day.uid.startswith("closes-")]
    assert "Lagningsverkstaden" not in closing.description
    tips = new_support(cast.amina, now + timedelta(minutes=1))
    assert tips is not None
    assert [group.about for group in tips.groups] == ["Systern"]
    client.force_login(cast.amina)
    home = client.get("/min-sida/").content.decode()
    assert home.count("1 nytt förslag") == 1
    why_not = client.get(support_url(initiative, "varfor-inte/?q=unga")).content.decode()
    assert "Beloppet passar oss inte" in why_not
    assert support_url(initiative, "undanlagt/") in why_not
    client.force_login(cast.ruth)
    assert set(shown_cases(client, cases_url(offer))) == {"Lagningsverkstaden", "Systern"}
    assert "Beloppet passar oss inte" not in client.get(cases_url(offer)).content.decode()


def test_the_page_of_the_pair_says_so_and_takes_it_back(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    put(initiative, offer, cast, "known")
    pair, back = support_url(initiative, f"{offer.public_id}/"), aside_url(initiative, offer, "relevant-igen")
    client.force_login(cast.rolf)
    page = client.get(pair).content.decode()
    assert "Vi har redan frågat där" in page
    assert back not in page
    client.force_login(cast.amina)
    assert f'action="{back}"' in client.get(pair).content.decode()
    client.post(back, {"next": pair})
    assert aside_url(initiative, offer) in client.get(pair).content.decode()


def test_what_lies_aside_is_listed_with_its_reason_and_leaves_with_the_support(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    client.force_login(cast.amina)
    there = support_url(initiative, "undanlagt/")
    assert "Inget är undanlagt" in client.get(there).content.decode()
    put(initiative, offer, cast, "terms")
    page = client.get(there).content.decode()
    assert f">{TITLE}<" in page
    assert "Vi kan inte gå med på villkoren" in page
    assert "Amina Warsame" in page
    one = queries_for(client, there)
    for _ in range(2):
        put(initiative, SupportOfferFactory(), cast)
    assert queries_for(client, there) == one
    SupportOffer.objects.filter(pk=offer.pk).update(state="paused")
    assert f">{TITLE}<" not in client.get(there).content.decode()
    # It is taken back all the same, from a page that is still open.
    assert client.post(aside_url(initiative, offer, "relevant-igen")).status_code == 302
    assert not Unsuited.objects.filter(offer=offer).exists()


def test_who_is_in_contact_does_not_put_it_aside(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    introduction = Introduction.objects.create(
        initiative=initiative, offer=offer, asked_by=cast.ruth, message="Hej!"
    )
    with pytest.raises(WaitsForWord):
        put(initiative, offer, cast)
    client.force_login(cast.amina)
    assert aside_url(initiative, offer) not in client.get(support_url(initiative)).content.decode()
    went = client.post(aside_url(initiative, offer), {"reason": "amount"})
    assert went["Location"].endswith(f"/{introduction.public_id}/")
    assert not Unsuited.objects.exists()


def test_only_who_may_write_puts_aside_and_the_last_reason_counts(
    cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    for person in (cast.rolf, cast.sara, cast.ruth):
        with pytest.raises(PermissionDenied):
            services.put_aside(
                initiative=initiative, offer=offer, reason=UnsuitedReason.OTHER, actor=person, now=NOW
            )
        with pytest.raises(PermissionDenied):
            services.take_back(initiative=initiative, offer=offer, actor=person, now=NOW)
    put(initiative, offer, cast)
    assert put(initiative, offer, cast, "other_place").reason == "other_place"
    assert Unsuited.objects.count() == 1
    assert set(Unsuited.objects.visible_to(cast.rolf)) == set(Unsuited.objects.all())
    assert not Unsuited.objects.visible_to(cast.ruth).exists()
    assert services.take_back(initiative=initiative, offer=offer, actor=cast.erik, now=NOW)
    assert not services.take_back(initiative=initiative, offer=offer, actor=cast.erik, now=NOW)


def test_the_list_costs_the_same_whatever_lies_aside(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    for number in range(3):
        SupportOfferFactory(title=f"Stöd {number}")
    matched()
    client.force_login(cast.amina)
    queries_for(client, support_url(initiative))
    none = queries_for(client, support_url(initiative))
    put(initiative, offer, cast)
    assert queries_for(client, support_url(initiative)) == none
