"""The desk of support that has closed: an officer starts deciding just then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from funders import services as funders
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services
from matching.desk.closed import last_matches_of
from matching.desk.models import Decision, ShortlistEntry
from matching.engine.collection import frozen_for
from matching.engine.selectors import current_run
from matching.engine.services import rescore_offer
from matching.learning.events import judged_lists
from matching.meeting.models import Introduction
from tests.cast import Cast
from tests.factories import InitiativeFactory
from tests.matching.desk.lists import cases_url, shown_cases, shown_support, support_url
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def close_yesterday(offer: SupportOffer) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    SupportOffer.objects.filter(pk=offer.pk).update(closes_on=yesterday, opens_on=None)


def test_an_officer_reads_compares_asks_and_decides_after_the_last_day(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    shy = InitiativeFactory(title="För passande", visibility="fitting_givers")
    InitiativeFactory(title="Tredje")
    matched()
    now = timezone.now()
    pair = {"offer": offer, "actor": cast.ruth, "now": now}
    services.shortlist(**pair, initiative=shy)  # type: ignore[arg-type]
    services.shortlist(**pair, initiative=initiative)  # type: ignore[arg-type]
    # Whatever it writes later, who has picked it out goes on seeing it.
    Initiative.objects.filter(pk=shy.pk).update(changed_at=now)
    close_yesterday(offer)
    matched()
    client.force_login(cast.amina)
    assert shown_support(client, support_url(initiative)) == []
    client.force_login(cast.ruth)
    url = cases_url(offer)
    assert set(shown_cases(client, url)) == {"För passande", "Lagningsverkstaden", "Tredje"}
    page = client.get(url).content.decode()
    assert "Ert stöd stängde" in page
    assert "Uppdaterad" not in page
    desk = client.get(f"{url}vart-bord/")
    cards = {column["stage"]: column["cards"] for column in desk.context["columns"]}
    assert [card.case.title for card in cards["suggested"]] == ["Tredje"]
    assert {card.case.title for card in cards["shortlisted"]} == {"För passande", "Lagningsverkstaden"}
    assert all(card.is_visible and card.how_well for row in cards.values() for card in row)
    assert "Ert stöd stängde" in desk.content.decode()
    compared = client.get(
        f"{url}sida-vid-sida/?initiative={shy.public_id}&initiative={initiative.public_id}"
    ).context["columns"]
    shown = client.get(f"{url}{initiative.public_id}/").context["why"]
    [named] = client.get(f"{url}varfor-inte/?q=Lagningsverkstaden").context["rows"]
    assert (
        {column.why.verdict for column in compared} == {shown.verdict} == {named["why"].verdict} == {"fits"}
    )
    assert "Tredje" in b"".join(client.get(f"{url}ladda-ner/?format=csv")).decode()  # type: ignore[arg-type]
    asked = {"message": "Får vi höra mer?", "name": "Ruth", "email": "ruth@exempel.example", "agrees": "on"}
    assert client.post(f"{url}{shy.public_id}/fraga/", asked).status_code == 302
    assert Introduction.objects.get().initiative == shy
    answer = client.post(
        f"{url}{initiative.public_id}/avboj/", {"reason": "amount", "told": "False", "seen": "shortlisted"}
    )
    assert answer.status_code == 302
    assert Decision.objects.get().entry.initiative == initiative
    # What is chosen in closed calls still teaches.
    assert len(judged_lists(frozen_for(current_run()))) >= 2  # type: ignore[arg-type]
    client.force_login(cast.sara)
    assert client.get(f"/initiativ/{shy.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("state", "days", "title", "may_ask"),
    [
        ("draft", -1, None, False),
        ("published", None, None, True),
        # The last day counts, the day after does not.
        ("published", 0, None, True),
        ("published", -1, "Ert stöd stängde 31 oktober 2026", True),
        ("closed", -1, "Ert stöd stängde 31 oktober 2026", False),
        ("closed", 0, "Ert stöd är stängt", False),
        ("closed", None, "Ert stöd är stängt", False),
        # Paused is what it is, whatever its last day.
        ("paused", -1, "Ert stöd är pausat", False),
        ("paused", None, "Ert stöd är pausat", False),
    ],
)
def test_what_is_said_of_support_that_is_not_open(
    state: str, days: int | None, title: str | None, may_ask: bool
) -> None:
    # Just after midnight in Stockholm: another day than in Greenwich.
    now = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    closes_on = None if days is None else date(2026, 11, 1) + timedelta(days=days)
    with override("sv"):
        said = last_matches_of(SupportOffer(state=state, closes_on=closes_on), now)
    assert (said.title if said else None) == title
    if said:
        assert said.text.startswith("Det här är de initiativ som passade när stödet senast var öppet.")
        assert ("Ni kan inte fråga om nya introduktioner" in said.text) == (not may_ask)


def test_paused_support_keeps_its_list_and_its_desk(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    client.force_login(cast.ruth)
    matched()
    funders.pause_offer(offer=offer, actor=cast.ruth, now=timezone.now())
    rescore_offer(offer_id=offer.pk, now=timezone.now())
    for address in (cases_url(offer), cases_url(offer, "vart-bord/")):
        page = client.get(address).content.decode()
        assert "Lagningsverkstaden" in page
        assert "Ert stöd är pausat" in page
        assert "Ni kan inte fråga om nya introduktioner" in page
    ShortlistEntry.objects.all().delete()
    Initiative.objects.update(state="paused")
    assert "Det är inte publicerat nu" in client.get(cases_url(offer)).content.decode()


@pytest.mark.parametrize("rest", ["", "vart-bord/"])
def test_a_closed_list_costs_the_same_for_one_and_for_many(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, rest: str
) -> None:
    InitiativeFactory.create_batch(3)
    matched()
    close_yesterday(offer)
    matched()
    # Changed since: each is scored anew for its card.
    Initiative.objects.update(changed_at=timezone.now())
    client.force_login(cast.ruth)
    Initiative.objects.exclude(pk=initiative.pk).update(state="paused")
    client.get(cases_url(offer, rest))
    few = queries_for(client, cases_url(offer, rest))
    Initiative.objects.update(state="published")
    assert queries_for(client, cases_url(offer, rest)) == few


def test_support_that_never_closes_is_compared_too(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    SupportOffer.objects.filter(pk=offer.pk).update(closes_on=None)
    matched()
    client.force_login(cast.ruth)
    pair = f"/traffar/stod/{offer.public_id}/{initiative.public_id}/"
    assert client.get(pair).status_code == 200
    card = client.post(f"{pair}lagg-till/", {"seen": "suggested"}, headers={"HX-Request": "true"})
    assert card.status_code == 200
    compare = reverse("matching:compare", args=[offer.public_id])
    assert client.get(f"{compare}?initiative={initiative.public_id}").status_code == 200
