from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from funders.models import SupportOffer
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.factories.people import MembershipFactory, UserFactory


@pytest.fixture(autouse=True)
def swedish() -> Iterator[None]:
    """Addresses are Swedish to begin with, whatever page a test before this one asked for."""
    with override("sv"):
        yield


@pytest.fixture(autouse=True)
def taxonomy_at_rest(settings: Any) -> None:
    """The look at the version of the word lists, every few seconds, is no query of a page."""
    settings.TAXONOMY_CHECK_SECONDS = 600


@pytest.fixture
def draft(cast: Cast) -> SupportOffer:
    """An empty draft of the foundation."""
    return SupportOfferFactory(organisation=cast.foundation, empty=True, answered=[])


@pytest.fixture
def published(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(organisation=cast.foundation, closes_on=None)


@pytest.fixture
def as_ruth(cast: Cast) -> Client:
    return signed_in(cast.ruth)


@pytest.fixture
def as_reader(cast: Cast) -> Client:
    reader = UserFactory()
    MembershipFactory(organisation=cast.foundation, user=reader, role="reader")
    return signed_in(reader)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def question(offer: SupportOffer, slug: str) -> str:
    return reverse("funders:question", args=[offer.public_id, slug])


def marks(offer: SupportOffer, slug: str, client: Client) -> dict[str, str]:
    """What the page of a question carries along: revision and the answer it was shown with."""
    form = client.get(question(offer, slug)).context["form"]
    carried = {name: str(form.initial[name]) for name in ("revision", "seen")}
    if "row_count" in form.fields:
        carried["row_count"] = str(form.number_of_rows)
    return carried


def answer(client: Client, offer: SupportOffer, slug: str, **typed: Any) -> Any:
    return client.post(question(offer, slug), {**marks(offer, slug, client), **typed})
