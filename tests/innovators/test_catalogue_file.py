"""The catalogue as a file: the rows of the page, in its order and with its filters, all of them."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from brygga.organisations.registration.catalogue import PAGE_SIZE
from innovators.models import Initiative
from tests.cast import Cast
from tests.factories import InitiativeFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
CATALOGUE, FILE = "/initiativ/", "/initiativ/ladda-ner/"


def read(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    rows: list[dict[str, str]] = json.loads(b"".join(answer.streaming_content))  # type: ignore[arg-type]
    return rows


def on_all_pages(client: Client, address: str) -> list[str]:
    first = client.get(address)
    pages = first.context["page"].paginator.num_pages
    return [
        card.title
        for number in range(1, pages + 1)
        for card in client.get(f"{address}&page={number}").context["cards"]
    ]


def test_the_file_holds_all_pages_of_what_is_asked_for(client: Client, cast: Cast) -> None:
    for number in range(PAGE_SIZE + 2):
        InitiativeFactory(
            title=f"Simskolan {number:02}",
            theme_codes=["mental_health" if number % 2 else "school"],
            description="Barn lär sig simma.",
        )
    hidden = InitiativeFactory(title="Simskolan som bara passande givare ser", visibility="fitting_givers")
    client.force_login(cast.sara)
    for asked in ("", "q=simma", "theme=school", "q=simma&theme=school", "sort=title"):
        page = client.get(f"{CATALOGUE}?{asked}").content.decode()
        link = re.search(r'href="([^"]*as=)json" download', page)
        assert link is not None
        rows = read(client, html.unescape(link[1]) + "json")
        assert [row["initiative"] for row in rows] == on_all_pages(client, f"{CATALOGUE}?{asked}")
        assert hidden.title not in str(rows)
    assert len(rows) > PAGE_SIZE
    assert (rows[0]["place"], rows[0]["where"]) == (1, rows[1]["where"])
    assert rows[0]["address"].endswith(
        f"/initiativ/{Initiative.objects.get(title=rows[0]['initiative']).public_id}/"
    )


def test_who_may_have_it_and_what_it_refuses(client: Client, cast: Cast) -> None:
    InitiativeFactory()
    assert "download" not in client.get(CATALOGUE).content.decode()
    assert client.get(FILE).status_code == 302
    client.force_login(cast.sara)
    for wrong in ("theme=finns-inte", "as=pdf"):
        assert client.get(f"{FILE}?{wrong}").status_code == 400
    one = queries_for(client, FILE)
    InitiativeFactory.create_batch(3)
    assert queries_for(client, FILE) == one
