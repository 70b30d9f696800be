"""The list of flags, the form and taking back, as people meet them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intermediaries.models import Flag
from tests.cast import Cast
from tests.factories import FlagFactory, InitiativeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

ANSWERS = {
    "reasons": ["scalable"],
    "text": "De har öppnat i tre kommuner till på ett år.",
    "evidence_url": "rapport.example/1",
    "has_conflict": "no",
    "conflict": "",
}


def titles(client: Client, address: str = "/lovande/") -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [row["flag"].initiative.title for row in answer.context["rows"]]


def test_visitors_see_standing_flags_newest_first(client: Client) -> None:
    FlagFactory(initiative=InitiativeFactory(title="Odling på taket"))
    FlagFactory(withdrawn=True, initiative=InitiativeFactory(title="Tillbakatagen"))
    FlagFactory(initiative=InitiativeFactory(title="Dold", visibility="chosen"))
    FlagFactory(initiative=InitiativeFactory(title="Utkast", draft=True))
    assert titles(client) == ["Odling på taket"]
    page = client.get("/lovande/").content.decode()
    assert "Tillbakatagen" not in page
    assert "Dold" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("county=SE-14", ["I Göteborg", "I Västra Götaland"]),
        ("county=SE-25", ["I Luleå"]),
        ("reason=evidence", ["I Luleå"]),
        ("county=SE-14&reason=evidence", []),
        ("county=SE-14&county=SE-25", ["I Göteborg", "I Luleå", "I Västra Götaland"]),
        ("county=finns-inte", ["I Göteborg", "I Luleå", "I Västra Götaland"]),
        ("page=abc", ["I Göteborg", "I Luleå", "I Västra Götaland"]),
        ("page=999", ["I Göteborg", "I Luleå", "I Västra Götaland"]),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, expected: list[str]) -> None:
    FlagFactory(initiative=InitiativeFactory(title="I Göteborg", area_codes=["SE-1480"]))
    FlagFactory(initiative=InitiativeFactory(title="I Västra Götaland", area_codes=["SE-14"]))
    FlagFactory(initiative=InitiativeFactory(title="I Luleå", area_codes=["SE-2580"]), reasons=["evidence"])
    assert sorted(titles(client, f"/lovande/?{query}")) == expected


def test_filter_by_flagger(client: Client) -> None:
    north = OrganisationFactory(name="Navet Nord", intermediary=True)
    FlagFactory(initiative=InitiativeFactory(title="Nordlig"), organisation=north)
    FlagFactory(initiative=InitiativeFactory(title="Sydlig"))
    assert titles(client, f"/lovande/?by={north.public_id}") == ["Nordlig"]


def test_the_list_asks_as_many_questions_for_three_as_for_one(client: Client) -> None:
    FlagFactory()
    client.get("/lovande/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/lovande/")
    FlagFactory.create_batch(2)
    with CaptureQueriesContext(connection) as three:
        client.get("/lovande/")
    assert len(three) == len(one)


def test_an_intermediary_flags_through_the_form(client: Client, cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    client.force_login(cast.ingrid)
    assert client.get(f"/lovande/lyft/{initiative.public_id}/").status_code == 200
    answer = client.post(f"/lovande/lyft/{initiative.public_id}/", ANSWERS)
    assert (answer.status_code, answer["Location"]) == (302, f"/initiativ/{initiative.public_id}/")
    flag = Flag.objects.get()
    assert (flag.organisation, flag.evidence_url, flag.conflict) == (
        cast.intermediary,
        "https://rapport.example/1",
        "",
    )
    again = client.post(f"/lovande/lyft/{initiative.public_id}/", ANSWERS)
    assert again.status_code == 302
    assert Flag.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reasons": []}, "reasons"),
        ({"reasons": ["nonsense"]}, "reasons"),
        ({"text": ""}, "text"),
        ({"text": "x" * 1501}, "text"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"has_conflict": ""}, "has_conflict"),
        ({"has_conflict": "yes", "conflict": " "}, "conflict"),
    ],
)
def test_bad_answers_come_back_with_what_was_typed(
    client: Client, cast: Cast, change: dict[str, object], field: str
) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    client.force_login(cast.ingrid)
    answer = client.post(f"/lovande/lyft/{initiative.public_id}/", {**ANSWERS, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if "text" not in change:
        assert ANSWERS["text"] in answer.content.decode()
    assert not Flag.objects.exists()


def test_a_declared_tie_is_shown_beside_the_flag(client: Client, cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    client.force_login(cast.ingrid)
    tie = "Vi gav dem råd förra året."
    client.post(f"/lovande/lyft/{initiative.public_id}/", {**ANSWERS, "has_conflict": "yes", "conflict": tie})
    client.logout()
    assert tie in client.get("/lovande/").content.decode()


def test_who_may_open_the_form(client: Client, cast: Cast) -> None:
    initiative = InitiativeFactory(organisation=cast.association)
    hidden = InitiativeFactory(visibility="chosen")
    address = f"/lovande/lyft/{initiative.public_id}/"
    assert client.get(address).status_code == 302
    for person, status in ((cast.amina, 403), (cast.ruth, 403), (cast.sara, 403), (cast.ingrid, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status, person.name
    client.force_login(cast.ingrid)
    assert client.get(f"/lovande/lyft/{hidden.public_id}/").status_code == 404


def test_taking_back_needs_a_reason_and_hides_the_flag(client: Client, cast: Cast) -> None:
    flag = FlagFactory(organisation=cast.intermediary, flagged_by=cast.ingrid)
    client.force_login(cast.ingrid)
    address = f"/lovande/{flag.pk}/ta-tillbaka/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "De har lagt ner."}).status_code == 302
    assert titles(client) == []
    assert client.post(address, {"reason": "Igen."}).status_code == 302
    flag.refresh_from_db()
    assert flag.withdrawn_reason == "De har lagt ner."


def test_others_cannot_take_it_back(client: Client, cast: Cast) -> None:
    flag = FlagFactory(organisation=cast.intermediary)
    address = f"/lovande/{flag.pk}/ta-tillbaka/"
    assert client.get(address).status_code == 302
    client.force_login(cast.sara)
    assert client.post(address, {"reason": "Nej."}).status_code == 403
    assert Flag.objects.standing().count() == 1
