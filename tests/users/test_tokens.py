"""Personal API tokens: shown once, scoped, expiring, revocable."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from brygga.audit.models import AuditEvent
from brygga.users.authentication import HasScope
from brygga.users.enums import TokenScope
from brygga.users.models import ApiToken, User
from brygga.users.services import TokenRefused, create_token, revoke_token
from tests.factories import UserFactory
from tests.queries import queries_for
from tests.users.conftest import newest_code

GOOD = {"name": "Ärendesystemet", "scopes": ["read_profiles"], "days": "90"}


class MatchesView(APIView):
    permission_classes = [HasScope(TokenScope.READ_MATCHES)]

    def get(self, request: object) -> Response:
        return Response({"user": self.request.user.pk})


def call(secret: str) -> int:
    request = APIRequestFactory().get("/", headers={"authorization": f"Bearer {secret}"})
    return int(MatchesView.as_view()(request).status_code)


@pytest.fixture
def amina(db: None) -> User:
    return UserFactory(email="amina@exempel.example")


@pytest.fixture
def signed_in(client: Client, amina: User) -> Client:
    client.post("/konto/logga-in/", {"login": amina.email})
    client.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})
    return client


def test_token_is_shown_once_and_stored_as_a_hash(signed_in: Client, amina: User) -> None:
    made = signed_in.post(reverse("users:create-token"), GOOD)
    found = re.search(r'value="([0-9a-f]{64})"', made.content.decode())
    assert found
    token = ApiToken.objects.get()

    assert token.digest != found[1]
    assert found[1] not in signed_in.get(reverse("users:tokens")).content.decode()
    assert (token.user, token.name, token.scopes) == (amina, "Ärendesystemet", ["read_profiles"])
    assert timedelta(days=89) < token.expiry - timezone.now() <= timedelta(days=90)
    assert "no-store" in made["Cache-Control"]


def test_making_and_removing_are_audited_without_the_secret(signed_in: Client, amina: User) -> None:
    signed_in.post(reverse("users:create-token"), GOOD)
    token = ApiToken.objects.get()
    signed_in.post(reverse("users:revoke-token", args=[token.token_key]))

    events = AuditEvent.objects.order_by("pk").values_list("verb", "actor_id", "details")
    assert list(events) == [
        ("create_token", amina.pk, {"token": token.token_key, "scopes": ["read_profiles"]}),
        ("revoke_token", amina.pk, {"token": token.token_key}),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "366"},
        {"days": "x"},
        {"days": "-1"},
    ],
)
def test_bad_answers_are_422_and_keep_what_was_typed(signed_in: Client, changes: dict[str, object]) -> None:
    response = signed_in.post(reverse("users:create-token"), {**GOOD, **changes})

    assert response.status_code == 422
    assert ApiToken.objects.count() == 0
    if changes != {"name": ""}:
        assert "Ärendesystemet" in response.content.decode()


@pytest.mark.parametrize(("scopes", "days"), [([], 10), (["read_matches"], 0), (["read_matches"], 366)])
def test_service_refuses_what_the_form_refuses(amina: User, scopes: list[str], days: int) -> None:
    with pytest.raises(TokenRefused):
        create_token(user=amina, name="x", scopes=scopes, days=days, now=timezone.now())


def test_there_is_an_end_to_how_many(amina: User) -> None:
    for number in range(20):
        create_token(user=amina, name=str(number), scopes=["read_matches"], days=1, now=timezone.now())

    with pytest.raises(TokenRefused):
        create_token(user=amina, name="one more", scopes=["read_matches"], days=1, now=timezone.now())


def test_scope_decides_what_a_token_may(amina: User) -> None:
    _, matches = create_token(user=amina, name="m", scopes=["read_matches"], days=1, now=timezone.now())
    _, profiles = create_token(user=amina, name="p", scopes=["read_profiles"], days=1, now=timezone.now())

    assert (call(matches), call(profiles), call("nonsense"), call(matches[:-1] + "x")) == (200, 403, 401, 401)


def test_a_session_may_what_the_person_may(amina: User) -> None:
    request = APIRequestFactory().get("/")
    force_authenticate(request, user=amina)

    assert MatchesView.as_view()(request).status_code == 200


def test_token_stops_when_its_time_is_out(amina: User) -> None:
    _, secret = create_token(user=amina, name="m", scopes=["read_matches"], days=30, now=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert call(secret) == 200
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert call(secret) == 401


def test_token_stops_when_removed_or_when_the_account_is_closed(amina: User) -> None:
    token, secret = create_token(user=amina, name="m", scopes=["read_matches"], days=30, now=timezone.now())
    _, other = create_token(user=amina, name="o", scopes=["read_matches"], days=30, now=timezone.now())

    assert revoke_token(user=amina, token_key=token.token_key, now=timezone.now())
    assert call(secret) == 401
    amina.is_active = False
    amina.save()
    assert call(other) == 401


def test_nobody_sees_or_removes_the_tokens_of_others(client: Client, amina: User) -> None:
    token, _ = create_token(
        user=amina, name="Hemligt namn", scopes=["read_matches"], days=9, now=timezone.now()
    )
    client.force_login(UserFactory())
    address = reverse("users:revoke-token", args=[token.token_key])

    assert client.get(address).status_code == 404
    client.post(address)
    assert ApiToken.objects.filter(pk=token.pk).exists()
    assert "Hemligt namn" not in client.get(reverse("users:tokens")).content.decode()


def test_removing_twice_does_nothing_twice(signed_in: Client, amina: User) -> None:
    token, _ = create_token(user=amina, name="m", scopes=["read_matches"], days=9, now=timezone.now())
    address = reverse("users:revoke-token", args=[token.token_key])
    assert signed_in.get(address).status_code == 200

    answers = [signed_in.post(address).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert AuditEvent.objects.filter(verb="revoke_token").count() == 1


def test_list_costs_the_same_for_one_token_and_three(signed_in: Client, amina: User) -> None:
    address = reverse("users:tokens")
    signed_in.get(address)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            create_token(user=amina, name="m", scopes=["read_matches"], days=9, now=timezone.now())
        counts.append(queries_for(signed_in, address))

    assert counts[0] == counts[1]
