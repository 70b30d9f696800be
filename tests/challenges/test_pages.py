"""Challenges as people meet them: the list, one of them, and telling one's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brygga.challenges.models import Challenge
from brygga.users.models import User
from tests.factories import ChallengeFactory, OrganisationFactory, UserFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
WRITTEN = {
    "title": "Ensamma äldre på sommaren",
    "text": "Föreningarna stänger i juni. Vi har provat öppet hus men få kom.",
    "wish": "",
    "theme_code": "loneliness_and_community",
    "place": "Hjo",
    "website": "",
    "language": "sv",
}


@pytest.fixture
def officer() -> User:
    return UserFactory()


@pytest.fixture
def browser(client: Client, officer: User) -> Client:
    OrganisationFactory(name="Hjo kommun", kind="municipality", verified=True, owner=officer)
    client.force_login(officer)
    return client


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/utmaningar/{query}")
    assert answer.status_code == 200
    return [card.challenge.title for card in answer.context["cards"]]


def test_a_challenge_is_told_read_through_and_published(browser: Client) -> None:
    answer = browser.post("/utmaningar/ny/", WRITTEN)
    told = Challenge.objects.get()
    here = reverse("challenges:detail", args=[told.public_id])
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert (told.area_code, told.theme_code, told.state) == ("SE-1497", "loneliness_and_community", "draft")
    assert Client().get(here).status_code == 404
    browser.post(reverse("challenges:publish", args=[told.public_id]))
    shown = words_of(Client().get(here))
    assert "Hjo kommun" in shown
    assert "Föreningarna stänger i juni." in shown
    assert titles(Client()) == ["Ensamma äldre på sommaren"]
    browser.post(reverse("challenges:end", args=[told.public_id]))
    assert titles(Client()) == []
    assert titles(Client(), "?ended=yes") == ["Ensamma äldre på sommaren"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "Skriv utmaningen på en rad."),
        ({"text": " "}, "Berätta lite mer om utmaningen."),
        ({"place": "Ankeborg"}, "Vi känner inte till den platsen."),
        ({"website": "javascript:alert(1)"}, "Skriv hela adressen"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    browser: Client, changes: dict[str, str], told: str
) -> None:
    answer = browser.post("/utmaningar/ny/", WRITTEN | changes)
    assert answer.status_code == 422
    text = words_of(answer)
    assert told in text
    assert "Föreningarna stänger i juni" in answer.content.decode() or "text" in changes
    assert not Challenge.objects.exists()


def test_a_public_challenge_keeps_a_subject_or_a_place(browser: Client, officer: User) -> None:
    mine = ChallengeFactory(organisation=officer.organisations.get())
    where = reverse("challenges:edit", args=[mine.public_id])
    answer = browser.post(where, WRITTEN | {"theme_code": "", "place": ""})
    assert answer.status_code == 422
    assert "Välj ett ämne eller skriv en plats" in words_of(answer)
    assert browser.post(where, WRITTEN | {"theme_code": "", "place": "Skåne"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.title, mine.theme_code, mine.area_code) == ("Ensamma äldre på sommaren", "", "SE-12")


def test_whoever_speaks_for_no_public_body_learns_who_may(client: Client) -> None:
    person = UserFactory()
    OrganisationFactory(kind="association", verified=True, owner=person)
    client.force_login(person)
    answer = client.get("/utmaningar/ny/")
    assert answer.status_code == 403
    assert "Lägg till den bland dina organisationer" in words_of(answer)


def test_the_list_is_filtered_by_words_subject_and_county(client: Client) -> None:
    ChallengeFactory(title="I Hjo", theme_code="employment", area_code="SE-1497")
    ChallengeFactory(title="I länet", theme_code="", area_code="SE-14")
    ChallengeFactory(title="I Skåne", theme_code="loneliness_and_community", area_code="SE-12")
    ChallengeFactory(title="Överallt", theme_code="employment", area_code="", text="Arbete åt alla.")
    assert set(titles(client, "?county=SE-14")) == {"I Hjo", "I länet"}
    assert set(titles(client, "?theme=employment")) == {"I Hjo", "Överallt"}
    assert titles(client, "?q=arbete") == ["Överallt"]
    assert titles(client, "?q=%00&theme=no_such") == titles(client)
    assert "Vi hoppade över ett filter" in words_of(client.get("/utmaningar/?theme=no_such"))


def test_twenty_challenges_cost_as_few_questions_as_one(client: Client) -> None:
    ChallengeFactory()
    client.get("/utmaningar/")
    one = queries_for(client, "/utmaningar/")
    ChallengeFactory.create_batch(22)
    assert queries_for(client, "/utmaningar/") == one
    assert "2" in words_of(client.get("/utmaningar/?page=2"))


def test_an_organisations_page_shows_its_challenges(browser: Client, officer: User) -> None:
    body = officer.organisations.get()
    ChallengeFactory(organisation=body, title="Kvällsbussen")
    ChallengeFactory(organisation=body, title="Bara ett utkast", draft=True)
    page = reverse("organisations:detail", args=[body.public_id])
    assert "Kvällsbussen" in words_of(Client().get(page))
    assert "Bara ett utkast" not in words_of(Client().get(page))
    assert "Bara ett utkast" in words_of(browser.get(page))
    assert "Berätta om en utmaning" in words_of(browser.get(reverse("pages:home")))
