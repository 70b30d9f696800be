"""Each rule as data and as a sentence in both languages, and the questions that lead to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from funders.enums import Strict
from funders.models import SupportLine, SupportOffer
from funders.rules import RULES, Requirement, in_words, requirements_of, wishes_of
from matching.kernel import codes as kernel

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"

# Columns of an offer, the rule they make, whether it shuts anybody out, and the sentences.
TABLE: list[tuple[dict[str, Any], str, bool, str, str]] = [
    (
        {"eligible_kinds": ["foundation", "association"]},
        "eligible_organisation_kinds",
        True,
        "Den som leder ska vara en ideell förening eller en stiftelse.",
        "The one who leads must be a non-profit association or a foundation.",
    ),
    (
        {"eligible_kinds": ["company", "municipality", "university"], "eligible_kinds_apply_to": "any"},
        "eligible_organisation_kinds",
        True,
        "Minst en av dem som är med ska vara ett företag, en kommun eller ett universitet eller en högskola.",
        "At least one of those taking part must be a company, a municipality or a university or university "
        "college.",
    ),
    (
        {"eligible_kinds": ["association"], "eligible_kinds_apply_to": "all"},
        "eligible_organisation_kinds",
        True,
        "Alla som är med ska vara en ideell förening.",
        "Everyone who takes part must be a non-profit association.",
    ),
    (
        {"eligible_kinds": []},
        "eligible_organisation_kinds",
        True,
        "Alla slags organisationer och personer får söka.",
        "All kinds of organisations and people may apply.",
    ),
    (
        {"must_include_kinds": ["municipality", "region"]},
        "must_include_kinds",
        True,
        "Någon av dem som är med ska vara en kommun eller en region.",
        "Somebody who takes part must be a municipality or a region.",
    ),
    (
        {"must_include_kinds": []},
        "must_include_kinds",
        True,
        "Ingen särskild sorts part måste vara med.",
        "No particular kind of partner has to take part.",
    ),
    (
        {"consortium_required": True},
        "consortium_required",
        True,
        "Minst två parter ska söka tillsammans.",
        "At least two parties must apply together.",
    ),
    (
        {"consortium_required": False},
        "consortium_required",
        True,
        "Det går bra att söka på egen hand.",
        "You may apply on your own.",
    ),
    (
        {"legal_entity_required": True},
        "legal_entity_required",
        True,
        "Den som leder ska ha ett organisationsnummer.",
        "The one who leads must have an organisation number.",
    ),
    (
        {"legal_entity_required": False},
        "legal_entity_required",
        True,
        "Det behövs inget organisationsnummer.",
        "No organisation number is needed.",
    ),
    (
        {"min_age_months": 18},
        "min_age_months",
        True,
        "Arbetet eller organisationen ska ha funnits i minst 1 år och 6 månader.",
        "The work or the organisation must have existed for at least 1 year and 6 months.",
    ),
    (
        {"min_age_months": 0},
        "min_age_months",
        True,
        "Arbetet får vara alldeles nytt.",
        "The work may be brand new.",
    ),
    (
        {"area_codes": ["SE-14"]},
        "areas",
        True,
        "Stödet får användas i Västra Götalands län.",
        "The support may be used in Västra Götaland County.",
    ),
    (
        {"area_codes": ["SE-1480"], "area_words": ["Sjuhärad"]},
        "areas",
        True,
        "Stödet får användas i Göteborgs kommun eller Sjuhärad.",
        "The support may be used in Gothenburg Municipality or Sjuhärad.",
    ),
    (
        {"area_codes": []},
        "areas",
        True,
        "Stödet får användas var som helst.",
        "The support may be used anywhere.",
    ),
    (
        {"area_codes": ["world"]},
        "areas",
        True,
        "Stödet får användas var som helst.",
        "The support may be used anywhere.",
    ),
    (
        {},
        "dates",
        True,
        "Det går att söka när som helst. Det finns ingen sista dag.",
        "You can apply at any time. There is no last day.",
    ),
    (
        {"opens_on": date(2026, 3, 1), "closes_on": date(2026, 3, 31)},
        "dates",
        True,
        "Det går att söka från den 1 mars 2026 till och med den 31 mars 2026 kl. 23:59, svensk tid.",
        "You can apply from 1 March 2026 until 31 March 2026 at 23:59, Swedish time.",
    ),
    (
        {"closes_on": date(2026, 3, 31)},
        "dates",
        True,
        "Det går att söka till och med den 31 mars 2026 kl. 23:59, svensk tid.",
        "You can apply until 31 March 2026 at 23:59, Swedish time.",
    ),
    (
        {"opens_on": date(2026, 3, 1)},
        "dates",
        True,
        "Det går att söka från den 1 mars 2026. Det finns ingen sista dag.",
        "You can apply from 1 March 2026. There is no last day.",
    ),
    (
        {"forms_not_accepted": ["new_organisation", "none_yet"]},
        "forms_not_accepted",
        True,
        "Givaren säger nej till: ”En ny organisation” och ”Inget bestämt än”.",
        "The giver says no to: “A new organisation” and “Nothing planned yet”.",
    ),
    (
        {"forms_not_accepted": []},
        "forms_not_accepted",
        True,
        "Givaren har inte sagt nej till något särskilt.",
        "The giver has said no to nothing in particular.",
    ),
    (
        {"co_funding_percent": 20},
        "co_funding_percent",
        False,
        "Minst 20 procent av kostnaden får gärna täckas på annat sätt.",
        "Preferably, at least 20 per cent of the cost is covered in other ways.",
    ),
    (
        {"co_funding_percent": 20, "strict": ["co_funding"]},
        "co_funding_percent",
        True,
        "Minst 20 procent av kostnaden ska täckas på annat sätt.",
        "At least 20 per cent of the cost must be covered in other ways.",
    ),
    (
        {"co_funding_percent": 0},
        "co_funding_percent",
        False,
        "Ni behöver inte betala någon del av kostnaden själva.",
        "You do not have to pay any part of the cost yourselves.",
    ),
    (
        {"theme_codes": ["employment"], "theme_words": ["Cykling"]},
        "themes",
        False,
        "Arbetet får gärna handla om jobb och arbetsmarknad eller Cykling.",
        "Preferably, the work is about jobs and the labour market or Cykling.",
    ),
    (
        {"theme_codes": ["employment"], "strict": ["themes"]},
        "themes",
        True,
        "Arbetet ska handla om jobb och arbetsmarknad.",
        "The work must be about jobs and the labour market.",
    ),
    ({"theme_codes": []}, "themes", False, "Alla ämnen är välkomna.", "All themes are welcome."),
    (
        {"target_group_codes": ["older_people"]},
        "target_groups",
        False,
        "Arbetet får gärna vara till för äldre.",
        "Preferably, the work is for older people.",
    ),
    (
        {"target_group_codes": ["older_people"], "strict": ["target_groups"]},
        "target_groups",
        True,
        "Arbetet ska vara till för äldre.",
        "The work must be for older people.",
    ),
    (
        {"target_group_codes": []},
        "target_groups",
        False,
        "Arbetet får vara till för vilken grupp som helst.",
        "The work may be for any group.",
    ),
    (
        {"process_parts": ["develop"]},
        "process_parts",
        False,
        "Stödet får gärna gå till den här delen av arbetet: utveckla och testa.",
        "Preferably, the support goes to this part of the work: develop and test.",
    ),
    (
        {"process_parts": ["develop"], "strict": ["process_parts"]},
        "process_parts",
        True,
        "Stödet ska gå till den här delen av arbetet: utveckla och testa.",
        "The support must go to this part of the work: develop and test.",
    ),
    (
        {"process_parts": []},
        "process_parts",
        False,
        "Stödet får användas i vilken del av arbetet som helst.",
        "The support may be used in any part of the work.",
    ),
    (
        {"language": "en", "strict": ["language"]},
        "language",
        True,
        "Ansökan ska vara skriven på engelska.",
        "The application must be written in English.",
    ),
    (
        {"language": "sv", "answered": ["language"]},
        "language",
        False,
        "Ansökan får gärna vara skriven på svenska.",
        "Preferably, the application is written in Swedish.",
    ),
]

LINES = [
    SupportLine(kind="grant", amount_min=50_000, amount_max=300_000),
    SupportLine(kind="mentoring", hours=20),
]


def every_rule(offer: SupportOffer, lines: list[SupportLine] | None = None) -> list[Requirement]:
    given = [] if lines is None else lines
    return [*requirements_of(offer, given), *wishes_of(offer, given)]


@pytest.mark.parametrize(("columns", "rule", "hard", "swedish", "english"), TABLE)
def test_rule_in_words(columns: dict[str, Any], rule: str, hard: bool, swedish: str, english: str) -> None:
    found = [one for one in every_rule(SupportOffer(**columns)) if one.rule == rule]
    assert [one.hard for one in found] == [hard]
    # In the language asked for, whatever the page is in.
    for page in ("sv", "en"):
        with override(page):
            assert (in_words(found[0], "sv"), in_words(found[0], "en")) == (swedish, english)


def test_lines_of_support_make_a_requirement_and_a_wish() -> None:
    found = {one.rule: one for one in every_rule(SupportOffer(), LINES)}
    assert (
        in_words(found["support_kinds"], "sv") == "Stödet är för den som behöver ett bidrag eller en mentor."
    )
    assert in_words(found["support_kinds"], "en") == "The support is for those who need a grant or a mentor."
    assert found["support_kinds"].hard
    assert not found["amount"].hard
    assert in_words(found["amount"], "sv").replace(NBSP, " ") == (
        "Summan du söker får gärna vara 50 000–300 000 kr (bidrag)."
    )
    assert in_words(found["amount"], "en").replace(NBSP, " ") == (
        "Preferably, the sum you apply for is SEK 50,000–300,000 (grant)."
    )


def test_strict_amount_is_a_requirement() -> None:
    [amount] = [
        one for one in requirements_of(SupportOffer(strict=["amount"]), LINES) if one.rule == "amount"
    ]
    assert in_words(amount, "sv").replace(NBSP, " ") == "Summan du söker ska vara 50 000–300 000 kr (bidrag)."


def test_table_has_every_rule() -> None:
    assert {row[1] for row in TABLE} | {"support_kinds", "amount"} == set(RULES)


def test_unknown_makes_no_rule() -> None:
    """Null is "no rule known"; of an empty offer only its lack of a last day can be said."""
    assert [one.rule for one in every_rule(SupportOffer())] == ["dates"]


def test_strict_without_a_value_makes_no_rule() -> None:
    offer = SupportOffer(strict=["themes", "target_groups", "process_parts", "amount", "co_funding"])
    assert [one.rule for one in every_rule(offer)] == ["dates"]


def test_open_rules_shut_nobody_out() -> None:
    open_ones = SupportOffer(
        eligible_kinds=[],
        must_include_kinds=[],
        consortium_required=False,
        legal_entity_required=False,
        min_age_months=0,
        co_funding_percent=0,
        area_codes=[],
        forms_not_accepted=[],
        theme_codes=[],
        target_group_codes=[],
        process_parts=[],
    )
    assert {one.rule for one in every_rule(open_ones) if not one.is_open} == {"dates"}


def test_strict_codes_are_those_of_the_kernel() -> None:
    assert set(Strict.values) == set(kernel.STRICT)
