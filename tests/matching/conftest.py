"""Shared by the pages of matching: two sides that fit, and a run that has found it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory


@pytest.fixture
def matched(db: None) -> Iterator[Callable[[], None]]:
    """Return a function that matches everything there is. What a process keeps is forgotten after."""
    from matching.engine.collection import forget
    from matching.engine.services import run_now

    forget()
    yield lambda: run_now(now=timezone.now()) and None
    forget()


@pytest.fixture
def offer(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(
        organisation=cast.foundation,
        title="Bidrag till unga på väg",
        contact={"name": "Ruth", "email": "ruth.bidrag@exempel.example", "phone": ""},
    )


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(
        organisation=cast.association,
        title="Lagningsverkstaden",
        contact={"name": "Amina", "email": "verkstan@exempel.example", "phone": ""},
    )
