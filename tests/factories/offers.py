"""Support offers as givers describe them."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from funders.models import OfferContact, SupportLine, SupportOffer
from tests.factories.people import NOW, OrganisationFactory


class SupportOfferFactory(DjangoModelFactory[SupportOffer]):
    """A published grant of 50 000 to 300 000 kronor in Västra Götaland, open for long.

    Traits: `draft`, `paused`, `closed`, `empty` (nothing filled in, no rule known).
    `support=["mentoring"]` replaces its kinds of support, `contact={"email": …}` gives contact details.
    """

    class Meta:
        model = SupportOffer
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(state="published", published_at=NOW)
        draft = factory.Trait(state="draft", published_at=None)
        paused = factory.Trait(state="paused", published_at=NOW)
        closed = factory.Trait(state="closed", published_at=NOW, closed_at=NOW)
        empty = factory.Trait(
            state="draft",
            published_at=None,
            title="",
            description="",
            theme_codes=None,
            target_group_codes=None,
            process_parts=None,
            area_codes=None,
            eligible_kinds=None,
            legal_entity_required=None,
            opens_on=None,
            closes_on=None,
            support=[],
        )

    organisation = factory.SubFactory(
        OrganisationFactory,
        kind="foundation",
        verified=True,
        name=factory.Sequence(lambda n: f"Stiftelsen Västanvind {n:05}"),
    )
    state = "published"
    published_at = NOW
    created_at = NOW
    changed_at = NOW
    language = "sv"
    title = factory.Sequence(lambda n: f"Bidrag till unga på väg in i arbetslivet {n:05}")
    description = (
        "Vi stödjer föreningar som hjälper unga att ta första steget mot arbete eller studier. "
        "Vi ser gärna att de unga själva är med och bestämmer. "
        "Bidraget kan gå till löner, lokal, verktyg och resor."
    )
    theme_codes = ["employment"]
    target_group_codes = ["young_people_not_in_work_or_school"]
    process_parts = ["develop", "realise"]
    area_codes = ["SE-14"]
    eligible_kinds = ["association", "economic_association", "foundation"]
    legal_entity_required = True
    opens_on = date(2026, 1, 1)
    closes_on = date(2099, 12, 31)  # a suite that runs next year finds it open too
    capacity = 5
    answered = ["title", "description", "support", "area"]

    @factory.post_generation
    def support(self: SupportOffer, create: bool, extracted: list[str] | None, **_: object) -> None:
        if not create:
            return
        for position, kind in enumerate(["grant"] if extracted is None else extracted):
            ranged = {} if kind == "grant" else {"amount_min": None, "amount_max": None}
            SupportLineFactory(offer=self, position=position, kind=kind, **ranged)

    @factory.post_generation
    def contact(self: SupportOffer, create: bool, extracted: dict[str, str] | None, **_: object) -> None:
        if create and extracted is not None:
            OfferContact.objects.create(offer=self, **extracted)


class SupportLineFactory(DjangoModelFactory[SupportLine]):
    class Meta:
        model = SupportLine

    offer = factory.SubFactory(SupportOfferFactory, support=[])
    position = factory.Sequence(int)
    kind = "grant"
    amount_min = 50_000
    amount_max = 300_000
