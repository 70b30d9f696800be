"""Intermediaries' judgements."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from intermediaries.models import Flag
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import NOW, OrganisationFactory, UserFactory


class FlagFactory(DjangoModelFactory[Flag]):
    """A standing flag by a verified intermediary without a conflict of interest. Trait: `withdrawn`."""

    class Meta:
        model = Flag

    class Params:
        withdrawn = factory.Trait(withdrawn_at=NOW, withdrawn_reason="Verksamheten har lagts ner.")

    initiative = factory.SubFactory(InitiativeFactory)
    organisation = factory.SubFactory(OrganisationFactory, intermediary=True)
    flagged_by = factory.SubFactory(UserFactory)
    flagged_by_name = factory.LazyAttribute(lambda flag: flag.flagged_by.name)
    reasons = ["promising_results", "scalable"]
    text = "Tre av fyra deltagare har gått vidare till jobb eller studier inom ett halvår."
    flagged_at = NOW
