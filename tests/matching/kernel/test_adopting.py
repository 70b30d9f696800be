"""Adopters and what they could take up: by hand, and what must hold for every collection."""

import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.kernel import adopting, codes
from matching.kernel.adopting_reasons import (
    ENGLISH,
    SWEDISH,
    AdoptionFacts,
    adoption_reasons,
    adoption_sentence,
    caveat,
)
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
TEXT, THEMES, PLACE, MEANS, PROOF = range(5)
TOWN = InitiativeFacts(
    key="a1",
    organisation_id=9,
    lead_kind="municipality",
    works_in=("SE-1481",),
    themes=("jobs",),
    target_groups=("youth",),
    document=TextDocument("En plats att börja på", "Unga utan jobb ska laga cyklar.", "sv"),
)
PROVEN = replace(
    INITIATIVE, may_spread_to=("SE-14",), needs=(NeedFacts("premises"), NeedFacts("grant", 200_000))
)


def receivers(*facts, brings=()):
    """Adopters that each bring some kinds of support, or None for "don't know yet"."""
    rows = np.zeros((len(facts), len(codes.SUPPORT_KINDS)), dtype=bool)
    given_kinds = [*brings, *[None] * (len(facts) - len(brings))]
    for row, kinds in enumerate(given_kinds):
        for kind in kinds or ():
            rows[row, codes.SUPPORT_KINDS.index(kind)] = True
    return adopting.Receivers(
        initiatives_of(*facts), rows, np.array([kinds is not None for kinds in given_kinds])
    )


def spreaders(*facts, proofs=(), kinds=(), doubtful=False):
    arrays = initiatives_of(*facts)
    found = np.zeros((len(facts), len(adopting.PROOFS)), dtype=bool)
    for row, given_proofs in enumerate(proofs):
        for proof in given_proofs:
            found[row, adopting.PROOFS.index(proof)] = True
    took = np.zeros((len(facts), len(codes.ORGANISATION_KINDS)), dtype=bool)
    for row, given_kinds in enumerate(kinds):
        for kind in given_kinds:
            took[row, codes.ORGANISATION_KINDS.index(kind)] = True
    return adopting.Spreaders(arrays, found, took, np.full(len(facts), doubtful))


def compared(town, initiative, brings=(None,), analysis=None, **more):
    mine, theirs = receivers(town, brings=brings), spreaders(initiative, **more)
    analysis = analysis or analysis_of(initiatives_of(initiative), offers_of())
    return adopting.adoptions(mine, theirs, analysis)


def test_values_by_hand():
    found = compared(TOWN, PROVEN, brings=[("premises",)], proofs=[("taken_up", "measured")])
    # The municipality lies in the county it may spread to; premises are all they look for beside money;
    # two of three proofs lift from the neutral 0.4 by two thirds of what is left.
    assert found.values[0, 0, PLACE] == 1
    assert found.values[0, 0, THEMES] == pytest.approx(1.0)
    assert found.values[0, 0, MEANS] == 1
    assert found.values[0, 0, PROOF] == pytest.approx(0.8)
    assert found.known.all() and 0 < found.values[0, 0, TEXT] <= 1
    assert found.score[0, 0] == pytest.approx(found.values[0, 0] @ adopting.WEIGHTS, abs=1e-4)
    assert found.fits.all()


@pytest.mark.parametrize(
    ("places", "changes", "doubtful", "value", "verdict"),
    [
        (("SE-1481",), {"may_spread_to": ("SE-14",)}, False, 1.0, codes.FITS),
        (("SE-1481",), {"may_spread_to": ("SE-1481",)}, False, 1.0, codes.FITS),
        # It works there already, and that stands however far it may spread.
        (("SE-1480",), {"may_spread_to": ("SE-12",)}, False, 1.0, codes.FITS),
        # A county in which it may spread to one municipality.
        (("SE-12",), {"may_spread_to": ("SE-1280",)}, False, 0.7, codes.FITS),
        (("SE-1280",), {"may_spread_to": ("SE-14",)}, False, 0.0, codes.DOES_NOT_FIT),
        # One of two places is enough.
        (("SE-1280", "SE-1481"), {"may_spread_to": ("SE-14",)}, False, 1.0, codes.FITS),
        # Nobody has said where: unclear, and so is a place whose name we do not know.
        (("SE-1280",), {"may_spread_to": None}, False, 0.0, codes.UNCLEAR),
        (("SE-1280",), {"may_spread_to": ()}, False, 0.0, codes.UNCLEAR),
        (("SE-1280",), {"may_spread_to": ("SE-14",)}, True, 0.0, codes.UNCLEAR),
        ((), {"may_spread_to": ("SE-14",)}, False, 0.0, codes.UNCLEAR),
    ],
)
def test_place_by_hand(places, changes, doubtful, value, verdict):
    found = compared(replace(TOWN, works_in=places), replace(PROVEN, **changes), doubtful=doubtful)
    assert found.values[0, 0, PLACE] == pytest.approx(value)
    assert found.conditions[0, 0, adopting.CONDITIONS.index("place")] == verdict
    assert found.known[0, 0, PLACE] == (verdict != codes.UNCLEAR)
    assert found.fits[0, 0] == (verdict != codes.DOES_NOT_FIT)


@pytest.mark.parametrize(
    ("brings", "needs", "value", "known", "verdict"),
    [
        (("premises",), ("premises", "grant"), 1.0, True, codes.FITS),
        (("premises",), ("premises", "network"), 0.5, True, codes.UNCLEAR),
        ((), ("premises",), 0.0, True, codes.UNCLEAR),
        (None, ("premises",), 0.0, False, codes.UNCLEAR),
        (("premises",), ("grant",), 0.0, False, codes.UNCLEAR),
    ],
)
def test_means_by_hand(brings, needs, value, known, verdict):
    initiative = replace(PROVEN, needs=tuple(NeedFacts(kind) for kind in needs))
    found = compared(TOWN, initiative, brings=[brings])
    assert (found.values[0, 0, MEANS], found.known[0, 0, MEANS]) == (pytest.approx(value), known)
    assert found.conditions[0, 0, adopting.CONDITIONS.index("means")] == verdict
    assert found.fits[0, 0]


def test_somebody_of_the_same_kind_is_a_condition_and_weighs_nothing():
    alone = compared(TOWN, PROVEN, kinds=[("company",)])
    alike = compared(TOWN, PROVEN, kinds=[("company", "municipality")])
    like = adopting.CONDITIONS.index("like")
    assert (alone.conditions[0, 0, like], alike.conditions[0, 0, like]) == (codes.UNCLEAR, codes.FITS)
    assert alone.score[0, 0] == alike.score[0, 0]


def test_what_nobody_has_said_is_neutral():
    found = compared(
        InitiativeFacts("a1"),
        InitiativeFacts("i1"),
        analysis=analysis_of(initiatives_of(PROVEN), offers_of()),
    )
    assert not found.known.any()
    assert found.score[0, 0] == pytest.approx(adopting.BASE, abs=1e-4)
    assert (found.contributions == 0).all()
    assert found.fits.all()


def test_rows_that_do_not_belong_together_are_refused():
    arrays = initiatives_of(TOWN)
    with pytest.raises(ValueError, match="brings has the shape"):
        adopting.Receivers(arrays, np.zeros((2, 2), dtype=bool), np.zeros(1, dtype=bool))
    with pytest.raises(ValueError, match="proofs has the shape"):
        adopting.Spreaders(
            arrays, np.zeros((1, 9), dtype=bool), np.zeros((1, 11), dtype=bool), np.zeros(1, dtype=bool)
        )


@laws
@given(
    st.lists(INITIATIVES, min_size=1, max_size=3),
    st.lists(INITIATIVES, min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_numbers_hold_together_and_the_order_of_rows_is_nothing(towns, ideas, random):
    towns, ideas = numbered("a", towns), numbered("i", ideas)
    analysis = analysis_of(initiatives_of(*ideas), offers_of())
    found = adopting.adoptions(receivers(*towns), spreaders(*ideas), analysis)
    assert ((found.score >= 0) & (found.score <= 1)).all()
    assert ((found.values >= 0) & (found.values <= 1 + 1e-6)).all()
    assert (found.values[~found.known] == 0).all()
    # What each adds, and what there was from the beginning.
    assert found.score == pytest.approx(adopting.BASE + found.contributions.sum(axis=-1), abs=1e-4)
    mixed = list(range(len(ideas)))
    random.shuffle(mixed)
    again = adopting.adoptions(receivers(*towns), spreaders(*[ideas[row] for row in mixed]), analysis)
    assert again.score == pytest.approx(found.score[:, mixed], abs=1e-4)
    assert (again.conditions == found.conditions[:, mixed]).all()
    # Asked from either side, alone or among others: the same number.
    for row, town in enumerate(towns):
        one = adopting.adoptions(receivers(town), spreaders(*ideas), analysis)
        assert one.score[0] == pytest.approx(found.score[row], abs=1e-4)
    keys = tuple(one.key for one in ideas)
    order = adopting.best(found.score[0], found.fits[0], keys, 3)
    order_told = [(-found.score[0, row], keys[row]) for row in order]
    assert order_told == sorted(order_told)
    assert found.fits[0][order].all()


@laws
@given(INITIATIVES, INITIATIVES, st.sampled_from(codes.SUPPORT_KINDS), st.sampled_from(adopting.PROOFS))
def test_more_never_lowers(town, idea, kind, proof):
    town, idea = replace(town, key="a1"), replace(idea, key="i1", works_in=("SE-1280",))
    analysis = analysis_of(initiatives_of(idea), offers_of())

    def score(town=town, idea=idea, brings=((),), **more):
        return compared(town, idea, brings=brings, analysis=analysis, **more).score[0, 0]

    # More is put in; one proof more; a wider place to spread to, where it may spread to something.
    assert score(brings=[(kind,)]) >= score()
    rest = tuple(one for one in adopting.PROOFS if one != proof)
    for others in ((), rest[:1], rest):
        assert score(proofs=[(*others, proof)]) >= score(proofs=[others])
    narrow, wide = (replace(idea, may_spread_to=places) for places in (("SE-1480",), ("SE-1480", "SE")))
    assert score(idea=wide) >= score(idea=narrow)


def names(vocabulary, code):
    return f"{vocabulary}:{code}"


def pair(place=codes.FITS, means=codes.UNCLEAR, like=codes.UNCLEAR, **more):
    return AdoptionFacts({"place": place, "means": means, "like": like}, **more)


def told(town, initiative, known, reader="adopter"):
    statistics = analysis_of(initiatives_of(PROVEN, TOWN), offers_of()).text
    return adoption_reasons(town, initiative, known, reader=reader, taxonomy=TAXONOMY, text=statistics)


def test_reasons_say_what_speaks_for_it_to_each_of_the_two():
    known = pair(proofs=("taken_up", "measured"), brings=("premises",))
    assert [adoption_sentence(one, names, "sv", "adopter") for one in told(TOWN, PROVEN, known)[:5]] == [
        "Samma ämne: theme:jobs",
        "Får spridas till er plats: area:SE-1481",
        "Andra har redan tagit upp det",
        "Ni kan lägga in det de söker: support_kind:premises",
        "Samma målgrupp: target_group:youth",
    ]
    theirs = told(TOWN, PROVEN, known, "initiative")
    assert [adoption_sentence(one, names, "en", "initiative") for one in theirs[1:3]] == [
        "They are where you want to spread: area:SE-1481",
        "They can put in what you look for: support_kind:premises",
    ]
    alike = pair(like=codes.FITS, proofs=("taken_up",))
    assert told(TOWN, PROVEN, alike)[2].kind == "like"
    assert told(replace(TOWN, works_in=("SE-1480",)), PROVEN, known)[1].kind == "place_here"
    nothing = InitiativeFacts("i8")
    assert told(nothing, nothing, pair(place=codes.UNCLEAR)) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"place": codes.UNCLEAR}, "ask_place"),
        ({}, "ask_core"),
        ({"has_core": True}, "ask_proof"),
        ({"has_core": True, "proofs": ("in_use",)}, "ask_means"),
        ({"has_core": True, "proofs": ("in_use",), "brings": ("premises",)}, "check_core"),
    ],
)
def test_there_is_always_one_thing_to_ask_or_to_go_through(changes, kind):
    found = caveat(PROVEN, pair(**changes))
    assert found.kind == kind
    for language in ("sv", "en"):
        for reader in ("adopter", "initiative"):
            assert adoption_sentence(found, names, language, reader)


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    def blanks(sentence):
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    for reader in ("adopter", "initiative"):
        swedish, english = (
            {key: blanks(one) for key, one in said[reader].items()} for said in (SWEDISH, ENGLISH)
        )
        assert swedish == english


def test_facts_of_a_pair_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="a verdict for each condition"):
        AdoptionFacts({"place": codes.FITS})
    with pytest.raises(ValueError, match="a verdict for each condition"):
        pair(proofs=("popular",))
