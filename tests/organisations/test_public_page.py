"""An organisation's public page: what it does and gives, as far as the reader may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import InitiativeFactory, OrganisationFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db


def page(cast: Cast, client: Client | None = None) -> str:
    address = reverse("organisations:detail", args=[cast.foundation.public_id])
    return (client or Client()).get(address).content.decode()


def test_published_initiatives_and_open_offers_are_shown(cast: Cast) -> None:
    InitiativeFactory(organisation=cast.foundation, title="Lagningsverkstaden")
    SupportOfferFactory(organisation=cast.foundation, title="Bidrag till unga")
    InitiativeFactory(title="Någon annans")
    html = page(cast)
    assert "Lagningsverkstaden" in html
    assert "Bidrag till unga" in html
    assert "Kontrollerad" in html
    assert "Någon annans" not in html


@pytest.mark.parametrize(
    "hidden", [{"draft": True}, {"paused": True}, {"closed": True}, {"visibility": "chosen"}]
)
def test_what_a_visitor_may_not_see_leaves_no_trace(cast: Cast, hidden: dict[str, Any]) -> None:
    before = page(cast)
    InitiativeFactory(organisation=cast.foundation, **hidden)
    if "visibility" not in hidden:
        SupportOfferFactory(organisation=cast.foundation, **hidden)
    SupportOfferFactory(organisation=cast.foundation, closes_on=date(2020, 1, 1), opens_on=None)
    assert page(cast) == before


def test_members_see_what_is_published_for_a_few(cast: Cast) -> None:
    InitiativeFactory(organisation=cast.foundation, title="Jouren", visibility="chosen")
    client = Client()
    client.force_login(cast.ruth)
    assert "Jouren" in page(cast, client)
    assert "Jouren" not in page(cast)


def test_those_who_are_not_verified_have_no_public_page(cast: Cast) -> None:
    InitiativeFactory(organisation=cast.outsiders)
    address = reverse("organisations:detail", args=[cast.outsiders.public_id])
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("many", [1, 4])
def test_the_same_queries_for_one_and_four(cast: Cast, django_assert_num_queries: Any, many: int) -> None:
    organisation = OrganisationFactory(verified=True)
    InitiativeFactory.create_batch(many, organisation=organisation)
    SupportOfferFactory.create_batch(many, organisation=organisation)
    address = reverse("organisations:detail", args=[organisation.public_id])
    Client().get(address)
    with django_assert_num_queries(8):
        Client().get(address)
