"""What somebody has just written against every open offer: arrays in, arrays out. Loads the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.collection import Block, Frozen
from matching.kernel import codes
from matching.kernel.ablation import Ablation, ablate
from matching.kernel.arrays import InitiativeArrays, OfferArrays, encode_initiatives, encode_offers
from matching.kernel.counterfactual import Counterfactuals, for_initiative
from matching.kernel.eligibility import requirement_verdicts
from matching.kernel.facts import InitiativeFacts
from matching.kernel.joining import joined
from matching.kernel.questions import Question, questions
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers
from matching.kernel.topk import match_rows


@dataclass(frozen=True)
class Scored:
    """One offer, by primary key, with all its numbers."""

    key: int
    verdict: str
    fit: float
    confidence: float
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    rules: NDArray[np.int8]


@dataclass(frozen=True)
class Judged:
    """The best offers, best first, and what the rules say of all m of them.

    `keys` are the offers' primary keys and `verdicts` has the shape (m, R).
    """

    facts: InitiativeFacts
    best: list[Scored]
    offers: OfferArrays
    keys: NDArray[np.int64]
    verdicts: NDArray[np.int8]
    day: float

    @property
    def counts(self) -> Ablation:
        """How many fit, are unclear, and are stopped by what."""
        return ablate(self.verdicts)

    def steps(self) -> Counterfactuals:
        """Return what one change would let in."""
        return for_initiative(self.facts, self.offers, self.verdicts, self.day)

    def questions(self) -> list[Question]:
        """Return what could be asked, the best question first."""
        return questions(self.facts, self.offers, self.verdicts)


def judge(
    facts: InitiativeFacts,
    blocks: Sequence[Block[PreparedOffers]],
    frozen: Frozen,
    day: float,
    most: int,
) -> Judged:
    """Return the `most` best offers, and the rules' verdict on all of them.

    The numbers are those that a stored match of the same facts would have. Cost O(m).
    """
    mine = encode_initiatives([facts], frozen.trees)
    prepared = PreparedInitiatives.of(mine, frozen.analysis)
    best: list[Scored] = []
    parts, keys = [encode_offers([], frozen.trees)], [np.empty(0, dtype=np.int64)]
    for block in blocks:
        best += _best_of(block, prepared, frozen, day, most)
        if block.is_valid.all():
            parts.append(block.encoded.arrays)
            keys.append(block.keys)
        else:
            places = np.flatnonzero(block.is_valid)
            parts.append(block.encoded.arrays.rows(places))
            keys.append(block.keys[places])
    best.sort(key=lambda one: (-one.fit, one.key))
    offers = joined([part for part in parts if len(part)] or parts[:1])
    return Judged(facts, best[:most], offers, np.concatenate(keys), _verdicts(mine, offers, day), day)


def _best_of(
    block: Block[PreparedOffers], prepared: PreparedInitiatives, frozen: Frozen, day: float, most: int
) -> list[Scored]:
    # Rows that have changed since they were encoded may stand among the best: as many more are asked for.
    stale = int((~block.is_valid).sum())
    table, _ = match_rows(
        prepared,
        block.encoded,
        frozen.analysis,
        frozen.weights,
        day,
        0,
        1,
        min(most + stale, len(block.keys)),
    )
    return [
        Scored(
            key=int(block.keys[column]),
            verdict=codes.VERDICTS[table.verdict[row]],
            fit=float(table.fit[row]),
            confidence=float(table.confidence[row]),
            values=table.values[row],
            known=table.known[row],
            rules=table.requirement_verdicts[row],
        )
        for row, column in enumerate(table.offer.tolist())
        if block.is_valid[column]
    ][:most]


def _verdicts(mine: InitiativeArrays, offers: OfferArrays, day: float) -> NDArray[np.int8]:
    verdicts: NDArray[np.int8] = requirement_verdicts(mine, offers, day)[0]
    return verdicts
