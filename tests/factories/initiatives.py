"""Initiatives as real people describe them."""

from __future__ import annotations

import struct
import zlib
from datetime import date

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from innovators.models import Actor, Initiative, InitiativeContact, InitiativePicture, Need
from tests.factories.people import NOW, OrganisationFactory

INITIATIVE_QUESTIONS_ANSWERED = ["title", "change", "description", "area"]


class InitiativeFactory(DjangoModelFactory[Initiative]):
    """A published Swedish initiative. Traits: `draft`, `paused`, `closed`, `empty` (nothing filled in).

    `needs=["grant", "mentoring"]` replaces its needs, `contact={"email": …}` gives contact details.
    """

    class Meta:
        model = Initiative
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
            change="",
            description="",
            who_affected="",
            participation=None,
            theme_codes=None,
            target_group_codes=None,
            process_parts=None,
            method_codes=None,
            innovation_kind_codes=None,
            driver_codes=None,
            area_codes=None,
            legal_entity=None,
            started_on=None,
            needs=[],
        )

    organisation = factory.SubFactory(OrganisationFactory)
    state = "published"
    published_at = NOW
    created_at = NOW
    changed_at = NOW
    language = "sv"
    title = factory.Sequence(lambda n: f"Lagningsverkstaden på torget {n:05}")
    change = (
        "Unga som varken jobbar eller studerar ska få en plats att börja på. "
        "De lagar cyklar, kläder och hemelektronik tillsammans med pensionerade hantverkare."
    )
    description = (
        "Verkstaden har öppet tre eftermiddagar i veckan i en tom butikslokal i Bergsjön. "
        "Den som kommer in får lära sig laga det den har med sig. Efter några veckor får den som vill "
        "ett eget ansvar, till exempel för kassan eller för ett verktygsrum. "
        "Vi samarbetar med Arbetsförmedlingen och två bostadsbolag."
    )
    who_affected = "Unga mellan 16 och 24 år i östra Göteborg, och äldre som saknar sammanhang."
    participation = "co_creating"
    legal_entity = "yes"
    started_on = date(2024, 9, 1)
    theme_codes = ["employment", "circular_economy"]
    target_group_codes = ["young_people_not_in_work_or_school"]
    process_parts = ["develop"]
    method_codes = ["mentoring"]
    innovation_kind_codes = ["meeting_place"]
    driver_codes = ["own_experience", "belonging"]
    forms_not_accepted = ["equity"]
    refusal_reasons = ["own_decisions"]
    area_codes = ["SE-1480"]
    answered = INITIATIVE_QUESTIONS_ANSWERED
    needs_stated = True

    @factory.post_generation
    def needs(self: Initiative, create: bool, extracted: list[str] | None, **_: object) -> None:
        if not create:
            return
        amounts = {"grant": 200_000, "loan": 500_000}
        for position, kind in enumerate(["grant", "premises"] if extracted is None else extracted):
            NeedFactory(initiative=self, position=position, kind=kind, amount=amounts.get(kind))

    @factory.post_generation
    def contact(self: Initiative, create: bool, extracted: dict[str, str] | None, **_: object) -> None:
        if create and extracted is not None:
            InitiativeContact.objects.create(initiative=self, **extracted)


class NeedFactory(DjangoModelFactory[Need]):
    class Meta:
        model = Need

    initiative = factory.SubFactory(InitiativeFactory, needs=[])
    position = factory.Sequence(int)
    kind = "grant"
    amount = 200_000


class ActorFactory(DjangoModelFactory[Actor]):
    class Meta:
        model = Actor

    initiative = factory.SubFactory(InitiativeFactory)
    position = factory.Sequence(int)
    name = "Bostadsbolaget Framtidsgården"
    kind = "company"
    role = "Upplåter lokalen"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*more: bytes) -> bytes:
    """Return a whole picture of one grey point, with further chunks before it."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + _chunk(b"IEND", b"")


TINY = png()


class InitiativePictureFactory(DjangoModelFactory[InitiativePicture]):
    class Meta:
        model = InitiativePicture

    initiative = factory.SubFactory(InitiativeFactory)
    alt = "Två flickor lagar en cykel"
    kind = "png"
    file = factory.LazyFunction(lambda: ContentFile(TINY, name="picture"))
    added_at = NOW
