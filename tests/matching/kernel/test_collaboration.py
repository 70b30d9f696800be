"""Initiatives to do something together with: by hand, and what must hold for every collection."""

import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel import collaboration as together
from matching.kernel.collaboration_reasons import (
    ENGLISH,
    SWEDISH,
    collaboration_reasons,
    collaboration_sentence,
)
from matching.kernel.explain import Reason
from matching.kernel.facts import InitiativeFacts, NeedFacts
from matching.kernel.terms import TextDocument
from tests.matching.kernel.cast import (
    INITIATIVE,
    INITIATIVES,
    TAXONOMY,
    analysis_of,
    initiatives_of,
    numbered,
    offers_of,
)

laws = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT, THEMES, PLACE, COMPLEMENT = range(4)
#: A municipality with a workshop for the same people, and a need that an association can meet.
WORKSHOP = InitiativeFacts(
    key="i2",
    organisation_id=7,
    lead_kind="municipality",
    works_in=("SE-1481",),
    themes=("jobs",),
    target_groups=("youth",),
    needs=(NeedFacts("network"), NeedFacts("grant", 100_000)),
    document=TextDocument("Kommunens verkstad", "Unga får laga cyklar och möbler.", "sv"),
)
MINE = replace(INITIATIVE, actor_kinds=None, needs=(NeedFacts("premises"), NeedFacts("grant", 1)))


def asked(mine, *others, k=20):
    """Return the collaborators of one initiative, and the facts in their order."""
    everyone = initiatives_of(mine, *others)
    analysis = analysis_of(everyone, offers_of())
    index = together.CollaborationIndex(everyone, analysis)
    found = together.collaborators(everyone.rows(np.array([0])), index, k)
    return found, [(mine, *others)[row] for row in found.rows]


def test_values_by_hand():
    found, facts = asked(MINE, WORKSHOP)
    assert facts == [WORKSHOP]
    # Neighbours in one county 0.5. A municipality brings premises (1 of 1 needs; money is not counted) and
    # another sector; the association brings contacts and another sector.
    assert found.values[0, PLACE] == pytest.approx(0.5)
    assert found.values[0, THEMES] == pytest.approx(1.0)
    assert found.values[0, COMPLEMENT] == pytest.approx(1.0)
    assert found.known.all() and 0 < found.values[0, TEXT] <= 1
    assert found.score[0] == pytest.approx(found.values[0] @ together.WEIGHTS, abs=1e-4)


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        # To us: premises met 1, another sector 1. To them: contacts met 1, another sector 1.
        ({}, 1.0),
        # They also need evaluation, which we cannot bring: (1/2 + 1) / 2 = 0.75.
        ({"needs": (NeedFacts("network"), NeedFacts("evaluation"))}, 0.75**0.5),
        # An association: brings no premises and no other sector.
        ({"lead_kind": "association"}, 0.0),
        # Nothing needed but money: only what each adds.
        ({"needs": (NeedFacts("grant", 5),)}, 1.0),
        ({"needs": None}, 1.0),
    ],
)
def test_complement_by_hand(theirs, expected):
    found, _ = asked(MINE, replace(WORKSHOP, **theirs))
    assert found.values[0, COMPLEMENT] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({}, {"works_in": ("SE-1480",)}, 1.0),
        ({"may_spread_to": ("SE-12",)}, {"works_in": ("SE-1280",)}, 0.7 * 0.8),
        ({}, {"works_in": ("SE-1280",), "may_spread_to": ("SE-1480",)}, 0.7),
        ({}, {"works_in": ("SE-1280",)}, 0.0),
    ],
)
def test_place_by_hand(mine, theirs, expected):
    found, _ = asked(replace(MINE, **mine), replace(WORKSHOP, **theirs))
    assert found.values[0, PLACE] == pytest.approx(expected)


def test_only_those_who_share_a_theme_or_a_rare_word_are_looked_at():
    nothing = replace(WORKSHOP, themes=("food",), document=TextDocument("Odling", "Potatis.", "sv"))
    fillers = [
        InitiativeFacts(f"f{n}", n + 20, document=TextDocument("Unga", "Unga och jobb.", "sv"))
        for n in range(12)
    ]
    rare = replace(fillers[0], key="rare", organisation_id=99, document=TextDocument("", "Cyklar.", "sv"))
    parent = replace(nothing, key="i3", organisation_id=8, themes=("work",))
    found, facts = asked(MINE, nothing, parent, rare, *fillers)
    # A wider theme is shared, "cyklar" stands in few texts and "unga" in many.
    assert {one.key for one in facts} == {"i3", "rare"}
    assert found.candidates == 2


def test_rare_words_are_written_as_they_stand_and_say_something():
    documents = [
        TextDocument("", text, "sv") for text in ("Banvallen hör vi.", "En banvall.", "Unga. Banvall.")
    ]
    more = [TextDocument("", "Unga hör.", "sv")] * 7
    facts = [InitiativeFacts(f"i{n}", n, document=one) for n, one in enumerate([*documents, *more])]
    analysis = analysis_of(initiatives_of(*facts), offers_of())
    assert together.rare_words(documents[0], analysis) == ["banvallen"]
    # In eight of ten texts, and of no use to find anybody by.
    assert together.rare_words(more[0], analysis) == []
    assert together.rare_words(TextDocument("", "Vi börjar. Hälften hör.", "sv"), analysis) == []
    assert together.rare_words(TextDocument(), analysis) == []


def test_never_itself_and_never_its_own_organisation():
    _, facts = asked(
        MINE, replace(WORKSHOP, organisation_id=MINE.organisation_id), replace(WORKSHOP, key="i9")
    )
    assert [one.key for one in facts] == ["i9"]
    nobody = replace(MINE, organisation_id=None)
    assert len(asked(nobody, replace(WORKSHOP, organisation_id=None))[0].rows) == 1


def test_who_answers_the_same_challenge_is_looked_at_and_is_about_the_same():
    choir = InitiativeFacts(key="i9", organisation_id=9, themes=("culture",), document=TextDocument("Kören"))
    unstated = replace(choir, key="i8", organisation_id=8, themes=None)
    ours = replace(choir, key="i7", organisation_id=MINE.organisation_id)
    everyone = initiatives_of(MINE, choir, unstated, ours, replace(choir, key="i6", organisation_id=6))
    index = together.CollaborationIndex(everyone, analysis_of(everyone, offers_of()))
    mine = everyone.rows(np.array([0]))
    assert len(together.collaborators(mine, index).rows) == 0
    found = together.collaborators(mine, index, 20, np.array([True, True, True, True, False]))
    assert sorted(found.rows.tolist()) == [1, 2]
    assert found.values[:, THEMES].tolist() == [1.0, 1.0]
    assert found.known[:, THEMES].all()
    with pytest.raises(ValueError, match="same_challenge"):
        together.collaborators(mine, index, 20, np.array([True]))


def test_one_at_a_time():
    everyone = initiatives_of(MINE, WORKSHOP)
    index = together.CollaborationIndex(everyone, analysis_of(everyone, offers_of()))
    with pytest.raises(ValueError, match="one initiative at a time, not 2"):
        together.collaborators(everyone, index)


@laws
@given(st.lists(INITIATIVES, min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_the_number_is_the_same_from_both_sides_and_in_any_order(facts, random):
    facts = numbered("i", facts)
    everyone = initiatives_of(*facts)
    analysis = analysis_of(everyone, offers_of())
    index = together.CollaborationIndex(everyone, analysis)
    scores = {}
    for row, one in enumerate(facts):
        found = together.collaborators(everyone.rows(np.array([row])), index)
        assert ((found.values >= 0) & (found.values <= 1 + 1e-6)).all()
        assert ((found.score >= 0) & (found.score <= 1)).all()
        assert (found.values[~found.known] == 0).all()
        assert list(zip(-found.score, [facts[r].key for r in found.rows], strict=True)) == sorted(
            zip(-found.score, [facts[r].key for r in found.rows], strict=True)
        )
        for other, score in zip(found.rows, found.score, strict=True):
            scores[one.key, facts[other].key] = score
    for (first, second), score in scores.items():
        if (second, first) in scores:
            assert scores[second, first] == pytest.approx(score, abs=2e-4)
    mixed = list(facts)
    random.shuffle(mixed)
    other_index = together.CollaborationIndex(initiatives_of(*mixed), analysis)
    again = together.collaborators(everyone.rows(np.array([0])), other_index)
    first = together.collaborators(everyone.rows(np.array([0])), index)
    assert [mixed[row].key for row in again.rows] == [facts[row].key for row in first.rows]


@laws
@given(st.lists(INITIATIVES, min_size=2, max_size=5), st.sampled_from(codes.ORGANISATION_KINDS))
def test_a_party_more_on_their_side_never_brings_us_less(facts, kind):
    facts = numbered("i", facts)
    needs = np.array([[1.0 if one in ("premises", "mandate") else 0.0 for one in codes.SUPPORT_KINDS]])
    kinds = initiatives_of(facts[0]).actor_kinds.astype(float)
    theirs = initiatives_of(facts[1]).actor_kinds.astype(float)
    more = theirs.copy()
    more[0, codes.ORGANISATION_KINDS.index(kind)] = 1
    assert together._one_way(needs, kinds, more)[0] >= together._one_way(needs, kinds, theirs)[0]


def names(vocabulary, code):
    return code


def test_reasons_say_what_is_alike_and_what_each_could_bring():
    statistics = analysis_of(initiatives_of(MINE, WORKSHOP), offers_of()).text
    reasons = collaboration_reasons(MINE, WORKSHOP, taxonomy=TAXONOMY, text=statistics)
    assert [collaboration_sentence(reason, names, "sv") for reason in reasons] == [
        "Samma ämne: jobs",
        "De kan ofta bidra med det du behöver: premises",
        "Samma målgrupp: youth",
        "Båda skriver om samma sak: unga, verkstad och cyklar",
        "Du kan ofta bidra med det de behöver: network",
        "De ser frågan från ett annat håll: municipality",
    ]
    spread = replace(MINE, may_spread_to=("SE-14",))
    kinds = {
        reason.kind: collaboration_sentence(reason, names, "en")
        for reason in collaboration_reasons(spread, WORKSHOP, taxonomy=TAXONOMY, text=statistics)
    }
    assert kinds["spread_there"] == "They work where you want to spread: SE-1481"
    nothing = InitiativeFacts("i8")
    assert collaboration_reasons(nothing, nothing, taxonomy=TAXONOMY, text=statistics) == []


def test_names_that_hold_an_and_are_told_with_commas():
    told = {"premises": "lokaler och utrustning", "knowledge": "kunskap", "network": "kontakter"}
    reason = Reason("complement", "fits", "they_bring", {"needs": ["premises", "knowledge"]})
    plain = replace(reason, parameters={"needs": ["knowledge", "network"]})
    beginning = "De kan ofta bidra med det du behöver: "
    for one, ending in ((reason, "lokaler och utrustning, kunskap"), (plain, "kunskap och kontakter")):
        assert collaboration_sentence(one, lambda _, code: told[code], "sv") == beginning + ending


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    def blanks(sentence):
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    assert {key: blanks(one) for key, one in SWEDISH.items()} == {
        key: blanks(one) for key, one in ENGLISH.items()
    }


def test_what_each_kind_brings_is_no_money_and_no_kind_is_forgotten():
    assert set(together.BRINGS) == set(codes.ORGANISATION_KINDS)
    assert {kind for kinds in together.SECTORS.values() for kind in kinds} == set(codes.ORGANISATION_KINDS)
    assert not {form for forms in together.BRINGS.values() for form in forms} & set(together._MONEY)
