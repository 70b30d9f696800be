"""Score a block of initiatives against all offers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes, criteria, wishes
from matching.kernel.analysis import Analysis, idf_array
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.classes import GROUPS, Classes, classes_of
from matching.kernel.combine import Weights, combine, confidence
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from matching.kernel.history import CaseIndex, history
from matching.kernel.term_counts import TermCounts
from matching.kernel.text import TextIndex
from matching.kernel.text_tiles import TextTiles


class PreparedOffers:
    """Offers with everything that can be made once for all blocks: text indexes and theme vectors.

    `counts` is what `analysis.text.counts(arrays.documents)` gives, if that has been done already.
    """

    def __init__(self, arrays: OfferArrays, analysis: Analysis, counts: TermCounts | None = None) -> None:
        trees = arrays.trees
        self.arrays = arrays
        self.analysis_number = analysis.number
        self.index = TextIndex(arrays.documents, analysis.text, counts)
        self.cases = CaseIndex(arrays.history, analysis.text)
        self.has_text = np.array([not document.is_empty for document in arrays.documents], dtype=bool)
        self.theme_idf = idf_array(trees.themes, analysis.theme_idf)
        self.target_group_idf = idf_array(trees.target_groups, analysis.target_group_idf)
        self.themes = criteria.unit_vectors(trees.themes.soft_vectors(arrays.themes), self.theme_idf)
        self.target_groups = criteria.unit_vectors(
            trees.target_groups.soft_vectors(arrays.target_groups), self.target_group_idf
        )

        #: What `topk` makes of them for one weight set and day, for the next shard.
        self.kept: dict[str, object] = {}

    def __len__(self) -> int:
        return len(self.arrays)

    @cached_property
    def text_tiles(self) -> TextTiles:
        """The texts laid out for tiles."""
        return TextTiles(self.index)

    @cached_property
    def case_tiles(self) -> TextTiles | None:
        """The texts of supported cases laid out for tiles; None without any case."""
        return None if self.cases.index is None else TextTiles(self.cases.index)

    @cached_property
    def classes(self) -> dict[str, Classes]:
        """The offers' classes in each group of rules and criteria."""
        return {group.name: classes_of(self.arrays, group.theirs) for group in GROUPS}


@dataclass(frozen=True)
class PreparedInitiatives:
    """Initiatives with their texts read; a row depends on its own facts and the frozen statistics alone."""

    arrays: InitiativeArrays
    counts: TermCounts

    def __post_init__(self) -> None:
        if len(self.arrays) != len(self.counts):
            raise ValueError(f"{len(self.counts)} rows of counts for {len(self.arrays)} initiatives")

    @classmethod
    def of(
        cls, initiatives: InitiativeArrays | PreparedInitiatives, analysis: Analysis
    ) -> PreparedInitiatives:
        """Read the texts of initiatives that have not been prepared; about 0.1 ms each."""
        if isinstance(initiatives, PreparedInitiatives):
            return initiatives
        return cls(initiatives, analysis.text.counts(initiatives.documents))

    def __len__(self) -> int:
        return len(self.arrays)

    @cached_property
    def classes(self) -> dict[str, Classes]:
        """The initiatives' classes in each group of rules and criteria."""
        return {group.name: classes_of(self.arrays, group.mine) for group in GROUPS}

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What a search makes of them, for the next one."""
        return {}

    def units(self, name: str, idf: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the unit vectors of a tree, `themes` or `target_groups`, under these rarities."""
        kept = self.kept.get(name)
        if kept is None or not np.array_equal(kept[0], idf):
            tree = getattr(self.arrays.trees, name)
            soft = tree.soft_vectors(getattr(self.arrays, name))
            kept = self.kept[name] = idf, criteria.unit_vectors(soft, idf)
        vectors: NDArray[np.float32] = kept[1]
        return vectors

    def rows(self, chosen: slice | NDArray[np.integer[Any]]) -> PreparedInitiatives:
        """Return these rows only, in this order."""
        return PreparedInitiatives(self.arrays.rows(chosen), self.counts.rows(chosen))


@dataclass(frozen=True)
class CriteriaBlock:
    """Everything about a block that weights do not touch; n initiatives, m offers.

    Parameters
    ----------
    requirement_verdicts : ndarray of shape (n, m, R), int8
    values : ndarray of shape (n, m, C), float32
        In [0, 1]; 0 where not known.
    known : ndarray of shape (n, m, C), bool
    settled : ndarray of shape (n, m, C), bool
        Known, or said by the giver to make no difference.
    """

    requirement_verdicts: NDArray[np.int8]
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    settled: NDArray[np.bool_]


@dataclass(frozen=True)
class BlockScores:
    """The scores of a block; n initiatives, m offers.

    Parameters
    ----------
    fit : ndarray of shape (n, m), float64
        In [0, 1], 4 decimals. Given for every pair, but only pairs whose verdict is not
        DOES_NOT_FIT may be shown as matches.
    confidence : ndarray of shape (n, m), float64
    verdict : ndarray of shape (n, m), int8
        FITS, UNCLEAR or DOES_NOT_FIT.
    values, known, contributions : ndarray of shape (n, m, C)
        In the order of `codes.CRITERIA`. A value that is not known is 0 here and means nothing.
    requirement_verdicts : ndarray of shape (n, m, R), int8
        In the order of `codes.REQUIREMENTS`.
    """

    fit: NDArray[np.float64]
    confidence: NDArray[np.float64]
    verdict: NDArray[np.int8]
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    contributions: NDArray[np.float64]
    requirement_verdicts: NDArray[np.int8]

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Pairs that may be a match, shape (n, m)."""
        return np.asarray(self.verdict != codes.DOES_NOT_FIT)


def criteria_block(
    initiatives: InitiativeArrays, offers: PreparedOffers, analysis: Analysis, now_day: float
) -> CriteriaBlock:
    """Return requirement verdicts and criterion values of a block; memory O(n · m · (R + 6 C)) bytes."""
    arrays, trees = offers.arrays, initiatives.trees
    if trees is not arrays.trees:
        raise ValueError("initiatives and offers must be encoded with the same Trees")
    if offers.analysis_number != analysis.number:
        raise ValueError("the offers were prepared under another analysis")
    scores = offers.index.scores(initiatives.documents)
    has_text = np.array([not document.is_empty for document in initiatives.documents], dtype=bool)
    text_known = has_text[:, None] & offers.has_text[None, :]
    themes = criteria.unit_vectors(trees.themes.soft_vectors(initiatives.themes), offers.theme_idf)
    groups = criteria.unit_vectors(
        trees.target_groups.soft_vectors(initiatives.target_groups), offers.target_group_idf
    )
    by_name = {
        "text": criteria.Criterion(scores, text_known, np.zeros_like(text_known)),
        "themes": criteria.tree_overlap(themes, offers.themes, arrays.themes_state),
        "target_groups": criteria.tree_overlap(groups, offers.target_groups, arrays.target_groups_state),
        "area": criteria.area(initiatives, arrays),
        "process_parts": criteria.process_parts(initiatives, arrays),
        "support_kind": criteria.support_kind(initiatives, arrays),
        "amount": criteria.amount(initiatives, arrays),
        "organisation": wishes.organisation(initiatives, arrays),
        "drivers": wishes.drivers(initiatives, arrays),
        "history": history(initiatives, offers.cases, scores, text_known, now_day),
        "challenge": criteria.challenge(initiatives, arrays),
    }
    ordered = [by_name[name] for name in codes.CRITERIA]
    known = np.stack([criterion.known for criterion in ordered], axis=-1)
    return CriteriaBlock(
        requirement_verdicts(initiatives, arrays, now_day),
        np.stack([criterion.value for criterion in ordered], axis=-1),
        known,
        known | np.stack([criterion.indifferent for criterion in ordered], axis=-1),
    )


def score_block(
    initiatives: InitiativeArrays,
    offers: OfferArrays | PreparedOffers,
    analysis: Analysis,
    weights: Weights,
    now_day: float,
) -> BlockScores:
    """Score every pair of a block.

    Parameters
    ----------
    initiatives
        The rows of the block, such as `all_initiatives.rows(slice(lo, hi))`.
    offers
        All offers; prepare them once (`PreparedOffers`) when scoring several blocks.
    now_day
        Today as days since 1970-01-01 in Stockholm.

    Returns
    -------
    BlockScores
        The numbers of a pair are the same in whatever block it is scored. About 200 bytes a pair.
        Cost: O(n · m · (R + C)), and one sparse product of the texts.
    """
    prepared = offers if isinstance(offers, PreparedOffers) else PreparedOffers(offers, analysis)
    block = criteria_block(initiatives, prepared, analysis, now_day)
    fit, contributions = combine(block.values, block.known, analysis.mean_array(), weights)
    return BlockScores(
        fit=fit,
        confidence=confidence(block.settled, block.requirement_verdicts, weights),
        verdict=overall_verdict(block.requirement_verdicts),
        values=block.values,
        known=block.known,
        contributions=contributions,
        requirement_verdicts=block.requirement_verdicts,
    )
