"""The next best question, against trying answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from matching.kernel.facts import NeedFacts
from matching.kernel.questions import FACTS, questions
from tests.matching.kernel.cast import (
    AREAS,
    INITIATIVE,
    INITIATIVES,
    OFFER,
    OFFERS,
    TARGET_GROUPS,
    THEMES,
    TODAY,
    initiatives_of,
    numbered,
    offers_of,
)
from tests.matching.kernel.test_laws import laws

KINDS = ("grant", "loan", "mentoring", "premises")


def asked(initiative, *offers):
    arrays = offers_of(*offers)
    return questions(initiative, arrays, requirement_verdicts(initiatives_of(initiative), arrays, TODAY)[0])


def told(found):
    return [(one.fact, one.settles.tolist(), one.waiting.tolist()) for one in found]


def test_a_small_case_by_hand():
    sparse = replace(INITIATIVE, legal_entity=None, age_months=None, target_groups=None)
    number = replace(OFFER, legal_entity_required=True)
    old = replace(OFFER, min_age_months=12)
    offers = [
        replace(number, key="o1"),
        replace(number, key="o2"),
        replace(old, key="o3"),
        replace(old, key="o4", legal_entity_required=True),  # waits for both
        replace(OFFER, key="o5", strict=("target_groups",), areas=("SE-12",)),  # stopped: waits for nothing
        replace(OFFER, key="o6"),  # fits already
    ]
    assert told(asked(sparse, *offers)) == [
        ("legal_entity", [0, 1], [0, 1, 3]),
        ("age", [2], [2, 3]),
    ]


def test_of_two_that_settle_as_many_the_easier_is_asked():
    sparse = replace(INITIATIVE, legal_entity=None, actor_kinds=None)
    offers = [
        replace(OFFER, key="o1", consortium_required=True),
        replace(OFFER, key="o2", legal_entity_required=True),
    ]
    assert [one.fact for one in asked(sparse, *offers)] == ["legal_entity", "actors"]


@pytest.mark.parametrize(
    ("initiative", "offer"),
    [
        ({}, {"areas": (), "areas_unresolved": ("Bergslagen",)}),
        ({"may_spread_to": ("SE-13",)}, {"areas": ("SE-13",)}),
        ({}, {"strict": ("themes",), "themes": ("food",), "themes_unresolved": ("glädje",)}),
    ],
)
def test_what_the_other_side_leaves_open_is_settled_by_no_answer(initiative, offer):
    found = asked(replace(INITIATIVE, **initiative), replace(OFFER, **offer))
    assert all(not len(one.settles) for one in found)


def test_nothing_to_ask_when_all_is_clear():
    assert asked(INITIATIVE, OFFER) == []


ANSWERS = {
    "legal_entity": [{"legal_entity": one} for one in (True, False)],
    "age": [{"age_months": one} for one in (0, 12, 400)],
    "lead_kind": [{"lead_kind": one} for one in codes.ORGANISATION_KINDS],
    "language": [{"language": one} for one in codes.LANGUAGES],
    "works_in": [{"works_in": (one,), "works_in_unresolved": ()} for one in AREAS],
    "process_parts": [{"process_parts": (one,)} for one in codes.PROCESS_PARTS],
    "form_after": [{"form_after": one} for one in codes.FORMS_AFTER],
    "needs": [{"needs": (NeedFacts(one, 10_000.0),)} for one in KINDS],
    "co_funding": [{"co_funding_percent": one} for one in (0.0, 100.0)],
    "target_groups": [{"target_groups": (one,), "target_groups_unresolved": ()} for one in TARGET_GROUPS],
    "themes": [{"themes": (one,), "themes_unresolved": ()} for one in THEMES],
    "drivers": [{"drivers": (one,)} for one in codes.DRIVERS],
    "actors": [{"actor_kinds": one} for one in ((), *((kind,) for kind in codes.ORGANISATION_KINDS))],
}


#: Facts that are chosen in a tree.
TREES = {"works_in", "themes", "target_groups"}


def answered(initiative, fact):
    if fact == "amount":
        for amount in (1.0, 60_000.0, 10_000_000.0):
            needs = tuple(replace(need, amount=need.amount or amount) for need in initiative.needs or ())
            yield replace(initiative, needs=needs)
    else:
        yield from (replace(initiative, **answer) for answer in ANSWERS[fact])


@laws
@given(INITIATIVES, st.lists(OFFERS, min_size=1, max_size=8).map(lambda facts: numbered("o", facts)))
def test_what_is_said_to_be_settled_is_settled_by_every_answer(initiative, facts):
    offers = offers_of(*facts)
    for question in asked(initiative, *facts):
        assert set(question.settles) <= set(question.waiting)
        for after in answered(initiative, question.fact):
            verdicts = requirement_verdicts(initiatives_of(after), offers, TODAY)[0]
            left = overall_verdict(verdicts)[question.settles]
            assert (left != codes.UNCLEAR).all(), (question.fact, after)


@laws
@given(INITIATIVES, st.lists(OFFERS, min_size=1, max_size=6).map(lambda facts: numbered("o", facts)))
def test_what_is_not_said_to_be_settled_has_an_answer_that_leaves_it_unclear(initiative, facts):
    offers = offers_of(*facts)
    before = overall_verdict(requirement_verdicts(initiatives_of(initiative), offers, TODAY)[0])
    for question in asked(initiative, *facts):
        open_still = [place for place in question.waiting if place not in question.settles]
        verdicts = [
            overall_verdict(requirement_verdicts(initiatives_of(after), offers, TODAY)[0])
            for after in answered(initiative, question.fact)
        ]
        for place in open_still:
            assert before[place] == codes.UNCLEAR
            left = {int(after[place]) for after in verdicts}
            # Or all answers break some rule, since the offer's own rules contradict each other; or all fit,
            # since the tests' small trees hold nothing that lies outside what this offer is for.
            same_for_all = (
                {codes.DOES_NOT_FIT, codes.FITS} if question.fact in TREES else {codes.DOES_NOT_FIT}
            )
            assert codes.UNCLEAR in left or (len(left) == 1 and left <= same_for_all), question.fact


def test_every_fact_has_a_place_in_the_order():
    assert len(set(FACTS)) == len(FACTS)
    assert set(ANSWERS) | {"amount"} == set(FACTS)
