"""An owner of another kind, number or age: its published profiles are compared anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brygga.organisations.services import change_organisation
from brygga.outbox.models import OutboxMessage
from tests.cast import Cast
from tests.matching.engine.cast import NOW, grant, workshop

pytestmark = pytest.mark.django_db


def asked() -> list[str]:
    return sorted(OutboxMessage.objects.values_list("task", flat=True))


@pytest.mark.parametrize(
    ("changes", "tasks"),
    [
        ({"kind": "economic_association"}, ["matching.rescore_initiative", "matching.rescore_offer"]),
        ({"founded_on": date(2019, 5, 1)}, ["matching.rescore_initiative", "matching.rescore_offer"]),
        ({"description": "Vi finns på torget."}, []),
        ({}, []),
    ],
)
def test_what_the_numbers_rest_on_asks_for_the_published_profiles(
    changes: dict[str, Any], tasks: list[str], cast: Cast
) -> None:
    owner = cast.association
    owner.verified_at = None
    owner.save()
    workshop(organisation=owner)
    workshop(organisation=owner, draft=True)
    grant(organisation=owner)
    OutboxMessage.objects.all().delete()
    change_organisation(organisation=owner, actor=cast.amina, now=NOW, **changes)
    assert asked() == tasks
