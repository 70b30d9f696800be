"""The best pairs of a shard both ways, without scoring any pair in full that cannot be among them.

Pairs whose rough fit (`tiles`) is within the last decimal of being among the best are given their exact
numbers (`pairs`), and those decide. So the result is that of scoring everything with `score_block`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.kernel.combine import FIT_DECIMALS
from matching.kernel.pair_table import PairTable, best_places
from matching.kernel.pairs import PairTexts, Places, Shard
from matching.kernel.tiles import ELIGIBLE, MARGIN, Tile, places_of, tiles

#: Roughly scored pairs of offers held before the poorer ones are dropped, for each place in a list.
_HELD = 2
#: Pairs given their exact numbers at a time.
_PAIRS = 50_000
Numbers = NDArray[np.float32]


class _OfferLists:
    """The best pairs of each offer so far, roughly scored, with a little more than is needed."""

    def __init__(self, n_offers: int, k: int, floors: NDArray[np.float64] | None) -> None:
        self.k = k
        #: No pair below it can be in an offer's list.
        self.least = np.full(n_offers, ELIGIBLE, dtype=np.float32)
        if floors is not None:
            np.maximum(self.least, (floors - MARGIN).astype(np.float32), out=self.least)
        self._parts: list[tuple[NDArray[Any], ...]] = []
        self._held = 0

    def add(self, tile: Tile) -> None:
        """Take in what a tile has."""
        columns = tile.columns
        least = self.least[columns]
        new = np.flatnonzero(least <= ELIGIBLE)
        if len(new) and len(tile.rows) > self.k:
            # Not yet known how good a pair must be: at least as good as the k-th of this tile.
            place = len(tile.rows) - self.k
            kth = np.partition(tile.fit[:, new], place, axis=0)[place]
            least[new] = np.maximum(least[new], kth - np.float32(MARGIN))
            self.least[columns] = least
        rows, places = places_of(tile.fit >= least)
        eligible = tile.fit[rows, places] > ELIGIBLE
        rows, places = rows[eligible], places[eligible]
        texts = tile.texts(rows, places)
        self._parts.append(
            (
                tile.rows[rows],
                columns[places],
                tile.fit[rows, places],
                texts.text,
                texts.history,
                texts.history_known,
            )
        )
        self._held += len(rows)
        if self._held > _HELD * self.k * len(self.least):
            self._drop()

    def _drop(self) -> None:
        rows, offers, fit, *texts = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        order, starts = _by_offer(offers, fit, len(self.least))
        last = starts[:-1] + self.k - 1
        full = np.flatnonzero(last < starts[1:])
        kth = fit[order[last[full]]] - np.float32(MARGIN)
        self.least[full] = np.maximum(self.least[full], kth)
        kept = fit >= self.least[offers]
        self._parts = [(rows[kept], offers[kept], fit[kept], *(part[kept] for part in texts))]
        self._held = int(kept.sum())

    def candidates(self) -> tuple[Places, Places, PairTexts]:
        """Return rows, offers and texts of the pairs that may be in a list."""
        if not self._parts:
            none = np.empty(0, dtype=np.int64)
            return none, none, PairTexts(np.empty(0, np.float32), np.empty(0, np.float32), none.astype(bool))
        self._drop()
        rows, offers, _, *texts = self._parts[0]
        return rows, offers, PairTexts(*texts)


def _by_offer(offers: Places, fit: Numbers, m: int) -> tuple[Places, Places]:
    """Return the order by offer, best first (to about 1e-6 of fit), and where each offer's begin, (m + 1,).

    Offer, rank and place are the bits of one number: numbers are sorted several times faster than places.
    """
    for_place, for_offer = (max(1, int(number - 1).bit_length()) for number in (max(1, len(offers)), m))
    for_rank = min(24, 63 - for_place - for_offer)
    # Between the fit of a pair that breaks several rules and the best of all.
    rank = np.clip((2.0 - fit) * (2.0 ** (for_rank - 2)), 0, 2**for_rank - 1).astype(np.int64)
    key = (((offers << for_rank) | rank) << for_place) | np.arange(len(offers))
    key.sort()
    starts = np.searchsorted(key, np.arange(m + 1) << (for_rank + for_place))
    return key & ((1 << for_place) - 1), starts


@dataclass(frozen=True)
class _Candidates:
    """Pairs that may be among the best of their initiatives; rows are the shard's."""

    rows: Places
    offers: Places
    texts: PairTexts

    @classmethod
    def of_tile(cls, shard: Shard, tile: Tile, k: int) -> _Candidates:
        """Return what is within the last decimal of the best `k` of each initiative of a tile."""
        rows, columns = places_of(tile.fit >= tile.least[:, None])
        fit = tile.fit[rows, columns]
        kept = (fit > ELIGIBLE) & _may_win(shard, rows, tile.columns[columns], fit, k)
        rows, columns = rows[kept], columns[kept]
        return cls(tile.rows[rows], tile.columns[columns], tile.texts(rows, columns))

    @classmethod
    def joined(cls, parts: list[_Candidates]) -> _Candidates:
        """Return those of several tiles."""
        texts = (
            np.concatenate([getattr(part.texts, field.name) for part in parts]) for field in fields(PairTexts)
        )
        return cls(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.offers for part in parts]),
            PairTexts(*texts),
        )


def _best_of_initiatives(shard: Shard, parts: list[_Candidates], k: int) -> list[PairTable]:
    """Return the best `k` offers of each initiative of some tiles, exactly; by initiative, best first."""
    if not parts:
        return []
    found = _Candidates.joined(parts)
    table = shard.pair_table(found.rows, found.offers, found.texts)
    return [table.take(best_places(table.initiative, table.fit, shard.side.arrays.key_order[table.offer], k))]


def _may_win(shard: Shard, rows: Places, offers: Places, fit: Numbers, k: int) -> NDArray[np.bool_]:
    """Say which candidates may be among the best; only rows with very many equals lose any.

    A rough fit that is not near the middle between two figures is known to the last figure, and then
    keys decide: of those pairs only the first `k` can win.
    """
    kept = np.ones(len(rows), dtype=bool)
    counts = np.bincount(rows, minlength=1)
    crowded = np.flatnonzero(counts[rows] > 3 * k)
    if len(crowded):
        scaled = fit[crowded].astype(np.float64) * 10**FIT_DECIMALS
        sure = np.abs(scaled - np.floor(scaled) - 0.5) > 0.1
        crowded, figures = crowded[sure], np.rint(scaled[sure])
        ties = shard.side.arrays.key_order[offers[crowded]]
        order = np.lexsort((ties, -figures, rows[crowded]))
        by_row = rows[crowded][order]
        place = np.arange(len(order)) - np.searchsorted(by_row, by_row)
        kept[crowded[order[place >= k]]] = False
    return kept


def match_shard(
    shard: Shard,
    k: int,
    *,
    floors: NDArray[np.float64] | None = None,
    tile_rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[PairTable, PairTable]:
    """Return the best pairs of a shard both ways; rows are the shard's. See `topk.match_rows`."""
    shard.ask_open_offers_only()
    lists = _OfferLists(len(shard.side), k, floors)
    of_initiatives: list[PairTable] = []
    waiting: list[_Candidates] = []
    for done, tile in tiles(shard, k, lists.least, tile_rows) if k > 0 else ():
        if tile is not None:
            waiting.append(_Candidates.of_tile(shard, tile, k))
            lists.add(tile)
        if sum(len(part.rows) for part in waiting) > _PAIRS:
            of_initiatives += _best_of_initiatives(shard, waiting, k)
            waiting = []
        if progress is not None:
            progress(done)
    table = PairTable.joined([*of_initiatives, *_best_of_initiatives(shard, waiting, k)])
    del of_initiatives, waiting
    if (np.diff(table.initiative) < 0).any():
        table = table.take(np.argsort(table.initiative, kind="stable"))
    return table, _best_of_offers(shard, lists, table, k, floors)


def _best_of_offers(
    shard: Shard, lists: _OfferLists, of_initiatives: PairTable, k: int, floors: NDArray[np.float64] | None
) -> PairTable:
    """Give what may be in offers' lists its exact numbers; most of it has them, in initiatives' lists."""
    rows, offers, texts = lists.candidates()
    m = len(shard.side)
    had = of_initiatives.initiative * m + of_initiatives.offer
    by_pair = np.argsort(had)
    place = np.searchsorted(had, rows * m + offers, sorter=by_pair)
    place = by_pair[np.minimum(place, len(had) - 1)] if len(had) else place
    others = np.flatnonzero(had[place] != rows * m + offers)
    had_place = np.delete(place, others)
    new = [
        shard.pair_table(rows[part], offers[part], texts.take(part))
        for part in np.split(others, range(_PAIRS, len(others), _PAIRS))
    ]
    # Who is in is decided first, so that the numbers of the others are never moved.
    fit = np.concatenate([of_initiatives.fit[had_place], *(table.fit for table in new)])
    initiative = np.concatenate([of_initiatives.initiative[had_place], rows[others]])
    offer = np.concatenate([of_initiatives.offer[had_place], offers[others]])
    chosen = best_places(offer, fit, shard.arrays.key_order[initiative], k)
    if floors is not None:
        chosen = chosen[fit[chosen] >= floors[offer[chosen]]]
    places = np.concatenate([had_place, len(of_initiatives) + np.arange(len(others))])[chosen]
    return PairTable.taken([of_initiatives, *new], places)
