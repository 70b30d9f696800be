from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from innovators.models import Initiative
from tests.cast import Cast
from tests.factories.initiatives import InitiativeFactory


@pytest.fixture
def draft(cast: Cast) -> Initiative:
    """An empty draft of the association."""
    return InitiativeFactory(organisation=cast.association, empty=True, answered=[])


@pytest.fixture
def published(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association)


@pytest.fixture
def as_amina(cast: Cast) -> Client:
    return signed_in(cast.amina)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def marks(initiative: Initiative, slug: str, client: Client) -> dict[str, str]:
    """What the page of a question carries along: revision and the answer it was shown with."""
    from django.urls import reverse

    form = client.get(reverse("innovators:question", args=[initiative.public_id, slug])).context["form"]
    carried = {name: str(form.initial[name]) for name in ("revision", "seen")}
    if "row_count" in form.fields:
        carried["row_count"] = str(form.number_of_rows)
    return carried
