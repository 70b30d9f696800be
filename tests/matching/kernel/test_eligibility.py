"""May they meet: one table a requirement. Missing facts are unclear and never "does not fit"."""

import numpy as np
import pytest

from matching.kernel import codes
from matching.kernel.eligibility import overall_verdict
from matching.kernel.facts import NeedFacts, SupportFacts
from tests.matching.kernel.cast import TODAY, verdict_of

GRANT = (NeedFacts("grant", 200_000),)
CASES = [
    # other_organisation
    ("other_organisation", {}, {}, "no_rule"),
    ("other_organisation", {}, {"organisation_id": 1}, "does_not_fit"),
    ("other_organisation", {"organisation_id": None}, {"organisation_id": None}, "no_rule"),
    # organisation_kind, of the lead
    ("organisation_kind", {}, {"eligible_organisation_kinds": None}, "no_rule"),
    ("organisation_kind", {"lead_kind": None}, {"eligible_organisation_kinds": ()}, "fits"),
    ("organisation_kind", {}, {"eligible_organisation_kinds": ("association",)}, "fits"),
    ("organisation_kind", {}, {"eligible_organisation_kinds": ("municipality",)}, "does_not_fit"),
    ("organisation_kind", {"lead_kind": None}, {"eligible_organisation_kinds": ("company",)}, "unclear"),
    # ... of any actor
    (
        "organisation_kind",
        {},
        {"eligible_organisation_kinds": ("municipality",), "applies_to": "any"},
        "fits",
    ),
    (
        "organisation_kind",
        {},
        {"eligible_organisation_kinds": ("region",), "applies_to": "any"},
        "does_not_fit",
    ),
    (
        "organisation_kind",
        {"actor_kinds": (None,)},
        {"eligible_organisation_kinds": ("region",), "applies_to": "any"},
        "unclear",
    ),
    (
        "organisation_kind",
        {"actor_kinds": None},
        {"eligible_organisation_kinds": ("region",), "applies_to": "any"},
        "unclear",
    ),
    # ... of all actors
    (
        "organisation_kind",
        {},
        {"eligible_organisation_kinds": ("association", "municipality"), "applies_to": "all"},
        "fits",
    ),
    (
        "organisation_kind",
        {},
        {"eligible_organisation_kinds": ("association",), "applies_to": "all"},
        "does_not_fit",
    ),
    (
        "organisation_kind",
        {"actor_kinds": (None,)},
        {"eligible_organisation_kinds": ("association",), "applies_to": "all"},
        "unclear",
    ),
    (
        "organisation_kind",
        {"actor_kinds": (None, "company")},
        {"eligible_organisation_kinds": ("association",), "applies_to": "all"},
        "does_not_fit",
    ),
    # must_include
    ("must_include", {}, {"must_include_kinds": None}, "no_rule"),
    ("must_include", {}, {"must_include_kinds": ()}, "fits"),
    ("must_include", {}, {"must_include_kinds": ("municipality", "region")}, "fits"),
    ("must_include", {}, {"must_include_kinds": ("association",)}, "fits"),
    ("must_include", {}, {"must_include_kinds": ("region",)}, "does_not_fit"),
    ("must_include", {"actor_kinds": None}, {"must_include_kinds": ("region",)}, "unclear"),
    ("must_include", {"actor_kinds": ("region", None)}, {"must_include_kinds": ("region",)}, "fits"),
    # consortium
    ("consortium", {}, {"consortium_required": None}, "no_rule"),
    ("consortium", {"actor_kinds": ()}, {"consortium_required": False}, "fits"),
    ("consortium", {}, {"consortium_required": True}, "fits"),
    ("consortium", {"actor_kinds": (None,)}, {"consortium_required": True}, "fits"),
    ("consortium", {"actor_kinds": ()}, {"consortium_required": True}, "does_not_fit"),
    ("consortium", {"actor_kinds": None}, {"consortium_required": True}, "unclear"),
    # legal_entity
    ("legal_entity", {}, {"legal_entity_required": None}, "no_rule"),
    ("legal_entity", {"legal_entity": False}, {"legal_entity_required": False}, "fits"),
    ("legal_entity", {}, {"legal_entity_required": True}, "fits"),
    ("legal_entity", {"legal_entity": False}, {"legal_entity_required": True}, "does_not_fit"),
    ("legal_entity", {"legal_entity": None}, {"legal_entity_required": True}, "unclear"),
    ("legal_entity", {"legal_entity": None, "lead_kind": "company"}, {"legal_entity_required": True}, "fits"),
    (
        "legal_entity",
        {"legal_entity": None, "lead_kind": "individual"},
        {"legal_entity_required": True},
        "does_not_fit",
    ),
    # age
    ("age", {}, {"min_age_months": None}, "no_rule"),
    ("age", {"age_months": None}, {"min_age_months": 0}, "fits"),
    ("age", {}, {"min_age_months": 30}, "fits"),
    ("age", {}, {"min_age_months": 31}, "does_not_fit"),
    ("age", {"age_months": None}, {"min_age_months": 12}, "unclear"),
    # area: one contains the other, either way round
    ("area", {}, {"areas": None}, "no_rule"),
    ("area", {"works_in": None}, {"areas": ()}, "fits"),
    ("area", {}, {"areas": ("SE-14",)}, "fits"),
    ("area", {}, {"areas": ("SE-1480",)}, "fits"),
    ("area", {}, {"areas": ("world",)}, "fits"),
    ("area", {}, {"areas": ("nordic",)}, "fits"),
    ("area", {"works_in": ("SE",)}, {"areas": ("SE-14",)}, "fits"),
    ("area", {"works_in": ("SE-14",)}, {"areas": ("SE-1480",)}, "fits"),
    ("area", {"works_in": ("europe",)}, {"areas": ("SE-1480",)}, "fits"),
    ("area", {"works_in": ("SE-1380", "SE-1480")}, {"areas": ("SE-12", "SE-14")}, "fits"),
    ("area", {}, {"areas": ("SE-1481",)}, "does_not_fit"),
    ("area", {}, {"areas": ("SE-13",)}, "does_not_fit"),
    ("area", {}, {"areas": ("NO",)}, "does_not_fit"),
    ("area", {"works_in": None}, {"areas": ("SE-14",)}, "unclear"),
    ("area", {"works_in": ()}, {"areas": ("SE-14",)}, "unclear"),
    ("area", {"works_in": (), "works_in_unresolved": ("Sjuhärad",)}, {"areas": ("SE-14",)}, "unclear"),
    ("area", {"works_in_unresolved": ("Sjuhärad",)}, {"areas": ("SE-13",)}, "unclear"),
    ("area", {"works_in_unresolved": ("Sjuhärad",)}, {"areas": ("SE-14",)}, "fits"),
    ("area", {}, {"areas": (), "areas_unresolved": ("Sjuhärad",)}, "unclear"),
    ("area", {}, {"areas": ("SE-13",), "areas_unresolved": ("Sjuhärad",)}, "unclear"),
    ("area", {"works_in": ("SE-9999",)}, {"areas": ("SE-13",)}, "unclear"),
    ("area", {"may_spread_to": ("SE-13",)}, {"areas": ("SE-13",)}, "unclear"),
    # support_kind
    ("support_kind", {}, {}, "fits"),
    ("support_kind", {}, {"support": None}, "no_rule"),
    ("support_kind", {}, {"support": ()}, "no_rule"),
    ("support_kind", {"needs": None}, {}, "unclear"),
    ("support_kind", {"needs": ()}, {}, "unclear"),
    ("support_kind", {"needs": (NeedFacts("mentoring"),)}, {}, "does_not_fit"),
    ("support_kind", {"needs": (NeedFacts("mentoring"), *GRANT)}, {}, "fits"),
    # forms the initiative refuses
    ("forms_refused_by_initiative", {}, {}, "no_rule"),
    ("forms_refused_by_initiative", {"forms_not_accepted": ()}, {}, "no_rule"),
    ("forms_refused_by_initiative", {"forms_not_accepted": ("loan",)}, {}, "fits"),
    ("forms_refused_by_initiative", {"forms_not_accepted": ("grant", "loan")}, {}, "does_not_fit"),
    (
        "forms_refused_by_initiative",
        {"forms_not_accepted": ("equity",)},
        {"support": (SupportFacts("equity"), SupportFacts("mentoring"))},
        "fits",
    ),
    # forms the offer refuses
    ("forms_refused_by_offer", {}, {"forms_not_accepted": None}, "no_rule"),
    ("forms_refused_by_offer", {}, {"forms_not_accepted": ("grant",)}, "does_not_fit"),
    ("forms_refused_by_offer", {"needs": None}, {"forms_not_accepted": ("grant",)}, "unclear"),
    ("forms_refused_by_offer", {"form_after": "alliance"}, {"forms_not_accepted": ("taken_over",)}, "fits"),
    (
        "forms_refused_by_offer",
        {"form_after": "taken_over"},
        {"forms_not_accepted": ("taken_over",)},
        "does_not_fit",
    ),
    ("forms_refused_by_offer", {}, {"forms_not_accepted": ("taken_over",)}, "unclear"),
    (
        "forms_refused_by_offer",
        {"drivers": ("belonging",)},
        {"forms_not_accepted": ("belonging",)},
        "does_not_fit",
    ),
    (
        "forms_refused_by_offer",
        {"drivers": ("belonging", "own_voice")},
        {"forms_not_accepted": ("belonging",)},
        "fits",
    ),
    # wishes made rules
    ("strict_themes", {"themes": ("food",)}, {}, "no_rule"),
    ("strict_themes", {}, {"strict": ("themes",)}, "fits"),
    ("strict_themes", {"themes": ("work",)}, {"strict": ("themes",)}, "fits"),
    ("strict_themes", {"themes": ("social_firms",)}, {"strict": ("themes",)}, "does_not_fit"),
    ("strict_themes", {"themes": ("food",)}, {"strict": ("themes",)}, "does_not_fit"),
    ("strict_themes", {"themes": None}, {"strict": ("themes",)}, "unclear"),
    ("strict_themes", {"themes": ()}, {"strict": ("themes",)}, "unclear"),
    (
        "strict_themes",
        {"themes": ("food",), "themes_unresolved": ("glädje",)},
        {"strict": ("themes",)},
        "unclear",
    ),
    ("strict_themes", {"themes": ("food",)}, {"strict": ("themes",), "themes": None}, "no_rule"),
    ("strict_target_groups", {}, {"strict": ("target_groups",)}, "fits"),
    ("strict_target_groups", {"target_groups": ("older",)}, {"strict": ("target_groups",)}, "does_not_fit"),
    ("strict_target_groups", {"target_groups": None}, {"strict": ("target_groups",)}, "unclear"),
    ("strict_process_parts", {}, {"strict": ("process_parts",)}, "fits"),
    ("strict_process_parts", {"process_parts": ("value",)}, {"strict": ("process_parts",)}, "does_not_fit"),
    ("strict_process_parts", {"process_parts": None}, {"strict": ("process_parts",)}, "unclear"),
    ("strict_language", {}, {"strict": ("language",), "languages": ("sv",)}, "fits"),
    ("strict_language", {}, {"strict": ("language",), "languages": ("en",)}, "does_not_fit"),
    ("strict_language", {"language": None}, {"strict": ("language",), "languages": ("en",)}, "unclear"),
    ("strict_language", {}, {"strict": (), "languages": ("en",)}, "no_rule"),
    ("strict_amount", {}, {"strict": ("amount",)}, "fits"),
    ("strict_amount", {"needs": (NeedFacts("grant", 300_000),)}, {"strict": ("amount",)}, "fits"),
    ("strict_amount", {"needs": (NeedFacts("grant", 300_001),)}, {"strict": ("amount",)}, "does_not_fit"),
    ("strict_amount", {"needs": (NeedFacts("grant", 49_000),)}, {"strict": ("amount",)}, "does_not_fit"),
    ("strict_amount", {"needs": (NeedFacts("grant"),)}, {"strict": ("amount",)}, "unclear"),
    ("strict_amount", {"needs": None}, {"strict": ("amount",)}, "unclear"),
    ("strict_amount", {}, {"strict": ("amount",), "support": (SupportFacts("grant"),)}, "no_rule"),
    (
        "strict_amount",
        {"needs": (NeedFacts("grant", 900_000), NeedFacts("mentoring"))},
        {"strict": ("amount",), "support": (SupportFacts("grant", 1, 300_000), SupportFacts("mentoring"))},
        "fits",
    ),
    ("strict_co_funding", {}, {"co_funding_percent": 20}, "no_rule"),
    (
        "strict_co_funding",
        {"co_funding_percent": 20},
        {"co_funding_percent": 20, "strict": ("co_funding",)},
        "fits",
    ),
    (
        "strict_co_funding",
        {"co_funding_percent": 10},
        {"co_funding_percent": 20, "strict": ("co_funding",)},
        "does_not_fit",
    ),
    ("strict_co_funding", {}, {"co_funding_percent": 20, "strict": ("co_funding",)}, "unclear"),
]


@pytest.mark.parametrize(("requirement", "initiative", "offer", "expected"), CASES)
def test_requirement_verdict(requirement, initiative, offer, expected):
    assert verdict_of(requirement, initiative, offer) == expected


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ({}, "fits"),
        ({"closes_day": TODAY}, "fits"),
        ({"closes_day": TODAY - 1}, "does_not_fit"),
        ({"opens_day": TODAY}, "fits"),
        ({"opens_day": TODAY + 1}, "does_not_fit"),
        ({"opens_day": TODAY - 5, "closes_day": TODAY + 5}, "fits"),
    ],
)
def test_dates_verdict(offer, expected):
    assert verdict_of("dates", {}, offer) == expected


def test_every_requirement_has_a_case_of_each_verdict_it_can_have():
    seen = {
        name: {case[3] for case in CASES if case[0] == name} for name in codes.REQUIREMENTS if name != "dates"
    }
    can_be_unclear = set(seen) - {"other_organisation", "forms_refused_by_initiative"}
    assert all("does_not_fit" in verdicts for verdicts in seen.values())
    assert all("unclear" in seen[name] and "fits" in seen[name] for name in can_be_unclear)


def test_overall_verdict_is_the_worst_and_fits_without_rules():
    rows = np.array([[0, 0, 0], [0, 1, 0], [1, 2, 0], [2, 3, 1]], dtype=np.int8)
    assert [codes.VERDICTS[verdict] for verdict in overall_verdict(rows)] == [
        "fits",
        "fits",
        "unclear",
        "does_not_fit",
    ]


@pytest.mark.parametrize("field", ["lead_kind", "form_after", "language"])
def test_unknown_code_is_refused(field):
    with pytest.raises(ValueError, match="unknown code 'nonsense'"):
        verdict_of("area", {field: "nonsense"}, {})
