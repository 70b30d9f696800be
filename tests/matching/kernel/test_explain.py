"""Reasons are made of the numbers and the facts, and read well in both languages."""

import json
import string
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from matching.kernel import codes
from matching.kernel.combine import Weights, base
from matching.kernel.explain import Reason, card_reasons, explain_pair
from matching.kernel.facts import InitiativeFacts, NeedFacts, OfferFacts, SupportedCase, SupportFacts
from matching.kernel.reasons import ENGLISH, SWEDISH, reason_en, reason_sv
from matching.kernel.terms import TextDocument
from tests.matching.kernel.cast import (
    AREAS,
    INITIATIVE,
    OFFER,
    TARGET_GROUPS,
    TAXONOMY,
    THEMES,
    TODAY,
    analysis_of,
    collections,
    initiatives_of,
    offers_of,
    scores_of,
)

VOCABULARIES = {
    "area": AREAS,
    "theme": THEMES,
    "target_group": TARGET_GROUPS,
    "process_part": codes.PROCESS_PARTS,
    "support_kind": codes.SUPPORT_KINDS,
    "organisation_kind": codes.ORGANISATION_KINDS,
    "form": (*codes.SUPPORT_KINDS, *codes.FORMS_AFTER, *codes.DRIVERS),
    "language": codes.LANGUAGES,
    "driver": codes.DRIVERS,
}
SWEDISH_NAMES = {
    "SE-1480": "Göteborg",
    "SE-14": "Västra Götaland",
    "SE-13": "Halland",
    "SE": "Sverige",
    "grant": "bidrag",
    "loan": "lån",
    "mentoring": "mentor",
    "youth": "unga utan jobb",
    "older": "äldre",
    "jobs": "vägar till jobb",
    "work": "arbete",
    "develop": "utveckla och pröva",
    "value": "skapa värde",
    "association": "förening",
    "company": "företag",
    "municipality": "kommun",
    "region": "region",
    "en": "engelska",
    "taken_over": "att någon annan tar över",
    "belonging": "att människor möts",
}


def names(vocabulary, code):
    assert code in VOCABULARIES[vocabulary], (vocabulary, code)
    return SWEDISH_NAMES.get(code, code)


def reasons_of(initiative=None, offer=None, day=TODAY):
    """Return all reasons of the base pair with some facts changed, by criterion."""
    facts, offer_facts = replace(INITIATIVE, **(initiative or {})), replace(OFFER, **(offer or {}))
    initiatives, offers = initiatives_of(facts), offers_of(offer_facts)
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    return explain(facts, offer_facts, analysis, scores, (0, 0), day)


def explain(facts, offer_facts, analysis, scores, place, day=TODAY):
    return explain_pair(
        facts,
        offer_facts,
        taxonomy=TAXONOMY,
        text=analysis.text,
        values=scores.values[place],
        known=scores.known[place],
        contributions=scores.contributions[place],
        requirement_verdicts=scores.requirement_verdicts[place],
        weights=Weights().as_array(),
        now_day=day,
    )


SENTENCES = [
    ("target_groups", {}, {}, "Samma målgrupp: unga utan jobb"),
    ("target_groups", {}, {"target_groups": ("older",)}, "De vänder sig till andra målgrupper: äldre"),
    ("target_groups", {"target_groups": None}, {}, "Du har inte angett målgrupper"),
    ("target_groups", {}, {"target_groups": ()}, "De har inga önskemål om målgrupper"),
    ("themes", {}, {"themes": ("work",)}, "Närliggande ämnen: vägar till jobb och arbete"),
    ("text", {}, {}, "Båda skriver om samma sak: unga och jobb"),
    ("area", {}, {}, "Göteborg: stödet gäller Västra Götaland"),
    ("area", {"works_in": ("SE",)}, {}, "Du arbetar i Sverige, där Västra Götaland ingår"),
    (
        "area",
        {"works_in": (), "works_in_unresolved": ("Sjuhärad",)},
        {},
        "Vi vet inte säkert var Sjuhärad ligger",
    ),
    ("process_parts", {}, {}, "Stöd för det du gör nu: utveckla och pröva"),
    ("support_kind", {}, {}, "De ger det du behöver: bidrag"),
    ("amount", {}, {}, "Du söker 200 000 kr, de ger 50 000–300 000 kr"),
    (
        "amount",
        {},
        {"support": (SupportFacts("grant", None, 30_000),)},
        "Du söker 200 000 kr, de ger högst 30 000 kr",
    ),
    (
        "amount",
        {},
        {"support": (SupportFacts("grant", 22_000),)},
        "Du söker 200 000 kr, de ger minst 22 000 kr",
    ),
    ("amount", {"needs": (NeedFacts("grant"),)}, {}, "Du har inte angett belopp"),
    (
        "legal_entity",
        {"legal_entity": None},
        {"legal_entity_required": True},
        "Kräver organisationsnummer – du har inte angett något",
    ),
    (
        "organisation_kind",
        {},
        {"eligible_organisation_kinds": ("company", "municipality")},
        "Bara dessa kan söka: företag eller kommun – inte förening",
    ),
    ("must_include", {}, {"must_include_kinds": ("region",)}, "Måste vara med: region"),
    (
        "organisation",
        {},
        {"eligible_organisation_kinds": ("association", "company")},
        "Stödet är särskilt för förening",
    ),
    (
        "organisation",
        {},
        {"eligible_organisation_kinds": codes.ORGANISATION_KINDS},
        "Stödet är för många slags organisationer, också förening och kommun",
    ),
    (
        "organisation",
        {},
        {"eligible_organisation_kinds": ("company",)},
        "Stödet är mest för andra: företag",
    ),
    ("organisation", {}, {"consortium_required": True}, "De vill att flera går ihop, och här är 2 med"),
    (
        "organisation",
        {},
        {"must_include_kinds": ("municipality",)},
        "De vill att en sådan part är med: kommun",
    ),
    (
        "organisation",
        {"actor_kinds": None},
        {"consortium_required": True},
        "Du har inte angett vilka slags organisationer det gäller",
    ),
    ("organisation", {}, {}, "De har inte angett vilka slags organisationer det gäller"),
    ("drivers", {"drivers": ("belonging",)}, {}, "Formen brukar passa det som driver arbetet: bidrag"),
    (
        "drivers",
        {"drivers": ("lasting_enterprise",)},
        {},
        "Formen brukar passa andra drivkrafter bättre: bidrag",
    ),
    (
        "drivers",
        {"drivers": ("belonging",)},
        {"drivers": ("belonging",)},
        "Samma drivkraft: att människor möts",
    ),
    ("drivers", {}, {}, "Du har inte angett drivkrafter"),
    ("history", {}, {}, "Vi vet inte vad de har stöttat tidigare"),
    (
        "consortium",
        {"actor_kinds": ()},
        {"consortium_required": True},
        "Kräver minst två parter, och det finns bara en",
    ),
    (
        "age",
        {},
        {"min_age_months": 36},
        "Kräver en organisation som har funnits i minst 3 år – den har funnits i 30 månader",
    ),
    ("area", {}, {"areas": ("SE-13",)}, "Göteborg ligger nära Halland"),
    ("dates", {}, {"closes_day": TODAY + 1}, "Öppet till och med 5 oktober 2024"),
    ("support_kind", {"needs": None}, {}, "Du har inte angett vilket stöd det gäller"),
    (
        "strict_amount",
        {"needs": (NeedFacts("grant", 900_000),)},
        {"strict": ("amount",)},
        "Du söker 900 000 kr, de ger bara 50 000–300 000 kr",
    ),
    (
        "strict_language",
        {},
        {"strict": ("language",), "languages": ("en",)},
        "Ansökan måste vara på engelska",
    ),
    (
        "forms_refused_by_offer",
        {"form_after": "taken_over"},
        {"forms_not_accepted": ("taken_over",)},
        "De säger nej till: att någon annan tar över",
    ),
]


@pytest.mark.parametrize(("criterion", "initiative", "offer", "expected"), SENTENCES)
def test_sentence(criterion, initiative, offer, expected):
    reason = next(reason for reason in reasons_of(initiative, offer) if reason.criterion == criterion)
    assert reason_sv(reason, names).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("initiative", "offer", "day", "expected"),
    [
        ({}, {"areas": ("SE-13",)}, TODAY, "Stödet gäller bara Halland, du arbetar i Göteborg"),
        (
            {"works_in": None},
            {},
            TODAY,
            "Stödet gäller Västra Götaland – du har inte angett var arbetet sker",
        ),
        ({}, {"areas": (), "areas_unresolved": ("Sjuhärad",)}, TODAY, "var Sjuhärad ligger"),
        ({"may_spread_to": ("SE-13",)}, {"areas": ("SE-13",)}, TODAY, "du kan sprida dit"),
    ],
)
def test_area_rule_names_what_is_missing_or_broken(initiative, offer, day, expected):
    reasons = reasons_of(initiative, offer, day)
    rule = next(reason for reason in reasons if reason.criterion == "area" and reason.is_requirement)
    assert expected in reason_sv(rule, names)


@pytest.mark.parametrize(
    ("offer", "sv", "en"),
    [
        ({"closes_day": TODAY - 1}, "Stängde 3 oktober 2024", "Closed on 3 October 2024"),
        ({"opens_day": TODAY + 2}, "Öppnar först 6 oktober 2024", "Does not open until 6 October 2024"),
    ],
)
def test_dates_are_told_in_words(offer, sv, en):
    reason = next(reason for reason in reasons_of({}, offer) if reason.criterion == "dates")
    assert (reason_sv(reason, names), reason_en(reason, names)) == (sv, en)


def test_the_giver_reads_the_same_reason_from_the_other_side():
    amount = next(reason for reason in reasons_of() if reason.criterion == "amount")
    assert (
        reason_sv(amount, names, "offer").replace("\u00a0", " ")
        == "De söker 200 000 kr, ni ger 50 000–300 000 kr"
    )
    assert (
        reason_en(amount, names).replace("\u00a0", " ")
        == "You ask for SEK 200,000, they give SEK 50,000–300,000"
    )
    assert "they ask" in reason_en(amount, names, "offer").lower()


def test_card_shows_what_contributed_and_the_first_thing_to_know():
    reasons = reasons_of({"legal_entity": None}, {"legal_entity_required": True})
    card = card_reasons(reasons)
    assert 2 <= len(card.reasons) <= 3
    assert card.caveat is not None and card.caveat.criterion == "legal_entity"
    asked_too_much = card_reasons(reasons_of({"needs": (NeedFacts("grant", 900_000),)}))
    assert asked_too_much.caveat is not None and asked_too_much.caveat.kind == "amount_above"
    assert all(reason.kind != "amount_above" for reason in asked_too_much.reasons)
    missing = card_reasons(reasons_of({"target_groups": None}))
    assert missing.caveat is not None and missing.caveat.kind == "fact_missing"


def test_an_amount_at_the_very_end_of_the_range_is_within_it():
    for asked in (50_000, 300_000):
        reasons = reasons_of({"needs": (NeedFacts("grant", asked),)})
        assert next(reason.kind for reason in reasons if reason.criterion == "amount") == "amount_within"


def test_card_caveat_prefers_a_broken_rule_to_an_unclear_one():
    reasons = reasons_of({"legal_entity": None}, {"legal_entity_required": True, "areas": ("SE-13",)})
    caveat = card_reasons(reasons).caveat
    assert caveat is not None and (caveat.criterion, caveat.verdict) == ("area", "does_not_fit")


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    assert SWEDISH.keys() == ENGLISH.keys()

    def blanks(sentence):
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    pronouns = {"seeker", "giver"}
    different = {key for key in SWEDISH if blanks(SWEDISH[key]) - pronouns != blanks(ENGLISH[key]) - pronouns}
    assert different == set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(collections(3))
def test_every_pair_can_be_explained(both):
    initiatives, offers = initiatives_of(*both[0]), offers_of(*both[1])
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    whole = base(analysis.mean_array(), Weights())
    for row, facts in enumerate(both[0]):
        for column, offer_facts in enumerate(both[1]):
            reasons = explain(facts, offer_facts, analysis, scores, (row, column))
            criteria = [reason for reason in reasons if not reason.is_requirement]
            rules = {reason.criterion: reason.verdict for reason in reasons if reason.is_requirement}
            assert [reason.criterion for reason in criteria] == list(codes.CRITERIA)
            assert whole + sum(reason.contribution for reason in criteria) == pytest.approx(
                scores.fit[row, column], abs=1e-3
            )
            stated = scores.requirement_verdicts[row, column]
            assert rules == {
                name: codes.VERDICTS[verdict]
                for name, verdict in zip(codes.REQUIREMENTS, stated, strict=True)
                if verdict != codes.NO_RULE
            }
            for reason in reasons:
                assert Reason(**json.loads(json.dumps(reason.__dict__))) == reason
                for render in (reason_sv, reason_en):
                    for side in ("initiative", "offer"):
                        sentence = render(reason, names, side)
                        assert sentence and "{" not in sentence and "  " not in sentence, sentence
                        assert not sentence.endswith((": ", " ", " i", " in")), sentence
            by_name = {reason.criterion: reason for reason in criteria}
            amount, place = by_name["amount"], codes.CRITERIA.index("amount")
            if scores.known[row, column, place]:
                value = scores.values[row, column, place]
                assert (value == 1) == (amount.kind in ("amount_within", "hours_within"))
            for name in ("themes", "target_groups"):
                value = scores.values[row, column, codes.CRITERIA.index(name)]
                if by_name[name].kind.endswith(("_shared", "_related")):
                    assert value > 0
                elif by_name[name].kind.endswith("_apart"):
                    assert value == 0
            value = scores.values[row, column, codes.CRITERIA.index("challenge")]
            assert (by_name["challenge"].kind == "challenge_shared") == (value == 1)
            card = card_reasons(reasons)
            assert len(card.reasons) <= 3
            assert card.caveat is None or card.caveat.criterion != "challenge"
            assert all(reason.verdict == "fits" for reason in card.reasons)
            if scores.verdict[row, column] == codes.DOES_NOT_FIT:
                assert card.caveat is not None and card.caveat.verdict == "does_not_fit"


def test_nothing_known_at_all_is_explained_as_missing():
    facts, offer_facts = InitiativeFacts("i"), OfferFacts("o")
    initiatives, offers = initiatives_of(facts), offers_of(offer_facts)
    analysis = analysis_of(initiatives, offers)
    reasons = explain(facts, offer_facts, analysis, scores_of(initiatives, offers, analysis), (0, 0))
    challenge = reasons.pop(codes.CRITERIA.index("challenge"))
    assert (challenge.verdict, challenge.kind, challenge.contribution) == ("no_rule", "challenge_none", 0.0)
    history = reasons.pop(codes.CRITERIA.index("history"))
    assert {reason.verdict for reason in reasons if not reason.is_requirement} == {"unclear"}
    # What is not known of the past is nobody's fact to state.
    assert (history.verdict, reason_sv(history, names)) == (
        "no_rule",
        "Vi vet inte vad de har stöttat tidigare",
    )
    assert reason_sv(reasons[0], names) == "Ingen har angett en beskrivning"


def _past(*cases):
    """Return the reason about past support, told beside an offer that has supported something else."""
    other = replace(OFFER, key="o2", history=(SupportedCase("z", TextDocument("Odling", "Mat.", "sv")),))
    facts = [replace(OFFER, history=cases), other]
    initiatives, offers = initiatives_of(INITIATIVE), offers_of(*facts)
    analysis = analysis_of(initiatives, offers)
    scores = scores_of(initiatives, offers, analysis)
    return [
        explain(INITIATIVE, one, analysis, scores, (0, place))[codes.CRITERIA.index("history")]
        for place, one in enumerate(facts)
    ]


def test_past_support_names_at_most_two_public_cases():
    document = TextDocument("Verkstaden", "Unga utan jobb lagar cyklar.", "sv")
    cases = [SupportedCase(name, document, None, TODAY, name) for name in ("Ett", "Två", "Tre")]
    alike, other = _past(*cases)
    assert (alike.criterion, alike.verdict) == ("history", "fits")
    assert len(alike.parameters["cases"]) == 2
    named = replace(alike, parameters={"cases": ["Cykelköket", "Verkstan"]})
    assert reason_sv(named, names) == "De har tidigare stöttat ”Cykelköket” och ”Verkstan”"
    assert reason_sv(named, names, "offer") == "Ni har tidigare stöttat ”Cykelköket” och ”Verkstan”"
    assert reason_en(named, names) == "They have supported “Cykelköket” and “Verkstan” before"
    # What does not speak for the pair names nothing, and is no reason on a card.
    assert reason_sv(other, names) == "Det de har stöttat tidigare handlar mest om annat"
    assert other.parameters == {} and other not in card_reasons([alike, other, alike]).reasons
    lent, _ = _past(*(replace(one, is_borrowed=True) for one in cases))
    assert reason_sv(lent, names).startswith("Samma givare har tidigare stöttat ”")
    hidden, _ = _past(*(replace(one, name="") for one in cases))
    assert reason_sv(hidden, names) == "De har tidigare stöttat liknande arbete"


def text_reason(kind, contribution):
    words = {"words": ["cyklar", "unga"], "their_words": ["cykel", "unga"]}
    named = {"named": ["cykel", "unga"], "named_to_offer": ["cyklar", "unga"]}
    return Reason("text", "fits", kind, words | named, 0.4, 0.32, contribution)


def test_each_side_is_shown_the_word_as_the_other_writes_it():
    reason = text_reason("text_shared", 0.1)
    assert reason_sv(reason, names) == "Båda skriver om samma sak: cykel och unga"
    assert reason_en(reason, names, "offer") == "Both write about the same thing: cyklar and unga"
