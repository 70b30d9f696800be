"""Shadow prices: how much dearer an offer is because more want it than it has room for.

Dual prices of the transportation problem by bounded subgradient steps (Held, Wolfe and Crowder 1974).
They order proposals in an allocation, and nobody ever sees a priced fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel.candidates import Candidates, Floats, Integers

#: How much of its fit the most wanted offer may lose, and the least shown may win, in the order only.
MOST_PRICE, MOST_SUBSIDY = 0.5, 0.15
PRICE_ROUNDS: Final = 60
#: Candidates of one initiative that prices are formed on. All of them are open in the rounds.
PRICED_CANDIDATES: Final = 40
_BLOCK_ROWS = 1024
_FIRST_STEP = 0.1


def shadow_prices(candidates: Candidates, most: int, *, floor: int = 1, rounds: int = PRICE_ROUNDS) -> Floats:
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
    def of(candidates: Candidates, most: int) -> _PriceGrid | None:
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
