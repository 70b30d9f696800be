"""What an adopter could take up, and who wants to take up what an initiative does: who is found, what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovators.models import Adopter, Initiative
from matching.adopting.selectors import adopters_for_initiative, proven_for
from tests.cast import Cast
from tests.factories import (
    AdopterFactory,
    IndicatorFactory,
    InitiativeFactory,
    MeasurementFactory,
    OrganisationFactory,
    SpreadRecordFactory,
    SupportOfferFactory,
    UserFactory,
)
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


@pytest.fixture
def adopter(cast: Cast) -> Adopter:
    """Hjo wants what Lagningsverkstaden in Göteborg does."""
    return AdopterFactory()


def spreading(**changes: Any) -> Initiative:
    """Return an initiative that wants to spread in Västra Götaland."""
    return InitiativeFactory(
        **{"title": "Verkstaden", "spread_area_codes": ["SE-14"], "core": "Ingen anmälan\nEn äldre med"}
        | changes
    )


def proven(adopter: Adopter, user: Any = None) -> list[str]:
    found = proven_for(adopter, user or AnonymousUser(), timezone.now())
    assert found is not None
    return [one.card.initiative.title for one in found]


def wanting(initiative: Initiative) -> list[str]:
    found = adopters_for_initiative(initiative, AnonymousUser(), timezone.now())
    assert found is not None
    return [one.card.adopter.title for one in found]


def page_of(adopter: Adopter) -> str:
    return reverse("matching:proven-for-adopter", args=[adopter.public_id])


def page_for(initiative: Initiative) -> str:
    return reverse("matching:adopters-for-initiative", args=[initiative.public_id])


def test_only_their_own_people_look(client: Client, cast: Cast, initiative: Initiative) -> None:
    adopter = AdopterFactory(organisation=cast.foundation)
    for who, own, theirs in (("ruth", 200, 404), ("amina", 404, 200), ("sara", 404, 404)):
        client.force_login(getattr(cast, who))
        assert client.get(page_of(adopter)).status_code == own, who
        assert client.get(page_for(initiative)).status_code == theirs, who


def test_both_are_found_with_reasons_and_one_thing_to_ask_in_both_languages(
    client: Client, matched: Matched
) -> None:
    officer, seeker = UserFactory(), UserFactory()
    adopter = AdopterFactory(organisation__owner=officer)
    initiative = spreading(organisation__owner=seeker)
    SpreadRecordFactory(initiative=initiative, adopter_kind="municipality")
    SupportOfferFactory()
    matched()
    client.force_login(officer)
    page = client.get(page_of(adopter)).content.decode()
    for words in (
        "1 initiativ att titta på",
        "Verkstaden",
        "Samma ämne: ",
        "Får spridas till er plats: Hjo",
        "Andra som ni har redan tagit upp det (kommun)",
        "Gå igenom det som måste vara kvar",
        "2 saker som måste vara kvar",
        "En äldre med",
    ):
        assert words in page, words
    client.force_login(seeker)
    page = client.get(page_for(initiative)).content.decode()
    for words in ("Hjo kommun", "De finns där ni vill sprida: Hjo", "De kan lägga in det ni söker: lokaler"):
        assert words in page, words
    client.force_login(officer)
    assert "Who has done it" in client.get(f"/en/wanted/{adopter.public_id}/").content.decode()
    english = client.get(f"/en/matches/wanted/{adopter.public_id}/proven/").content.decode()
    assert "May spread to your place: Hjo" in english


# What an initiative is, and whether somebody in Hjo is shown it.
FOUND: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"spread_area_codes": ["SE-1497"]}, True),
    ({"spread_area_codes": ["SE"]}, True),
    # It is there already, whatever it says of spreading.
    ({"spread_area_codes": ["SE-12"], "area_codes": ["SE-1497"]}, True),
    # Nobody has said where: unclear, not a no.
    ({"spread_area_codes": None}, True),
    ({"spread_area_codes": ["SE-12"], "spread_area_words": ["Sjuhärad"]}, True),
    ({"spread_area_codes": ["SE-12"]}, False),
    # Nothing says that others may do the same.
    ({"spread_area_codes": None, "core": ""}, False),
    ({"theme_codes": ["democracy_and_participation"], "change": "", "description": ""}, False),
    ({"visibility": "chosen"}, False),
    ({"visibility": "fitting_givers"}, False),
    ({"state": "paused"}, False),
    ({"state": "closed"}, False),
]


def test_only_what_wants_to_spread_to_the_place_and_may_be_seen(adopter: Adopter, matched: Matched) -> None:
    initiative = spreading()
    SupportOfferFactory()
    matched()
    for changes, is_found in FOUND:
        before = Initiative.objects.filter(pk=initiative.pk).values(*changes).get() if changes else {}
        Initiative.objects.filter(pk=initiative.pk).update(**changes)
        assert proven(adopter) == (["Verkstaden"] if is_found else []), changes
        Initiative.objects.filter(pk=initiative.pk).update(**before)


def test_another_of_ones_own_is_never_found(matched: Matched) -> None:
    own = OrganisationFactory(verified=True)
    adopter, initiative = AdopterFactory(organisation=own), spreading(organisation=own)
    SupportOfferFactory()
    matched()
    assert proven(adopter) == []
    assert wanting(initiative) == []


def test_adopters_are_found_by_theme_group_or_an_unusual_word_and_only_published_ones(
    matched: Matched,
) -> None:
    initiative = spreading(description="Vi håller till på en gammal banvall.")
    other = {"theme_codes": ["democracy_and_participation"], "target_group_codes": []}
    AdopterFactory(title="Samma ämne", target_group_codes=[])
    AdopterFactory(title="Samma grupp", theme_codes=["democracy_and_participation"])
    AdopterFactory(title="Samma ord", change="Vi har en banvall.", **other)
    AdopterFactory(title="Inget", change="Körsång för alla.", **other)
    AdopterFactory(title="I Skåne", area_codes=["SE-12"])
    AdopterFactory(title="Dold", paused=True)
    AdopterFactory(title="Utkast", draft=True)
    SupportOfferFactory()
    matched()
    assert set(wanting(initiative)) == {"Samma ämne", "Samma grupp", "Samma ord"}


def test_what_is_internal_is_no_proof_to_others(matched: Matched) -> None:
    adopter = AdopterFactory()
    initiative = spreading(started_on=timezone.localdate())
    SpreadRecordFactory(initiative=initiative, internal=True)
    MeasurementFactory(indicator=IndicatorFactory(initiative=initiative, internal=True))
    SpreadRecordFactory(initiative=initiative, removed=True)
    SupportOfferFactory()
    matched()
    before = proven_for(adopter, AnonymousUser(), timezone.now())
    MeasurementFactory(indicator=IndicatorFactory(initiative=initiative))
    after = proven_for(adopter, AnonymousUser(), timezone.now())
    assert before and after
    assert "De har inte visat vad det leder till" in before[0].why.caveat
    assert after[0].why.score > before[0].why.score
    assert "De mäter vad det leder till" in after[0].why.reasons


def test_the_pages_cost_the_same_number_of_queries_for_one_and_for_four(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    adopter = AdopterFactory(organisation=cast.foundation)
    spreading()
    AdopterFactory()
    SupportOfferFactory()
    matched()
    pages = ((cast.ruth, page_of(adopter)), (cast.amina, page_for(initiative)))
    cost = {}
    for person, page in pages:
        client.force_login(person)
        client.get(page)
        cost[page] = queries_for(client, page)
    for _ in range(3):
        spreading()
        AdopterFactory(organisation__name="Tibro kommun")
    for person, page in pages:
        client.force_login(person)
        assert queries_for(client, page) == cost[page], page
        assert len(client.get(page).context["found"]) >= 4


def test_the_pages_say_so_when_there_is_nobody_or_nothing_is_ready(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    adopter = AdopterFactory(organisation=cast.foundation, empty=True)
    client.force_login(cast.ruth)
    assert "Vi letar efter andra" in client.get(page_of(adopter)).content.decode()
    client.force_login(cast.amina)
    assert "Vi letar efter andra" in client.get(page_for(initiative)).content.decode()
    SupportOfferFactory()
    matched()
    assert "Ingen efterlyser något liknande ännu" in client.get(page_for(initiative)).content.decode()
    assert "Säg vart det får spridas" in client.get(page_for(initiative)).content.decode()
    client.force_login(cast.ruth)
    assert "Vi har inte hittat något åt er ännu" in client.get(page_of(adopter)).content.decode()
    Initiative.objects.filter(pk=initiative.pk).update(state="draft", published_at=None)
    client.force_login(cast.amina)
    assert "Publicera först" in client.get(page_for(initiative)).content.decode()
