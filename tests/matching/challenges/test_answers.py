"""Who answers a challenge: made by its own people, taken away by either side, shown to those who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from brygga.notifications.models import Notice
from brygga.users.models import User
from innovators.models import Initiative
from matching.challenges import services
from matching.challenges.models import ChallengeAnswer
from tests.factories import (
    NOW,
    ChallengeAnswerFactory,
    ChallengeFactory,
    InitiativeFactory,
    OrganisationFactory,
    SupportOfferFactory,
    UserFactory,
)
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


def page_of(challenge: Any, client: Client | None = None) -> str:
    answer = (client or Client()).get(reverse("challenges:detail", args=[challenge.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def writer() -> User:
    return UserFactory()


@pytest.fixture
def initiative(writer: User) -> Initiative:
    return InitiativeFactory(
        organisation=OrganisationFactory(name="Kvällsbussen", owner=writer), title="Bussen"
    )


def test_an_initiative_answers_once_and_the_challenges_people_are_told(
    client: Client, writer: User, initiative: Initiative
) -> None:
    officer = UserFactory()
    challenge = ChallengeFactory(
        organisation=OrganisationFactory(kind="region", verified=True, owner=officer), title="Kvällar"
    )
    client.force_login(writer)
    where = reverse("matching:answer-challenge", args=[challenge.public_id])
    for _ in range(2):
        client.post(where, {"profile": initiative.public_id})
    assert ChallengeAnswer.objects.count() == 1
    assert "Bussen" in page_of(challenge)
    assert "Kvällar" in client.get(reverse("innovators:detail", args=[initiative.public_id])).content.decode()
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind, notice.parameters["title"]) == (officer, "challenge_answered", "Bussen")


def test_support_answers_and_what_answers_already_is_not_offered_again(client: Client) -> None:
    giver = UserFactory()
    foundation = OrganisationFactory(kind="foundation", verified=True, owner=giver)
    offer = SupportOfferFactory(organisation=foundation, title="Kvällspengen")
    SupportOfferFactory(organisation=foundation, title="Bara ett utkast", draft=True)
    challenge = ChallengeFactory()
    client.force_login(giver)
    where = reverse("matching:answer-challenge", args=[challenge.public_id])
    form = client.get(where).content.decode()
    assert "Kvällspengen" in form
    assert "Bara ett utkast" not in form
    assert "Det räknas också bland era träffar" in form
    assert client.post(where, {"profile": "of-somebody-else"}).status_code == 422
    assert client.post(where, {"profile": offer.public_id}).status_code == 302
    assert "Kvällspengen" in page_of(challenge)
    assert "Kvällspengen" not in client.get(where).content.decode()


def test_an_ended_challenge_and_a_hidden_profile_take_no_answer(writer: User, initiative: Initiative) -> None:
    paused = InitiativeFactory(organisation=initiative.organisation, paused=True)
    for challenge, profile in ((ChallengeFactory(ended=True), initiative), (ChallengeFactory(), paused)):
        with pytest.raises(services.CannotAnswer):
            services.answer_challenge(challenge=challenge, profile=profile, actor=writer, now=NOW)
    assert not ChallengeAnswer.objects.exists()


def test_an_answer_is_there_for_those_who_may_see_what_answers(writer: User, initiative: Initiative) -> None:
    answer = ChallengeAnswerFactory(initiative=initiative)
    Initiative.objects.filter(pk=initiative.pk).update(visibility="chosen")
    own = Client()
    own.force_login(writer)
    assert "Bussen" not in page_of(answer.challenge)
    assert "Ingen har svarat ännu." in page_of(answer.challenge)
    assert "Bussen" in page_of(answer.challenge, own)


def test_ones_own_answer_is_taken_away_as_if_it_had_never_been(
    client: Client, writer: User, initiative: Initiative
) -> None:
    answer = ChallengeAnswerFactory(initiative=initiative)
    client.force_login(writer)
    where = reverse("matching:take-away-answer", args=[answer.challenge.public_id, answer.pk])
    assert "Ingen får veta det" in client.get(where).content.decode()
    client.post(where)
    assert not ChallengeAnswer.objects.exists()
    assert not Notice.objects.exists()


def test_the_challenges_people_take_an_answer_away_with_a_reason_that_only_its_own_people_read(
    client: Client, writer: User, initiative: Initiative
) -> None:
    officer = UserFactory()
    body = OrganisationFactory(kind="municipality", verified=True, owner=officer)
    answer = ChallengeAnswerFactory(initiative=initiative, challenge=ChallengeFactory(organisation=body))
    client.force_login(officer)
    where = reverse("matching:take-away-answer", args=[answer.challenge.public_id, answer.pk])
    assert client.post(where, {"reason": " "}).status_code == 422
    client.post(where, {"reason": "Det är reklam. Ring 070-174 06 05."})
    own = Client()
    own.force_login(writer)
    assert "Bussen" not in page_of(answer.challenge)
    assert "reklam" not in page_of(answer.challenge)
    assert "har tagit bort ”Bussen”: Det är reklam. Ring" in page_of(answer.challenge, own)
    assert "070-174" not in page_of(answer.challenge, own)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (writer, "challenge_answer_removed")
    # It does not come back by itself, and its own people cannot make it anew.
    with pytest.raises(services.CannotAnswer):
        services.answer_challenge(challenge=answer.challenge, profile=initiative, actor=writer, now=NOW)
    services.withdraw_answer(answer=answer, actor=writer, now=NOW)
    assert ChallengeAnswer.objects.count() == 1
    client.post(reverse("matching:put-back-answer", args=[answer.challenge.public_id, answer.pk]))
    assert "Bussen" in page_of(answer.challenge)


def test_others_may_not_answer_for_an_initiative(initiative: Initiative) -> None:
    with pytest.raises(PermissionDenied):
        services.answer_challenge(
            challenge=ChallengeFactory(), profile=initiative, actor=UserFactory(), now=NOW
        )


def test_fifteen_answers_cost_as_few_questions_as_one(client: Client) -> None:
    challenge = ChallengeFactory()
    ChallengeAnswerFactory(challenge=challenge)
    here = reverse("challenges:detail", args=[challenge.public_id])
    client.get(here)
    one = queries_for(client, here)
    for _ in range(14):
        ChallengeAnswerFactory(challenge=challenge)
    assert queries_for(client, here) == one
    assert "15 initiativ arbetar med den" in page_of(challenge)


@pytest.mark.django_db(transaction=True)
def test_answered_twice_at_the_same_moment_is_answered_once(writer: User, initiative: Initiative) -> None:
    challenge = ChallengeFactory()

    def answer() -> str:
        services.answer_challenge(challenge=challenge, profile=initiative, actor=writer, now=NOW)
        return "answered"

    for _ in range(5):
        ChallengeAnswer.objects.all().delete()
        assert race(answer, answer) == ["answered", "answered"]
        assert ChallengeAnswer.objects.count() == 1
