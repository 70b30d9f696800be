"""Initiatives that could do something together: alike in what they want, unlike in what they bring.

Likeness is text, themes with target groups, and place; unlikeness is what each could bring the other by
the kinds of its parties, both ways (geometric mean). Asked for one initiative at a time, and only of those
that share a challenge, a theme or a rare word with it: never of all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from brygga.language import is_general_word
from matching.kernel import codes
from matching.kernel.analysis import Analysis, idf_array
from matching.kernel.arrays import InitiativeArrays
from matching.kernel.criteria import SPREAD_FACTOR, unit_vectors
from matching.kernel.term_counts import SPACES, TermCounts, occurrences_in
from matching.kernel.terms import BRIDGE_MARK_WEIGHTS, MARK_WEIGHTS, TextDocument
from matching.kernel.text import TextIndex

ASPECTS: Final = ("text", "themes", "place", "complement")
WEIGHTS: Final = np.array([0.35, 0.25, 0.20, 0.20])
#: What an aspect counts as where it is not known: that of an ordinary candidate.
NEUTRAL: Final = np.array([0.05, 0.25, 0.40, 0.50])
#: A word is rare that stands in at most this share of all texts, or in at most so many.
RARE_SHARE, RARE_TEXTS = 0.01, 3
#: Of more candidates, those with the likest texts are looked at.
MOST_CANDIDATES = 20_000

SECTORS: Final[dict[str, tuple[str, ...]]] = {
    "public": ("municipality", "region", "state_agency"),
    "civil": ("association", "foundation", "faith_community", "informal_group", "individual"),
    "business": ("company", "economic_association"),
    "research": ("university",),
}
#: What a party of each kind can often bring to others. Money is for givers of support.
BRINGS: Final[dict[str, tuple[str, ...]]] = {
    "association": ("network", "staff_time", "communication", "knowledge"),
    "foundation": ("network", "knowledge", "communication"),
    "economic_association": ("premises", "mentoring", "network"),
    "company": ("mentoring", "premises", "communication", "test_site"),
    "municipality": ("mandate", "test_site", "premises", "data", "staff_time"),
    "region": ("mandate", "test_site", "data", "knowledge"),
    "state_agency": ("mandate", "data", "knowledge"),
    "university": ("knowledge", "evaluation", "data"),
    "faith_community": ("premises", "staff_time", "network"),
    "informal_group": ("network", "staff_time"),
    "individual": ("network",),
}
_MONEY: Final = ("grant", "loan", "guarantee", "equity", "procurement", "outcome_contract")
_SECTOR_OF: Final = np.array(
    [[kind in kinds for kinds in SECTORS.values()] for kind in codes.ORGANISATION_KINDS], dtype=np.float64
)
_BRINGS: Final = np.array(
    [[kind in BRINGS[party] for kind in codes.SUPPORT_KINDS] for party in codes.ORGANISATION_KINDS],
    dtype=np.float64,
)
_NOT_MONEY: Final = np.array([kind not in _MONEY for kind in codes.SUPPORT_KINDS], dtype=np.float64)


@dataclass(frozen=True)
class Collaborators:
    """The best for one initiative, best first; k rows.

    Parameters
    ----------
    rows : ndarray of shape (k,)
        Rows of the arrays that were asked.
    score : ndarray of shape (k,)
        In [0, 1], 4 decimals. The same from both sides, under one analysis.
    values, known : ndarray of shape (k, 4)
        In the order of `ASPECTS`.
    candidates
        How many were looked at.
    """

    rows: NDArray[np.int64]
    score: NDArray[np.float64]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    candidates: int


class CollaborationIndex:
    """Initiatives made ready to be asked; made once for many questions.

    Parameters
    ----------
    counts
        What `analysis.text.counts(arrays.documents)` gives, if that has been done already.
    """

    def __init__(
        self, arrays: InitiativeArrays, analysis: Analysis, counts: TermCounts | None = None
    ) -> None:
        trees = arrays.trees
        self.arrays = arrays
        self.analysis = analysis
        self.text = TextIndex(arrays.documents, analysis.text, counts)
        self.themes = unit_vectors(
            trees.themes.soft_vectors(arrays.themes), idf_array(trees.themes, analysis.theme_idf)
        )
        self.target_groups = unit_vectors(
            trees.target_groups.soft_vectors(arrays.target_groups),
            idf_array(trees.target_groups, analysis.target_group_idf),
        )

    def __len__(self) -> int:
        return len(self.arrays)


def collaborators(
    mine: InitiativeArrays,
    index: CollaborationIndex,
    k: int = 20,
    same_challenge: NDArray[np.bool_] | None = None,
) -> Collaborators:
    """Return the best `k` to do something together with.

    Parameters
    ----------
    mine
        One row, encoded with the same trees. It may stand among the others too: neither itself, by
        its key, nor another of the same organisation is ever its collaborator.
    same_challenge : ndarray of shape (len(index),), optional
        Who answers a challenge that `mine` answers too. What they are about is then the same, whatever
        their themes say: the aspect *themes* is 1.

    Returns
    -------
    Collaborators
        At most `k`, best first, ties by key; scores in [0, 1]. Cost O(len(index)) and one sparse product.

    Raises
    ------
    ValueError
        When `mine` is not one row, or `same_challenge` is not as long as the index.
    """
    if len(mine) != 1:
        raise ValueError(f"one initiative at a time, not {len(mine)}")
    same = np.zeros(len(index), dtype=bool) if same_challenge is None else same_challenge
    if same.shape != (len(index),):
        raise ValueError(f"same_challenge is {same.shape}, not ({len(index)},)")
    alone = CollaborationIndex(mine, index.analysis)
    forward = index.text.scores_of_rows(index.text.query_rows(alone.text.counts))[0]
    columns = _candidates(alone, index, forward, same)
    values, known = _aspects(alone, index, columns, forward[columns])
    values[same[columns], ASPECTS.index("themes")] = 1.0
    known[same[columns], ASPECTS.index("themes")] = True
    score = np.round(np.where(known, np.round(values, 6), NEUTRAL) @ WEIGHTS, 4)
    order = np.lexsort((index.arrays.key_order[columns], -score))[:k]
    return Collaborators(columns[order], score[order], values[order], known[order], len(columns))


def _candidates(
    alone: CollaborationIndex,
    index: CollaborationIndex,
    forward: NDArray[np.float32],
    same_challenge: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the rows that share a challenge, a theme or a rare word and are somebody else's."""
    mine, others = alone.arrays, index.arrays
    reach = (mine.themes.astype(np.float32) @ mine.trees.themes.related)[0] > 0
    shares = others.themes[:, reach].any(axis=1) | same_challenge
    for space in SPACES:
        rare = _rare(alone.analysis, alone.text.counts, space)
        if len(rare):
            found = sparse.csr_array(index.text.counts.spaces[space][:, rare])
            shares |= np.diff(found.indptr) > 0
    same = (others.organisation == mine.organisation[0]) & (mine.organisation[0] >= 0)
    shares &= ~same & (np.array(others.keys) != mine.keys[0])
    columns = np.flatnonzero(shares)
    if len(columns) > MOST_CANDIDATES:
        order = np.lexsort((others.key_order[columns], -np.round(forward[columns], 4)))
        columns = np.sort(columns[order[:MOST_CANDIDATES]])
    return columns


def _rare(analysis: Analysis, counts: TermCounts, space: str) -> NDArray[np.int64]:
    """Return the columns of the rare terms of one initiative: words and concepts, not mere beginnings."""
    spaces = analysis.text.spaces
    known, terms = spaces[space], list(spaces[space].idf)
    # What the rarest word says of how many texts there were: idf = ln(1 + (n - df + 0.5) / (df + 0.5)).
    texts = 1.5 * np.expm1(_rarest(analysis)) + 0.5
    most = max(float(RARE_TEXTS), RARE_SHARE * texts)
    least = np.log1p(max(texts - most + 0.5, 0.0) / (most + 0.5)) - 1e-6
    marks = MARK_WEIGHTS if space == "own" else BRIDGE_MARK_WEIGHTS
    columns = counts.spaces[space].indices
    return np.array(
        [
            column
            for column in np.unique(columns)
            if terms[column][0] != "~"
            and known.idf[terms[column]] / marks.get(terms[column][0], 1.0) >= least
        ],
        dtype=np.int64,
    )


def rare_words(document: TextDocument, analysis: Analysis) -> list[str]:
    """Return the rare words of a text as they are written: the rarest first, last those of one text only.

    Without general words, which may be rare in a small collection and still say nothing.

    Parameters
    ----------
    document
        One text.
    analysis
        Says how rare each word is in the collection.

    Returns
    -------
    list of str
        Cost: the words of the text.
    """
    space = analysis.text.spaces["own"]
    terms = list(space.idf)
    rare = {terms[column] for column in _rare(analysis, analysis.text.counts([document]), "own")}
    written: dict[str, float] = {}
    found = analysis.text.terms(document)
    for one in occurrences_in(found, "own"):
        is_word = one.term in rare and not one.part and " " not in one.written
        if is_word and not is_general_word(one.written, found.language):
            written[one.written] = max(written.get(one.written, 0.0), space.idf[one.term])
    once = _rarest(analysis) - 1e-6
    return sorted(written, key=lambda word: (written[word] >= once, -written[word], word))


def _rarest(analysis: Analysis) -> float:
    """Return the weight of a word that stands in one text only."""
    words = analysis.text.spaces["own"].idf.items()
    return max((weight for term, weight in words if term[0] not in MARK_WEIGHTS), default=0.0)


def _aspects(
    alone: CollaborationIndex,
    index: CollaborationIndex,
    columns: NDArray[np.int64],
    forward: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    text = _text(alone, index, columns, forward)
    themes = _themes(alone, index, columns)
    place = _place(alone.arrays, index.arrays, columns)
    complement = _complement(alone.arrays, index.arrays, columns)
    pairs = (text, themes, place, complement)
    values = np.stack([np.where(known, value, 0.0) for value, known in pairs], axis=-1)
    return values, np.stack([known for _, known in pairs], axis=-1)


_Aspect = tuple[NDArray[np.float64], NDArray[np.bool_]]


def _text(
    alone: CollaborationIndex,
    index: CollaborationIndex,
    columns: NDArray[np.int64],
    forward: NDArray[np.float32],
) -> _Aspect:
    """Mean of both ways round, since either may ask."""
    counts = index.text.counts.rows(columns)
    backward = alone.text.scores_of_rows(alone.text.query_rows(counts))[:, 0]
    known = counts.has_words & alone.text.counts.has_words[0]
    return (forward.astype(np.float64) + backward) / 2, np.asarray(known)


def _themes(alone: CollaborationIndex, index: CollaborationIndex, columns: NDArray[np.int64]) -> _Aspect:
    """Mean of themes and target groups, where both have stated them."""
    total, number = np.zeros(len(columns)), np.zeros(len(columns))
    for name in ("themes", "target_groups"):
        mine = getattr(alone, name)[0].astype(np.float64)
        theirs = getattr(index, name)[columns].astype(np.float64)
        known = (mine > 0).any() & (theirs > 0).any(axis=1)
        total += np.where(known, theirs @ mine, 0.0)
        number += known
    return np.minimum(total / np.maximum(number, 1), 1.0), number > 0


def _place(mine: InitiativeArrays, others: InitiativeArrays, columns: NDArray[np.int64]) -> _Aspect:
    """The nearest pair of places where they work; where one works and the other may spread counts 0.7."""
    nearness = mine.trees.nearness.astype(np.float64)
    theirs = others.works_in[columns]
    their_spread = others.may_spread_to[columns]
    here, there = mine.works_in.indices, mine.may_spread_to.indices
    best = np.zeros(len(columns))
    for places, rows, factor in (
        (here, theirs, 1.0),
        (there, theirs, SPREAD_FACTOR),
        (here, their_spread, SPREAD_FACTOR),
    ):
        if len(places):
            np.maximum(best, factor * _nearest(nearness[places].max(axis=0), rows), out=best)
    has_place = np.diff(theirs.indptr) > 0
    known = (len(here) > 0) & has_place | (best > 0)
    return best, np.asarray(known)


def _nearest(reach: NDArray[np.float64], rows: sparse.csr_array) -> NDArray[np.float64]:
    result = np.zeros(rows.shape[0])
    given = np.flatnonzero(np.diff(rows.indptr))
    if len(given):
        result[given] = np.maximum.reduceat(reach[rows.indices], rows.indptr[given])
    return result


def _complement(mine: InitiativeArrays, others: InitiativeArrays, columns: NDArray[np.int64]) -> _Aspect:
    """Geometric mean of what they bring us and what we bring them."""
    kinds = others.actor_kinds[columns].astype(np.float64)
    my_kinds = mine.actor_kinds.astype(np.float64)
    needs = others.need_urgency[columns].astype(np.float64) * _NOT_MONEY
    my_needs = mine.need_urgency.astype(np.float64) * _NOT_MONEY
    to_us = _one_way(np.broadcast_to(my_needs, needs.shape), np.broadcast_to(my_kinds, kinds.shape), kinds)
    to_them = _one_way(needs, kinds, np.broadcast_to(my_kinds, kinds.shape))
    known = (kinds.sum(axis=1) > 0) & bool(my_kinds.any())
    return np.sqrt(to_us * to_them), np.asarray(known)


def _one_way(
    needs: NDArray[np.float64], kinds: NDArray[np.float64], giver_kinds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what a giver brings a receiver: mean of the needs it can meet and of a sector it adds."""
    brought = (giver_kinds @ _BRINGS) > 0
    total = needs.sum(axis=1)
    met = np.divide((needs * brought).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    sectors, own = (giver_kinds @ _SECTOR_OF) > 0, (kinds @ _SECTOR_OF) > 0
    adds = (sectors & ~own).any(axis=1).astype(np.float64)
    return np.where(total > 0, (met + adds) / 2, adds)
