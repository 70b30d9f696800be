"""Learning from choices, proved on generated ones: what is true is found, and noise does no harm."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import check_grad

from matching.kernel.combine import Weights
from matching.kernel.exposure import examination
from matching.kernel.learning import (
    GAINS,
    LEAST_DECISIONS,
    SHARPNESS,
    JudgedList,
    _Choices,
    fit_weights,
)
from matching.kernel.learning_gate import (
    LEAST_LISTS,
    gate,
    learn_level,
    learn_levels,
    list_value,
)

CURRENT = Weights().as_array()
C = len(CURRENT)
TEXT, AREA, CHALLENGE = 0, 3, C - 1
#: A giver to whom place is worth three times as much, and text half.
LOVES_PLACE = CURRENT * np.where(np.arange(C) == AREA, 3.0, np.where(np.arange(C) == TEXT, 0.5, 1.0))
LOVES_PLACE = LOVES_PLACE / LOVES_PLACE.sum()


def candidates(random, size=20):
    """Features of a list: some unknown, shown in the order of the current weights."""
    features = np.zeros((size, C))
    # Hardly anybody answers a challenge: of the last criterion nothing is known.
    known = features[:, :CHALLENGE]
    known[:] = random.uniform(-0.5, 0.5, known.shape) * (random.random(known.shape) < 0.7)
    return features[np.argsort(-(features @ CURRENT))]


def generated(truth, number, seed, *, sharpness=SHARPNESS, giver="g", kind="grant", groups=False):
    """Lists with one choice each, as somebody with these weights chooses who looks less far down."""
    random = np.random.default_rng(seed)
    lists = []
    for at in range(number):
        features = candidates(random)
        place = np.arange(len(features))
        pull = sharpness * features @ truth + np.log(examination(place))
        chance = np.exp(pull - pull.max())
        gain = np.zeros(len(features))
        gain[random.choice(len(features), p=chance / chance.sum())] = random.choice(list(GAINS.values()))
        ways = {"language": tuple(random.choice(["sv", "en"], len(features)))} if groups else {}
        lists.append(JudgedList(features, gain, place, at=float(at), giver=giver, kind=kind, groups=ways))
    return lists


def worth(weights, truth, seed=999, number=400):
    """How good an order by these weights is to somebody with those: share of the best expected value."""
    random = np.random.default_rng(seed)
    values = []
    for _ in range(number):
        features = candidates(random)
        liking = np.exp(SHARPNESS * features @ truth)
        discount = 1 / np.log2(2 + np.arange(len(features)))
        got = liking[np.argsort(-(features @ weights))] @ discount
        values.append(got / (np.sort(liking)[::-1] @ discount))
    return float(np.mean(values))


# -- fitting ---------------------------------------------------------------------------------------


def test_without_choices_the_weights_are_the_prior_to_the_last_bit():
    assert np.array_equal(fit_weights([], CURRENT).weights, CURRENT)
    ignored = replace(generated(CURRENT, 1, 0)[0], gain=np.zeros(20))
    assert np.array_equal(fit_weights([ignored] * 50, CURRENT).weights, CURRENT)
    few = generated(LOVES_PLACE, LEAST_DECISIONS - 1, 0)
    assert np.array_equal(fit_weights(few, CURRENT).weights, CURRENT)


def test_known_weights_are_recovered_from_many_choices():
    fitted = fit_weights(generated(LOVES_PLACE, 1500, 1), CURRENT)
    assert fitted.decisions == 1500
    np.testing.assert_allclose(fitted.weights, LOVES_PLACE, atol=0.04)
    assert np.abs(fitted.weights - LOVES_PLACE).sum() < 0.3 * np.abs(CURRENT - LOVES_PLACE).sum()
    assert fitted.weights.sum() == pytest.approx(1)
    assert (fitted.weights >= 0).all()


def test_a_criterion_that_counts_for_nothing_ends_at_zero_and_never_below():
    truth = np.where(np.arange(C) == TEXT, 0.0, CURRENT)
    against = truth.copy()
    against[TEXT] = -0.3
    fitted = fit_weights(generated(against, 800, 2), CURRENT)
    assert fitted.weights[TEXT] == 0
    assert (fitted.weights >= 0).all()


def test_more_choices_come_nearer():
    far = [
        np.mean(
            [
                np.abs(fit_weights(generated(LOVES_PLACE, number, seed), CURRENT).weights - LOVES_PLACE).sum()
                for seed in range(6)
            ]
        )
        for number in (0, 10, 60, 400)
    ]
    assert far == sorted(far, reverse=True)


def test_the_place_in_the_list_is_not_mistaken_for_liking():
    """Somebody who takes what stands first, whatever it is, teaches us less when places are weighed."""
    random = np.random.default_rng(8)
    lists = []
    for at in range(200):
        features = candidates(random)
        chance = examination(np.arange(20), 1.0)
        gain = np.zeros(20)
        gain[random.choice(20, p=chance / chance.sum())] = 0.4
        lists.append(JudgedList(features, gain, np.arange(20), at=float(at)))
    weighed = fit_weights(lists, CURRENT, attention=1.0)
    blind = fit_weights(lists, CURRENT, attention=0.0)
    assert weighed.sharpness < 0.25 < blind.sharpness


def test_three_choices_are_safe():
    """Of somebody who agrees with the current weights, and of somebody who chooses blindly."""
    best = worth(CURRENT, CURRENT)
    for sharpness in (SHARPNESS, 0.0):
        lost = [
            best - worth(fit_weights(generated(CURRENT, 3, s, sharpness=sharpness), CURRENT).weights, CURRENT)
            for s in range(12)
        ]
        assert np.mean(lost) < 0.005
        assert max(lost) < 0.02


def test_a_dismissal_counts_on_its_criterion_only():
    random = np.random.default_rng(3)
    lists = []
    for at in range(40):
        features = candidates(random)
        features[4, AREA] = -0.5
        lists.append(JudgedList(features, np.zeros(20), np.arange(20), dismissed=((4, AREA),), at=float(at)))
    fitted = fit_weights(lists, CURRENT)
    ratio = fitted.weights / CURRENT
    assert ratio[AREA] > 1.1
    others = np.delete(ratio, AREA)
    np.testing.assert_allclose(others, others[0], rtol=1e-6)
    # What was put aside for another cause says nothing at all.
    silent = [replace(one, dismissed=(), aside=(4,)) for one in lists]
    assert np.array_equal(fit_weights(silent, CURRENT).weights, CURRENT)


def test_what_was_put_aside_is_no_alternative():
    lists = generated(LOVES_PLACE, 30, 5)
    rows = [0 if one.gain[0] == 0 else 1 for one in lists]
    aside = [replace(one, aside=(row,)) for one, row in zip(lists, rows, strict=True)]
    changed = [
        replace(one, features=np.where(np.arange(20)[:, None] == row, 0.5, one.features))
        for one, row in zip(aside, rows, strict=True)
    ]
    np.testing.assert_allclose(fit_weights(aside, CURRENT).weights, fit_weights(changed, CURRENT).weights)


def test_order_of_lists_changes_nothing():
    lists = generated(LOVES_PLACE, 40, 6)
    first, second = fit_weights(lists, CURRENT), fit_weights(lists[::-1], CURRENT)
    np.testing.assert_allclose(first.weights, second.weights, atol=1e-5)


def test_the_slope_is_the_slope():
    lists = [replace(one, dismissed=((7, AREA), (9, TEXT))) for one in generated(LOVES_PLACE, 12, 7)]
    choices = _Choices.of(lists, C, 0.5)
    wrong = check_grad(lambda w: choices.loss(w, 9.0)[0], lambda w: choices.loss(w, 9.0)[1], CURRENT)
    assert wrong < 1e-4


def test_what_is_not_as_said_is_refused():
    one = generated(CURRENT, 1, 0)[0]
    for broken in (
        {"gain": np.full(20, 1.5)},
        {"place": np.arange(3)},
        {"groups": {"language": ("sv",)}},
    ):
        with pytest.raises(ValueError, match=r".+"):
            replace(one, **broken)
    for prior in (CURRENT * 2, -CURRENT):
        with pytest.raises(ValueError, match="prior"):
            fit_weights([one], prior)
    with pytest.raises(ValueError, match="spread"):
        fit_weights([one], CURRENT, spread=0)


# -- the gate --------------------------------------------------------------------------------------


def test_the_value_of_a_list_worked_out_by_hand():
    # Shown: a, b, c, d; b (0.4, second place) and d (1.0, fourth) were chosen. Looked at: 1 / sqrt(2), 1 / 2,
    # so worth 0.4 * sqrt(2) and 2. The weights would place d first and b third.
    one = JudgedList(np.array([[0.1], [0.0], [-0.2], [0.4]]), np.array([0, 0.4, 0, 1.0]), np.arange(4))
    b, d = 0.4 * 2**0.5, 2.0
    weights = np.array([1.0])
    assert list_value(one, weights) == pytest.approx((d + b / 2) / (b + d))
    only_b = np.array([False, True, False, False])
    assert list_value(one, weights, only_b) == pytest.approx(0.5)
    assert list_value(one, weights, ~only_b & (np.arange(4) < 3)) is None


def test_a_true_difference_passes_the_gate_and_is_worth_it():
    learned = learn_level(generated(LOVES_PLACE, 200, 11, groups=True), CURRENT, np.random.default_rng(0))
    assert learned.gate.reason == "better"
    assert set(learned.gate.groups) == {("language", "en"), ("language", "sv")}
    assert np.array_equal(learned.in_force, learned.fitted.weights)
    assert worth(learned.in_force, LOVES_PLACE) > worth(CURRENT, LOVES_PLACE) + 0.02


def test_too_few_later_choices_are_never_enough():
    lists = generated(LOVES_PLACE, 30, 12)
    assert len(lists) - int(len(lists) * 0.7) < LEAST_LISTS
    learned = learn_level(lists, CURRENT, np.random.default_rng(0))
    assert learned.gate.reason == "too_few"
    assert np.array_equal(learned.in_force, CURRENT)


def test_the_same_weights_are_no_change():
    assert gate(generated(CURRENT, 50, 1), CURRENT, CURRENT.copy(), np.random.default_rng(0)).reason == (
        "no_change"
    )


def test_weights_that_order_worse_are_kept_out():
    result = gate(generated(CURRENT, 200, 13), LOVES_PLACE, CURRENT, np.random.default_rng(0))
    assert result.reason == "not_better"
    assert result.change.mean < 0
    assert not result.passes


def test_a_group_that_loses_stops_what_is_better_for_the_many():
    """Those who write Swedish are chosen as the new weights say, the few who write English as the old do."""
    lists = []
    for truth, number, language, seed in ((LOVES_PLACE, 300, "sv", 1), (CURRENT, 30, "en", 2)):
        for one in generated(truth, number, seed, sharpness=60.0):
            lists.append(replace(one, groups={"language": (language,) * len(one.gain)}))
    random = np.random.default_rng(0)
    result = gate(lists, LOVES_PLACE, CURRENT, random)
    assert result.change.low > 0
    assert result.groups["language", "en"] < -0.02 < result.groups["language", "sv"]
    assert result.reason == "a_group_loses"
    # Without them it would have passed.
    assert gate(lists[:300], LOVES_PLACE, CURRENT, random).passes


def test_small_groups_are_looked_at_together():
    lists = [
        replace(one, groups={"county": (f"county {at}",) * 20})
        for at, one in enumerate(generated(LOVES_PLACE, 12, 3))
    ]
    assert set(gate(lists, LOVES_PLACE, CURRENT, np.random.default_rng(0)).groups) == {("county", "")}


def test_noise_never_publishes_anything_harmful():
    """Sixty givers who choose blindly: whatever passes by luck may not hurt somebody who chooses well."""
    best, passed = worth(CURRENT, CURRENT, number=150), 0
    for seed in range(60):
        learned = learn_level(
            generated(CURRENT, 60, seed, sharpness=0.0), CURRENT, np.random.default_rng(seed)
        )
        if learned.gate.passes:
            passed += 1
            assert worth(learned.in_force, CURRENT, number=150) > best - 0.01, seed
    print(f"{passed} of 60 passed on noise")
    assert passed <= 6


def test_those_who_agree_with_the_weights_in_force_are_not_harmed_either():
    best = worth(CURRENT, CURRENT, number=150)
    for seed in range(50):
        learned = learn_level(generated(CURRENT, 80, 100 + seed), CURRENT, np.random.default_rng(seed))
        assert worth(learned.in_force, CURRENT, number=150) > best - 0.01, seed


# -- levels ----------------------------------------------------------------------------------------


def test_each_level_is_the_prior_of_the_next():
    """Many givers of loans love place; one new one, with three choices, has theirs."""
    lists = [
        replace(one, giver=f"giver {at % 8}")
        for at, one in enumerate(generated(LOVES_PLACE, 240, 21, kind="loan"))
    ]
    lists += [replace(one, at=500 + one.at) for one in generated(CURRENT, 3, 22, kind="loan", giver="new")]
    lists += generated(CURRENT, 240, 23, kind="grant", giver="other")
    levels = learn_levels(lists, CURRENT, np.random.default_rng(0))
    assert levels.kinds["loan"].gate.passes
    # The new one's fit begins where others of its kind are, but what they chose does not order its lists.
    assert levels.givers["new"].fitted.weights[AREA] > 1.3 * CURRENT[AREA]
    assert np.array_equal(levels.givers["new"].in_force, CURRENT)
    assert levels.givers["new"].gate.reason == "too_few"
    assert levels.kinds["loan"].in_force[AREA] > 1.3 * levels.kinds["grant"].in_force[AREA]


def test_a_giver_with_learned_weights_keeps_them_until_better_ones_are_found():
    lists = generated(LOVES_PLACE, 20, 24, giver="a")
    levels = learn_levels(lists, CURRENT, np.random.default_rng(0), of_givers={"a": LOVES_PLACE})
    assert np.array_equal(levels.givers["a"].in_force, LOVES_PLACE)


def test_levels_are_the_same_in_any_order():
    lists = generated(LOVES_PLACE, 60, 31, giver="a") + generated(CURRENT, 60, 32, giver="b", kind="loan")
    first = learn_levels(lists, CURRENT, np.random.default_rng(5))
    again = learn_levels(lists[::-1], CURRENT, np.random.default_rng(5))
    for name in ("a", "b"):
        np.testing.assert_array_equal(first.givers[name].in_force, again.givers[name].in_force)
    assert first.everybody.gate == again.everybody.gate


def test_nothing_at_all():
    levels = learn_levels([], CURRENT, np.random.default_rng(0))
    assert np.array_equal(levels.everybody.in_force, CURRENT)
    assert (levels.kinds, levels.givers) == ({}, {})
