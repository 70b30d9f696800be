"""Exploring: every chance is as written down, and what is weighed by it is right on average."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.exposure import examination, explore, ips_estimate


@given(st.integers(0, 60), st.integers(1, 12), st.integers(0, 3), st.integers(0, 99))
def test_a_list_holds_the_best_and_as_many_explored_as_asked(candidates, places, explored, seed):
    explored = min(explored, places - 1)
    shown = explore(candidates, np.random.default_rng(seed), places=places, explored=explored)
    assert len(set(shown.rows.tolist())) == len(shown.rows) == min(candidates, places)
    certain = shown.rows[~shown.explored]
    assert certain.tolist() == list(range(len(certain)))
    assert shown.explored.sum() == (explored if candidates > places else 0)
    assert (shown.propensity[~shown.explored] == 1).all()
    if len(shown.rows):
        assert shown.rows[0] == 0
    again = explore(candidates, np.random.default_rng(seed), places=places, explored=explored)
    np.testing.assert_array_equal(shown.rows, again.rows)


@pytest.mark.parametrize("explored", [1, 2])
def test_the_chance_is_as_written_down(explored):
    """Counted over many lists, and everybody below the sure places has the same."""
    random, times, turns = np.random.default_rng(2), np.zeros(30), 20_000
    written = np.zeros(30)
    for _ in range(turns):
        shown = explore(30, random, explored=explored)
        times[shown.rows] += 1
        written[shown.rows] = shown.propensity
    np.testing.assert_allclose(times / turns, written, atol=0.006)
    assert (written > 0).all()


def test_estimates_are_right_on_average_for_another_order():
    """What would the opposite order have earned? Answered from lists of ours, attention and all."""
    random = np.random.default_rng(4)
    worth = np.concatenate([np.full(9, 0.2), np.linspace(0.1, 0.9, 21)])
    other_way = np.argsort(-worth)[:10]
    looked_at = np.zeros(30)
    looked_at[other_way] = examination(np.arange(10))
    truth = float((worth * looked_at).sum())
    estimates, naive = [], []
    for _ in range(300):
        reward, chance, target = [], [], []
        for _ in range(60):
            shown = explore(30, random)
            attention = examination(np.arange(10))
            seen = random.random(10) < attention
            liked = random.random(10) < worth[shown.rows]
            reward.append((seen & liked).astype(float))
            chance.append(shown.propensity * attention)
            target.append(looked_at[shown.rows])
        rewards, chances, targets = (np.concatenate(each) for each in (reward, chance, target))
        estimates.append(ips_estimate(rewards, chances, targets, 60))
        naive.append(ips_estimate(rewards, np.ones_like(chances), targets, 60))
    error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - truth) < 3 * error
    # Without the weighing the answer is far off: the test can tell.
    assert abs(np.mean(naive) - truth) > 10 * error


def test_attention_falls_with_the_place():
    assert (np.diff(examination(np.arange(10))) < 0).all()
    assert examination(np.array([5]), attention=0).tolist() == [1]


@pytest.mark.parametrize("wrong", [{"places": 0}, {"explored": 10}, {"explored": -1}])
def test_lists_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="places"):
        explore(20, np.random.default_rng(0), **wrong)


def test_estimates_of_what_cannot_be_are_refused():
    one = np.ones(1)
    for reward, chance, target, lists in [
        (one, np.zeros(1), one, 1),
        (one, one, 2 * one, 1),
        (one, np.ones(2), one, 1),
        (one, one, one, 0),
    ]:
        with pytest.raises(ValueError, match=r".+"):
            ips_estimate(reward, chance, target, lists)
