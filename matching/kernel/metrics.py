"""How good a ranking is: plain functions on a ranked list of keys and what people judged.

A *judgement* maps a key to its gain: 0 or missing = not relevant, above 0 = relevant, more = better. A
ranking is a sequence of keys, best first, each at most once. Every measure lies in [0, 1].

Sources: Järvelin and Kekäläinen 2002 (nDCG, here with gain `2^gain - 1` after Burges et al. 2005), Voorhees
1999 (reciprocal rank), Efron 1979 (bootstrap), Gini 1912.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

#: How often a bootstrap draws.
DRAWS = 2000


def recall_at_k(ranked: Sequence[Key], judged: Mapping[Key, float], k: int) -> float:
    """Return the share of what is relevant that stands among the first `k`.

    Raises ValueError when nothing is relevant: such a query cannot be measured and is left out by the caller.

    Parameters
    ----------
    ranked : sequence of keys
        Best first, each at most once.
    judged : mapping of key to float
        Gains; 0 or missing is not relevant.
    k : int
        1 or more.

    Returns
    -------
    float
        In [0, 1]. Cost O(k + judged).

    Raises
    ------
    ValueError
        When nothing is relevant: such a query cannot be measured and is left out by the caller. For k below 1, or
        a key that is ranked twice.

    Examples
    --------
    >>> recall_at_k(["a", "b", "c"], {"a": 1, "c": 2, "d": 1}, 2)
    0.3333333333333333
    """
    relevant = _relevant(judged)
    return len(relevant.intersection(_first(ranked, k))) / len(relevant)


def precision_at_k(ranked: Sequence[Key], judged: Mapping[Key, float], k: int) -> float:
    """Return the share of the first `k` places that hold something relevant; a short list has empty places.

    Parameters
    ----------
    ranked : sequence of keys
        Best first, each at most once.
    judged : mapping of key to float
        Gains; 0 or missing is not relevant.
    k : int
        1 or more.

    Returns
    -------
    float
        In [0, 1]. Cost O(k).

    Raises
    ------
    ValueError
        For k below 1, or a key that is ranked twice.

    Examples
    --------
    >>> precision_at_k(["a", "b", "c"], {"a": 1, "c": 2}, 5)
    0.4
    """
    return sum(judged.get(key, 0) > 0 for key in _first(ranked, k)) / k


def hit_at_k(ranked: Sequence[Key], judged: Mapping[Key, float], k: int) -> float:
    """Return 1 when anything relevant stands among the first `k`, else 0.

    Parameters
    ----------
    ranked : sequence of keys
        Best first, each at most once.
    judged : mapping of key to float
        Gains; 0 or missing is not relevant.
    k : int
        1 or more.

    Returns
    -------
    float
        0 or 1. Cost O(k).

    Raises
    ------
    ValueError
        For k below 1, or a key that is ranked twice.

    Examples
    --------
    >>> hit_at_k(["a", "b"], {"b": 1}, 1), hit_at_k(["a", "b"], {"b": 1}, 2)
    (0.0, 1.0)
    """
    return float(any(judged.get(key, 0) > 0 for key in _first(ranked, k)))


def reciprocal_rank(ranked: Sequence[Key], judged: Mapping[Key, float]) -> float:
    """Return 1 / (place of the first relevant one), 0 if there is none. Its mean over queries is MRR.

    Parameters
    ----------
    ranked : sequence of keys
        Best first, each at most once.
    judged : mapping of key to float
        Gains; 0 or missing is not relevant.

    Returns
    -------
    float
        In [0, 1]. Cost O(ranked).

    Raises
    ------
    ValueError
        For a key that is ranked twice.

    Examples
    --------
    >>> reciprocal_rank(["a", "b", "c"], {"c": 1})
    0.3333333333333333
    """
    for place, key in enumerate(_first(ranked, max(1, len(ranked))), start=1):
        if judged.get(key, 0) > 0:
            return 1 / place
    return 0.0


def ndcg_at_k(ranked: Sequence[Key], judged: Mapping[Key, float], k: int) -> float:
    """Return the discounted gain of the first `k` as a share of what the best order would give.

    The gain of a judgement g is `2^g - 1`; place p is discounted by `log2(1 + p)`. Raises ValueError when
    nothing is relevant.

    Parameters
    ----------
    ranked : sequence of keys
        Best first, each at most once.
    judged : mapping of key to float
        Gains; 0 or missing is not relevant.
    k : int
        1 or more.

    Returns
    -------
    float
        In [0, 1]. Cost O(k + judged log judged).

    Raises
    ------
    ValueError
        When nothing is relevant, for k below 1, or a key that is ranked twice.

    Examples
    --------
    >>> ndcg_at_k(["a", "b"], {"a": 1, "b": 2}, 10) < 1, ndcg_at_k(["b", "a"], {"a": 1, "b": 2}, 10)
    (True, 1.0)
    """
    _relevant(judged)
    best = sorted((gain for gain in judged.values() if gain > 0), reverse=True)[:k]
    got = [max(0.0, judged.get(key, 0)) for key in _first(ranked, k)]
    return _discounted(got) / _discounted(best)


def coverage(lists: Iterable[Sequence[Key]], catalogue: Iterable[Key], k: int) -> float:
    """Return the share of the catalogue that stands among the first `k` of any list.

    Parameters
    ----------
    lists : iterable of sequences of keys
        One ranking a query, best first.
    catalogue : iterable of keys
        Everything that could have been shown.
    k : int
        1 or more.

    Returns
    -------
    float
        In [0, 1]. Cost O(lists · k).

    Raises
    ------
    ValueError
        For an empty catalogue, k below 1, or a key that is ranked twice.

    Examples
    --------
    >>> coverage([["a", "b"], ["a", "c"]], "abcd", 1)
    0.25
    """
    everything = set(catalogue)
    if not everything:
        raise ValueError("an empty catalogue has no coverage")
    shown = {key for ranked in lists for key in _first(ranked, k)}
    return len(everything & shown) / len(everything)


def exposure(lists: Iterable[Sequence[Key]], catalogue: Iterable[Key], k: int) -> list[int]:
    """Return how often each of the catalogue stands among the first `k`, in the catalogue's order.

    What `gini` wants.

    Parameters
    ----------
    lists : iterable of sequences of keys
        One ranking a query, best first.
    catalogue : iterable of keys
        Everything that could have been shown.
    k : int
        1 or more.

    Returns
    -------
    list of int
        One a catalogue entry. Cost O(lists · k).

    Raises
    ------
    ValueError
        For k below 1, or a key that is ranked twice.

    Examples
    --------
    >>> exposure([["a", "b"], ["a", "c"]], "abcd", 2)
    [2, 1, 1, 0]
    """
    times: dict[Key, int] = dict.fromkeys(catalogue, 0)
    for ranked in lists:
        for key in _first(ranked, k):
            if key in times:
                times[key] += 1
    return list(times.values())


def gini(amounts: Sequence[float] | NDArray[np.int64] | NDArray[np.float64]) -> float:
    """Return the Gini coefficient of amounts that are not negative; 0 for none, or nothing at all.

    Half the mean absolute difference over the mean. Cost O(n log n).

    Parameters
    ----------
    amounts : sequence of float, shape (n,)

    Returns
    -------
    float
        In [0, 1 - 1/n]: 0 when all have the same. Cost O(n log n).

    Raises
    ------
    ValueError
        For a negative amount.

    Examples
    --------
    >>> gini([1, 1, 1]), gini([0, 0, 3])
    (0.0, 0.6666666666666666)
    """
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    total, n = float(ordered.sum()), len(ordered)
    if n and ordered[0] < 0:
        raise ValueError("amounts must not be negative")
    if total <= 0:
        return 0.0
    ranks = np.arange(1, n + 1)
    return float(((2 * ranks - n - 1) * ordered).sum() / (n * total))


@dataclass(frozen=True)
class Interval:
    """A mean and where it lies with the confidence asked for."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}], n = {self.n}"


def bootstrap_interval(
    values: Sequence[float] | NDArray[np.float64],
    random: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = DRAWS,
) -> Interval:
    """Return the mean of one value a query and its percentile bootstrap interval.

    Parameters
    ----------
    values : sequence of float, shape (n,)
        One a query; queries are what is drawn, with replacement.
    random : numpy.random.Generator
    level : float
        In (0, 1).
    draws : int

    Returns
    -------
    Interval
        Of the mean. Cost O(draws · n).

    Raises
    ------
    ValueError
        Without values, or for a level outside (0, 1).

    Examples
    --------
    >>> print(bootstrap_interval([1.0, 1.0], np.random.default_rng(0)))
    1.000 [1.000, 1.000], n = 2
    """
    measured = np.asarray(values, dtype=np.float64)
    if not len(measured):
        raise ValueError("no values to draw from")
    if not 0 < level < 1:
        raise ValueError("level must lie in (0, 1)")
    means = np.array(
        [measured[random.integers(0, len(measured), len(measured))].mean() for _ in range(draws)]
    )
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(measured.mean()), float(low), float(high), len(measured))


def paired_bootstrap(
    new: Sequence[float] | NDArray[np.float64],
    old: Sequence[float] | NDArray[np.float64],
    random: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = DRAWS,
) -> Interval:
    """Return the mean of `new - old`, query by query, and its interval: better when `low` is above 0.

    Raises ValueError when the two are not equally long, and as `bootstrap_interval`.

    Parameters
    ----------
    new, old : sequence of float, shape (n,)
        One a query, of the same queries.
    random : numpy.random.Generator
    level, draws
        As `bootstrap_interval`.

    Returns
    -------
    Interval
        Of the mean difference. Cost O(draws · n).

    Raises
    ------
    ValueError
        When the two are not equally long, and as `bootstrap_interval`.
    """
    first, second = np.asarray(new, dtype=np.float64), np.asarray(old, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError("new and old must measure the same queries")
    return bootstrap_interval(first - second, random, level=level, draws=draws)


def _relevant(judged: Mapping[Key, float]) -> set[Key]:
    relevant = {key for key, gain in judged.items() if gain > 0}
    if not relevant:
        raise ValueError("nothing is relevant: this query cannot be measured")
    return relevant


def _first(ranked: Sequence[Key], k: int) -> Sequence[Key]:
    if k < 1:
        raise ValueError("k must be at least 1")
    if len(set(ranked)) != len(ranked):
        raise ValueError("a key is ranked twice")
    return ranked[:k]


def _discounted(gains: Sequence[float]) -> float:
    return sum((2**gain - 1) / log2(1 + place) for place, gain in enumerate(gains, start=1))
