"""All numbers of chosen pairs, the very same as `score_block` gives them, at a few microseconds a pair.

`OfferSide` and `Shard` hold what a run's tiles and pairs need of the two sides; see `tiles` for the search.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import GIVEN, NONE, InitiativeArrays, any_of
from matching.kernel.classes import (
    ANSWERS_AT_A_TIME,
    GROUPS,
    MOST_ANSWERS,
    Answers,
    Classes,
    Group,
    check_groups,
)
from matching.kernel.combine import FIT_DECIMALS, Weights, base, combine, confidence
from matching.kernel.eligibility import dates_verdicts, overall_verdict
from matching.kernel.few_documents import QueryLengths, shared_rows
from matching.kernel.history import blend, case_weight
from matching.kernel.pair_table import PairTable
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers
from matching.kernel.text import TextRows
from matching.kernel.text_tiles import TextTiles

Places = NDArray[np.int64]
#: Offers' rules and wishes of at most so many classes are columns of the dense product of a tile.
FEW_CLASSES = 64
#: With no more offers than these, only their terms of the initiatives' texts are read.
FEW_OFFERS = 4
#: Rules with so few answers are asked about all offers; the others about those that may meet somebody.
FEW_ANSWERS = 300_000
#: Where more of the classes than this may meet somebody, all are asked: putting answers in place costs too.
MOST_SPREAD = 0.7
#: The texts of a shard with no more initiatives than these are weighed once and kept.
MOST_WEIGHED = 10_000
#: Taken off for each broken rule: far below any sum of points.
SHUT_OUT = 8.0
#: Text and history found roughly may differ by one in the sixth decimal, to which they are rounded, and by
#: no more. A fit nearer than this many times their weights to the middle between two figures, in units of
#: the last one, has its texts summed up once more.
DOUBT = 1.1 * 10.0 ** (FIT_DECIMALS - 6)
_TREES = ("themes", "target_groups")
NO_PLACES: Places = np.empty(0, dtype=np.int64)

check_groups()


def _cosines(
    mine: NDArray[np.float32], theirs: NDArray[np.float32], rows: Places, columns: Places
) -> NDArray[np.float64]:
    """Return the products of unit vectors, in double precision, of pairs."""
    result = np.empty(len(rows))
    # Some thousand at a time: what is taken out stays near the processor.
    for first in range(0, len(rows), 4_096):
        part = slice(first, first + 4_096)
        result[part] = np.einsum(
            "pc,pc->p",
            np.take(mine, rows[part], axis=0),
            np.take(theirs, columns[part], axis=0),
            dtype=np.float64,
        )
    return result


class OfferSide:
    """What every shard of a run needs of the offers; m offers."""

    def __init__(self, offers: PreparedOffers, analysis: Analysis, weights: Weights, now_day: float) -> None:
        if offers.analysis_number != analysis.number:
            raise ValueError("the offers were prepared under another analysis")
        self.offers = offers
        self.arrays = offers.arrays
        self.analysis = analysis
        self.weights = weights
        self.now_day = now_day
        self.weight = weights.as_array()
        self.means = analysis.mean_array()
        self.base = base(self.means, weights)
        self.dates = dates_verdicts(self.arrays, now_day)
        self.texts: TextTiles = offers.text_tiles
        self.classes: dict[str, Classes] = offers.classes
        self.examples = {group.name: self.arrays.rows(self.classes[group.name].examples) for group in GROUPS}
        self.has_tree = {
            name: any_of(getattr(offers, name) > 0) & (getattr(self.arrays, f"{name}_state") == GIVEN)
            for name in _TREES
        }
        self.cases = _Cases(offers, now_day)
        self.by_organisation: dict[int, list[int]] = defaultdict(list)
        for place, organisation in enumerate(self.arrays.organisation.tolist()):
            if organisation >= 0:
                self.by_organisation[organisation].append(place)

    def __len__(self) -> int:
        return len(self.arrays)

    def points_of(self, name: str) -> tuple[float, float]:
        """Return a criterion's weight and mean."""
        place = codes.CRITERIA.index(name)
        return float(self.weight[place]), float(self.means[place])

    @cached_property
    def few(self) -> tuple[Group, ...]:
        """Return the groups that are columns of the dense product."""
        return tuple(group for group in GROUPS if len(self.classes[group.name]) <= FEW_CLASSES)

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """Offers' side of the dense product, shape (m, K); the initiatives' is `Shard.features`."""
        parts: list[NDArray[Any]] = [np.ones((len(self), 1)), self.offers.has_text[:, None]]
        for name in _TREES:
            has = self.has_tree[name][:, None]
            parts += [np.where(has, getattr(self.offers, name), 0.0), has]
        for group in self.few:
            classes = self.classes[group.name]
            parts.append(classes.of_row[:, None] == np.arange(len(classes))[None, :])
        return np.ascontiguousarray(np.hstack(parts), dtype=np.float32)


class _Cases:
    """Past support of the offers that have any, by how many cases they have."""

    def __init__(self, offers: PreparedOffers, now_day: float) -> None:
        index = offers.cases
        self.index = index
        self.texts: TextTiles | None = offers.case_tiles
        self.has_cases = np.zeros(index.number_of_offers, dtype=bool)
        self.has_cases[list(index.documents)] = True
        #: Of each offer, the number of cases and where it stands among those with as many.
        self.number = np.zeros(index.number_of_offers, dtype=np.int64)
        self.place = np.zeros(index.number_of_offers, dtype=np.int64)
        self.documents: dict[int, Places] = {}
        self.weights: dict[int, NDArray[np.float64]] = {}
        by_number: dict[int, list[int]] = defaultdict(list)
        for offer, documents in index.documents.items():
            self.number[offer] = len(documents)
            self.place[offer] = len(by_number[len(documents)])
            by_number[len(documents)].append(offer)
        for number, members in by_number.items():
            self.documents[number] = np.array([index.documents[offer] for offer in members], dtype=np.int64)
            self.weights[number] = np.array(
                [[case_weight(case, now_day) for case in index.cases[offer]] for offer in members]
            )


@dataclass(frozen=True)
class PairTexts:
    """What texts say of pairs; p pairs. `history_known` is where a case counts."""

    text: NDArray[np.float32]
    history: NDArray[np.float32]
    history_known: NDArray[np.bool_]

    def take(self, places: NDArray[Any]) -> PairTexts:
        """Return these pairs only."""
        return PairTexts(self.text[places], self.history[places], self.history_known[places])


class Shard:
    """Some initiatives (n rows) against the offers of a side."""

    def __init__(self, side: OfferSide, initiatives: PreparedInitiatives) -> None:
        arrays = initiatives.arrays
        if arrays.trees is not side.arrays.trees:
            raise ValueError("initiatives and offers must be encoded with the same Trees")
        self.side = side
        self.arrays: InitiativeArrays = arrays
        self.prepared = initiatives
        self.has_text = initiatives.counts.has_words
        self.classes: dict[str, Classes] = initiatives.classes
        self._whole: dict[str, Answers] = {}
        self._points: dict[str, NDArray[np.float32]] = {}
        self._weighed: TextRows | None = None
        self._open: NDArray[np.bool_] | None = None
        self.units = {
            "themes": initiatives.units("themes", side.offers.theme_idf),
            "target_groups": initiatives.units("target_groups", side.offers.target_group_idf),
        }
        self.has_tree = {name: any_of(self.units[name] > 0) for name in _TREES}
        self._own_cases: dict[int, dict[int, list[int]]] = {}
        if side.cases.texts is not None:
            for row, (key, document) in enumerate(zip(arrays.keys, arrays.documents, strict=True)):
                if own := side.cases.index.own_cases(key, document.title):
                    self._own_cases[row] = own

    def __len__(self) -> int:
        return len(self.arrays)

    @cached_property
    def few_queries(self) -> TextRows | None:
        """The initiatives' texts as queries with the offers' own terms alone, if there are but few offers."""
        if len(self.side) > FEW_OFFERS:
            return None
        statistics = self.side.offers.index.statistics
        kept = self.prepared.kept.get("lengths")
        if kept is None or kept[0] is not statistics:
            lengths = QueryLengths.of(self.prepared.counts, statistics)
            kept = self.prepared.kept["lengths"] = statistics, lengths
        cases = self.side.cases.texts
        documents = [self.side.offers.index.counts, *([] if cases is None else [cases.index.counts])]
        return shared_rows(self.prepared.counts, kept[1], statistics, documents)

    def weighed(self, rows: Places) -> TextRows:
        """Return the texts of some initiatives, weighed as queries."""
        index = self.side.offers.index
        if len(self) > MOST_WEIGHED:
            return index.query_rows(self.prepared.counts.rows(rows))
        if self._weighed is None:
            self._weighed = index.query_rows(self.prepared.counts)
        return self._weighed.rows(rows)

    def answers(self, group: Group) -> Answers | None:
        """Return a group's answers for all classes, or None where these are too many to hold."""
        mine, theirs = len(self.classes[group.name]), len(self.side.classes[group.name])
        if theirs > FEW_CLASSES and mine * theirs > MOST_ANSWERS:
            return None
        if group.name not in self._whole:
            wanted = None
            if self._open is not None:
                wanted = np.unique(self.side.classes[group.name].of_row[self._open])
                if len(wanted) > MOST_SPREAD * theirs:
                    wanted = None
            initiatives = self.arrays.rows(self.classes[group.name].examples)
            offers = self.side.examples[group.name]
            if wanted is not None:
                offers = offers.rows(wanted)
            step = max(1, ANSWERS_AT_A_TIME // max(1, len(offers)))
            parts = [
                Answers.ask(group, initiatives.rows(slice(first, first + step)), offers)
                for first in range(0, max(1, mine), step)
            ]
            found = Answers.joined(parts)
            self._whole[group.name] = found if wanted is None else found.spread(wanted, theirs)
        return self._whole[group.name]

    def ask_open_offers_only(self) -> None:
        """From now on, ask no rule about offers that the rules with few answers shut out from all here.

        Nothing may be read of those offers afterwards but what those rules say.
        """
        cheap = [
            group
            for group in GROUPS
            if group.requirements
            and len(self.classes[group.name]) * len(self.side.classes[group.name]) <= FEW_ANSWERS
        ]
        is_open: NDArray[np.bool_] = np.asarray(self.side.dates != codes.DOES_NOT_FIT)
        for group in cheap:
            may_meet = any_of(self.points(group).T > -SHUT_OUT / 2)
            is_open &= may_meet[self.side.classes[group.name].of_row]
        self._open = is_open

    def points(self, group: Group) -> NDArray[np.float32]:
        """Return what a group adds to fit for all classes; see `Answers.points`."""
        if group.name not in self._points:
            answers = self.answers(group)
            if answers is None:
                raise LookupError(f"{group.name}: too many classes")
            side = self.side
            self._points[group.name] = answers.points(group, side.weight, side.means, SHUT_OUT)
        return self._points[group.name]

    def some_answers(self, group: Group, mine: Places, theirs: Places | None = None) -> Answers:
        """Return a group's answers for some classes of each side; None means all of the offers'."""
        examples = self.side.examples[group.name]
        return Answers.ask(
            group,
            self.arrays.rows(self.classes[group.name].examples[mine]),
            examples if theirs is None else examples.rows(theirs),
        )

    def pair_answers(self, group: Group, rows: Places, columns: Places) -> tuple[Answers, Places, Places]:
        """Return answers, and where in them each pair's stand."""
        mine = self.classes[group.name].of_row[rows]
        theirs = self.side.classes[group.name].of_row[columns]
        whole = self.answers(group)
        if whole is not None:
            return whole, mine, theirs
        first, mine = np.unique(mine, return_inverse=True)
        second, theirs = np.unique(theirs, return_inverse=True)
        return self.some_answers(group, first, second), mine.ravel(), theirs.ravel()

    def pair_table(self, rows: Places, columns: Places, texts: PairTexts) -> PairTable:
        """Return all numbers of pairs; `texts` good to 1e-6 are enough, doubtful pairs are read again."""
        side = self.side
        p = len(rows)
        verdicts = np.zeros((p, len(codes.REQUIREMENTS)), dtype=np.int8)
        values = np.zeros((p, len(codes.CRITERIA)), dtype=np.float32)
        known = np.zeros((p, len(codes.CRITERIA)), dtype=bool)
        settled = np.zeros((p, len(codes.CRITERIA)), dtype=bool)
        verdicts[:, codes.REQUIREMENTS.index("dates")] = side.dates[columns]
        mine = self.arrays.organisation[rows]
        same = (mine >= 0) & (mine == side.arrays.organisation[columns])
        verdicts[same, codes.REQUIREMENTS.index("other_organisation")] = codes.DOES_NOT_FIT
        for group in GROUPS:
            answers, u, d = self.pair_answers(group, rows, columns)
            pairs = u * answers.verdicts.shape[2] + d
            for place, name in enumerate(group.requirements):
                verdicts[:, codes.REQUIREMENTS.index(name)] = answers.verdicts[place].take(pairs)
            for place, name in enumerate(group.criteria):
                criterion = codes.CRITERIA.index(name)
                values[:, criterion] = answers.values[place].take(pairs)
                known[:, criterion] = answers.known[place].take(pairs)
                settled[:, criterion] = answers.settled[place].take(pairs)
        for name in _TREES:
            criterion = codes.CRITERIA.index(name)
            both = self.has_tree[name][rows] & side.has_tree[name][columns]
            cosine = _cosines(self.units[name], getattr(side.offers, name), rows, columns)
            values[:, criterion] = np.where(both, np.clip(cosine, 0.0, 1.0), 0.0)
            known[:, criterion] = both
            settled[:, criterion] = both | (getattr(side.arrays, f"{name}_state")[columns] == NONE)
        text, history = codes.CRITERIA.index("text"), codes.CRITERIA.index("history")
        known[:, text] = settled[:, text] = self.has_text[rows] & side.offers.has_text[columns]
        known[:, history] = texts.history_known & self.has_text[rows]
        settled[:, history] = known[:, history] | ~texts.history_known

        def put_texts(places: NDArray[Any], some: PairTexts) -> None:
            values[places, text] = some.text
            values[places, history] = np.where(known[places, history], some.history, 0.0)

        put_texts(slice(None), texts)  # type: ignore[arg-type]
        fit, contributions = combine(values, known, side.means, side.weights)
        scaled = (side.base + contributions.sum(axis=-1)) * 10**FIT_DECIMALS
        doubt = DOUBT * (side.weight[text] + side.weight[history])
        doubtful = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < doubt)
        if len(doubtful):
            put_texts(doubtful, self.exact_texts(rows[doubtful], columns[doubtful]))
            fit[doubtful], contributions[doubtful] = combine(
                values[doubtful], known[doubtful], side.means, side.weights
            )
        return PairTable(
            initiative=rows,
            offer=columns,
            fit=fit,
            confidence=confidence(settled, verdicts, side.weights),
            verdict=overall_verdict(verdicts),
            values=values,
            known=known,
            requirement_verdicts=verdicts,
        )

    def exact_texts(self, rows: Places, columns: Places) -> PairTexts:
        """Return what texts say of pairs, in the very numbers of `TextIndex` and `history`."""
        side = self.side
        wanted, place = np.unique(rows, return_inverse=True)
        place = place.ravel()
        queries = self.weighed(wanted)
        text = side.texts.exact(queries, place, columns)
        value = np.zeros(len(rows))
        counted = np.zeros(len(rows), dtype=bool)
        if side.cases.texts is not None:
            pairs = np.flatnonzero(side.cases.has_cases[columns])
            numbers = side.cases.number[columns[pairs]]
            # The texts of all cases at once, then number by number.
            documents = [side.cases.index.documents[offer] for offer in columns[pairs].tolist()]
            scores = side.cases.texts.exact(
                queries, np.repeat(place[pairs], numbers), np.concatenate([*documents, NO_PLACES])
            )
            starts = np.cumsum(numbers) - numbers
            for number in np.unique(numbers).tolist():
                some = np.flatnonzero(numbers == number)
                chosen = pairs[some]
                value[chosen], counted[chosen] = self.blended(
                    number,
                    rows[chosen],
                    columns[chosen],
                    scores[starts[some, None] + np.arange(number)],
                    text[chosen],
                )
        return PairTexts(text, value.astype(np.float32), counted)

    def blended(
        self,
        number: int,
        rows: Places,
        columns: Places,
        scores: NDArray[np.float32],
        text: NDArray[np.float32],
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the value of past support of pairs whose offers have `number` cases, and where one counts."""
        side = self.side
        weights = side.cases.weights[number][side.cases.place[columns]]
        if self._own_cases:
            for pair, row in enumerate(rows.tolist()):
                own = self._own_cases.get(row)
                if own is not None and (places := own.get(int(columns[pair]))):
                    weights[pair, places] = 0.0
        both = self.has_text[rows] & side.offers.has_text[columns]
        return blend(scores.astype(np.float64), weights, np.where(both, text.astype(np.float64), np.nan))


def score_pairs(
    initiatives: InitiativeArrays | PreparedInitiatives,
    offers: PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
    rows: Places,
    columns: Places,
) -> PairTable:
    """Return all numbers of chosen pairs, whether they may meet or not, as `score_block` gives them.

    Parameters
    ----------
    rows, columns : ndarray of shape (p,)
        Rows of the initiatives and of the offers.

    Returns
    -------
    PairTable
        In the order given. Cost: a few microseconds a pair, and the reading of the chosen initiatives.
    """
    prepared = PreparedInitiatives.of(initiatives, analysis)
    shard = Shard(OfferSide(offers, analysis, weights, now_day), prepared)
    rows, columns = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    return shard.pair_table(rows, columns, shard.exact_texts(rows, columns))
