"""What a request may do: only a POST with a token changes anything, and nobody is led astray."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.http import urlencode

from brygga.users.models import DemoPerson
from tests.factories import UserFactory
from tests.permissions.table import Row, address, read_table, rolled_back
from tests.permissions.world import ROLES, World
from tests.security.conftest import pages
from tests.users.conftest import newest_code

pytestmark = pytest.mark.django_db

# A cookie for the looks of the page, and a question whose answer writes nothing (so that who only asks needs no
# cookie): nothing is gained by forging them. And links that stop mails, which mail programs post by themselves
# (RFC 8058): the address itself is signed, and whoever has it may stop those mails.
NEEDS_NO_TOKEN = {"core:set-theme", "quick:match", "search:stop", "notifications:stop", "newsletter:stop"}
# What a GET does write, and why that harms nobody.
MAY_WRITE = {
    "GET users:confirm-it-is-you": {"outbox_outboxmessage", "django_session"},  # sends the code it asks for
    "GET mfa_index": {"django_session"},
    "GET account_login": {"django_session"},
    "GET mfa_reauthenticate": {"django_session"},
}


def posts() -> list[Row]:
    return [row for row in read_table() if row.verb == "POST" and row.name not in NEEDS_NO_TOKEN]


@pytest.mark.parametrize("row", posts(), ids=str)
def test_every_post_needs_its_token(world: World, row: Row) -> None:
    expected = dict(zip(ROLES, row.expected, strict=True))
    allowed = [role for role in ROLES if expected[role] not in ("404", "403", "302 sign-in")]
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client((allowed or ["owner"])[0]).cookies
    cache.clear()
    response = client.post(
        address(row.name, world.things[row.about], "sv"), {"csrfmiddlewaretoken": "x" * 64}
    )
    assert response.status_code == 403


def fingerprints() -> dict[str, tuple[int, int]]:
    """Return how many rows each table has, and a number that changes with any of their values."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "spatial_ref_sys"]
        union = " UNION ALL ".join(
            f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM \"{name}\" t"
            for name in tables
        )
        cursor.execute(union)
        return {name: (count, int(digest)) for name, count, digest in cursor.fetchall()}


def test_reading_writes_nothing(world: World) -> None:
    found: dict[str, set[str]] = {}
    before = fingerprints()
    for page in pages():
        if page.language != "sv":
            continue
        cache.clear()
        with rolled_back():
            assert world.client(page.role).get(page.address(world)).status_code == 200
            after = fingerprints()
        changed = {name for name in after if after[name] != before[name]}
        if changed - MAY_WRITE.get(str(page.row), set()):
            found[str(page)] = changed
    assert found == {}


def test_head_is_answered_as_get_and_writes_nothing(world: World) -> None:
    before = fingerprints()
    for where in ("/", "/initiativ/", "/stod/", "/api/v1/initiatives/"):
        response = world.client("visitor").head(where)
        assert (response.status_code, response.content) in ((200, b""), (405, b"")), where
    assert fingerprints() == before


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "https:\\\\evil.example",
    "/%09/evil.example".replace("%09", "\t"),
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
]


def leads_astray(response: Any) -> bool:
    target = response.headers.get("Location", "")
    return bool(target) and not re.fullmatch(r"/(?![/\\])[^\\\s]*", target)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(world: World, target: str) -> None:
    demo = DemoPerson.objects.get()
    asked = urlencode({"next": target})
    owner, visitor = world.client("owner"), world.client("visitor")
    answers = {
        "theme": visitor.post("/theme/", {"theme": "dark", "next": target}),
        "demo": visitor.post("/konto/demo/sign-in/", {"person": demo.pk, "next": target}),
        "sign-in when signed in": owner.get(f"/konto/logga-in/?{asked}"),
        "sign-up when signed in": owner.get(f"/konto/skapa/?{asked}"),
        "confirm, staff": world.client("staff").get(f"/konto/bekrafta-att-det-ar-du/?{asked}"),
        "sign-out": world.client("giver").post(f"/konto/logga-ut/?{asked}", {"next": target}),
    }
    assert [name for name, answer in answers.items() if leads_astray(answer)] == []
    assert all(answer.status_code == 302 for answer in answers.values())


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(target: str) -> None:
    person = UserFactory(password=make_password("en-lång-fras-om-bryggor"))
    cache.clear()
    client = Client()
    given = {"login": person.email, "password": "en-lång-fras-om-bryggor", "next": target}
    response = client.post("/konto/logga-in/losenord/?" + urlencode({"next": target}), given)
    assert (response.status_code, leads_astray(response)) == (302, False)

    client = Client()
    response = client.post("/konto/logga-in/kod/", {"email": person.email, "next": target})
    assert (response.status_code, leads_astray(response)) == (302, False)
    response = client.post(response["Location"], {"code": newest_code()})
    assert (response.status_code, leads_astray(response)) == (302, False)
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("target", ["/min-sida/?a=1", "/en/initiatives/"])
def test_own_pages_are_led_to(world: World, target: str) -> None:
    demo = DemoPerson.objects.get()
    response = world.client("visitor").post("/konto/demo/sign-in/", {"person": demo.pk, "next": target})
    assert response["Location"] == target


@pytest.mark.parametrize(
    "question",
    [
        "page=abc",
        "page=-1",
        "page=999999999999999999999",
        "page=%00",
        "q=%00",
        "q=" + "a" * 3000,
        "q=%F0%9F%98%80%27%22%5C%3B--",
        "q=%26%7C%21%3A%2A%28",
        "theme=finns-inte",
        "theme=%00",
        "place=SE-9999",
        "need=x&need=y",
        "sort=;drop",
        "county=x&reason=y&by=z",
        "when=x&who=%00&giver=q",
        "%00=%00",
        "tab=x&band=y&verdict=z&show=w",
    ],
)
def test_bad_parameters_break_no_page(world: World, question: str) -> None:
    initiative, offer = world.initiatives["initiative"].public_id, world.offers["offer"].public_id
    found = {}
    for where, role in [
        ("/", "visitor"),
        ("/initiativ/", "visitor"),
        ("/stod/", "visitor"),
        ("/lovande/", "visitor"),
        ("/initiativ/mina/", "owner"),
        ("/stod/mina/", "giver"),
        ("/meddelanden/", "owner"),
        ("/organisationer/", "owner"),
        ("/traffar/kontakter/", "owner"),
        (f"/traffar/initiativ/{initiative}/", "owner"),
        (f"/traffar/stod/{offer}/", "giver"),
        (f"/traffar/stod/{offer}/var-lista/", "giver"),
        (f"/traffar/stod/{offer}/varfor-inte/", "giver"),
        ("/konto/demo/mailbox/", "visitor"),
    ]:
        status = world.client(role).get(f"{where}?{question}").status_code
        if status != 200:
            found[where] = status
    assert found == {}


@pytest.mark.parametrize(
    "identifier", ["x", "a%00b", "å", "k" * 300, "..", "%2e%2e%2f", "1 OR 1=1", "-1", "9" * 30]
)
def test_bad_identifiers_are_not_found(world: World, identifier: str) -> None:
    client = world.client("owner")
    for where in (
        f"/initiativ/{identifier}/",
        f"/stod/{identifier}/",
        f"/organisationer/{identifier}/",
        f"/organisationer/inbjudan/{identifier}/",
        f"/lovande/lyft/{identifier}/",
        f"/lovande/{identifier}/ta-tillbaka/",
        f"/konto/nycklar/{identifier}/ta-bort/",
        f"/traffar/kontakter/{identifier}/",
        f"/traffar/stod/{identifier}/{identifier}/",
        f"/api/v1/initiatives/{identifier}/matches/",
        f"/api/v1/offers/{identifier}/",
        f"/konto/demo/mailbox/{identifier}/",
    ):
        assert client.get(where).status_code in (302, 404), where
