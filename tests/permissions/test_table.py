"""docs/permissions.md is true: every URL is in it, and everybody gets what it says."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from tests.permissions.table import ADMIN, Row, address, asked_once, in_words, read_table, urls
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db
TABLE = read_table()


def test_every_url_is_in_the_table_and_every_row_is_a_url() -> None:
    named = {name for name, _ in urls() if not name.startswith(ADMIN)} | {"admin:index"}
    assert {row.name for row in TABLE} == named


def test_no_url_is_without_a_name() -> None:
    nameless = [name for name, _ in urls() if name.endswith("?") and not name.startswith(ADMIN)]
    assert nameless == []


def test_no_row_stands_twice() -> None:
    seen = [(row.name, row.verb, row.about) for row in TABLE]
    assert sorted(set(seen)) == sorted(seen)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_what_the_table_says(world: World, row: Row) -> None:
    # A visitor asks in English too: the addresses differ, the answers do not.
    asked = [(role, "sv") for role in ROLES]
    if address(row.name, world.things[row.about], "en") != address(row.name, world.things[row.about], "sv"):
        asked.append(("visitor", "en"))
    expected = dict(zip(ROLES, row.expected, strict=True))
    found = {pair: asked_once(world, row, *pair) for pair in asked}
    assert found == {(role, language): expected[role] for role, language in asked}


def admin_addresses() -> list[str]:
    found = []
    for name, wanted in urls():
        if name.startswith(ADMIN) and not name.endswith("?"):
            filled = {"object_id": "1", "app_label": "users", "content_type_id": 1, "id": "1", "url": "x"}
            kwargs = {key: filled.get(key, "1") for key in wanted}
            try:
                found.append(reverse(name, kwargs=kwargs))
            except NoReverseMatch:  # an address that only redirects, or takes what the admin makes itself
                found.append(f"/admin/{name.removeprefix(ADMIN)}/")
    return found


def test_the_admin_is_closed_to_all_but_staff(world: World) -> None:
    addresses = admin_addresses()
    assert len(addresses) > 50
    for role in ROLES[:-1]:
        client = world.client(role)
        # All addresses as a visitor and as an owner, for the others one of each kind is enough.
        for where in addresses if role in ("visitor", "owner") else addresses[:8]:
            response = client.get(where)
            assert response.status_code in (302, 403, 404), (role, where)
            assert response.status_code != 302 or "/login/" in response["Location"] or in_words(response), (
                where
            )


def test_staff_without_a_second_factor_get_no_further(world: World) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    client = world.client("staff")
    for name in ("admin:index", "pages:home", "pages:about", "innovators:catalogue", "users:tokens"):
        response = client.get(reverse(name))
        assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp")), name
    assert client.get(reverse("api-initiatives")).status_code == 403
    assert client.post(reverse("account_logout")).status_code == 302
