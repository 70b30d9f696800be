"""Both sides encoded under one analysis: what a process keeps so that one change is cheap.

A cache only: everything in it is rebuilt from PostgreSQL at will. Rows are known by primary key and
a stamp (revision and what counts of the owner); what has changed since is encoded anew, beside the
large block until there is enough of it, and everything else is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.engine import trees
from matching.engine.encoding import today
from matching.engine.models import MatchAnalysis, MatchRun
from matching.engine.reading import (
    EncodedInitiatives,
    EncodedOffers,
    Keys,
    cached_initiatives,
    cached_offers,
    counts_of,
    encode_initiatives_of,
    encode_offers_of,
)
from matching.engine.stamps import Stamps, stamps_of_initiatives, stamps_of_offers
from matching.engine.trees import current_trees
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, Trees
from matching.kernel.combine import Weights
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers
from matching.kernel.topk import side_of

E = TypeVar("E", InitiativeArrays, PreparedOffers)

#: Newer rows beside the large block, before the block is made anew.
MOST_NEWER = 100


@dataclass(frozen=True)
class Frozen:
    """What the numbers of a run depend on beside the two profiles."""

    analysis: Analysis
    weights: Weights
    trees: Trees


@dataclass(frozen=True)
class Block(Generic[E]):
    """Some rows of one side, encoded.

    `keys` are primary keys, ascending, and `is_valid` says which rows still are as they were encoded.
    """

    keys: NDArray[np.int64]
    encoded: E
    is_valid: NDArray[np.bool_]


class _Side(Generic[E]):
    """One side's blocks, renewed as little as possible."""

    def __init__(
        self,
        whole: Callable[[Stamps, datetime], tuple[Keys, E]],
        some: Callable[[Keys, datetime], tuple[Keys, E]],
    ) -> None:
        self._whole: Callable[[Stamps, datetime], tuple[Keys, E]] = whole
        self._some: Callable[[Keys, datetime], tuple[Keys, E]] = some
        #: What the large block was made of.
        self.stamps = Stamps.none()
        self._large: tuple[Keys, E] | None = None

    def blocks(self, wanted: Stamps, now: datetime) -> list[Block[E]]:
        """Return blocks that together hold each wanted row once."""
        changed = wanted.newer_than(self.stamps)
        if self._large is None or len(changed) > MOST_NEWER:
            self._large = self._whole(wanted, now)
            self.stamps = wanted
            changed = changed[:0]
        keys, encoded = self._large
        is_there, stamps = wanted.stamps_at(keys)
        blocks = [Block(keys, encoded, is_there & (stamps == self.stamps.stamps_at(keys)[1]))]
        if len(changed):
            keys, encoded = self._some(changed, now)
            blocks.append(Block(keys, encoded, np.ones(len(keys), dtype=bool)))
        return [block for block in blocks if len(block.keys)]

    @property
    def large(self) -> E | None:
        """The large block's rows."""
        return None if self._large is None else self._large[1]


class Collection:
    """Everything published, ready for scoring under one analysis on one day."""

    def __init__(self, frozen: Frozen, day: int) -> None:
        self.frozen = frozen
        self.day = day

        def prepared(offers: EncodedOffers) -> tuple[Keys, PreparedOffers]:
            return offers.keys, PreparedOffers(offers.arrays, frozen.analysis)

        def plain(initiatives: EncodedInitiatives) -> tuple[Keys, InitiativeArrays]:
            return initiatives.keys, initiatives.arrays

        self._offers: _Side[PreparedOffers] = _Side(
            lambda wanted, now: prepared(cached_offers(wanted)),
            lambda keys, now: prepared(encode_offers_of(keys)),
        )
        self._prepared: PreparedInitiatives | None = None
        self._is_ready = False
        self._initiatives: _Side[InitiativeArrays] = _Side(
            lambda wanted, now: plain(cached_initiatives(wanted, now)),
            lambda keys, now: plain(encode_initiatives_of(keys, now)),
        )

    def offers(self, now: datetime) -> list[Block[PreparedOffers]]:
        """Return every offer that takes part."""
        return self._offers.blocks(stamps_of_offers(now), now)

    def initiatives(self, now: datetime) -> list[Block[InitiativeArrays]]:
        """Return every initiative that takes part."""
        return self._initiatives.blocks(stamps_of_initiatives(), now)

    def prepared_initiatives(
        self, now: datetime
    ) -> list[tuple[Block[InitiativeArrays], PreparedInitiatives]]:
        """Return every initiative that takes part, its text read: those of the large block once."""
        prepared = []
        for block in self.initiatives(now):
            if block.encoded is not self._initiatives.large:
                ready = PreparedInitiatives.of(block.encoded, self.frozen.analysis)
            elif self._prepared is not None and self._prepared.arrays is block.encoded:
                ready = self._prepared
            else:
                counts = counts_of(self._initiatives.stamps, block.encoded, self.frozen.analysis)
                ready = self._prepared = PreparedInitiatives(block.encoded, counts)
            prepared.append((block, ready))
        return prepared

    def make_ready(self, now: datetime) -> None:
        """Load and prepare both sides, so that the first change need not wait for it; once."""
        if self._is_ready:
            return
        self._is_ready = True
        for block in self.offers(now):
            side_of(block.encoded, self.frozen.analysis, self.frozen.weights, self.day)
        self.prepared_initiatives(now)


_lock = threading.RLock()
_analyses: dict[int, tuple[Analysis, Weights]] = {}
_collections: dict[tuple[object, ...], Collection] = {}


def frozen_for(run: MatchRun) -> Frozen:
    """Return what the numbers of a run depend on beside the two profiles."""
    if run.analysis_id is None:
        raise ValueError(f"{run} has no analysis")
    return frozen_by(run.analysis_id)


def frozen_by(number: int) -> Frozen:
    """Return what the numbers made under an analysis depend on; read once in a process."""
    with _lock:
        if number not in _analyses:
            row = MatchAnalysis.objects.only("payload", "weights").get(pk=number)
            while len(_analyses) > 1:
                _analyses.pop(next(iter(_analyses)))
            _analyses[number] = (Analysis.from_bytes(bytes(row.payload)), Weights.of(row.weights))
        return Frozen(*_analyses[number], current_trees())


def collection_for(run: MatchRun, now: datetime) -> Collection:
    """Return the process's collection under the run's analysis."""
    frozen = frozen_for(run)
    key = (run.analysis_id, id(frozen.trees), today(now))
    with _lock:
        if key not in _collections:
            _collections.clear()
            _collections[key] = Collection(frozen, today(now))
        return _collections[key]


def forget() -> None:
    """Forget everything this process has kept."""
    trees.forget()
    with _lock:
        _analyses.clear()
        _collections.clear()
