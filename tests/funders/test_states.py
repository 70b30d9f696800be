"""What an offer's state means now, in words; and how the last round went, where others read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brygga.organisations.registration.services import InvalidAnswers
from funders import services
from funders.models import SupportOffer
from funders.states import state_in_words
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.funders.conftest import answer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"state": "draft"}, "Utkast: bara du och dina kollegor ser det"),
        ({"state": "paused"}, "Pausat: det visas inte och får inga nya träffar"),
        ({"state": "closed"}, "Avslutat: det visas inte längre"),
        ({"state": "published"}, "Publicerat och öppet hela tiden"),
        ({"state": "published", "opens_on": date(2026, 5, 1)}, "Publicerat och öppet hela tiden"),
        (
            {"state": "published", "closes_on": date(2026, 5, 1)},
            "Publicerat och öppet till och med 1 maj 2026",
        ),
        (
            {"state": "published", "opens_on": date(2026, 5, 2), "closes_on": date(2026, 6, 1)},
            "Publicerat som kommande: det öppnar 2 maj 2026",
        ),
        (
            {"state": "published", "closes_on": date(2026, 4, 30)},
            "Sista dagen har passerat: det syns inte längre i listorna",
        ),
    ],
)
def test_state_is_said_in_words(columns: dict[str, Any], said: str) -> None:
    assert state_in_words(SupportOffer(**columns), NOW)[0] == said


def test_the_last_round_is_told_to_others(cast: Cast, as_ruth: Client) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)
    page = reverse("funders:detail", args=[offer.public_id])
    assert "Fick det förra gången" not in as_ruth.get(page).content.decode()
    assert answer(as_ruth, offer, "last-time", applied_last="80", supported_last="12").status_code == 302
    said = as_ruth.get(page).content.decode()
    assert "12 av 80, 15 procent" in said
    found = Client().get(f"/api/v1/offers/{offer.public_id}/").json()
    assert (found["applied_last_time"], found["supported_last_time"]) == (80, 12)


@pytest.mark.parametrize(("applied", "supported"), [(8, 9), (8, None), (None, 3), (0, 0)])
def test_a_round_that_cannot_be_is_refused(cast: Cast, applied: int | None, supported: int | None) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)
    changes = {"applied_last": applied, "supported_last": supported}
    with pytest.raises(InvalidAnswers):
        services.change_offer(offer=offer, changes=changes, actor=cast.ruth, now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportOffer.objects.filter(pk=offer.pk).update(**changes)
