"""Every pair of a shard scored to about 1e-6, without looking at offers that may meet nobody near.

Initiatives that are alike (language, needs, actors, places) are put in one tile, so that the offers whose
rules shut all of them out need not be looked at. Of the rest the fit of every pair is found roughly:
rules, wishes, themes and target groups as one dense product and a few look-ups by class, texts by
`text_tiles`. `search` takes the best out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import Trees
from matching.kernel.asked_texts import ASKED_ROWS, AskedTexts
from matching.kernel.classes import GROUPS, classes_of
from matching.kernel.combine import FIT_DECIMALS
from matching.kernel.pairs import SHUT_OUT, PairTexts, Places, Shard
from matching.kernel.scoring import PreparedInitiatives

#: Initiatives of a tile, at least: more where offers are few, up to so many pairs and initiatives.
TILE_ROWS = 208
TILE_PAIRS = 2_080_000
MOST_TILE_ROWS = 20_000
#: A pair may be among the best while its fit, found roughly, is no further below than this.
MARGIN = 10.0**-FIT_DECIMALS + 1e-5
#: Below it some rule is broken.
ELIGIBLE = np.float32(-SHUT_OUT / 2)
_Numbers = NDArray[np.float32]
#: What texts say of a tile's initiatives: `AskedTexts.scores` of them.
_Scores = Callable[..., _Numbers]


@dataclass(frozen=True)
class Tile:
    """Rough scores of some initiatives against the offers that may meet any of them.

    Parameters
    ----------
    rows : ndarray of shape (t,)
    columns : ndarray of shape (c,)
        Sorted.
    fit, text : ndarray of shape (t, c), float32
        Fit is below `ELIGIBLE` where a rule is broken.
    least : ndarray of shape (t,), float32
        A pair below it is not among the best `k` of its initiative.
    history : ndarray of shape (t, h), float32; history_known likewise, bool
        Of the columns that have supported cases, in their order. Left out of pairs that no history can
        bring into any list.
    history_place : ndarray of shape (c,)
        Place among those, -1 for the others.
    """

    rows: Places
    columns: Places
    fit: _Numbers
    text: _Numbers
    least: _Numbers
    history: _Numbers
    history_known: NDArray[np.bool_]
    history_place: Places

    def texts(self, rows: Places, columns: Places) -> PairTexts:
        """Return what texts say of pairs (places in the tile)."""
        place = self.history_place[columns]
        has = place >= 0
        history = np.zeros(len(rows), dtype=np.float32)
        known = np.zeros(len(rows), dtype=bool)
        history[has] = self.history[rows[has], place[has]]
        known[has] = self.history_known[rows[has], place[has]]
        return PairTexts(self.text[rows, columns], history, known)


def similar_order(initiatives: PreparedInitiatives) -> Places:
    """Return an order in which initiatives that the same offers may meet stand together, shape (n,).

    By language, needs, lead and first place. A run whose shards are cut from initiatives in this order
    looks at fewer pairs; what it finds is the same in any order.

    Parameters
    ----------
    initiatives
        n rows.

    Returns
    -------
    ndarray of shape (n,), int64
        A permutation of the rows. Cost O(n log n).
    """
    arrays = initiatives.arrays
    place = np.full(len(arrays), -1, dtype=np.int64)
    has_place = np.flatnonzero(np.diff(arrays.works_in.indptr))
    place[has_place] = arrays.works_in.indices[arrays.works_in.indptr[has_place]]
    needs = classes_of(arrays, ("need_urgency",)).of_row
    # Who has not said what they need, or who they are, may meet nearly every offer: they stand apart.
    has_said = (arrays.need_urgency > 0).any(axis=1) & (arrays.lead_kind >= 0)
    county = _counties(arrays.trees)[place]
    order = np.lexsort((county, arrays.lead_kind, needs, has_said, initiatives.counts.is_swedish))
    return order.astype(np.int64)


def _counties(trees: Trees) -> Places:
    """Return the area of the tree's level of counties that each area lies in, itself when it is wider.

    The last stands for no place.
    """
    areas = trees.areas
    depth = (areas.distances >= 0).sum(axis=1)
    country = depth[areas.index["SE"]] if "SE" in areas.index else 1
    county = np.arange(len(areas.codes) + 1)
    for code in np.flatnonzero(depth > country + 1):
        above = int(code)
        while depth[above] > country + 1:
            above = areas.parents[above]
        county[code] = above
    county[-1] = -1
    return county.astype(np.int64)


def tiles(
    shard: Shard, k: int, least_of_offers: _Numbers, tile_rows: int | None = None
) -> Iterator[tuple[int, Tile | None]]:
    """Score a shard roughly, tile by tile; with each, how many initiatives are done.

    None stands for initiatives that no offer may meet. `least_of_offers`, shape (m,), is how good a pair
    must be for its offer's list; it may rise meanwhile.
    """
    if tile_rows is None:
        tile_rows = min(MOST_TILE_ROWS, max(TILE_ROWS, TILE_PAIRS // max(1, len(shard.side))))
    swedish = shard.prepared.counts.is_swedish
    order = shard.prepared.kept.get("order")
    if order is None:
        order = shard.prepared.kept["order"] = similar_order(shard.prepared)
    features = _features(shard)
    # A tile is of one language, as its words are looked up in one space.
    number_of_english = len(order) - int(np.count_nonzero(swedish))
    together = tile_rows * max(1, ASKED_ROWS // tile_rows)
    for lo, hi in ((0, number_of_english), (number_of_english, len(order))):
        for start in range(lo, hi, together):
            rows = order[start : min(start + together, hi)]
            texts = AskedTexts(shard, rows)
            for first in range(0, len(rows), tile_rows):
                part = slice(first, min(first + tile_rows, len(rows)))
                tile = _tile(
                    shard, rows[part], features, partial(texts.scores, part=part), k, least_of_offers
                )
                yield start + part.stop, tile


def _features(shard: Shard) -> Callable[[Places], _Numbers]:
    """Return what makes the initiatives' side of the dense product; see `OfferSide.features`."""
    side = shard.side
    weight, mean = side.points_of("text")
    parts: list[NDArray[Any]] = [
        np.full((len(shard), 1), side.base),
        np.where(shard.has_text, -weight * mean, 0.0)[:, None],
    ]
    for name in ("themes", "target_groups"):
        weight, mean = side.points_of(name)
        parts += [weight * shard.units[name], np.where(shard.has_tree[name], -weight * mean, 0.0)[:, None]]
    always = np.hstack(parts).astype(np.float32)
    tables = [(shard.classes[group.name].of_row, shard.points(group)) for group in side.few]
    return lambda rows: np.hstack([always[rows], *(points[of_row[rows]] for of_row, points in tables)])


def _tile(
    shard: Shard,
    rows: Places,
    features: Callable[[Places], _Numbers],
    scores: _Scores,
    k: int,
    least_of_offers: _Numbers,
) -> Tile | None:
    side = shard.side
    mine = features(rows)
    alive: NDArray[np.bool_] = np.asarray(side.dates != codes.DOES_NOT_FIT)
    looked_up: list[tuple[_Numbers, Places, Places]] = []
    asked_later = []
    for group in GROUPS:
        if not group.requirements and group not in side.few and shard.answers(group) is None:
            asked_later.append(group)
            continue
        used, of_row = np.unique(shard.classes[group.name].of_row[rows], return_inverse=True)
        of_column = side.classes[group.name].of_row
        answers = shard.answers(group)
        if answers is None:
            answers = shard.some_answers(group, used)
            points = answers.points(group, side.weight, side.means, SHUT_OUT)
        else:
            points = shard.points(group)[used]
        if group.requirements:
            alive &= np.asarray((points > ELIGIBLE).any(axis=0))[of_column]
        if group not in side.few:
            looked_up.append((points, of_row.ravel(), of_column))
    columns = np.flatnonzero(alive)
    if not len(columns):
        return None
    for group in asked_later:
        used, of_row = np.unique(shard.classes[group.name].of_row[rows], return_inverse=True)
        theirs, of_column = np.unique(side.classes[group.name].of_row[columns], return_inverse=True)
        answers = shard.some_answers(group, used, theirs)
        points = answers.points(group, side.weight, side.means, SHUT_OUT)
        spread = np.zeros(len(side), dtype=np.int64)
        spread[columns] = of_column.ravel()
        looked_up.append((points, of_row.ravel(), spread))
    fit = mine @ side.features[columns].T
    for points, of_row, of_column in looked_up:
        _add_points(fit, points, of_row, of_column[columns])
    for place, organisation in enumerate(shard.arrays.organisation[rows].tolist()):
        if own := side.by_organisation.get(organisation):
            fit[place, np.isin(columns, own)] = -SHUT_OUT
    # Every rule is met by somebody, but not all of them by one: no text is read for those.
    may_meet = np.flatnonzero((fit > ELIGIBLE).any(axis=0))
    if not len(may_meet):
        return None
    if len(may_meet) < len(columns):
        columns, fit = columns[may_meet], np.take(fit, may_meet, axis=1)
    text = scores(side.texts, columns=columns)
    fit += np.float32(side.points_of("text")[0]) * text
    # What offers without supported cases reach, the best with cases must reach too.
    has_cases = side.cases.has_cases[columns]
    without = fit if not has_cases.any() else np.take(fit, np.flatnonzero(~has_cases), axis=1)
    least = _kth_of_rows(without, k) - np.float32(MARGIN)
    np.maximum(least, ELIGIBLE, out=least)
    history, known, history_place = _history(shard, rows, columns, scores, text, fit, least, least_of_offers)
    has = np.flatnonzero(has_cases)
    if len(has):
        weight, mean = side.points_of("history")
        known_here = known & shard.has_text[rows][:, None]
        fit[:, has] += np.where(known_here, weight * (history - mean), 0.0).astype(np.float32)
    return Tile(rows, columns, fit, text, least, history, known, history_place)


def _kth_of_rows(fit: _Numbers, k: int) -> _Numbers:
    """Return the k-th best of each row, minus infinity where there are fewer."""
    size = fit.shape[1]
    if size < k:
        return np.full(len(fit), -np.inf, dtype=np.float32)
    kth: _Numbers = np.partition(fit, size - k, axis=1)[:, size - k]
    return kth


def _add_points(fit: _Numbers, points: _Numbers, of_row: Places, of_column: Places) -> None:
    """Add the points of a group; where most offers have nothing to say in it, to the others alone."""
    says = np.flatnonzero(np.asarray(points.any(axis=0))[of_column])
    if 2 * len(says) < len(of_column):
        fit[:, says] += np.take(np.take(points, of_column[says], axis=1), of_row, axis=0)
    else:
        # Without a look at each place whether it is one: they are.
        fit += np.take(np.take(points, of_column, axis=1, mode="clip"), of_row, axis=0, mode="clip")


def _history(
    shard: Shard,
    rows: Places,
    columns: Places,
    scores: _Scores,
    text: _Numbers,
    fit: _Numbers,
    least: _Numbers,
    least_of_offers: _Numbers,
) -> tuple[_Numbers, NDArray[np.bool_], Places]:
    """Return the value of past support, and where a case counts, for the columns that have cases.

    Only of pairs that it may bring into a list (`fit` is that without it); the others are left at nothing
    known.
    """
    cases = shard.side.cases
    has = np.flatnonzero(cases.has_cases[columns])
    place = np.full(len(columns), -1, dtype=np.int64)
    place[has] = np.arange(len(has))
    value = np.zeros((len(rows), len(has)), dtype=np.float32)
    known = np.zeros((len(rows), len(has)), dtype=bool)
    if cases.texts is None or not len(has):
        return value, known, place
    offers = columns[has]
    numbers = np.unique(cases.number[offers]).tolist()
    members = {number: np.flatnonzero(cases.number[offers] == number) for number in numbers}
    documents = {
        number: cases.documents[number][cases.place[offers[some]]] for number, some in members.items()
    }
    # One product for the cases of all offers.
    wanted = np.unique(np.concatenate([part.ravel() for part in documents.values()]))
    of_wanted = scores(cases.texts, columns=wanted)
    # No mean of the cases' scores and the offer's own is above the highest of them.
    weight, mean = shard.side.points_of("history")
    for number, some in members.items():
        most = np.take(text, has[some], axis=1)
        for case in np.searchsorted(wanted, documents[number]).T:
            np.maximum(most, np.take(of_wanted, case, axis=1), out=most)
        rough = np.take(fit, has[some], axis=1)
        most = rough + np.float32(weight) * np.maximum(most - np.float32(mean), 0.0)
        matters = (most >= least[:, None]) | (most >= least_of_offers[offers[some]])
        mine, theirs = places_of(matters & (rough > ELIGIBLE))
        their_documents = np.searchsorted(wanted, documents[number])[theirs]
        value[mine, some[theirs]], known[mine, some[theirs]] = shard.blended(
            number,
            rows[mine],
            offers[some[theirs]],
            of_wanted[mine[:, None], their_documents],
            text[mine, has[some[theirs]]],
        )
    return value, known, place


def places_of(mask: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Return rows and columns of what is true, row by row; several times faster than `nonzero`.

    Examples
    --------
    >>> [part.tolist() for part in places_of(np.array([[True, False], [True, True]]))]
    [[0, 1, 1], [0, 0, 1]]
    """
    flat = np.flatnonzero(np.ascontiguousarray(mask).ravel())
    rows = flat // max(1, mask.shape[1])
    return rows, flat - rows * mask.shape[1]
