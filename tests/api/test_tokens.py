"""Who may ask: strangers, people in a browser, and programs with a personal token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brygga.users.enums import TokenScope
from brygga.users.models import ApiToken
from brygga.users.services import revoke_token
from tests.api.conftest import ask, expired_token_for, token_for
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db

PUBLIC = ["/api/v1/initiatives/", "/api/v1/offers/", "/api/v1/taxonomy/?list=drivers"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_open_to_strangers_sessions_and_tokens_with_the_scope(
    cast: Cast, address: str
) -> None:
    client = Client()
    client.force_login(cast.amina)
    assert ask(address).status_code == 200
    assert client.get(address).status_code == 200
    assert ask(address, token=token_for(cast.amina, TokenScope.READ_PROFILES)).status_code == 200


@pytest.mark.parametrize("address", PUBLIC)
def test_token_without_the_scope_is_refused(cast: Cast, address: str) -> None:
    answer = ask(address, token=token_for(cast.amina, TokenScope.READ_MATCHES))
    assert answer.status_code == 403
    assert answer.json() == {"detail": "This token lacks the scope read_profiles.", "errors": {}}
    swedish = ask(address, token=token_for(cast.amina, TokenScope.READ_MATCHES), language="sv")
    assert swedish.json()["detail"] == "Nyckeln saknar behörigheten read_profiles."


def dead_tokens(cast: Cast) -> dict[str, str]:
    revoked = token_for(cast.amina, TokenScope.READ_PROFILES)
    assert revoke_token(user=cast.amina, token_key=revoked[:15], now=timezone.now())
    inactive = token_for(cast.erik, TokenScope.READ_PROFILES)
    type(cast.erik).objects.filter(pk=cast.erik.pk).update(is_active=False)
    return {
        "expired": expired_token_for(cast.amina, TokenScope.READ_PROFILES),
        "revoked": revoked,
        "inactive": inactive,
        "wrong end": token_for(cast.amina, TokenScope.READ_PROFILES)[:-1] + "x",
        "made up": "a" * 64,
        "not ascii": "å" * 20,
        "punctuation": "abc'--",
        "two words": "abc def",
        "empty": " ",
    }


@pytest.mark.parametrize(
    "which",
    [
        "expired",
        "revoked",
        "inactive",
        "wrong end",
        "made up",
        "not ascii",
        "punctuation",
        "two words",
        "empty",
    ],
)
@pytest.mark.parametrize("address", ["/api/v1/initiatives/", "/api/v1/initiatives/abc/matches/"])
def test_dead_tokens_open_nothing_not_even_what_is_public(cast: Cast, address: str, which: str) -> None:
    secret = dead_tokens(cast)[which]
    answer = ask(address, token=secret)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json() == {
        "detail": "The token does not work. It may have expired or been removed.",
        "errors": {},
    }


def test_using_an_expired_token_deletes_nothing(cast: Cast) -> None:
    secret = expired_token_for(cast.amina, TokenScope.READ_PROFILES)
    other = token_for(cast.amina, TokenScope.READ_PROFILES)
    before = set(ApiToken.objects.values_list("digest", flat=True))
    assert (ask(PUBLIC[0], token=secret).status_code, ask(PUBLIC[0], token=other).status_code) == (401, 200)
    assert set(ApiToken.objects.values_list("digest", flat=True)) == before


def test_token_is_stored_as_a_hash_only(cast: Cast) -> None:
    secret = token_for(cast.amina, TokenScope.READ_PROFILES)
    row = ApiToken.objects.values().get()
    assert not any(secret in str(value) for value in row.values())


def test_token_sees_what_its_owner_sees(cast: Cast) -> None:
    draft = InitiativeFactory(organisation=cast.association, draft=True)
    offer = SupportOfferFactory(organisation=cast.foundation, paused=True)
    own, other = f"/api/v1/initiatives/{draft.public_id}/", f"/api/v1/offers/{offer.public_id}/"
    amina = token_for(cast.amina, TokenScope.READ_PROFILES)
    ruth = token_for(cast.ruth, TokenScope.READ_PROFILES)
    assert [ask(own, token=token).status_code for token in ("", amina, ruth)] == [404, 200, 404]
    assert [ask(other, token=token).status_code for token in ("", amina, ruth)] == [404, 404, 200]
    assert ask("/api/v1/initiatives/", token=amina).json()["count"] == 0


def test_token_opens_no_page(cast: Cast) -> None:
    secret = token_for(cast.amina, TokenScope.READ_PROFILES, TokenScope.READ_MATCHES)
    answer = ask("/en/my-page/", token=secret)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/en/account/sign-in/")


def test_another_site_cannot_read_for_somebody(cast: Cast) -> None:
    client: Any = Client()
    client.force_login(cast.amina)
    answer = client.get("/api/v1/initiatives/", headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
