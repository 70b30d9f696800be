"""Real rows for tests: realistic by default, one argument away from the special case."""

from tests.factories.adopters import AdopterFactory, AdoptionQuestionFactory
from tests.factories.challenges import ChallengeAnswerFactory, ChallengeFactory
from tests.factories.flags import FlagFactory
from tests.factories.initiatives import (
    ActorFactory,
    InitiativeFactory,
    InitiativePictureFactory,
    NeedFactory,
)
from tests.factories.offers import SupportLineFactory, SupportOfferFactory
from tests.factories.people import NOW, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.records import (
    IndicatorFactory,
    JournalEntryFactory,
    MeasurementFactory,
    SpreadRecordFactory,
)
from tests.factories.together import FollowFactory, TogetherQuestionFactory

__all__ = [
    "NOW",
    "ActorFactory",
    "AdopterFactory",
    "AdoptionQuestionFactory",
    "ChallengeAnswerFactory",
    "ChallengeFactory",
    "FlagFactory",
    "FollowFactory",
    "IndicatorFactory",
    "InitiativeFactory",
    "InitiativePictureFactory",
    "JournalEntryFactory",
    "MeasurementFactory",
    "MembershipFactory",
    "NeedFactory",
    "OrganisationFactory",
    "ProposalFactory",
    "SpreadRecordFactory",
    "SupportLineFactory",
    "SupportOfferFactory",
    "TogetherQuestionFactory",
    "UserFactory",
]
