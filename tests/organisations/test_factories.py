"""The factories themselves: what they make holds against the database's own rules."""

import pytest

from innovators.models import Initiative
from tests.cast import Cast
from tests.factories import (
    ActorFactory,
    FlagFactory,
    InitiativeFactory,
    NeedFactory,
    SupportLineFactory,
    SupportOfferFactory,
)


@pytest.mark.parametrize("trait", ["published", "draft", "paused", "closed", "empty"])
def test_profile_factories_make_each_state(db: None, trait: str) -> None:
    assert InitiativeFactory(**{trait: True}).pk
    assert SupportOfferFactory(**{trait: True}).pk


def test_small_factories_make_rows(db: None) -> None:
    assert NeedFactory().initiative.needs.count() == 1
    assert SupportLineFactory().offer.support.count() == 1
    assert ActorFactory().public_name == "Bostadsbolaget Framtidsgården"
    assert FlagFactory(withdrawn=True).withdrawn_reason
    assert FlagFactory().organisation.is_intermediary


def test_cast_sees_what_their_place_allows(cast: Cast) -> None:
    draft = InitiativeFactory(draft=True, organisation=cast.association)

    sees = {
        name: Initiative.objects.visible_to(getattr(cast, name)).filter(pk=draft.pk).exists()
        for name in ("amina", "erik", "rolf", "ruth", "ingrid", "sara", "stefan")
    }

    assert sees == {
        "amina": True,
        "erik": True,
        "rolf": True,
        "ruth": False,
        "ingrid": False,
        "sara": False,
        "stefan": True,
    }
