"""The codes that facts are written in, and the order of every axis that is made from them.

The same codes as in the taxonomy's enums; a test compares the two, since the kernel
cannot import them.
"""

from typing import Final

ORGANISATION_KINDS: Final = (
    "association",
    "foundation",
    "economic_association",
    "company",
    "municipality",
    "region",
    "state_agency",
    "university",
    "faith_community",
    "informal_group",
    "individual",
)
#: Kinds that are a legal entity by their nature. An association may or may not be one.
ALWAYS_LEGAL_ENTITY: Final = frozenset(
    {"foundation", "economic_association", "company", "municipality", "region", "state_agency", "university"}
)
NEVER_LEGAL_ENTITY: Final = frozenset({"informal_group", "individual"})

SUPPORT_KINDS: Final = (
    "grant",
    "loan",
    "guarantee",
    "equity",
    "procurement",
    "outcome_contract",
    "mentoring",
    "knowledge",
    "evaluation",
    "premises",
    "staff_time",
    "network",
    "test_site",
    "data",
    "communication",
    "mandate",
)
PROCESS_PARTS: Final = ("understand", "envision", "mobilise", "develop", "realise", "value")
FORMS_AFTER: Final = ("alliance", "new_organisation", "internal_unit", "taken_over", "none_yet")
DRIVERS: Final = (
    "own_experience",
    "unmet_need",
    "equal_chances",
    "belonging",
    "own_voice",
    "local_place",
    "climate_and_nature",
    "jobs_for_more",
    "better_public_service",
    "knowledge_to_use",
    "lasting_enterprise",
    "spread_what_works",
)
LANGUAGES: Final = ("sv", "en")
APPLIES_TO: Final = ("lead", "any", "all")
#: Wishes that an offer may make hard.
STRICT: Final = ("themes", "target_groups", "process_parts", "language", "amount", "co_funding")

#: The hard rules, in the order of the last axis of every requirement array.
REQUIREMENTS: Final = (
    "other_organisation",
    "organisation_kind",
    "must_include",
    "consortium",
    "legal_entity",
    "age",
    "area",
    "dates",
    "support_kind",
    "forms_refused_by_initiative",
    "forms_refused_by_offer",
    "strict_themes",
    "strict_target_groups",
    "strict_process_parts",
    "strict_language",
    "strict_amount",
    "strict_co_funding",
)
#: The rules whose clear answer adds to confidence; the others are nearly always silent.
CONFIDENCE_REQUIREMENTS: Final = (
    "organisation_kind",
    "must_include",
    "consortium",
    "legal_entity",
    "age",
    "area",
    "support_kind",
)

#: The soft criteria, in the order of the last axis of every criterion array. New ones come last, so that
#: what an earlier version stored is a beginning of this.
CRITERIA: Final = (
    "text",
    "themes",
    "target_groups",
    "area",
    "process_parts",
    "support_kind",
    "amount",
    "organisation",
    "drivers",
    "history",
    "challenge",
)

#: Of an offer's history the newest cases are read.
MOST_CASES: Final = 24
#: Of the challenges that a profile answers the newest are read.
MOST_CHALLENGES: Final = 8

#: Verdicts, ordered so that the worst of several is their maximum.
NO_RULE: Final = 0
FITS: Final = 1
UNCLEAR: Final = 2
DOES_NOT_FIT: Final = 3
VERDICTS: Final = ("no_rule", "fits", "unclear", "does_not_fit")
