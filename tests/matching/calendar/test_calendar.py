"""Days in one's own calendar, and one day as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.calendar.models import CalendarAddress
from matching.calendar.services import make_address, remove_address
from tests.cast import Cast
from tests.core.test_icalendar import read, unescaped
from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
FEED = "/traffar/kalender/dagar.ics"


def events(octets: bytes) -> list[dict[str, str]]:
    """Return a calendar's events, by property."""
    found: list[dict[str, str]] = []
    for name, value in read(octets):
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found:
            found[-1].setdefault(name, unescaped(value))
    return found


def days(octets: bytes) -> list[tuple[str, str]]:
    return [(one["DTSTART;VALUE=DATE"], one["SUMMARY"]) for one in events(octets)]


def test_an_innovator_gets_the_days_of_what_fits_and_of_nothing_else(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    SupportOffer.objects.filter(pk=offer.pk).update(
        closes_on=date(2099, 12, 31), decision_on=date(2100, 1, 31), title="Bidrag; till, unga"
    )
    SupportOfferFactory(title="Bara för lärosäten", eligible_kinds=["university"])
    SupportOfferFactory(title="Utan dag", closes_on=None)
    InitiativeFactory(organisation=cast.association, title="Ett utkast", state="draft", published_at=None)
    matched()
    secret = make_address(actor=cast.amina, now=timezone.now())
    answer = client.get(FEED, {"key": secret})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    assert days(answer.content) == [
        ("20991231", "Sista dag att söka: Bidrag; till, unga"),
        ("21000131", "Beslut: Bidrag; till, unga"),
    ]
    [closes, decision] = events(answer.content)
    assert closes["UID"] == f"closes-{offer.public_id}@localhost"
    assert decision["UID"] == f"decision-{offer.public_id}@localhost"
    assert closes["DESCRIPTION"].endswith("Stänger kl. 23:59 svensk tid.\nPassar: Lagningsverkstaden")
    assert closes["URL"].endswith(f"/stod/{offer.public_id}/")
    assert "@exempel.example" not in answer.content.decode()


def test_a_giver_gets_the_days_of_their_own_offers(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    today = timezone.localdate()
    SupportOfferFactory(
        organisation=cast.foundation,
        title="Vårt",
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=9),
    )
    SupportOfferFactory(
        organisation=cast.foundation,
        title="Länge sedan",
        opens_on=date(2019, 1, 1),
        closes_on=date(2020, 1, 1),
    )
    SupportOfferFactory(organisation=cast.foundation, title="Utkastet", state="draft", published_at=None)
    SupportOfferFactory(title="Någon annans", closes_on=today + timedelta(days=9))
    matched()
    answer = client.get(FEED, {"key": make_address(actor=cast.ruth, now=timezone.now())})
    assert [said for _day, said in days(answer.content)] == ["Öppnar: Vårt", "Sista dag att söka: Vårt"]


def test_the_address_is_shown_once_and_only_its_hash_is_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.amina)
    assert "Gör en adress" in client.get("/traffar/kalender/").content.decode()
    made = client.post("/traffar/kalender/ny-adress/").content.decode()
    [secret] = re.findall(r"dagar\.ics\?key=([\w-]+)", made)
    row = CalendarAddress.objects.get()
    assert len(secret) >= 40
    assert secret not in f"{row.secret_hash} {AuditEvent.objects.get().details}"
    page = client.get("/traffar/kalender/").content.decode()
    assert secret not in page
    assert "Du har en adress sedan" in page
    assert Client().get(FEED, {"key": secret}).status_code == 200
    # The hash itself opens nothing.
    assert Client().get(FEED, {"key": row.secret_hash}).status_code == 404


def test_a_new_address_ends_the_old_and_removing_ends_it(client: Client, cast: Cast) -> None:
    now = timezone.now()
    first, second = make_address(actor=cast.amina, now=now), make_address(actor=cast.amina, now=now)
    assert client.get(FEED, {"key": first}).status_code == 404
    assert client.get(FEED, {"key": second}).status_code == 200
    client.force_login(cast.ruth)
    client.post("/traffar/kalender/ta-bort-adress/")  # one's own only
    assert client.get(FEED, {"key": second}).status_code == 200
    client.force_login(cast.amina)
    answer = client.post("/traffar/kalender/ta-bort-adress/", follow=True)
    assert "Adressen är borttagen" in answer.content.decode()
    assert client.get(FEED, {"key": second}).status_code == 404
    assert remove_address(actor=cast.amina, now=now) is False
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "calendar_address_made",
        "calendar_address_renewed",
        "calendar_address_removed",
    ]


@pytest.mark.parametrize("key", [None, "", "x", "å\x00", "x" * 5000])
def test_without_the_secret_there_is_nothing(client: Client, cast: Cast, key: str | None) -> None:
    make_address(actor=cast.amina, now=timezone.now())
    client.force_login(cast.amina)  # not even for the person: the secret alone counts
    assert client.get(FEED, {} if key is None else {"key": key}).status_code == 404


def test_somebody_who_may_no_longer_sign_in_gets_nothing(client: Client, cast: Cast) -> None:
    secret = make_address(actor=cast.amina, now=timezone.now())
    type(cast.amina).objects.filter(pk=cast.amina.pk).update(is_active=False)
    assert client.get(FEED, {"key": secret}).status_code == 404


def test_what_has_not_changed_is_not_sent_again(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    key = {"key": make_address(actor=cast.amina, now=timezone.now())}
    first = client.get(FEED, key)
    assert client.get(FEED, key).content == first.content
    known = {"If-None-Match": first["ETag"]}
    assert client.get(FEED, key, headers=known).status_code == 304
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get(FEED, key, headers=since).status_code == 304
    later = timezone.now() + timedelta(seconds=2)
    SupportOffer.objects.filter(pk=offer.pk).update(closes_on=date(2098, 1, 1), changed_at=later)
    again = client.get(FEED, key, headers=known)
    assert again.status_code == 200
    assert client.get(FEED, key, headers=since).status_code == 200
    # The same thing on another day, not a second one.
    assert [one["UID"] for one in events(again.content)] == [one["UID"] for one in events(first.content)]


def test_the_feed_costs_the_same_for_many(client: Client, cast: Cast, matched: Matched) -> None:
    key = {"key": make_address(actor=cast.amina, now=timezone.now())}
    counts = []
    for number in (1, 2):
        InitiativeFactory.create_batch(number, organisation=cast.association)
        SupportOfferFactory.create_batch(number)
        matched()
        client.get(FEED, key)
        with CaptureQueriesContext(connection) as queries:
            assert len(events(client.get(FEED, key).content)) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_anybody_may_put_an_offers_last_day_in_their_calendar(client: Client, offer: SupportOffer) -> None:
    page = client.get(f"/stod/{offer.public_id}/").content.decode()
    address = f"/traffar/stod/{offer.public_id}/sista-dag.ics"
    assert f'href="{address}"' in page
    answer = client.get(address)
    assert days(answer.content) == [
        (f"{offer.closes_on:%Y%m%d}", "Sista dag att söka: Bidrag till unga på väg")
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="sista-dag-{offer.closes_on}.ics"'
    assert (
        "Last day to apply"
        in client.get(f"/en/matches/offer/{offer.public_id}/last-day.ics").content.decode()
    )
    for change in ({"closes_on": None}, {"state": "draft"}):
        SupportOffer.objects.filter(pk=offer.pk).update(**change)
        assert client.get(address).status_code == 404
