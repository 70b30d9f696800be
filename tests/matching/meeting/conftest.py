"""Two sides that have both said yes."""

from __future__ import annotations

import pytest

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import shortlist
from matching.meeting import services
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory


def introduce(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    """Ask and get a yes."""
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    introduction = services.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Vi har läst om verkstaden.",
        contact=Contact("Ruth", "ruth.bidrag@exempel.example"),
        now=NOW,
    )
    return services.accept(
        introduction=introduction, actor=cast.amina, contact=Contact("Amina", "a@exempel.example"), now=NOW
    )


@pytest.fixture
def met(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    return introduce(cast, offer, initiative)


@pytest.fixture
def another(cast: Cast, offer: SupportOffer) -> Introduction:
    """The same giver and another initiative of the same association."""
    return introduce(
        cast, offer, InitiativeFactory(organisation=cast.association, title="Cykelköket på torget")
    )
