"""What each rule shuts out, against taking the rule away."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from matching.kernel import codes
from matching.kernel.ablation import ablate, last_obstacle
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from tests.matching.kernel.cast import INITIATIVE, OFFER, TODAY, initiatives_of, offers_of

VERDICTS = arrays(
    np.int8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8), elements=st.integers(0, 3)
)


def test_a_small_case_by_hand():
    offer = replace(
        OFFER, eligible_organisation_kinds=("association",), legal_entity_required=True, areas=("SE-14",)
    )
    facts = [
        INITIATIVE,  # fits
        replace(INITIATIVE, key="i2", legal_entity=None),  # unclear: the number
        replace(INITIATIVE, key="i3", lead_kind="company"),  # stopped by its kind alone
        replace(INITIATIVE, key="i4", works_in=("SE-13",)),  # stopped by its place alone
        replace(INITIATIVE, key="i5", works_in=("SE-12",), lead_kind="individual", legal_entity=None),
    ]
    verdicts = requirement_verdicts(initiatives_of(*facts), offers_of(offer), TODAY)[:, 0]
    counts = ablate(verdicts)
    place = codes.REQUIREMENTS.index
    assert (counts.pairs, counts.fits, counts.unclear, counts.stopped) == (5, 1, 1, 3)
    assert counts.stops[place("organisation_kind")] == 2
    assert counts.stops_alone[place("organisation_kind")] == 1
    assert counts.stops[place("area")] == 2
    assert counts.stops_alone[place("area")] == 1
    assert counts.stops[place("legal_entity")] == 1
    assert counts.stops_alone[place("legal_entity")] == 0
    assert counts.leaves_unclear[place("legal_entity")] == 1
    assert last_obstacle(verdicts).tolist() == [-1, -1, place("organisation_kind"), place("area"), -1]


@given(VERDICTS)
def test_taking_a_rule_away_lets_in_exactly_those_it_stops_alone(verdicts):
    counts = ablate(verdicts)
    stopped = int((overall_verdict(verdicts) == codes.DOES_NOT_FIT).sum())
    assert counts.stopped == stopped
    for rule in range(verdicts.shape[1]):
        without = np.delete(verdicts, rule, axis=1)
        left = int((overall_verdict(without) == codes.DOES_NOT_FIT).sum())
        assert stopped - left == counts.stops_alone[rule]
        assert np.flatnonzero(last_obstacle(verdicts) == rule).size == counts.stops_alone[rule]


@given(VERDICTS)
def test_counts_are_those_of_looking_at_each_pair(verdicts):
    counts = ablate(verdicts)
    words = [set(row) for row in verdicts.tolist()]
    assert counts.fits == sum(not row & {codes.UNCLEAR, codes.DOES_NOT_FIT} for row in words)
    assert counts.unclear == sum(codes.UNCLEAR in row and codes.DOES_NOT_FIT not in row for row in words)
    assert (counts.stops_alone <= counts.stops).all()
    assert counts.stops.tolist() == [
        sum(row[rule] == codes.DOES_NOT_FIT for row in verdicts.tolist()) for rule in range(verdicts.shape[1])
    ]


def test_nobody_at_all():
    counts = ablate(np.zeros((0, len(codes.REQUIREMENTS)), dtype=np.int8))
    assert (counts.pairs, counts.fits, counts.stopped) == (0, 0, 0)
    assert not counts.stops.any()
