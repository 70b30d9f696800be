"""What intermediaries propose."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from matching.meeting.proposing.models import Proposal
from tests.factories.initiatives import InitiativeFactory
from tests.factories.offers import SupportOfferFactory
from tests.factories.people import NOW, OrganisationFactory, UserFactory


class ProposalFactory(DjangoModelFactory[Proposal]):
    """A verified intermediary proposes that two meet, without a conflict of interest. It waits."""

    class Meta:
        model = Proposal

    initiative = factory.SubFactory(InitiativeFactory)
    offer = factory.SubFactory(SupportOfferFactory)
    organisation = factory.SubFactory(OrganisationFactory, intermediary=True)
    proposed_by = factory.SubFactory(UserFactory)
    proposed_by_name = factory.LazyAttribute(lambda proposal: proposal.proposed_by.name)
    text = "Verkstaden har den erfarenhet av unga som stiftelsen letar efter."
    proposed_at = NOW
