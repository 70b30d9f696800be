"""The support package, against trying everything."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel import codes, package
from matching.kernel.facts import NeedFacts, SupportFacts
from matching.kernel.package import shares, support_package
from tests.matching.kernel.cast import INITIATIVE, OFFER, initiatives_of, numbered, offers_of
from tests.matching.kernel.test_laws import laws


def initiative(*needs):
    return initiatives_of(replace(INITIATIVE, needs=needs))


def offers(*gives):
    return offers_of(*(replace(OFFER, key=f"o{place:02}", support=give) for place, give in enumerate(gives)))


def chosen(mine, theirs, preference=None, stopped=(), **more):
    may_meet = np.array([place not in stopped for place in range(len(theirs))])
    liked = np.zeros(len(theirs)) if preference is None else np.array(preference, dtype=float)
    return support_package(mine, theirs, may_meet=may_meet, preference=liked, **more)


def share_of(found, kind):
    return found.covered[codes.SUPPORT_KINDS.index(kind)]


GRANT, MENTOR, PREMISES = (SupportFacts(kind) for kind in ("grant", "mentoring", "premises"))


def test_one_that_gives_everything_is_rather_taken_than_three():
    mine = initiative(NeedFacts("grant"), NeedFacts("mentoring"), NeedFacts("premises"))
    found = chosen(
        mine, offers((GRANT,), (MENTOR,), (PREMISES,), (GRANT, MENTOR, PREMISES)), [0.9, 0.9, 0.9, 0.1]
    )
    assert found.offers == (3,)
    assert found.uncovered == ()
    assert found.is_exact


def test_where_greed_takes_three_two_are_enough():
    # The widest first (a, b, c) leaves d and e to two more; together two others cover all five.
    a, b, c, d, e = (SupportFacts(kind) for kind in ("grant", "mentoring", "premises", "data", "network"))
    mine = initiative(*(NeedFacts(one.kind) for one in (a, b, c, d, e)))
    theirs = offers((a, b, c), (a, b, d), (c, e), (d,), (e,))
    assert set(chosen(mine, theirs).offers) == {1, 2}


def test_amounts_add_up():
    mine = initiative(NeedFacts("grant", 500_000))
    theirs = offers(*((SupportFacts("grant", None, most),) for most in (100_000, 300_000, 250_000, 200_000)))
    found = chosen(mine, theirs)
    assert set(found.offers) in ({1, 3}, {1, 2})
    assert share_of(found, "grant") == 1.0
    assert found.gives[0, codes.SUPPORT_KINDS.index("grant")] == pytest.approx(0.6)


def test_what_is_not_enough_stays_uncovered():
    mine = initiative(NeedFacts("grant", 1_000_000), NeedFacts("loan"))
    found = chosen(
        mine, offers((SupportFacts("grant", None, 300_000),), (SupportFacts("grant", None, 200_000),))
    )
    assert share_of(found, "grant") == pytest.approx(0.5)
    assert found.uncovered == ("grant", "loan")


def test_hours_are_measured_too():
    mine = initiative(NeedFacts("mentoring", hours=20))
    found = chosen(
        mine, offers((SupportFacts("mentoring", hours=5),), (SupportFacts("mentoring", hours=20),))
    )
    assert found.offers == (1,)


def test_an_offer_without_a_limit_covers_any_sum():
    assert share_of(chosen(initiative(NeedFacts("grant", 10**7)), offers((GRANT,))), "grant") == 1.0


def test_stopped_offers_are_never_chosen_and_the_preferred_one_is():
    mine = initiative(NeedFacts("grant"))
    assert chosen(mine, offers((GRANT,), (GRANT,), (GRANT,)), [0.9, 0.2, 0.5], stopped=(0,)).offers == (2,)


def test_nothing_needed_and_nothing_given():
    assert chosen(initiatives_of(replace(INITIATIVE, needs=None)), offers((GRANT,))).offers == ()
    empty = chosen(initiative(NeedFacts("grant")), offers((MENTOR,)))
    assert empty.offers == ()
    assert empty.uncovered == ("grant",)


KINDS = ("grant", "loan", "mentoring", "premises")
NEEDS = st.lists(
    st.builds(
        NeedFacts, st.sampled_from(KINDS), st.sampled_from([None, 100.0, 300.0]), st.none() | st.just(8.0)
    ),
    min_size=1,
    max_size=4,
).map(tuple)
GIVES = st.lists(
    st.builds(SupportFacts, st.sampled_from(KINDS), st.none(), st.sampled_from([None, 50.0, 100.0, 200.0])),
    min_size=1,
    max_size=3,
).map(tuple)


def worth(gives, urgency, rows):
    return round(float((np.minimum(gives[list(rows)].sum(axis=0), 1.0) * urgency).sum()), 6)


@laws
@given(NEEDS, st.lists(GIVES, min_size=1, max_size=7), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_package_is_what_trying_everything_finds(needs, gives, most, random):
    mine, theirs = initiative(*needs), offers(*gives)
    liked = [random.choice([0.2, 0.5, 0.9]) for _ in gives]
    found = chosen(mine, theirs, liked, most=most)
    carried, urgency = shares(mine, theirs), mine.need_urgency[0].astype(float)
    every = [
        rows for size in range(min(most, len(gives)) + 1) for rows in combinations(range(len(gives)), size)
    ]
    best = max(
        every, key=lambda rows: (worth(carried, urgency, rows), -len(rows), sum(liked[one] for one in rows))
    )
    assert worth(carried, urgency, found.offers) == worth(carried, urgency, best)
    assert len(found.offers) == len(best)
    assert sum(liked[one] for one in found.offers) == pytest.approx(sum(liked[one] for one in best))


@laws
@given(NEEDS, st.lists(GIVES, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_greedy_choice_is_never_needless_and_covers_as_much_when_there_is_room(needs, gives, random):
    mine, theirs = initiative(*needs), offers(*gives)
    carried, urgency = shares(mine, theirs), mine.need_urgency[0].astype(float)
    rows = package._greedy(carried, urgency, np.zeros(len(gives)), most=len(gives))
    assert worth(carried, urgency, rows) == worth(carried, urgency, range(len(gives)))
    for one in rows:
        assert worth(carried, urgency, [other for other in rows if other != one]) < worth(
            carried, urgency, rows
        )


@laws
@given(NEEDS, st.lists(GIVES, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_offers_changes_nothing(needs, gives, random):
    facts = numbered("o", [replace(OFFER, support=give) for give in gives])
    liked = {one.key: random.choice([0.2, 0.9]) for one in facts}
    mixed = list(facts)
    random.shuffle(mixed)
    keys = []
    for order in (facts, mixed):
        found = chosen(initiative(*needs), offers_of(*order), [liked[one.key] for one in order])
        keys.append({order[row].key for row in found.offers})
    assert keys[0] == keys[1]
