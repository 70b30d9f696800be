"""May learned weights be used? Only if they order later choices better, and no group pays for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from matching.kernel.exposure import ATTENTION, examination
from matching.kernel.learning import FittedWeights, JudgedList, fit_weights
from matching.kernel.metrics import Interval, paired_bootstrap

Floats = NDArray[np.float64]
Reason = Literal["better", "no_change", "too_few", "not_better", "a_group_loses"]

#: The earlier part of the lists, which weights are fitted on; the rest tests them.
EARLIER = 0.7
#: Lists that the test needs, and that a group needs to be looked at by itself; smaller ones go together.
LEAST_LISTS, LEAST_OF_GROUP = 10, 5
#: What a group may lose of the measure.
MOST_LOSS = 0.02


@dataclass(frozen=True)
class GateResult:
    """Whether new weights may be used, and why.

    `change` is the mean change of the measure and its interval, None when there was too little to tell;
    `groups` the change of each group, keyed (way of grouping, group). `passes` only for "better".
    """

    reason: Reason
    change: Interval | None
    groups: dict[tuple[str, str], float]

    @property
    def passes(self) -> bool:
        return self.reason == "better"


def list_value(one: JudgedList, weights: Floats, only: NDArray[np.bool_] | None = None) -> float | None:
    """Return how high an order by these weights places what was chosen, in (0, 1]; None if nothing was.

    The discounted share of gain: `sum (gain / look) / log2(1 + place) / sum (gain / look)`, where `place` is
    the one that these weights give and `look` the chance that it was looked at where it was shown, so
    that the order in force then has no advantage. `only` restricts the sum to some candidates.
    """
    worth = one.gain / examination(one.place, ATTENTION)
    if only is not None:
        worth = worth * only
    if not worth.sum() > 0:
        return None
    score = np.round(one.features @ weights, 6)
    order = np.lexsort((one.place, -score))
    place = np.empty(len(order))
    place[order] = np.arange(1, len(order) + 1)
    return float((worth / np.log2(1 + place)).sum() / worth.sum())


def widened(number: int, level: float = 0.95) -> float:
    """Return the level to ask a bootstrap for so that it holds `level` with so few; number > 1.

    Percentiles of a bootstrap are too narrow for few: as narrow as a normal interval that takes the sample's own
    spread, divided by n, for the true one. Examples: 0.983 for 10, 0.965 for 24, 0.952 for 200.

    Source: Hesterberg (2015), "What Teachers Should Know About the Bootstrap", The American Statistician 69
    (expanded percentiles).
    """
    reach = np.sqrt(number / (number - 1)) * stdtrit(number - 1, (1 + level) / 2)
    return float(2 * ndtr(reach) - 1)


def gate(lists: Sequence[JudgedList], new: Floats, old: Floats, random: np.random.Generator) -> GateResult:
    """Compare two sets of weights on choices that neither was fitted on.

    Parameters
    ----------
    lists : sequence of JudgedList
        Later than those that `new` was fitted on.
    new, old : ndarray of shape (C,)
    random : numpy.random.Generator
        For the bootstrap.

    Returns
    -------
    GateResult
        "better" only if the 95 % interval of the mean change (`widened` for few lists) lies above 0 and no
        group of at least `LEAST_OF_GROUP` lists loses more than `MOST_LOSS` (smaller groups are taken
        together).
    """
    pairs = [(list_value(one, new), list_value(one, old)) for one in lists]
    told = [(first, second) for first, second in pairs if first is not None and second is not None]
    if len(told) < LEAST_LISTS:
        return GateResult("too_few", None, {})
    if np.array_equal(new, old):
        return GateResult("no_change", None, {})
    change = paired_bootstrap(
        [first for first, _ in told], [second for _, second in told], random, level=widened(len(told))
    )
    groups = _group_changes(lists, new, old)
    if change.low <= 0:
        return GateResult("not_better", change, groups)
    if any(lost < -MOST_LOSS for lost in groups.values()):
        return GateResult("a_group_loses", change, groups)
    return GateResult("better", change, groups)


def _group_changes(lists: Sequence[JudgedList], new: Floats, old: Floats) -> dict[tuple[str, str], float]:
    changes: dict[tuple[str, str], list[float]] = {}
    for one in lists:
        for way, labels in one.groups.items():
            for label in sorted(set(labels)):
                among = np.array([each == label for each in labels], dtype=bool)
                first, second = list_value(one, new, among), list_value(one, old, among)
                if first is not None and second is not None:
                    changes.setdefault((way, label), []).append(first - second)
    together: dict[tuple[str, str], list[float]] = {}
    for (way, label), values in changes.items():
        is_small = len(values) < LEAST_OF_GROUP
        together.setdefault((way, "" if is_small else label), []).extend(values)
    return {key: float(np.mean(values)) for key, values in sorted(together.items())}


@dataclass(frozen=True)
class LearnedLevel:
    """One level's fit, its gate, and the weights in force on that level after it."""

    fitted: FittedWeights
    gate: GateResult
    in_force: Floats


@dataclass(frozen=True)
class LearnedLevels:
    """What was learned of everybody, of each kind of offer and of each giver."""

    everybody: LearnedLevel
    kinds: dict[str, LearnedLevel]
    givers: dict[str, LearnedLevel]


def learn_levels(
    lists: Sequence[JudgedList],
    current: Floats,
    random: np.random.Generator,
    *,
    of_givers: Mapping[str, Floats] | None = None,
) -> LearnedLevels:
    """Fit everybody, each kind of offer, and each giver, each on the level above, and gate each.

    Parameters
    ----------
    lists : sequence of JudgedList
        In any order; each level's are split at one moment in time into earlier and later.
    current : ndarray of shape (C,)
        The weights of the run.
    random : numpy.random.Generator
    of_givers : mapping of str to ndarray of shape (C,), optional
        Learned weights that order some givers' lists already.

    Returns
    -------
    LearnedLevels
        A giver lies below the kind of offer that most of its lists are for.

    Notes
    -----
    What others chose is where a giver's fit begins, never what orders its lists: a giver's gate compares with
    what orders them now, its own learned weights or the run's. Weights in force are those that were
    tested: fitted on the earlier lists, not refitted on all. A giver's choices also count in the levels
    above, so they count a little more than once; the gate makes up for it. Cost: that of `fit_weights`
    three times over all lists.
    """
    ordered = sorted(lists, key=lambda one: (one.at, one.giver, one.kind))
    everybody = learn_level(ordered, current, random)
    kinds = {
        kind: learn_level([one for one in ordered if one.kind == kind], everybody.in_force, random)
        for kind in sorted({one.kind for one in ordered})
    }
    givers = {}
    for giver in sorted({one.giver for one in ordered}):
        mine = [one for one in ordered if one.giver == giver]
        of_kind = [one.kind for one in mine]
        kind = max(sorted(set(of_kind)), key=of_kind.count)
        now = (of_givers or {}).get(giver, current)
        givers[giver] = learn_level(mine, kinds[kind].in_force, random, now=now)
    return LearnedLevels(everybody, kinds, givers)


def learn_level(
    ordered: Sequence[JudgedList], prior: Floats, random: np.random.Generator, *, now: Floats | None = None
) -> LearnedLevel:
    """Fit on the earlier lists, gate on the later ones against the weights in force now (the prior).

    `ordered` is sorted by time.
    """
    told = [one for one in ordered if one.decisions]
    cut = int(len(told) * EARLIER)
    # Decisions of one moment stay together: they were taken knowing of each other.
    while 0 < cut < len(told) and told[cut].at == told[cut - 1].at:
        cut += 1
    fitted = fit_weights(told[:cut], prior)
    before = prior if now is None else now
    result = gate(told[cut:], fitted.weights, before, random)
    return LearnedLevel(fitted, result, fitted.weights if result.passes else before)
