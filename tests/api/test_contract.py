"""Schemathesis asks the API what its own description allows, and much that it does not."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from brygga.users.enums import TokenScope
from brygga.wsgi import application
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.services import run_now
from tests.api.conftest import token_for
from tests.cast import Cast
from tests.factories import ActorFactory, InitiativeFactory, SupportOfferFactory

EXAMPLES = 20
CHECKED: list[Any] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture
def description() -> dict[str, Any]:
    found: dict[str, Any] = Client(headers={"Accept-Language": "en"}).get("/api/schema/").json()
    return found


@pytest.fixture
def one_connection(description: dict[str, Any]) -> Iterator[None]:
    """Let the application use the test's own connection: it would close it after each answer.

    After `description`, since Django's own client connects the signals again.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(cast: Cast) -> tuple[Initiative, SupportOffer, dict[str, str]]:
    initiative = InitiativeFactory(organisation=cast.association)
    ActorFactory(initiative=initiative)
    offer = SupportOfferFactory(organisation=cast.foundation)
    InitiativeFactory(title="Nothing said", area_codes=None, theme_codes=None, needs=[], participation=None)
    SupportOfferFactory(area_codes=None, eligible_kinds=None, legal_entity_required=None)
    run_now(now=timezone.now())
    headers = {
        "amina": f"Bearer {token_for(cast.amina, *TokenScope)}",
        "ruth": f"Bearer {token_for(cast.ruth, *TokenScope)}",
    }
    return initiative, offer, headers


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_answers_are_what_the_description_promises(
    world: tuple[Initiative, SupportOffer, dict[str, str]],
    description: dict[str, Any],
    one_connection: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    initiative, offer, headers = world
    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    asked = [
        try_out(
            result.ok(),
            mode,
            known=initiative.public_id if "/initiatives/" in result.ok().path else offer.public_id,
            authorization=headers["amina" if "/initiatives/" in result.ok().path else "ruth"],
        )
        for result in schema.get_all_operations()
        for mode in schemathesis.GenerationMode
    ]
    assert len(asked) == 16
    assert sum(asked) > 150


def try_out(operation: Any, mode: schemathesis.GenerationMode, *, known: str, authorization: str) -> int:
    """Ask one address in many ways and check each answer; return how often. Some find what is there."""
    numbers = itertools.count()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask_and_check(case: Any) -> None:
        number = next(numbers)
        if "public_id" in case.path_parameters and number % 2:
            case.path_parameters["public_id"] = known
        # What the tool is sent it reads as it is: it asks for answers that are not compressed.
        said = {"Authorization": authorization} if number % 3 else {}
        response = case.call(headers={"Accept-Encoding": "identity", **said})
        case.validate_response(response, checks=CHECKED)

    # Where any text will do there is nothing wrong to ask.
    with contextlib.suppress(Unsatisfiable):
        ask_and_check()
    return next(numbers)
