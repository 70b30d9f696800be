"""A challenge that both sides answer counts in their match, and the match follows when an answer comes or goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brygga.outbox.models import OutboxMessage
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.challenges import services
from matching.challenges.models import ChallengeAnswer
from matching.engine.models import Match
from matching.engine.services import rescore_initiative, rescore_offer, run_now
from matching.engine.stamps import Profiles
from matching.kernel import codes
from tests.factories import ChallengeAnswerFactory, ChallengeFactory, OrganisationFactory, UserFactory
from tests.matching.desk.lists import cases_url
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop
from tests.matching.engine.test_rescoring import rows

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def answers(challenge: Any, *profiles: Initiative | SupportOffer) -> list[ChallengeAnswer]:
    return [
        ChallengeAnswerFactory(
            challenge=challenge,
            initiative=one if isinstance(one, Initiative) else None,
            offer=one if isinstance(one, SupportOffer) else None,
        )
        for one in profiles
    ]


def value(initiative: Initiative, offer: SupportOffer) -> float | None:
    """Return the stored value of the criterion, None where it is not known."""
    numbers = bytes(Match.objects.current().get(initiative=initiative, offer=offer).numbers)
    place = 4 * codes.CRITERIA.index("challenge")
    found = int.from_bytes(numbers[place : place + 4], "little", signed=True)
    return None if found < 0 else found / 1_000_000


def test_the_same_challenge_counts_and_another_does_not() -> None:
    initiative, offer, other, silent = workshop(), grant(), mentor(), grant(title="Ett annat bidrag")
    alone = workshop(title="Verkstad utan utmaning")
    evenings, winters = ChallengeFactory(title="Kvällarna"), ChallengeFactory(title="Vintrarna")
    answers(evenings, initiative, offer)
    answers(winters, other)
    run_now(now=NOW)
    assert value(initiative, offer) == 1
    assert value(initiative, other) == 0
    assert value(initiative, silent) is None
    assert value(alone, offer) is None


def test_what_is_a_draft_or_taken_away_counts_for_nothing() -> None:
    initiative, offer, other = workshop(), grant(), mentor()
    draft, told = ChallengeFactory(draft=True), ChallengeFactory()
    answers(draft, initiative, offer)
    answers(told, initiative, other)
    ChallengeAnswer.objects.filter(offer=other).update(removed_at=NOW, removed_reason="Hör inte hit.")
    run_now(now=NOW)
    assert value(initiative, offer) is None
    assert value(initiative, other) is None


def test_the_short_way_gives_the_numbers_of_a_full_run() -> None:
    initiative, offer = workshop(), grant()
    garden(), mentor()
    answers(ChallengeFactory(), initiative, offer)
    run_now(now=NOW)
    before = rows()
    rescore_initiative(initiative_id=initiative.pk, now=NOW)
    rescore_offer(offer_id=offer.pk, now=NOW)
    assert rows() == before


def test_an_answer_that_comes_goes_or_comes_back_has_its_profile_rescored() -> None:
    officer, writer = UserFactory(), UserFactory()
    initiative, offer = workshop(organisation=OrganisationFactory(owner=writer)), grant()
    body = OrganisationFactory(kind="municipality", verified=True, owner=officer)
    challenge = ChallengeFactory(organisation=body)
    answers(challenge, offer)
    run_now(now=NOW)
    steps = [
        lambda: services.answer_challenge(challenge=challenge, profile=initiative, actor=None, now=LATER),
        lambda: services.remove_answer(answer=made(), actor=officer, reason="Nej.", now=LATER),
        lambda: services.put_back_answer(answer=made(), actor=officer, now=LATER),
        lambda: services.withdraw_answer(answer=made(), actor=writer, now=LATER),
    ]

    def made() -> ChallengeAnswer:
        return ChallengeAnswer.objects.get(initiative=initiative)

    for step, expected in zip(steps, [1, None, 1, None], strict=True):
        OutboxMessage.objects.all().delete()
        before = Profiles.now(NOW)
        step()
        assert OutboxMessage.objects.filter(task="matching.rescore_initiative").count() == 1
        now = Profiles.now(NOW)
        assert now.initiatives.differing(before.initiatives) == [initiative.pk]
        assert now.offers.differing(before.offers) == []
        rescore_initiative(initiative_id=initiative.pk, now=LATER)
        assert value(initiative, offer) == expected


def test_the_reason_names_the_challenge_and_nothing_is_said_where_there_is_none(client: Client) -> None:
    giver = UserFactory()
    offer = grant(organisation=OrganisationFactory(kind="foundation", verified=True, owner=giver))
    initiative, alone = workshop(), workshop(title="Verkstaden intill")
    answers(ChallengeFactory(title="Kvällarna i centrum"), initiative, offer)
    run_now(now=NOW)
    client.force_login(giver)
    pages = {
        one: client.get(cases_url(offer, f"{one.public_id}/")).content.decode() for one in (initiative, alone)
    }
    assert "Båda svarar på samma utmaning: ”Kvällarna i centrum”" in pages[initiative]
    assert "utmaning" not in pages[alone].split("<main")[1].split("</main")[0]
