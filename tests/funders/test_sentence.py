"""All requirements as one sentence, in both languages and to both sides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funders.models import SupportLine, SupportOffer
from funders.sentence import as_others_read, as_the_giver_says
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.funders.conftest import marks, question

pytestmark = pytest.mark.django_db

TABLE: list[tuple[dict[str, Any], list[str], str, str]] = [
    ({}, [], "", ""),
    (
        {"eligible_kinds": ["foundation", "association"], "area_codes": ["SE-25"], "min_age_months": 12},
        [],
        "Ni stöder föreningar och stiftelser som arbetar i Norrbottens län och har funnits i minst 1 år.",
        "You support associations and foundations that work in Norrbotten County and have existed for at least "
        "1 year.",
    ),
    ({"eligible_kinds": ["company"]}, [], "Ni stöder företag.", "You support companies."),
    (
        {"eligible_kinds": [], "legal_entity_required": True},
        [],
        "Ni stöder alla slags organisationer och personer som har organisationsnummer.",
        "You support all kinds of organisations and people that have an organisation number.",
    ),
    (
        {"must_include_kinds": ["municipality", "region"], "consortium_required": True, "area_codes": []},
        ["grant", "mentoring"],
        "Ni stöder dem som behöver ett bidrag eller en mentor, har med sig en kommun eller en region och söker "
        "tillsammans med någon annan.",
        "You support those who need a grant or a mentor, have a municipality or a region with them and apply "
        "together with somebody else.",
    ),
    (
        {
            "eligible_kinds": ["association"],
            "eligible_kinds_apply_to": "all",
            "theme_codes": ["integration"],
            "language": "sv",
            "co_funding_percent": 20,
            "strict": ["themes", "language", "co_funding"],
        },
        [],
        "Ni stöder dem som arbetar med integration och etablering, bara har föreningar med i arbetet, täcker minst "
        "20 procent av kostnaden på annat sätt och skriver på svenska.",
        "You support those who work with integration of newcomers, have nobody but associations taking part, "
        "cover at least 20 per cent of the cost in other ways and write in Swedish.",
    ),
    (
        {
            "eligible_kinds": ["municipality"],
            "eligible_kinds_apply_to": "any",
            "forms_not_accepted": ["taken_over"],
        },
        [],
        "Ni stöder dem som har en kommun med i arbetet. Ni säger nej till: ”Någon annan tar över”.",
        "You support those who have a municipality taking part. You say no to: “Somebody else takes it over”.",
    ),
    ({"theme_codes": ["integration"], "area_codes": ["world"]}, [], "", ""),
]


@pytest.mark.parametrize(("columns", "support", "swedish", "english"), TABLE)
def test_requirements_are_one_sentence(
    columns: dict[str, Any], support: list[str], swedish: str, english: str
) -> None:
    offer = SupportOffer(**columns)
    lines = [SupportLine(kind=kind, position=place) for place, kind in enumerate(support)]
    assert as_the_giver_says(offer, "sv", lines) == swedish
    assert as_the_giver_says(offer, "en", lines) == english


def test_it_stands_where_one_writes_and_where_others_read(
    cast: Cast, as_ruth: Client, draft: SupportOffer
) -> None:
    SupportOffer.objects.filter(pk=draft.pk).update(
        eligible_kinds=["association"], theme_codes=["integration"]
    )
    page = as_ruth.get(reverse("funders:check", args=[draft.public_id])).content.decode()
    assert "Ni stöder föreningar." in page
    assert "Arbetet får gärna handla om integration och etablering" in page
    shown = as_ruth.get(question(draft, "age")).content.decode()
    assert "Alla era krav tillsammans: Ni stöder föreningar." in " ".join(shown.split())
    typed = {**marks(draft, "age", as_ruth), "min_age_months": "24", "preview": "1"}
    previewed = " ".join(as_ruth.post(question(draft, "age"), typed).content.decode().split())
    assert "Ni stöder föreningar som har funnits i minst 2 år." in previewed
    offer = SupportOfferFactory(organisation=cast.foundation)
    assert as_others_read(offer, "sv").startswith(
        "Stödet är för föreningar, stiftelser och ekonomiska föreningar som"
    )
    assert (
        as_others_read(offer, "sv")
        in as_ruth.get(reverse("funders:detail", args=[offer.public_id])).content.decode()
    )
