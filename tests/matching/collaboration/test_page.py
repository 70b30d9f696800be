"""Other initiatives to work with: who is found, what is said, who may look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from innovators.models import Initiative
from matching.collaboration.selectors import Collaborator, collaborators_for
from tests.cast import Cast
from tests.factories import (
    ActorFactory,
    ChallengeAnswerFactory,
    ChallengeFactory,
    InitiativeFactory,
    NeedFactory,
    SupportOfferFactory,
)
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def page_of(initiative: Initiative) -> str:
    return f"/traffar/initiativ/{initiative.public_id}/samarbeta/"


def kin(**changes: Any) -> Initiative:
    """Return a municipality's initiative with the same theme."""
    other = InitiativeFactory(**{"title": "Kommunens verkstad för unga"} | changes)
    ActorFactory(initiative=other, position=0, name="Göteborgs stad", kind="municipality")
    return other


def stranger(**changes: Any) -> Initiative:
    """Return one that shares neither theme nor unusual words."""
    defaults: dict[str, Any] = {
        "title": "Kören vid älven",
        "change": "Sopraner och altar sjunger.",
        "description": "Noter.",
        "who_affected": "",
        "theme_codes": ["culture"],
        "target_group_codes": ["older_people"],
        "area_codes": ["SE-2580"],
    }
    return InitiativeFactory(**defaults | changes)


def found_by(initiative: Initiative) -> list[Collaborator]:
    found = collaborators_for(initiative, AnonymousUser(), timezone.now())
    assert found is not None
    return found


def titles(initiative: Initiative) -> list[str]:
    return [one.card.initiative.title for one in found_by(initiative)]


@pytest.mark.parametrize(("who", "status"), [("amina", 200), ("rolf", 200), ("ruth", 404), ("sara", 404)])
def test_only_an_initiatives_own_people_look_for_others(
    client: Client, cast: Cast, initiative: Initiative, who: str, status: int
) -> None:
    assert client.get(page_of(initiative)).status_code == 302
    client.force_login(getattr(cast, who))
    assert client.get(page_of(initiative)).status_code == status


def test_those_with_the_same_theme_are_shown_with_reasons_in_both_languages(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    NeedFactory(initiative=initiative, kind="test_site", position=5)
    kin()
    stranger()
    SupportOfferFactory()
    matched()
    client.force_login(cast.amina)
    page = client.get(page_of(initiative)).content.decode()
    assert "Andra initiativ att samarbeta med" in page
    assert "1 initiativ att titta på" in page
    assert "Kommunens verkstad för unga" in page
    assert "Samma ämne: " in page
    assert "De kan ofta bidra med det du behöver: " in page
    assert "Kören vid älven" not in page
    english = client.get(f"/en/matches/initiative/{initiative.public_id}/work-together/").content.decode()
    assert "Same theme: " in english


def test_an_unusual_word_finds_where_no_theme_is_shared(initiative: Initiative, matched: Matched) -> None:
    stranger(title="Kolonilotterna", description="Vi odlar på en gammal banvall.")
    for _ in range(4):
        stranger()
    SupportOfferFactory()
    Initiative.objects.filter(pk=initiative.pk).update(
        theme_codes=None, description="Verkstan vid banvallen."
    )
    matched()
    assert titles(initiative) == ["Kolonilotterna"]


def test_those_who_answer_the_same_challenge_are_found_and_it_is_said_first(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    choir, shy, gone = (
        stranger(),
        stranger(title="Dolda kören", visibility="chosen"),
        stranger(title="Avtackad"),
    )
    other = kin()
    SupportOfferFactory()
    matched()
    assert titles(initiative) == [other.title]
    evenings, mornings = ChallengeFactory(title="Ensamma kvällar"), ChallengeFactory(title="Tysta morgnar")
    for challenge in (evenings, mornings):
        ChallengeAnswerFactory(challenge=challenge, initiative=choir)
    assert titles(initiative) == [other.title]
    for one in (initiative, shy):
        ChallengeAnswerFactory(challenge=evenings, initiative=one)
    ChallengeAnswerFactory(challenge=evenings, initiative=gone, removed=True)
    (mine,) = [one for one in found_by(initiative) if one.card.initiative == choir]
    assert sorted(titles(initiative)) == sorted([other.title, choir.title])
    assert mine.reasons[0] == "Ni svarar på samma utmaning: Ensamma kvällar"
    client.force_login(cast.amina)
    english = client.get(f"/en/matches/initiative/{initiative.public_id}/work-together/").content.decode()
    assert "You answer the same challenge: Ensamma kvällar" in english
    assert "Tysta morgnar" not in english and "Dolda kören" not in english and "Avtackad" not in english


@pytest.mark.parametrize(
    "changes",
    [{"visibility": "chosen"}, {"visibility": "fitting_givers"}, {"state": "draft"}, {"state": "closed"}],
)
def test_nobody_is_told_of_what_they_may_not_see(
    initiative: Initiative, matched: Matched, changes: dict[str, str]
) -> None:
    other = kin()
    SupportOfferFactory()
    matched()
    assert titles(initiative) == [other.title]
    Initiative.objects.filter(pk=other.pk).update(**changes)
    assert titles(initiative) == []


def test_never_another_of_the_same_organisation(initiative: Initiative, matched: Matched) -> None:
    kin(organisation=initiative.organisation)
    SupportOfferFactory()
    matched()
    assert titles(initiative) == []


def test_the_page_costs_the_same_number_of_queries_for_one_and_for_four(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    kin()
    SupportOfferFactory()
    matched()
    client.force_login(cast.amina)
    client.get(page_of(initiative))
    one = queries_for(client, page_of(initiative))
    for _ in range(3):
        kin()
    assert queries_for(client, page_of(initiative)) == one
    assert len(titles(initiative)) == 4


def test_the_page_says_so_when_there_is_nobody_or_nothing_is_ready(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    client.force_login(cast.amina)
    assert "Vi letar efter andra" in client.get(page_of(initiative)).content.decode()
    SupportOfferFactory()
    matched()
    assert "Ingen arbetar med samma sak än" in client.get(page_of(initiative)).content.decode()
    Initiative.objects.filter(pk=initiative.pk).update(state="draft", published_at=None)
    assert client.get(page_of(initiative)).status_code == 200


def test_no_more_than_twenty(initiative: Initiative, matched: Matched) -> None:
    for place in range(22):
        InitiativeFactory(title=f"Verkstad {place}")
    SupportOfferFactory()
    matched()
    assert len(titles(initiative)) == 20
