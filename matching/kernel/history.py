"""Past support: an offer is also what it has supported before, and that says more than its own few words.

Per pair: `a · cases + (1 - a) · text` with `a = n / (n + 3)`, n the number of supported cases, faded by age;
`cases` is half the mean over all of them and half the mean of the three nearest. An offer without a
history has no value here: that is neutral and lowers nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.kernel.arrays import InitiativeArrays
from matching.kernel.codes import MOST_CASES
from matching.kernel.criteria import Criterion, make_criterion
from matching.kernel.facts import SupportedCase
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics

#: A case counts half after this many years.
HALF_LIFE_YEARS = 5.0
#: What a case counts whose day nobody knows, and one that is lent by the giver's other offers.
UNDATED, BORROWED = 0.5, 1 / 3
#: So many cases weigh as much as the offer's own text.
PRIOR_CASES = 3.0
NEAREST = 3
_DAYS_IN_YEAR = 365.25


def case_weight(case: SupportedCase, now_day: float) -> float:
    """Return what a case counts, in (0, 1]: halved for every `HALF_LIFE_YEARS` whole years' worth of age.

    Whole years, so that a fit does not drift from one day to the next.

    Examples
    --------
    >>> case_weight(SupportedCase("a", TextDocument("x"), decided_day=20_000), 20_000 + 5 * 366)
    0.5
    """
    factor = BORROWED if case.is_borrowed else 1.0
    if case.decided_day is None:
        return factor * UNDATED
    years = max(0.0, (now_day - case.decided_day) // _DAYS_IN_YEAR)
    return float(factor * 0.5 ** (years / HALF_LIFE_YEARS))


class CaseIndex:
    """The supported cases of a row of offers, ready to be asked; one index of texts for all of them.

    A text that several offers have (lent, or given twice) is indexed once.
    """

    def __init__(self, histories: Sequence[tuple[SupportedCase, ...]], statistics: TextStatistics) -> None:
        self.number_of_offers = len(histories)
        #: Offers that have cases, and those cases, newest first.
        self.cases: dict[int, tuple[SupportedCase, ...]] = {
            offer: kept_cases(history) for offer, history in enumerate(histories) if history
        }
        documents: dict[TextDocument, int] = {}
        self.documents: dict[int, NDArray[np.int64]] = {}
        self._of_initiative: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._of_title: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for offer, cases in self.cases.items():
            self.documents[offer] = np.array(
                [documents.setdefault(case.document, len(documents)) for case in cases], dtype=np.int64
            )
            for place, case in enumerate(cases):
                if case.initiative_key is not None:
                    self._of_initiative[case.initiative_key].append((offer, place))
                if title := _plain(case.document.title):
                    self._of_title[title].append((offer, place))
        self.index = TextIndex(tuple(documents), statistics) if documents else None

    def own_cases(self, key: str, title: str) -> dict[int, list[int]]:
        """Return the cases that are this very initiative: offer -> places among its cases."""
        found: dict[int, list[int]] = defaultdict(list)
        for offer, place in [*self._of_initiative.get(key, ()), *self._of_title.get(_plain(title), ())]:
            found[offer].append(place)
        return found


def kept_cases(history: Sequence[SupportedCase]) -> tuple[SupportedCase, ...]:
    """Return the cases that are read: the newest, those without a day last."""

    def newest_first(case: SupportedCase) -> tuple[float, str]:
        return (np.inf if case.decided_day is None else -case.decided_day), case.key

    ordered = sorted(history, key=newest_first)
    return tuple(ordered[:MOST_CASES])


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def blend(
    scores: NDArray[np.floating], weights: NDArray[np.float64], text: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the value of one offer's history for each initiative, and where there is one.

    Parameters
    ----------
    scores : ndarray of shape (n, c)
        How well the text of each case answers the initiative's.
    weights : ndarray of shape (n, c)
        0 where a case does not count.
    text : ndarray of shape (n,)
        The pair's own text criterion; nan where it is not known: then the cases speak alone.

    Examples
    --------
    >>> value, known = blend(np.array([[1.0, 0.5, 0.0, 0.0]]), np.ones((1, 4)), np.array([0.2]))
    >>> round(float(value[0]), 4)  # 4/7 (0.5 · 0.375 + 0.5 · 0.5) + 3/7 · 0.2
    0.3357
    """
    number = weights.sum(axis=1)
    known = number > 0
    safe = np.where(known, number, 1.0)
    mean_of_all = (scores * weights).sum(axis=1) / safe
    mean_of_nearest = mean_of_all
    if scores.shape[1] > NEAREST:
        counted = np.where(weights > 0, scores, -1.0)
        order = np.argsort(-counted, axis=1, kind="stable")[:, :NEAREST]
        near_weights = np.take_along_axis(weights, order, axis=1)
        near = np.take_along_axis(scores, order, axis=1)
        mean_of_nearest = (near * near_weights).sum(axis=1) / np.where(known, near_weights.sum(axis=1), 1.0)
    cases = 0.5 * mean_of_all + 0.5 * mean_of_nearest
    share = number / (number + PRIOR_CASES)
    value = np.where(np.isnan(text), cases, share * cases + (1 - share) * np.nan_to_num(text))
    return np.where(known, value, 0.0), known


def history(
    initiatives: InitiativeArrays,
    index: CaseIndex,
    text: NDArray[np.float32],
    text_known: NDArray[np.bool_],
    now_day: float,
) -> Criterion:
    """Score past support for a block.

    An award to the initiative itself (by its key, or under the same title) never counts for it.

    Parameters
    ----------
    text, text_known : ndarray of shape (n, m)
        The text criterion of the same pairs.

    Returns
    -------
    Criterion
        Known where both have texts and the offer has a case that counts; where it has none at all it
        is indifferent: nothing is missing. Cost O(n · cases).
    """
    shape = (len(initiatives), index.number_of_offers)
    value, known = np.zeros(shape), np.zeros(shape, dtype=bool)
    indifferent = np.ones(shape, dtype=bool)
    if index.index is None:
        return make_criterion(value, known, indifferent)
    has_text = np.array([not document.is_empty for document in initiatives.documents], dtype=bool)
    scores = index.index.scores(initiatives.documents).astype(np.float64)
    own = [
        index.own_cases(key, document.title)
        for key, document in zip(initiatives.keys, initiatives.documents, strict=True)
    ]
    left_out: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
    for row, offers in enumerate(own):
        for offer, places in offers.items():
            left_out[offer].append((row, places))
    for offer, documents in index.documents.items():
        one = np.array([case_weight(case, now_day) for case in index.cases[offer]])
        weights = np.tile(one, (len(initiatives), 1))
        for row, places in left_out.get(offer, ()):
            weights[row, places] = 0.0
        of_pair = np.where(text_known[:, offer], text[:, offer].astype(np.float64), np.nan)
        value[:, offer], counted = blend(scores[:, documents], weights, of_pair)
        known[:, offer] = counted & has_text
        indifferent[:, offer] = ~counted
    return make_criterion(value, known, indifferent)


def nearest_cases(
    initiative_key: str,
    query: TextDocument,
    cases: Sequence[SupportedCase],
    statistics: TextStatistics,
    limit: int = 2,
) -> list[SupportedCase]:
    """Return the cases that are most like an initiative and may be named, most like first; never its own."""
    named = [
        case
        for case in kept_cases(cases)
        if case.name
        and case.initiative_key != initiative_key
        and _plain(case.document.title) != _plain(query.title)
    ]
    if not named or query.is_empty:
        return []
    scores = TextIndex([case.document for case in named], statistics).scores([query])[0]
    order = sorted(range(len(named)), key=lambda place: (-float(scores[place]), named[place].key))
    return [named[place] for place in order if scores[place] > 0][:limit]
