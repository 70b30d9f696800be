"""Ticked cases of the desk, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from funders.models import SupportOffer
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def boxes(client: Client, address: str) -> dict[str, bool]:
    """Return the boxes of a page, and whether each is ticked."""
    page = client.get(address).content.decode()
    found = re.findall(r'name="case" value="([^"]+)"( checked)?', page)
    return {value: bool(ticked) for value, ticked in found}


def send(client: Client, address: str, where: str, ticked: list[str]) -> str:
    """Compare what is ticked, with the page's own form; return the address that it leads to."""
    page = client.get(address).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    asked = {"shown": shown, "case": ticked, "deed": "compare", "next": address}
    assert '<option value="compare">Jämför sida vid sida</option>' in page
    answer = client.post(where, asked)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


@pytest.mark.parametrize("rest", ["vart-bord/", "vart-bord/?view=table&sort=title"])
def test_two_to_four_ticked_stand_side_by_side_and_others_keep_their_ticks(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched, rest: str
) -> None:
    InitiativeFactory.create_batch(5)
    matched()
    client.force_login(cast.ruth)
    desk, where = cases_url(offer, rest), cases_url(offer, "vart-bord/flera/")
    every = list(boxes(client, desk))
    assert len(every) == 5
    for number in (2, 4):
        to = send(client, desk, where, every[:number])
        names = [one.split(".")[1] for one in every[:number]]
        assert to == cases_url(offer, "sida-vid-sida/?") + "&".join(f"initiative={name}" for name in names)
        compared = client.get(to).context["columns"]
        assert [column.public_id for column in compared] == names
        assert not any(boxes(client, desk).values())
    for number, said in ((1, "Kryssa för minst två ärenden"), (5, "Du kryssade för 5. Högst 4 får plats")):
        assert send(client, desk, where, every[:number]) == desk
        answer = client.get(desk)
        page = answer.content.decode()
        assert said in page
        assert page.count(" checked id=") == number
        assert [f'value="{one}" checked' in page for one in every] == [place < number for place in range(5)]
        # Once: the next time the page is as it always is.
        assert not any(boxes(client, desk).values())
    assert send(client, desk, where, []) == desk
    assert "Kryssa för minst två ärenden" in client.get(desk).content.decode()


def test_among_all_cases_those_of_one_support_are_compared(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    SupportOfferFactory(organisation=cast.foundation)
    InitiativeFactory.create_batch(2)
    matched()
    client.force_login(cast.ruth)
    page = f"/traffar/givare/{cast.foundation.public_id}/alla-arenden/?stage=all"
    where = f"/traffar/givare/{cast.foundation.public_id}/alla-arenden/flera/"
    every = list(boxes(client, page))
    assert len(every) == 4
    one_offer = [value for value in every if value.startswith(offer.public_id)]
    assert send(client, page, where, one_offer).startswith(cases_url(offer, "sida-vid-sida/"))
    assert send(client, page, where, every) == page
    said = client.get(page).content.decode()
    assert "ärenden från olika stöd" in said
    assert said.count(" checked id=") == 4
    client.force_login(cast.sara)
    assert client.post(where, {"deed": "compare"}).status_code == 404
