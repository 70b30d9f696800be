"""A small world for the kernel's tests: trees, a base pair that fits, and strategies for many."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from brygga.language.lexicon import parse_lexicon
from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, OfferArrays, Trees, encode_initiatives, encode_offers
from matching.kernel.combine import Weights
from matching.kernel.dense import DenseText
from matching.kernel.eligibility import requirement_verdicts
from matching.kernel.facts import (
    AnsweredChallenge,
    InitiativeFacts,
    NeedFacts,
    OfferFacts,
    SupportedCase,
    SupportFacts,
    Taxonomy,
)
from matching.kernel.fitting import fit_analysis
from matching.kernel.scoring import BlockScores, score_block
from matching.kernel.terms import TextDocument
from tests.matching.kernel.dense_models import words_model

TODAY = 20_000.0
AREAS: dict[str, str | None] = {
    "world": None,
    "europe": "world",
    "nordic": "europe",
    "SE": "nordic",
    "NO": "nordic",
    "SE-12": "SE",
    "SE-13": "SE",
    "SE-14": "SE",
    "SE-1280": "SE-12",
    "SE-1380": "SE-13",
    "SE-1480": "SE-14",
    "SE-1481": "SE-14",
}
THEMES: dict[str, str | None] = {
    "work": None,
    "jobs": "work",
    "social_firms": "work",
    "health": None,
    "mental_health": "health",
    "food": None,
}
TARGET_GROUPS: dict[str, str | None] = {"youth": None, "older": None, "newcomers": None}
#: A few groups only, so that a law can be tried on many collections.
LEXICON = parse_lexicon(
    "concept,field,sv,en\nyouth,people,unga|ungdom,youth|young people\nwork,work,jobb|arbete,job|work\n"
    "mental-health,health,psykisk hälsa,mental health\nfood,food,mat,food\nunemployed,work,arbetslös,unemployed\n"
)
TAXONOMY = Taxonomy(AREAS, THEMES, TARGET_GROUPS, {"SE-13": ("SE-14",)})
TREES = Trees(TAXONOMY)

INITIATIVE = InitiativeFacts(
    key="i1",
    organisation_id=1,
    lead_kind="association",
    actor_kinds=("municipality",),
    legal_entity=True,
    age_months=30,
    works_in=("SE-1480",),
    themes=("jobs",),
    target_groups=("youth",),
    process_parts=("develop",),
    needs=(NeedFacts("grant", 200_000),),
    language="sv",
    document=TextDocument("Verkstad för unga", "Unga utan jobb lagar cyklar.", "sv"),
)
OFFER = OfferFacts(
    key="o1",
    organisation_id=2,
    areas=("SE-14",),
    themes=("jobs",),
    target_groups=("youth",),
    process_parts=("develop", "realise"),
    support=(SupportFacts("grant", 50_000, 300_000),),
    document=TextDocument("Unga i arbete", "Vi hjälper unga som saknar jobb.", "sv"),
)


def initiatives_of(*facts: InitiativeFacts) -> InitiativeArrays:
    return encode_initiatives(facts, TREES)


def offers_of(*facts: OfferFacts) -> OfferArrays:
    return encode_offers(facts, TREES)


def analysis_of(
    initiatives: InitiativeArrays, offers: OfferArrays, dense: DenseText | None = None
) -> Analysis:
    return fit_analysis(initiatives, offers, now_day=TODAY, lexicon=LEXICON, dense=dense)


def scores_of(
    initiatives: InitiativeArrays, offers: OfferArrays, analysis: Analysis | None = None
) -> BlockScores:
    return score_block(initiatives, offers, analysis or analysis_of(initiatives, offers), Weights(), TODAY)


def verdict_of(
    requirement: str, initiative: dict[str, Any], offer: dict[str, Any], day: float = TODAY
) -> str:
    """Return the verdict on one requirement for the base pair with some facts changed."""
    verdicts = requirement_verdicts(
        initiatives_of(replace(INITIATIVE, **initiative)), offers_of(replace(OFFER, **offer)), day
    )
    return codes.VERDICTS[verdicts[0, 0, codes.REQUIREMENTS.index(requirement)]]


def some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...] | None]:
    return st.none() | st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


WORDS = st.lists(
    st.sampled_from(
        "unga jobb arbete cykel verkstad psykisk hälsa ensamhet äldre mat odling integration språk youth jobs "
        "food health garden arbetslöshet ungdomsarbetslöshet och med för the".split()
    ),
    max_size=12,
).map(" ".join)
DOCUMENTS = st.builds(TextDocument, WORDS, WORDS, st.sampled_from(["sv", "en", None]))
#: No dense model, mostly; or one that knows some of the words.
DENSE = st.sampled_from(
    [None, None, DenseText(words_model("unga youth jobb jobs mat food health ensamhet".split()), 0.3)]
)
MONEY = st.none() | st.sampled_from([0.0, 1_000.0, 50_000.0, 200_000.0, 1_000_000.0])
KINDS = ("grant", "loan", "mentoring", "premises")


def _needs() -> st.SearchStrategy[Any]:
    need = st.builds(
        NeedFacts, st.sampled_from(KINDS), MONEY, st.none() | st.just(20.0), st.sampled_from([1.0, 2.0])
    )
    return st.none() | st.lists(need, max_size=3).map(tuple)


def _support() -> st.SearchStrategy[Any]:
    support = st.builds(SupportFacts, st.sampled_from(KINDS), MONEY, MONEY, st.none() | st.just(10.0))
    return st.none() | st.lists(support, max_size=3).map(tuple)


CHALLENGES = st.lists(st.integers(1, 3), max_size=2, unique=True).map(
    lambda keys: tuple(AnsweredChallenge(key, f"Utmaning {key}") for key in keys)
)
ORGANISATIONS = ("association", "company", "municipality", "individual")
INITIATIVES = st.builds(
    InitiativeFacts,
    key=st.just("?"),
    organisation_id=st.none() | st.integers(1, 3),
    lead_kind=st.none() | st.sampled_from(ORGANISATIONS),
    actor_kinds=st.none() | st.lists(st.none() | st.sampled_from(ORGANISATIONS), max_size=2).map(tuple),
    legal_entity=st.sampled_from([None, True, False]),
    age_months=st.none() | st.integers(0, 60),
    works_in=some(tuple(AREAS)),
    works_in_unresolved=st.sampled_from([(), ("Sjuhärad",)]),
    may_spread_to=some(tuple(AREAS)),
    themes=some(tuple(THEMES)),
    themes_unresolved=st.sampled_from([(), ("glädje",)]),
    target_groups=some(tuple(TARGET_GROUPS)),
    process_parts=some(codes.PROCESS_PARTS),
    needs=_needs(),
    forms_not_accepted=some(("grant", "loan", "equity")),
    form_after=st.none() | st.sampled_from(codes.FORMS_AFTER),
    drivers=some(codes.DRIVERS),
    language=st.sampled_from([None, "sv", "en"]),
    co_funding_percent=st.none() | st.sampled_from([0.0, 20.0, 50.0]),
    challenges=CHALLENGES,
    document=DOCUMENTS,
)
HISTORY = st.lists(
    st.builds(
        SupportedCase,
        key=st.sampled_from("abcdef"),
        document=DOCUMENTS,
        initiative_key=st.none() | st.sampled_from(["i000", "i007"]),
        decided_day=st.none() | st.sampled_from([TODAY, TODAY - 800, TODAY - 4000, TODAY + 30]),
        name=st.sampled_from(["", "Ett namn"]),
        is_borrowed=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda case: case.key,
).map(tuple)
OFFERS = st.builds(
    OfferFacts,
    key=st.just("?"),
    organisation_id=st.none() | st.integers(1, 3),
    eligible_organisation_kinds=some(ORGANISATIONS),
    applies_to=st.sampled_from(codes.APPLIES_TO),
    must_include_kinds=some(ORGANISATIONS),
    consortium_required=st.sampled_from([None, True, False]),
    legal_entity_required=st.sampled_from([None, True, False]),
    min_age_months=st.none() | st.sampled_from([0, 12, 24]),
    areas=some(tuple(AREAS)),
    areas_unresolved=st.sampled_from([(), ("Bergslagen",)]),
    themes=some(tuple(THEMES)),
    target_groups=some(tuple(TARGET_GROUPS)),
    process_parts=some(codes.PROCESS_PARTS),
    support=_support(),
    forms_not_accepted=some(("grant", "loan", "taken_over", "belonging")),
    languages=some(codes.LANGUAGES),
    opens_day=st.none() | st.sampled_from([TODAY - 1, TODAY + 1]),
    closes_day=st.none() | st.sampled_from([TODAY - 1, TODAY, TODAY + 10]),
    strict=st.lists(st.sampled_from(codes.STRICT), max_size=3, unique=True).map(tuple),
    co_funding_percent=st.none() | st.sampled_from([0.0, 10.0, 30.0]),
    drivers=some(codes.DRIVERS),
    # Short, since every text in it makes every law slower.
    history=st.just(()) | HISTORY.map(lambda cases: cases[:2]),
    challenges=CHALLENGES,
    document=DOCUMENTS,
)


def numbered(prefix: str, facts: list[Any]) -> list[Any]:
    """Give keys whose order is not the rows' order, so that ties by key show."""
    return [replace(fact, key=f"{prefix}{place * 7 % 11:03}") for place, fact in enumerate(facts)]


def collections(most: int = 6) -> st.SearchStrategy[tuple[list[InitiativeFacts], list[OfferFacts]]]:
    """Draw both sides, one row or more each."""
    return st.tuples(
        st.lists(INITIATIVES, min_size=1, max_size=most).map(lambda facts: numbered("i", facts)),
        st.lists(OFFERS, min_size=1, max_size=most).map(lambda facts: numbered("o", facts)),
    )
