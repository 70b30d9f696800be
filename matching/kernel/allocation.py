"""Fair allocation: which matches a run puts forward, so that no offer drowns and nobody is left out.

A *match* may be browsed by both sides and is never capped. A *suggestion* is put forward (new-list,
digest, mail) and costs its reader time, so an offer gets no more of them in a run than it has room for.

The way there has three steps:

1. **Shadow prices.** Where more initiatives want an offer than it has room for its price rises a
   little, round by round, and initiatives with a nearly as good alternative turn to that by
   themselves. Prices are bounded, so nobody is sent far from what fits; an offer that nearly nobody
   would be shown gets a small subsidy. Nobody ever sees a priced fit.
2. **Rounds.** In round r every initiative that has fewer than r suggestions proposes its best open
   offer; offers take the best up to their room. So nobody gets a second before all who can have a first.
3. **Rearranging** (`matching.kernel.rearranging`), in the rounds that are promised (`at_least`). An
   initiative that came too late may still get a place if somebody else moves to another fitting offer
   that has room. After it no allocation hands out more first, second, ... `at_least`-th suggestions.

Source: dual (shadow) prices of the transportation problem by subgradient steps with bounds (Held, Wolfe
and Crowder 1974); rounds as in serial "round-robin" fair division; the last step is Dinic's algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel.metrics import gini
from matching.kernel.rearranging import Places, rearrange

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: How much of its fit the most wanted offer may lose, and the least shown may win, in the order only.
MOST_PRICE, MOST_SUBSIDY = 0.5, 0.15
PRICE_ROUNDS: Final = 60
#: Candidates of one initiative that prices are formed on. All of them are open in the rounds.
PRICED_CANDIDATES: Final = 40
#: Initiatives and offers that one call can hold; sorting packs both rows and a score in 64 bits.
MOST_ROWS: Final = 1 << 20
#: Why an initiative has fewer than `at_least`.
NO_OFFER, FEW_FIT, ALL_FULL = 0, 1, 2
SHORT_REASONS: Final = ("no_offer_fits", "fewer_fit", "every_fitting_offer_is_full")

_SCORE_BITS, _ROW_BITS = 24, 20
_BLOCK_ROWS = 1024
_FIRST_STEP = 0.1


@dataclass(frozen=True)
class AllocationFigures:
    """What an allocation did, for the run's record.

    Parameters
    ----------
    utility_share : float
        Fit handed out, of the fit that everybody's own best offers would give without any cap.
    worst_served : float
        The same share for the worst-served twentieth of the initiatives that have a candidate: the mean.
    coverage : float
        Share of those initiatives that have at least one suggestion.
    offer_coverage : float
        Share of offers with room and a candidate that got at least one.
    gini : float
        Gini coefficient of suggestions over offers with room and a candidate; 0 = all get as many.
    largest_load : float
        The largest share of its room that an offer got; never above 1.
    suggestions, short : int
    """

    utility_share: float
    worst_served: float
    coverage: float
    offer_coverage: float
    gini: float
    largest_load: float
    suggestions: int
    short: int


@dataclass(frozen=True)
class Allocation:
    """What is put forward, and who gets less than wished for and why.

    Parameters
    ----------
    suggested : ndarray of shape (p,)
        New suggestions, in the order of the pairs that came in. Pairs held before are not new.
    price : ndarray of shape (m,)
        Shadow price of each offer, from -`MOST_SUBSIDY` to `MOST_PRICE`.
    load : ndarray of shape (m,)
        New suggestions of each offer; never above its capacity.
    count : ndarray of shape (n,)
        Suggestions of each initiative, those held before counted.
    short : ndarray of shape (s,)
        Initiatives with fewer than `at_least`, in row order.
    short_reason : ndarray of shape (s,)
        Places in `SHORT_REASONS`.
    figures : AllocationFigures
    """

    suggested: Mask
    price: Floats
    load: Integers
    count: Integers
    short: Integers
    short_reason: NDArray[np.int8]
    figures: AllocationFigures


def allocate(
    initiative: Integers,
    offer: Integers,
    fit: Floats,
    capacity: Integers,
    *,
    initiatives: int,
    at_least: int = 3,
    at_most: int | None = None,
    held: Mask | None = None,
    initiative_order: Integers | None = None,
    offer_order: Integers | None = None,
    floor: int = 1,
    price_rounds: int = PRICE_ROUNDS,
) -> Allocation:
    """Choose which candidate pairs are put forward as suggestions.

    Parameters
    ----------
    initiative, offer : ndarray of shape (p,)
        Rows of the candidate pairs; a pair comes once, and pairs that may not meet not at all.
    fit : ndarray of shape (p,)
        In [0, 1]. Only its order within an initiative and within an offer matters, and its ratios.
    capacity : ndarray of shape (m,)
        New suggestions that each offer has room for in this run.
    initiatives : int
        n; initiatives without a candidate are short too.
    at_least, at_most : int
        Every initiative gets `at_least` if that can be; then up to `at_most` (default the same)
        while there is room.
    held : ndarray of shape (p,), optional
        Suggested before and staying. They count for the initiative and need no new room.
    initiative_order, offer_order : ndarray of shape (n,), (m,), optional
        Places in the order of the public ids: among equals the lower comes first. Default the rows.
    floor : int
        An offer that would get fewer than this is subsidised.
    price_rounds : int
        0 leaves prices out.

    Returns
    -------
    Allocation

    Raises
    ------
    ValueError
        If shapes, rows, fits or capacities are not as said, or a pair comes twice.

    Notes
    -----
    Deterministic; permuting pairs, or renumbering rows and their orders, changes nothing.
    Cost O(price_rounds · p) for prices, O(p log p) for the rounds, and for rearranging O(p) a phase and a
    few array steps for every initiative that gets its place so. Measured with 100 000 x 10 000 and 5.5
    million pairs on one core: 4 s where there is room, 10 s where a tenth is missing (24 000 moved).

    Examples
    --------
    Two initiatives want the same place; the second has nowhere else to go, so the first moves:

    >>> result = allocate(
    ...     np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.9, 0.8, 0.7]),
    ...     np.array([1, 1]), initiatives=2, at_least=1)
    >>> result.suggested.tolist(), result.figures.coverage
    ([False, True, True], 1.0)
    """
    most = at_least if at_most is None else at_most
    if not 0 < at_least <= most:
        raise ValueError("at_least must be at least 1 and at most at_most")
    candidates = _Candidates.of(
        initiative, offer, fit, capacity, held, initiatives, initiative_order, offer_order
    )
    price = shadow_prices(candidates, most, floor=floor, rounds=price_rounds)
    suggested = _rounds(candidates, price, at_least, most)
    return _result(candidates, suggested, price, at_least, most)


@dataclass(frozen=True)
class _Candidates:
    """The pairs in one canonical order: by initiative, best fit first, ties by the offer's place.

    Rows are places in `initiative_order` and `offer_order`, so nothing below can depend on numbering.
    """

    row: Integers
    offer: Integers
    fit: Floats
    held: Mask
    #: Where each initiative's pairs begin; shape (n + 1,).
    start: Integers
    #: Room of each offer, shape (m,).
    capacity: Integers
    #: The pairs' places as they came in, and the orders.
    source: Integers
    initiative_order: Integers
    offer_order: Integers

    @staticmethod
    def of(
        initiative: Integers,
        offer: Integers,
        fit: Floats,
        capacity: Integers,
        held: Mask | None,
        n: int,
        initiative_order: Integers | None,
        offer_order: Integers | None,
    ) -> _Candidates:
        initiative, offer = np.asarray(initiative, dtype=np.int64), np.asarray(offer, dtype=np.int64)
        fit, capacity = np.asarray(fit, dtype=np.float64), np.asarray(capacity, dtype=np.int64)
        m = len(capacity)
        is_held = np.zeros(len(fit), dtype=bool) if held is None else np.asarray(held, dtype=bool)
        rows_order = _order(initiative_order, n)
        columns_order = _order(offer_order, m)
        if not len(initiative) == len(offer) == len(fit) == len(is_held):
            raise ValueError("initiative, offer, fit and held must be equally long")
        if max(n, m) > MOST_ROWS:
            raise ValueError(f"at most {MOST_ROWS} initiatives and offers")
        if len(fit) and not (initiative.min() >= 0 and initiative.max() < n):
            raise ValueError("initiative rows must lie in 0 .. initiatives - 1")
        if len(fit) and not (offer.min() >= 0 and offer.max() < m):
            raise ValueError("offer rows must lie in 0 .. len(capacity) - 1")
        if len(fit) and not (fit.min() >= 0 and fit.max() <= 1):
            raise ValueError("fit must lie in [0, 1]")
        if m and capacity.min() < 0:
            raise ValueError("capacity must not be negative")
        row, column = rows_order[initiative], columns_order[offer]
        order = _sorted(row, fit, column)
        row, column = row[order], column[order]
        twice = np.sort((row << _ROW_BITS) | column)
        if len(twice) and (np.diff(twice) == 0).any():
            raise ValueError("a pair comes twice")
        placed = np.zeros(m, dtype=np.int64)
        placed[columns_order] = capacity
        return _Candidates(
            row=row,
            offer=column,
            fit=fit[order],
            held=is_held[order],
            start=np.searchsorted(row, np.arange(n + 1)),
            capacity=placed,
            source=order,
            initiative_order=rows_order,
            offer_order=columns_order,
        )

    @property
    def initiatives(self) -> int:
        return len(self.start) - 1

    def held_counts(self) -> Integers:
        """Return how many suggestions each initiative holds already, shape (n,)."""
        return np.bincount(self.row[self.held], minlength=self.initiatives).astype(np.int64)


def shadow_prices(
    candidates: _Candidates, most: int, *, floor: int = 1, rounds: int = PRICE_ROUNDS
) -> Floats:
    """Return the price of each offer, by place, shape (m,), in [-`MOST_SUBSIDY`, `MOST_PRICE`].

    Each round everybody looks at their `most` best of `fit * (1 - price)`; where that is more than the
    room, the price rises by a step in proportion, where it is less it falls towards 0, and below
    `floor` further, to a subsidy. Steps shrink; the price is the mean of the second half of the rounds.
    Offers without room, or that fit nobody, have price 0: they take no part. Cost O(rounds · n · `PRICED_CANDIDATES`).
    """
    m = len(candidates.capacity)
    price: Floats = np.zeros(m)
    mean: Floats = np.zeros(m)
    grid = _PriceGrid.of(candidates, most)
    if grid is None or rounds < 1:
        return price
    room = (candidates.capacity > 0) & (np.bincount(grid.offer.ravel(), minlength=m + 1)[:m] > 0)
    wanted_least = np.minimum(floor, candidates.capacity)
    divisor = np.maximum(candidates.capacity, 1)
    counted = max(1, rounds // 2)
    for turn in range(rounds):
        load = grid.load(1.0 - price)
        step = _FIRST_STEP / (1.0 + 4.0 * turn / rounds)
        excess = np.clip((load - candidates.capacity) / divisor, -1.0, 1.0)
        lowest = np.where(load < wanted_least, -MOST_SUBSIDY, np.minimum(price, 0.0))
        # An offer above its floor that was subsidised lets its subsidy go again.
        excess = np.where((price < 0) & (load >= wanted_least) & (excess < 0), 0.25, excess)
        price = np.where(room, np.clip(price + step * excess, lowest, MOST_PRICE), 0.0)
        if turn >= rounds - counted:
            mean += price / counted
    return np.clip(mean, -MOST_SUBSIDY, MOST_PRICE)


@dataclass(frozen=True)
class _PriceGrid:
    """The best candidates of each initiative side by side, so that a round is a few array steps."""

    #: Fit, and the offer's place; 0 and m where an initiative has fewer candidates. Shape (r, width).
    fit: NDArray[np.float32]
    offer: NDArray[np.int32]
    #: Places among ascending scores where the wished-for begin, shape (r,).
    first: Integers
    m: int

    @staticmethod
    def of(candidates: _Candidates, most: int) -> _PriceGrid | None:
        wish = most - candidates.held_counts()
        usable = ~candidates.held & (candidates.capacity[candidates.offer] > 0) & (wish[candidates.row] > 0)
        row, offer = candidates.row[usable], candidates.offer[usable]
        if not len(row):
            return None
        # The rows come sorted, so counting where they change numbers those that take part.
        changes = np.append(True, np.diff(row) != 0)
        number = np.cumsum(changes) - 1
        rows, begin = row[changes], np.flatnonzero(changes)
        place = np.arange(len(row)) - begin[number]
        width = int(min(PRICED_CANDIDATES, place.max() + 1))
        kept = place < width
        m = len(candidates.capacity)
        fit_grid = np.zeros((len(rows), width), dtype=np.float32)
        offer_grid = np.full((len(rows), width), m, dtype=np.int32)
        fit_grid[number[kept], place[kept]] = candidates.fit[usable][kept]
        offer_grid[number[kept], place[kept]] = offer[kept]
        return _PriceGrid(fit_grid, offer_grid, np.maximum(width - wish[rows], 0), m)

    def load(self, factor: Floats) -> Integers:
        """Return how many initiatives have each offer among their wished-for, given `1 - price`."""
        factors = np.append(factor, 0.0).astype(np.float32)
        load = np.zeros(self.m + 1, dtype=np.int64)
        alike = bool((self.first == self.first[0]).all())
        for begin in range(0, len(self.fit), _BLOCK_ROWS):
            block = slice(begin, begin + _BLOCK_ROWS)
            offer, first = self.offer[block], self.first[block]
            score = self.fit[block] * factors.take(offer)
            if alike:
                threshold = np.partition(score, first[0], axis=1)[:, first[0], None]
            else:
                threshold = np.take_along_axis(np.sort(score, axis=1), first[:, None], axis=1)
            # Three times as fast as offer[score >= threshold].
            among = offer.ravel().take(np.flatnonzero(score >= threshold))
            load += np.bincount(among, minlength=self.m + 1)
        return load[: self.m]


def _rounds(candidates: _Candidates, price: Floats, at_least: int, most: int) -> Mask:
    """Hand out places in rounds; returns the new suggestions among the candidates, shape (p,)."""
    order = _sorted(
        candidates.row,
        candidates.fit * (1.0 - price[candidates.offer]) / (1.0 + MOST_SUBSIDY),
        candidates.offer,
    )
    # Pairs of one initiative lie at the same places as before, only their order within is another.
    offer, fit = candidates.offer[order], candidates.fit[order]
    places = Places(
        row=candidates.row,
        offer=offer,
        start=candidates.start,
        is_open=~candidates.held[order],
        taken=np.zeros(len(order), dtype=bool),
        room=candidates.capacity.copy(),
    )
    count = candidates.held_counts()
    pointer = candidates.start[:-1].copy()
    for turn in range(1, most + 1):
        active = np.flatnonzero(count < turn)
        while len(active := _advanced(places, pointer, active)):
            pair = pointer[active]
            wanted = offer[pair]
            by_offer = np.lexsort((active, -fit[pair], wanted))
            in_line = wanted[by_offer]
            rank = np.arange(len(in_line)) - np.searchsorted(in_line, in_line)
            won = by_offer[rank < places.room[in_line]]
            places.taken[pair[won]] = True
            np.subtract.at(places.room, wanted[won], 1)
            count[active[won]] += 1
            pointer[active[won]] += 1
            still = np.ones(len(active), dtype=bool)
            still[won] = False
            active = active[still]
        if turn <= at_least:
            count += rearrange(places, np.flatnonzero(count == turn - 1))
    suggested = np.zeros(len(order), dtype=bool)
    suggested[order] = places.taken
    return suggested


def _advanced(places: Places, pointer: Integers, active: Integers) -> Integers:
    """Move pointers past offers that are full or held; returns who still has somewhere to turn."""
    moving = active
    while len(moving):
        moving = moving[pointer[moving] < places.start[moving + 1]]
        pair = pointer[moving]
        closed = ~places.is_open[pair] | places.taken[pair] | (places.room[places.offer[pair]] == 0)
        moving = moving[closed]
        pointer[moving] += 1
    return active[pointer[active] < places.start[active + 1]]


def _result(candidates: _Candidates, suggested: Mask, price: Floats, at_least: int, most: int) -> Allocation:
    n, m = candidates.initiatives, len(candidates.capacity)
    has = suggested | candidates.held
    count = np.bincount(candidates.row[has], minlength=n).astype(np.int64)
    load = np.bincount(candidates.offer[suggested], minlength=m).astype(np.int64)
    fitting = np.diff(candidates.start)
    short = np.flatnonzero(count < at_least)
    reason = np.where(fitting == 0, NO_OFFER, np.where(count < fitting, ALL_FULL, FEW_FIT))[short]

    best = np.arange(len(has)) - candidates.start[candidates.row] < most
    ideal = np.bincount(candidates.row, weights=candidates.fit * best, minlength=n)
    got = np.bincount(candidates.row, weights=candidates.fit * has, minlength=n)
    could = fitting > 0
    share = np.sort(np.divide(got, ideal, out=np.ones(n), where=ideal > 0)[could])
    worst = share[: max(1, -(-len(share) // 20))]
    wanted = np.bincount(candidates.offer[~candidates.held], minlength=m) > 0
    exposed = (candidates.capacity > 0) & wanted
    figures = AllocationFigures(
        utility_share=float(got.sum() / ideal.sum()) if ideal.sum() > 0 else 1.0,
        worst_served=float(worst.mean()) if len(share) else 1.0,
        coverage=float((count[could] > 0).mean()) if could.any() else 1.0,
        offer_coverage=float((load[exposed] > 0).mean()) if exposed.any() else 1.0,
        gini=gini(load[exposed]),
        largest_load=float((load[exposed] / candidates.capacity[exposed]).max()) if exposed.any() else 0.0,
        suggestions=int(suggested.sum()),
        short=len(short),
    )
    as_came = np.zeros(len(suggested), dtype=bool)
    as_came[candidates.source] = suggested
    # From places back to rows.
    rows = np.argsort(candidates.initiative_order)
    short_rows = rows[short]
    by_row = np.argsort(short_rows)
    return Allocation(
        suggested=as_came,
        price=price[candidates.offer_order],
        load=load[candidates.offer_order],
        count=count[candidates.initiative_order],
        short=short_rows[by_row],
        short_reason=reason[by_row].astype(np.int8),
        figures=figures,
    )


def _order(order: Integers | None, size: int) -> Integers:
    if order is None:
        return np.arange(size, dtype=np.int64)
    order = np.asarray(order, dtype=np.int64)
    if len(order) != size or not np.array_equal(np.sort(order), np.arange(size)):
        raise ValueError("an order must hold every place once")
    return order


def _sorted(row: Integers, score: Floats, column: Integers) -> Integers:
    """Return the order by row, highest score in [0, 1] first, ties by column. One sort of packed keys."""
    level = ((1 << _SCORE_BITS) - 1) - np.round(score * ((1 << _SCORE_BITS) - 1)).astype(np.uint64)
    key = (row.astype(np.uint64) << np.uint64(_SCORE_BITS + _ROW_BITS)) | (level << np.uint64(_ROW_BITS))
    key |= column.astype(np.uint64)
    return np.argsort(key)
