"""Challenges of public bodies, and who answers them."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from brygga.challenges.models import Challenge
from matching.challenges.models import ChallengeAnswer
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import NOW, OrganisationFactory


class ChallengeFactory(DjangoModelFactory[Challenge]):
    """An open challenge of a verified municipality. Traits: `draft`, `ended`."""

    class Meta:
        model = Challenge

    class Params:
        draft = factory.Trait(state="draft", published_at=None)
        ended = factory.Trait(state="ended", ended_at=NOW)

    organisation = factory.SubFactory(
        OrganisationFactory, name="Hjo kommun", kind="municipality", verified=True
    )
    title = "Unga på landsbygden kommer inte till något på kvällen"
    text = "Sista bussen går 18.10. Vi har provat skolskjuts på kvällen, men den gick tom."
    wish = "Någon som har fått skjuts att fungera utan egen bil."
    theme_code = "employment"
    area_code = "SE-1497"
    state = "published"
    created_at = NOW
    changed_at = NOW
    published_at = NOW


class ChallengeAnswerFactory(DjangoModelFactory[ChallengeAnswer]):
    """An initiative that answers. Trait: `removed`."""

    class Meta:
        model = ChallengeAnswer

    class Params:
        removed = factory.Trait(removed_at=NOW, removed_reason="Hör inte till vår utmaning.")

    challenge = factory.SubFactory(ChallengeFactory)
    initiative = factory.SubFactory(InitiativeFactory)
    added_at = NOW
