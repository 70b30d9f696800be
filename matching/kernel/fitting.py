"""Learn an analysis from a whole collection."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from brygga.language import Lexicon
from matching.kernel import codes
from matching.kernel.analysis import UNSEEN_MEAN, Analysis, tree_idf
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.dense import DenseText
from matching.kernel.eligibility import overall_verdict
from matching.kernel.scoring import PreparedOffers, criteria_block
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextStatistics

#: Pairs looked at for the criterion means, and offers among them; larger collections are sampled,
#: evenly over their keys and the same each time.
MEAN_PAIRS = 1_000_000
MEAN_OFFERS = 2_000
#: As so many pairs that know a criterion the background's mean counts: where a handful of pairs meet, each would
#: else be its own mean, and nothing would speak for it.
MEANS_COUNT = 100


@dataclass(frozen=True)
class Background:
    """What is known of the field beside a collection: how common words and choices are, and what criteria come to.

    Parameters
    ----------
    documents
        One a profile.
    themes, target_groups : ndarray of shape (n, n_codes)
        What each has chosen, in the order of the trees.
    means : ndarray of shape (C,)
        What each of `codes.CRITERIA` comes to on the average, which counts as `MEANS_COUNT` pairs.
    """

    documents: tuple[TextDocument, ...]
    themes: NDArray[np.bool_]
    target_groups: NDArray[np.bool_]
    means: NDArray[np.float64]


def fit_analysis(
    initiatives: InitiativeArrays,
    offers: OfferArrays,
    *,
    now_day: float,
    number: int = 1,
    lexicon: Lexicon | None = None,
    background: Background | None = None,
    dense: DenseText | None = None,
) -> Analysis:
    """Learn the analysis of a collection.

    The lexicon is the project's own when not given. It is frozen into the analysis with the rest. A background
    tells a small collection what a large one would know by itself. A dense model takes its share of the text score.
    Cost: linear in words and profiles, plus the scoring of at most `MEAN_PAIRS` pairs.

    Parameters
    ----------
    initiatives, offers
        The collection, encoded with the same trees.
    now_day : float
        Today, as days since 1970-01-01 in Stockholm.
    number : int
        Which analysis it becomes.
    lexicon, background
        As above.

    Returns
    -------
    Analysis
        Never changed after.
    """
    others = background or _nothing(initiatives)
    text = TextStatistics.learn(
        [
            *initiatives.documents,
            *offers.documents,
            *_other_documents(initiatives, offers),
            *others.documents,
        ],
        lexicon,
    )
    analysis = Analysis(
        number=number,
        text=text if dense is None else replace(text, dense=dense),
        theme_idf=tree_idf(
            initiatives.trees.themes, np.vstack([initiatives.themes, offers.themes, others.themes])
        ),
        target_group_idf=tree_idf(
            initiatives.trees.target_groups,
            np.vstack([initiatives.target_groups, offers.target_groups, others.target_groups]),
        ),
        means=(UNSEEN_MEAN,) * len(codes.CRITERIA),
    )
    # In the order of the keys, so that the order of the rows never matters.
    rows = _spread(initiatives, MEAN_PAIRS // max(1, min(len(offers), MEAN_OFFERS)))
    columns = _spread(offers, MEAN_OFFERS)
    prepared = PreparedOffers(offers.rows(columns), analysis)
    sums, counts = np.zeros(len(codes.CRITERIA)), np.zeros(len(codes.CRITERIA))
    for first in range(0, len(rows), 64):
        block = criteria_block(initiatives.rows(rows[first : first + 64]), prepared, analysis, now_day)
        eligible = overall_verdict(block.requirement_verdicts) != codes.DOES_NOT_FIT
        counted = block.known & eligible[:, :, None]
        sums += np.where(counted, block.values, 0.0).sum(axis=(0, 1), dtype=np.float64)
        counts += counted.sum(axis=(0, 1))
    if background is not None:
        beside = background.means if dense is None else _means_with(dense, background)
        sums, counts = sums + MEANS_COUNT * beside, counts + MEANS_COUNT
    means = np.divide(sums, counts, out=np.full_like(sums, UNSEEN_MEAN), where=counts > 0)
    return replace(analysis, means=tuple(float(mean) for mean in np.round(means, 6)))


def _nothing(arrays: InitiativeArrays) -> Background:
    return Background((), arrays.themes[:0], arrays.target_groups[:0], np.zeros(len(codes.CRITERIA)))


def _means_with(dense: DenseText, background: Background) -> NDArray[np.float64]:
    """Return the background's means as they are with a dense model, which finds some likeness nearly everywhere."""
    means = background.means.copy()
    for name in ("text", "history"):
        place = codes.CRITERIA.index(name)
        means[place] = dense.mean_beside(float(means[place]), background.documents)
    return means


def _other_documents(initiatives: InitiativeArrays, offers: OfferArrays) -> list[TextDocument]:
    """Return the texts of supported cases that are none of the initiatives', each once, in a fixed order."""
    present = set(initiatives.keys)
    found: dict[TextDocument, str] = {}
    for cases in offers.history:
        for case in cases:
            if case.initiative_key not in present:
                found[case.document] = min(case.key, found.get(case.document, case.key))
    return sorted(found, key=lambda document: (found[document], document.title, document.body))


def _spread(arrays: InitiativeArrays | OfferArrays, most: int) -> NDArray[np.int64]:
    """Return at most `most` rows, evenly spread in the order of their keys."""
    by_key = np.argsort(arrays.key_order, kind="stable")
    if len(by_key) <= most:
        return by_key
    return by_key[np.linspace(0, len(by_key) - 1, most).astype(np.int64)]
