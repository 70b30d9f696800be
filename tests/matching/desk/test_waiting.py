"""Nobody who waits for a word is put aside in silence; a giver's yes to a question lays the case in dialogue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import deciding, services
from matching.desk.models import Decision, ShortlistEntry
from matching.desk.waiting import WaitsForWord
from matching.meeting import asking
from matching.meeting import services as meeting
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import NOW
from tests.matching.desk.lists import cases_url

pytestmark = pytest.mark.django_db
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")


def put_aside(cast: Cast, offer: SupportOffer, initiative: Initiative) -> ShortlistEntry:
    return services.dismiss(
        offer=offer, initiative=initiative, actor=cast.ruth, reason="amount", now=timezone.now()
    )


def ask_as_seeker(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    return asking.ask_giver(
        offer=offer,
        initiative=initiative,
        actor=cast.amina,
        message="Får vi berätta?",
        contact=CONTACT,
        now=timezone.now(),
    )


def lies(offer: SupportOffer, initiative: Initiative) -> str:
    return ShortlistEntry.objects.get(offer=offer, initiative=initiative).stage


def test_who_waits_for_a_word_is_not_put_aside(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]
) -> None:
    matched()
    client.force_login(cast.ruth)
    aside = cases_url(offer, f"{initiative.public_id}/lagg-undan/")
    # The initiative has asked.
    question = ask_as_seeker(cast, offer, initiative)
    with pytest.raises(WaitsForWord):
        put_aside(cast, offer, initiative)
    page = client.get(aside).content.decode()
    assert "har bett er om kontakt. Svara på frågan först." in page
    assert f"/traffar/kontakter/{question.public_id}/" in page
    assert client.post(aside, {"reason": "amount"}).status_code == 409
    card = client.post(aside, {"reason": "amount"}, headers={"HX-Request": "true"})
    assert (card.status_code, card["HX-Retarget"]) == (200, f"#aside-{initiative.public_id}")
    assert not ShortlistEntry.objects.exists()
    # Both have said yes.
    meeting.accept(introduction=question, actor=cast.ruth, contact=CONTACT, now=timezone.now())
    with pytest.raises(WaitsForWord):
        put_aside(cast, offer, initiative)
    page = client.get(aside).content.decode()
    assert "så de väntar på ert besked" in page
    assert cases_url(offer, f"{initiative.public_id}/avboj/") in page
    assert lies(offer, initiative) == "in_dialogue"
    # The giver has asked; when the question is taken back nobody waits any more.
    Introduction.objects.all().delete()
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    own = meeting.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Hej",
        contact=CONTACT,
        now=timezone.now(),
    )
    assert "de har inte svarat än" in client.get(aside).content.decode()
    meeting.withdraw(introduction=own, actor=cast.ruth, now=timezone.now())
    assert put_aside(cast, offer, initiative).stage == "dismissed"


def test_a_givers_yes_lays_the_case_in_dialogue(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]
) -> None:
    matched()
    # Turned down in silence before they asked: that no longer holds when the giver says yes.
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    deciding.decline(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        reason="amount",
        message="",
        is_told=False,
        decided_on=NOW.date(),
        now=NOW,
    )
    question = ask_as_seeker(cast, offer, initiative)
    meeting.accept(introduction=question, actor=cast.ruth, contact=CONTACT, now=timezone.now())
    assert (lies(offer, initiative), Decision.objects.count()) == ("in_dialogue", 0)
    # From the conversation and from the case there is a way to where it is decided.
    client.force_login(cast.ruth)
    way = f"/traffar/stod/{offer.public_id}/vart-bord/?view=table&amp;case={initiative.public_id}"
    for page in (f"/traffar/kontakter/{question.public_id}/", cases_url(offer, f"{initiative.public_id}/")):
        assert way in client.get(page).content.decode()
    client.force_login(cast.amina)
    assert "vart-bord" not in client.get(f"/traffar/kontakter/{question.public_id}/").content.decode()


def test_what_is_in_dialogue_may_be_asked_from_the_desk(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]
) -> None:
    matched()
    client.force_login(cast.ruth)
    ask = cases_url(offer, f"{initiative.public_id}/fraga/")
    desk = f"/traffar/stod/{offer.public_id}/vart-bord/"
    pages = (desk, f"{desk}?view=table", cases_url(offer, f"{initiative.public_id}/"))
    assert not [page for page in pages if f'href="{ask}' in client.get(page).content.decode()]
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    services.move(offer=offer, initiative=initiative, actor=cast.ruth, to="in_dialogue", now=NOW)  # type: ignore[arg-type]
    for page in pages:
        assert f'href="{ask}' in client.get(page).content.decode()
    meeting.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Hej",
        contact=CONTACT,
        now=timezone.now(),
    )
    assert not [page for page in pages if f'href="{ask}' in client.get(page).content.decode()]
