"""What an initiative's people write about their work as it goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from innovators.models import Indicator, JournalEntry, Measurement, SpreadRecord
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import NOW


class RecordFactory(DjangoModelFactory):
    """Traits: `internal` (shown to its own people only), `removed` (taken away at `NOW`)."""

    class Meta:
        abstract = True

    class Params:
        internal = factory.Trait(visibility="ours")
        removed = factory.Trait(removed_at=NOW)

    initiative = factory.SubFactory(InitiativeFactory)
    created_at = NOW
    changed_at = NOW


class JournalEntryFactory(RecordFactory):
    class Meta:
        model = JournalEntry

    happened_on = date(2026, 3, 1)
    parts = ["develop"]
    title = factory.Sequence(lambda n: f"Vi provade verkstaden för {n:05} gången")
    text = "Tio unga kom. Sju ville stanna längre än vi hade öppet."


class IndicatorFactory(RecordFactory):
    class Meta:
        model = Indicator

    kind = "social"
    name = factory.Sequence(lambda n: f"Unga som har fått jobb {n:05}")
    unit = "personer"
    how = "Vi frågar alla som kommer, två gånger om året."
    baseline = Decimal(0)
    target = Decimal(40)


class MeasurementFactory(DjangoModelFactory[Measurement]):
    """A number of an indicator, of the same initiative."""

    class Meta:
        model = Measurement

    class Params:
        removed = factory.Trait(removed_at=NOW)

    indicator = factory.SubFactory(IndicatorFactory)
    initiative = factory.SelfAttribute("indicator.initiative")
    measured_on = date(2026, 3, 1)
    number = Decimal(12)
    source = "Våra egna listor"
    created_at = NOW
    changed_at = NOW


class SpreadRecordFactory(RecordFactory):
    class Meta:
        model = SpreadRecord

    adopter = "Cykelköket i Lund"
    adopter_kind = "association"
    area_code = "SE-1281"
    started_on = date(2026, 2, 1)
    adapted = "De har öppet på lördagar i stället."
    kept_words = ["Ingen anmälan"]
