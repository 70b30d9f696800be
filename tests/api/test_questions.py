"""Wrong questions and how they are answered: by parameter, in the language asked for, never as a page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.conftest import ask
from tests.cast import Cast
from tests.factories import InitiativeFactory

pytestmark = pytest.mark.django_db

INITIATIVES = "/api/v1/initiatives/"
OFFERS = "/api/v1/offers/"
TAXONOMY = "/api/v1/taxonomy/"


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        (f"{INITIATIVES}?colour=red", {"colour": "Known here: q, area, theme"}),
        (f"{INITIATIVES}?area=SE-99", {"area": "All codes are at /api/v1/taxonomy/?list=areas"}),
        (f"{INITIATIVES}?area=SE", {"area": "do not know"}),
        (f"{INITIATIVES}?theme=", {"theme": "do not know"}),
        (f"{INITIATIVES}?need=gold", {"need": "grant, loan"}),
        (f"{INITIATIVES}?language=de", {"language": "sv, en"}),
        (f"{INITIATIVES}?language=sv&language=en", {"language": "once"}),
        (f"{INITIATIVES}?updated_since=yesterday", {"updated_since": "2026-11-22"}),
        (f"{INITIATIVES}?updated_since=2026-13-45", {"updated_since": "2026-11-22"}),
        (f"{INITIATIVES}?updated_since=0001-01-01T00:00:00", {"updated_since": "2026-11-22"}),
        (f"{INITIATIVES}?page_size=0", {"page_size": "1 to 100"}),
        (f"{INITIATIVES}?page_size=101", {"page_size": "1 to 100"}),
        (f"{INITIATIVES}?page_size=٣", {"page_size": "1 to 100"}),
        (f"{INITIATIVES}?cursor=abc", {"cursor": "next"}),
        (f"{INITIATIVES}?cursor=%FF%00", {"cursor": "next"}),
        (f"{INITIATIVES}?q=", {"q": "search"}),
        (f"{INITIATIVES}?q=" + "a" * 201, {"q": "200"}),
        (f"{INITIATIVES}?need=gold&colour=red", {"need": "grant", "colour": "Known here"}),
        (f"{OFFERS}?open=soon", {"open": "now, later"}),
        (f"{OFFERS}?page=2", {"page": "Known here"}),
        (f"{TAXONOMY}?list=colours", {"list": "themes"}),
        (f"{TAXONOMY}?format=csv", {"format": "Known here: list"}),
    ],
)
def test_wrong_questions_are_said_by_parameter(address: str, errors: dict[str, str]) -> None:
    answer = ask(address)
    assert answer.status_code == 400
    found = answer.json()
    assert found["detail"] == "The address holds something that we do not understand."
    assert set(found["errors"]) == set(errors)
    for name, part in errors.items():
        assert part in found["errors"][name][0]


def test_detail_knows_no_parameters() -> None:
    initiative = InitiativeFactory()
    answer = ask(f"{INITIATIVES}{initiative.public_id}/?expand=1")
    assert answer.json()["errors"] == {"expand": ["There is no such parameter. Known here: none."]}


def test_a_nul_in_a_search_harms_nobody() -> None:
    assert ask(f"{INITIATIVES}?q=a%00b").status_code == 200


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Adressen innehåller något som vi inte förstår."),
        ("en-GB,en;q=0.8", "The address holds something that we do not understand."),
        ("de", "Adressen innehåller något som vi inte förstår."),
        ("", "Adressen innehåller något som vi inte förstår."),
    ],
)
def test_errors_are_in_the_language_asked_for(language: str, text: str) -> None:
    answer = ask(f"{INITIATIVES}?x=1", language=language)
    assert answer.json()["detail"] == text
    assert answer["Content-Language"] == ("en" if language.startswith("en") else "sv")


def test_addresses_of_pages_follow_the_language() -> None:
    initiative = InitiativeFactory()
    found = ask(f"{INITIATIVES}{initiative.public_id}/", language="sv").json()
    assert found["url"] == f"http://testserver/initiativ/{initiative.public_id}/"


@pytest.mark.parametrize(
    "address",
    [f"{INITIATIVES}nowhere/", f"{OFFERS}nowhere/", "/api/v1/nothing/", "/api/", f"{INITIATIVES}a/b/c/"],
)
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Det finns inget på den här adressen, eller så får du inte se det."),
        ("en", "There is nothing at this address, or you may not see it."),
    ],
)
def test_nothing_there_is_said_as_json(address: str, language: str, text: str) -> None:
    answer = ask(address, language=language)
    assert answer.status_code == 404
    assert answer.json() == {"detail": text, "errors": {}}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_changed(method: str, cast: Cast) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.amina)
    answer = getattr(client, method)(INITIATIVES, data="{}", content_type="application/json")
    assert answer.status_code == 405
    assert answer.json() == {"detail": "One can only read here: use GET.", "errors": {}}


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_answers_are_json_whatever_is_accepted(accept: str) -> None:
    answer = ask(INITIATIVES, Accept=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_too_many_questions_are_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "3/min"})
    answers = [ask(INITIATIVES, **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Ask again in" in answers[2].json()["detail"]
    assert int(answers[2]["Retry-After"]) > 0


def test_answers_to_strangers_may_be_cached_by_language_and_answers_to_people_may_not(cast: Cast) -> None:
    answer = ask(INITIATIVES)
    assert {"Accept-Language", "Authorization", "Cookie"} <= {
        name.strip() for name in answer["Vary"].split(",")
    }
    client = Client()
    client.force_login(cast.amina)
    assert client.get(INITIATIVES)["Cache-Control"] == "private, no-store"
