"""The desk's buttons: with and without JavaScript, twice, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.models import ShortlistEntry
from matching.desk.services import note_mark, shortlist
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def url(offer: SupportOffer, initiative: Initiative, rest: str) -> str:
    return f"/traffar/stod/{offer.public_id}/{initiative.public_id}/{rest}/"


def desk(offer: SupportOffer) -> str:
    return f"/traffar/stod/{offer.public_id}/var-lista/"


def stages() -> list[str]:
    return list(ShortlistEntry.objects.values_list("stage", flat=True))


def test_list_undo_and_back_again_without_javascript(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    client.force_login(cast.ruth)
    back = f"/traffar/stod/{offer.public_id}/?county=SE-14"
    answer = client.post(url(offer, initiative, "lagg-till"), {"note": "Ring hem", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    page = client.get(desk(offer)).content.decode()
    assert "”Lagningsverkstaden” ligger på listan." in page
    assert "Ring hem" in page
    assert "Ruth Malmsten" in page
    assert "Ångra" in page
    assert "Ångra" not in client.get(desk(offer)).content.decode()
    undone = client.post(url(offer, initiative, "angra"), {"step": "shortlisted", "next": desk(offer)})
    assert undone["Location"] == desk(offer)
    assert stages() == ["suggested"]
    again = client.post(url(offer, initiative, "angra"), {"step": "shortlisted", "next": desk(offer)})
    assert "Det fanns inget att ångra" in client.get(again["Location"]).content.decode()


def test_dismissing_needs_a_reason(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    client.force_login(cast.ruth)
    for bad in ({}, {"reason": ""}, {"reason": "nonsense"}):
        answer = client.post(url(offer, initiative, "lagg-undan"), bad)
        assert answer.status_code == 422
        assert "Välj en anledning." in answer.content.decode()
    assert stages() == []
    client.post(url(offer, initiative, "lagg-undan"), {"reason": "no_room"})
    assert list(ShortlistEntry.objects.values_list("stage", "reason")) == [("dismissed", "no_room")]
    page = client.get(desk(offer)).content.decode()
    assert "1 undanlagt" in page
    client.post(url(offer, initiative, "lagg-tillbaka"), {"seen": "dismissed", "next": desk(offer)})
    assert stages() == ["suggested"]


def test_htmx_gets_the_card_with_the_focus_on_what_happened(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    matched()
    client.force_login(cast.ruth)
    htmx = {"HX-Request": "true"}
    added = client.post(url(offer, initiative, "lagg-till"), {"seen": "suggested"}, headers=htmx)
    page = added.content.decode()
    assert (added.status_code, added["Cache-Control"]) == (200, "no-store")
    assert "HX-Request" in added["Vary"]
    assert "<html" not in page
    assert "data-focus" in page
    assert "ligger på listan." in page
    assert "Ta bort från listan" in page
    form = client.get(url(offer, initiative, "lagg-undan"), headers=htmx).content.decode()
    assert "<html" not in form
    wrong = client.post(url(offer, initiative, "lagg-undan"), {}, headers=htmx)
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, f"#aside-{initiative.public_id}")
    aside = client.post(url(offer, initiative, "lagg-undan"), {"reason": "amount"}, headers=htmx)
    assert "är undanlagt." in aside.content.decode()
    undone = client.post(url(offer, initiative, "angra"), {"step": "dismissed"}, headers=htmx)
    assert "Ångrat." in undone.content.decode()
    assert stages() == ["shortlisted"]


def test_the_second_colleague_is_told_who_was_first(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(colleague)
    answer = client.post(
        url(offer, initiative, "lagg-undan"),
        {"reason": "no_room", "seen": "suggested", "next": desk(offer)},
    )
    page = client.get(answer["Location"]).content.decode()
    assert "Ruth Malmsten har redan lagt ”Lagningsverkstaden” på listan." in page
    assert stages() == ["shortlisted"]


@pytest.mark.parametrize("next_address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_elsewhere(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, next_address: str
) -> None:
    client.force_login(cast.ruth)
    answer = client.post(url(offer, initiative, "lagg-till"), {"next": next_address})
    assert answer["Location"] == f"/traffar/stod/{offer.public_id}/"


def test_notes_are_written_and_never_lost(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    entry = shortlist(offer=offer, initiative=initiative, actor=cast.ruth, note="Ett", now=timezone.now())
    client.force_login(cast.ruth)
    address = url(offer, initiative, "anteckning")
    read = note_mark("Ett")
    saved = client.post(address, {"note": "Två, ring 070-174 06 11", "read": read, "next": desk(offer)})
    assert saved.status_code == 302
    assert "Vi dolde ett telefonnummer" in client.get(saved["Location"]).content.decode()
    entry.refresh_from_db()
    assert entry.note == "Två, ring [telefon]"
    both = client.post(address, {"note": "Tre", "read": read})
    assert both.status_code == 409
    page = both.content.decode()
    assert "Två, ring [telefon]" in page
    assert "Tre" in page
    client.post(address, {"note": "Två och tre", "read": both.context["form"]["read"].value()})
    entry.refresh_from_db()
    assert entry.note == "Två och tre"
    long = client.post(address, {"note": "x" * 2001, "read": note_mark(entry.note)})
    assert long.status_code == 422
    assert "x" * 2001 in long.content.decode()


def test_what_is_hidden_later_can_still_be_taken_off(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    Initiative.objects.filter(pk=initiative.pk).update(state="paused")
    client.force_login(cast.ruth)
    page = client.get(desk(offer)).content.decode()
    assert "visas inte längre" in page
    assert client.get(url(offer, initiative, "fraga")).status_code == 404
    client.post(url(offer, initiative, "lagg-tillbaka"), {"seen": "shortlisted", "next": desk(offer)})
    assert stages() == ["suggested"]


def test_an_empty_shortlist_says_what_it_is_for(client: Client, cast: Cast, offer: SupportOffer) -> None:
    client.force_login(cast.ruth)
    assert "Listan är tom" in client.get(desk(offer)).content.decode()
    assert client.get(f"{desk(offer)}?page=abc&aside=xx").status_code == 200
