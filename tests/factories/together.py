"""Following, and what initiatives ask one another."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from matching.following.models import Follow
from matching.together.models import TogetherQuestion
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import NOW, OrganisationFactory, UserFactory


class FollowFactory(DjangoModelFactory[Follow]):
    class Meta:
        model = Follow

    user = factory.SubFactory(UserFactory)
    initiative = factory.SubFactory(InitiativeFactory)
    followed_at = NOW


class TogetherQuestionFactory(DjangoModelFactory[TogetherQuestion]):
    """An organisation that wants to join. It waits."""

    class Meta:
        model = TogetherQuestion

    initiative = factory.SubFactory(InitiativeFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    message = "Får vi vara med på tisdagarna?"
    asked_at = NOW
