"""The description of the API: true, valid, and readable by people."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.conftest import ask
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_schema_is_valid_and_without_warnings() -> None:
    out = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    assert out.getvalue().startswith("openapi: 3.1.1")


def api_patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_patterns(pattern, address)
        elif isinstance(pattern, URLPattern) and address.startswith("/api/v1/"):
            yield address.replace("<slug:", "{").replace(">", "}")


def test_every_address_is_described_with_example_and_errors() -> None:
    answer = ask("/api/schema/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    schema = answer.json()
    assert schema["openapi"] == "3.1.1"
    assert set(schema["paths"]) == set(api_patterns(get_resolver()))
    for path, methods in schema["paths"].items():
        assert list(methods) == ["get"], path
        operation = methods["get"]
        assert operation["summary"]
        codes = {"200", "400", "401", "403", "429"} | ({"404"} if "{" in path else set())
        assert set(operation["responses"]) == codes, path
        for code, response in operation["responses"].items():
            assert response["content"]["application/json"]["examples"], (path, code)
        assert all(parameter["description"] for parameter in operation.get("parameters", [])), path
        assert ({} in operation["security"]) == ("matches" not in path)


def test_schema_speaks_the_language_asked_for() -> None:
    paths = {language: ask("/api/schema/", language=language).json()["paths"] for language in ("sv", "en")}
    for path in paths["sv"]:
        swedish, english = (paths[language][path]["get"]["summary"] for language in ("sv", "en"))
        assert swedish != english


def test_schema_opens_with_any_token_or_none(cast: Cast) -> None:
    assert ask("/api/schema/", token="nonsense").status_code == 200
    assert ask("/api/schema/?x=1").status_code == 400


@pytest.mark.parametrize(
    ("address", "heading", "tokens"),
    [
        ("/oppna-data/", "Öppna data och API", "/konto/nycklar/"),
        ("/en/open-data/", "Open data and API", "/en/account/tokens/"),
    ],
)
def test_page_for_people_lists_every_address_with_an_example(
    client: Client, address: str, heading: str, tokens: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert heading in text
    assert f'href="{tokens}"' in text
    for path in ask("/api/schema/").json()["paths"]:
        assert f"GET {path}" in text
        assert f"http://testserver{path.replace('{public_id}', 'k7m2qxw9ta')}" in text
    assert text.count("curl ") == 2 + 8
    assert text.count("<h1") == 1


def test_examples_on_the_page_are_answered(client: Client) -> None:
    rows = client.get("/en/open-data/").context["rows"]
    seen = {row["operation"].name: ask(row["address"]).status_code for row in rows}
    assert seen == {
        "index": 200,
        "taxonomy": 200,
        "initiatives": 200,
        "initiative": 404,  # an id that nobody has
        "offers": 200,
        "offer": 404,
        "initiative_matches": 401,
        "offer_matches": 401,
    }


def test_index_names_every_address_in_the_language_asked_for() -> None:
    paths = ask("/api/schema/").json()["paths"]
    index = {language: ask("/api/v1/", language=language).json() for language in ("sv", "en")}
    assert [row["address"] for row in index["en"]["addresses"]] == [
        f"http://testserver{path}" for path in paths
    ]
    assert index["en"]["documentation"] == "http://testserver/en/open-data/"
    assert ask(index["en"]["schema"]).status_code == 200
    assert {row["name"] for row in index["sv"]["addresses"] if row["needs_token"]} == {
        "initiative_matches",
        "offer_matches",
    }
    assert all(
        swedish["summary"] != english["summary"]
        for swedish, english in zip(index["sv"]["addresses"], index["en"]["addresses"], strict=True)
    )


def test_footer_leads_to_the_page(client: Client) -> None:
    assert 'href="/en/open-data/"' in client.get("/en/about/").content.decode()
