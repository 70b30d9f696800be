"""Those who want to take up something proven."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from innovators.models import Adopter
from matching.adopting.models import AdoptionQuestion
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import NOW, OrganisationFactory


class AdopterFactory(DjangoModelFactory[Adopter]):
    """What a verified municipality looks for. Traits: `draft`, `paused`, `closed`, `empty`."""

    class Meta:
        model = Adopter

    class Params:
        draft = factory.Trait(state="draft", published_at=None)
        paused = factory.Trait(state="paused")
        closed = factory.Trait(state="closed")
        empty = factory.Trait(
            state="draft",
            published_at=None,
            title="",
            change="",
            theme_codes=[],
            target_group_codes=[],
            area_codes=[],
            who_we_are="",
            puts_in=None,
            decides=None,
            starts=None,
            to_know="",
            not_accepted="",
        )

    organisation = factory.SubFactory(
        OrganisationFactory, name="Hjo kommun", kind="municipality", verified=True
    )
    title = "Något som ger unga utan jobb en plats att börja på"
    change = "Fyrtio unga i Hjo varken arbetar eller studerar. Vi vill att de lagar cyklar med någon som kan."
    theme_codes = ["employment"]
    target_group_codes = ["young_people_not_in_work_or_school"]
    area_codes = ["SE-1497"]
    who_we_are = "Två ungdomsledare på fritidsgården."
    puts_in = ["premises", "staff_time"]
    amount_min = 50_000
    amount_max = 200_000
    decides = "ourselves"
    starts = "half_year"
    to_know = "Vad krävs av handledarna?"
    not_accepted = "Det får inte kosta något för de unga."
    state = "published"
    created_at = NOW
    changed_at = NOW
    published_at = NOW


class AdoptionQuestionFactory(DjangoModelFactory[AdoptionQuestion]):
    """An adopter asks an initiative that wants to spread. Traits: `by_initiative`, `accepted`."""

    class Meta:
        model = AdoptionQuestion
        skip_postgeneration_save = True

    class Params:
        by_initiative = factory.Trait(asked_side="initiative")
        accepted = factory.Trait(state="accepted", answered_at=NOW)

    adopter = factory.SubFactory(AdopterFactory)
    initiative = factory.SubFactory(InitiativeFactory)
    asked_side = "adopter"
    message = "Vi vill göra likadant hos oss. Får vi komma och se?"
    asked_at = NOW

    @factory.post_generation
    def contacts(self: AdoptionQuestion, create: bool, extracted: dict[str, str] | None, **_: object) -> None:
        """`contacts={"adopter": "simon@hjo.example"}`: what the sides have chosen to show."""
        for side, email in (extracted or {}).items() if create else ():
            self.contacts.create(side=side, email=email)
