"""One's own matches: to members with numbers and reasons, to nobody else."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.users.enums import TokenScope
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.services import run_now
from tests.api.conftest import ask, token_for
from tests.cast import Cast
from tests.factories import InitiativeFactory, OrganisationFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast) -> tuple[Initiative, SupportOffer]:
    initiative = InitiativeFactory(
        organisation=cast.association, title="Lagningsverkstaden", contact={"email": "hemlig@canary.example"}
    )
    offer = SupportOfferFactory(
        organisation=cast.foundation, title="Bidrag till unga", contact={"email": "givare@canary.example"}
    )
    run_now(now=timezone.now())
    return initiative, offer


def addresses(pair: tuple[Initiative, SupportOffer]) -> tuple[str, str]:
    initiative, offer = pair
    return (
        f"/api/v1/initiatives/{initiative.public_id}/matches/",
        f"/api/v1/offers/{offer.public_id}/matches/",
    )


def test_members_read_their_matches_with_reasons_in_both_languages(
    cast: Cast, pair: tuple[Initiative, SupportOffer]
) -> None:
    initiative, _ = pair
    for address, person in zip(addresses(pair), (cast.rolf, cast.ruth), strict=True):
        answer = ask(address, token=token_for(person, TokenScope.READ_MATCHES))
        assert answer.status_code == 200
        found = answer.json()
        assert (found["count"], found["next"]) == (1, None)
        match = found["results"][0]
        assert match["initiative"] == {
            "public_id": initiative.public_id,
            "title": "Lagningsverkstaden",
            "url": f"http://testserver/en/initiatives/{initiative.public_id}/",
        }
        assert match["offer"]["title"] == "Bidrag till unga"
        assert match["verdict"] == "fits"
        assert match["band"] in ("strong", "good", "possible")
        assert match["base"] + sum(line["contribution"] for line in match["criteria"]) == pytest.approx(
            match["fit"], abs=0.001
        )
        assert {line["criterion"] for line in match["criteria"]} == {
            "text",
            "themes",
            "target_groups",
            "area",
            "process_parts",
            "support_kind",
            "amount",
            "organisation",
            "drivers",
            "history",
            "challenge",
        }
        assert all(line["reason_sv"] and line["reason_en"] for line in match["criteria"])
        assert all(line["reason_sv"] and line["reason_en"] for line in match["requirements"])
        assert "canary" not in answer.content.decode()


def test_sentences_speak_to_the_reader(cast: Cast, pair: tuple[Initiative, SupportOffer]) -> None:
    mine, theirs = (
        ask(address, token=token_for(person, TokenScope.READ_MATCHES)).json()["results"][0]["criteria"]
        for address, person in zip(addresses(pair), (cast.amina, cast.ruth), strict=True)
    )
    amount = next(line for line in mine if line["criterion"] == "amount")
    assert amount["reason_en"].startswith("You ask for")
    amount = next(line for line in theirs if line["criterion"] == "amount")
    assert amount["reason_en"].startswith("They ask for")


def test_strangers_the_other_side_and_staff_find_nothing(
    cast: Cast, pair: tuple[Initiative, SupportOffer]
) -> None:
    for_initiative, for_offer = addresses(pair)
    for person in (cast.ruth, cast.sara, cast.ingrid):
        assert ask(for_initiative, token=token_for(person, TokenScope.READ_MATCHES)).status_code == 404
    for person in (cast.amina, cast.sara, cast.ingrid):
        assert ask(for_offer, token=token_for(person, TokenScope.READ_MATCHES)).status_code == 404
    staff = token_for(cast.stefan, TokenScope.READ_MATCHES)
    # Their tokens are closed until they sign in with two steps; with that they still find nothing.
    assert [ask(address, token=staff).status_code for address in addresses(pair)] == [401, 401]
    Authenticator.objects.create(user=cast.stefan, type=Authenticator.Type.TOTP, data={"secret": "none"})
    assert [ask(address, token=staff).status_code for address in addresses(pair)] == [404, 404]


def test_nobody_without_a_name_is_let_in(pair: tuple[Initiative, SupportOffer]) -> None:
    for address in addresses(pair):
        answer = ask(address)
        assert (answer.status_code, answer.json()["detail"]) == (401, "Sign in, or send a personal token.")
        assert ask(address.replace("matches", "nothing")).status_code == 404


def test_token_needs_the_scope_for_matches(cast: Cast, pair: tuple[Initiative, SupportOffer]) -> None:
    secret = token_for(cast.amina, TokenScope.READ_PROFILES)
    answer = ask(addresses(pair)[0], token=secret)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This token lacks the scope read_matches.")


def test_hidden_initiatives_are_in_no_list_of_matches(cast: Cast) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)
    for visibility in ("everyone", "chosen", "fitting_givers"):
        InitiativeFactory(title=visibility, visibility=visibility)
    InitiativeFactory(title="not fitting", visibility="fitting_givers", legal_entity=None)
    run_now(now=timezone.now())
    InitiativeFactory(title="paused", paused=True)
    secret = token_for(cast.ruth, TokenScope.READ_MATCHES)
    found = ask(f"/api/v1/offers/{offer.public_id}/matches/", token=secret).json()
    assert sorted(match["initiative"]["title"] for match in found["results"]) == [
        "everyone",
        "fitting_givers",
    ]
    assert found["count"] == 2
    # The giver is no longer verified, so what was for verified givers is gone.
    type(cast.foundation).objects.filter(pk=cast.foundation.pk).update(verified_at=None)
    found = ask(f"/api/v1/offers/{offer.public_id}/matches/", token=secret).json()
    assert [match["initiative"]["title"] for match in found["results"]] == ["everyone"]


def test_pages_of_matches(cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    for _ in range(3):
        SupportOfferFactory()
    run_now(now=timezone.now())
    secret = token_for(cast.amina, TokenScope.READ_MATCHES)
    address = f"/api/v1/initiatives/{initiative.public_id}/matches/"
    whole = ask(address, token=secret).json()["results"]
    first = ask(f"{address}?page_size=2", token=secret).json()
    second = ask(first["next"], token=secret).json()
    assert [*first["results"], *second["results"]] == whole
    assert (first["count"], second["next"]) == (3, None)
    assert [match["fit"] for match in whole] == sorted((match["fit"] for match in whole), reverse=True)
    assert ask(f"{address}?page=0", token=secret).status_code == 400
    assert ask(f"{address}?page=500", token=secret).json()["results"] == []


def test_constant_number_of_queries(cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    secret = token_for(cast.amina, TokenScope.READ_MATCHES)
    address = f"/api/v1/initiatives/{initiative.public_id}/matches/"
    numbers = []
    for more in (1, 2):
        for _ in range(more):
            SupportOfferFactory(organisation=OrganisationFactory())
        run_now(now=timezone.now())
        ask(address, token=secret)  # the run's analysis is read once in a process
        with CaptureQueriesContext(connection) as queries:
            assert ask(address, token=secret).status_code == 200
        numbers.append(len([query for query in queries if "taxonomyversion" not in query["sql"]]))
    assert numbers[0] == numbers[1]
