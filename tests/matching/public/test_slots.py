"""What matching adds to pages of others."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.kernel import codes
from matching.public import rules
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db


def test_own_pages_lead_to_the_matches(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    matched()
    to_support = f'href="/traffar/initiativ/{initiative.public_id}/"'
    to_cases = f'href="/traffar/stod/{offer.public_id}/"'
    public = f"/initiativ/{initiative.public_id}/"
    client.force_login(cast.amina)
    for address in (public, f"{public}svar/", "/min-sida/"):
        assert to_support in client.get(address).content.decode(), address
    client.force_login(cast.ruth)
    for address in (f"/stod/{offer.public_id}/", "/min-sida/"):
        assert to_cases in client.get(address).content.decode(), address
    for person in (cast.ruth, cast.sara):
        client.force_login(person)
        assert to_support not in client.get(public).content.decode()


def test_people_are_led_to_compare_with_what_is_theirs(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    client.force_login(cast.amina)
    pair = f"/traffar/initiativ/{initiative.public_id}/{offer.public_id}/"
    assert pair in client.get(f"/stod/{offer.public_id}/").content.decode()
    client.force_login(cast.ruth)
    pair = f"/traffar/stod/{offer.public_id}/{initiative.public_id}/"
    assert pair in client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    client.logout()
    page = client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert "/traffar/stod/" not in page
    here = f"/traffar/initiativ/{initiative.public_id}/"
    # What a visitor is asked to do needs no account yet: follow, do it together, offer support.
    assert sorted(set(re.findall(r'"(/traffar/[^"]+)"', page))) == [
        f"{here}{way}/" for way in ("erbjud-stod", "folj", "fraga-om-tillsammans")
    ]


def test_everybody_may_read_the_weights_in_use(
    client: Client, initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    InitiativeFactory(visibility="chosen")
    before = client.get("/sa-matchar-vi/").content.decode()
    assert "Så mycket räknas varje del" not in before
    matched()
    page = client.get("/sa-matchar-vi/").content.decode()
    assert "Så mycket räknas varje del just nu" in page
    assert "Vad texterna handlar om" in page
    # What hides is in no count.
    assert "gav 1 träffar som alla får se" in page
    assert "träffar med skäl just nu" in client.get("/").content.decode()


def test_the_page_lists_every_rule_of_the_engine_and_how_many_have_it(client: Client, cast: Cast) -> None:
    SupportOfferFactory(eligible_kinds=["association"], legal_entity_required=False, area_codes=["SE-14"])
    SupportOfferFactory(eligible_kinds=[], legal_entity_required=True, area_codes=["world"])
    SupportOfferFactory(draft=True, eligible_kinds=["association"])
    page = client.get("/sa-matchar-vi/").content.decode()
    table = re.search(r"<table.*?</table>", page, re.DOTALL)
    assert table is not None
    rows = dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', table[0]))
    assert len(rows) == len(codes.REQUIREMENTS)
    assert {name: rows[name] for name in ("Slags organisation", "Organisationsnummer", "Plats")} == {
        "Slags organisation": "1",
        "Organisationsnummer": "1",
        "Plats": "1",
    }
    assert rows["Olika organisationer"] == "Gäller alla"


def test_every_rule_of_an_offer_is_one_of_the_engines() -> None:
    assert {*rules.ENGINE_NAMES.values(), *rules.ALWAYS} == set(codes.REQUIREMENTS)
