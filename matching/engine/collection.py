"""Both sides encoded under one analysis: what a process keeps so that one change is cheap.

A cache only: everything in it is rebuilt from PostgreSQL at will. Rows are known by primary key and
a stamp (revision and what counts of the owner); what has changed since is encoded anew, beside the
large block until there is enough of it, and everything else is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from brygga.taxonomy.selectors import current_taxonomy
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.encoding import kernel_taxonomy, read_initiatives, read_offers, today
from matching.engine.models import MatchAnalysis, MatchRun
from matching.engine.stamps import Stamps, stamps_of_initiatives, stamps_of_offers
from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, Trees, encode_initiatives, encode_offers
from matching.kernel.combine import Weights
from matching.kernel.facts import InitiativeFacts, OfferFacts
from matching.kernel.scoring import PreparedOffers

F = TypeVar("F", InitiativeFacts, OfferFacts)
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
class Block(Generic[F, E]):
    """Some rows of one side, encoded.

    `keys` are primary keys, `facts` stand in the same order, and `is_valid` says which rows still are
    as they were encoded.
    """

    keys: NDArray[np.int64]
    facts: list[F]
    encoded: E
    is_valid: NDArray[np.bool_]


class _Side(Generic[F, E]):
    """One side's blocks, renewed as little as possible."""

    def __init__(self, encode: Callable[[list[F]], E]) -> None:
        self._encode: Callable[[list[F]], E] = encode
        self._stamps = Stamps.none()
        self._large: tuple[NDArray[np.int64], list[F], E] | None = None

    def blocks(
        self, wanted: Stamps, read: Callable[[list[int]], Iterator[tuple[int, F]]]
    ) -> list[Block[F, E]]:
        """Return blocks that together hold each wanted row once."""
        changed = wanted.newer_than(self._stamps).tolist()
        if self._large is None or len(changed) > MOST_NEWER:
            keys, facts = _columns(read(wanted.keys.tolist()))
            self._large = (keys, facts, self._encode(facts))
            self._stamps = wanted
            changed = []
        keys, facts, encoded = self._large
        is_there, stamps = wanted.stamps_at(keys)
        blocks = [Block(keys, facts, encoded, is_there & (stamps == self._stamps.stamps_at(keys)[1]))]
        if changed:
            keys, facts = _columns(read(changed))
            blocks.append(Block(keys, facts, self._encode(facts), np.ones(len(keys), dtype=bool)))
        return [block for block in blocks if len(block.keys)]


def _columns(rows: Iterator[tuple[int, F]]) -> tuple[NDArray[np.int64], list[F]]:
    pairs = list(rows)
    return np.array([key for key, _ in pairs], dtype=np.int64), [facts for _, facts in pairs]


class Collection:
    """Everything published, ready for scoring under one analysis on one day."""

    def __init__(self, frozen: Frozen, day: int) -> None:
        self.frozen = frozen
        self.day = day
        self._offers: _Side[OfferFacts, PreparedOffers] = _Side(
            lambda facts: PreparedOffers(encode_offers(facts, frozen.trees), frozen.analysis)
        )
        self._initiatives: _Side[InitiativeFacts, InitiativeArrays] = _Side(
            lambda facts: encode_initiatives(facts, frozen.trees)
        )

    def offers(self, now: datetime) -> list[Block[OfferFacts, PreparedOffers]]:
        """Return every offer that takes part."""
        rows = SupportOffer.objects.all()
        return self._offers.blocks(
            stamps_of_offers(now),
            lambda keys: ((row.pk, facts) for row, facts in read_offers(rows.filter(pk__in=keys))),
        )

    def initiatives(self, now: datetime) -> list[Block[InitiativeFacts, InitiativeArrays]]:
        """Return every initiative that takes part."""
        rows = Initiative.objects.all()
        return self._initiatives.blocks(
            stamps_of_initiatives(),
            lambda keys: ((row.pk, facts) for row, facts in read_initiatives(rows.filter(pk__in=keys), now)),
        )


_lock = threading.RLock()
_analyses: dict[int, tuple[Analysis, Weights]] = {}
_trees: dict[object, Trees] = {}
_collections: dict[tuple[object, ...], Collection] = {}


def current_trees() -> Trees:
    """Return the taxonomy's trees, made once for each version of it."""
    version = current_taxonomy().version
    with _lock:
        if version not in _trees:
            _trees.clear()
            _trees[version] = Trees(kernel_taxonomy())
        return _trees[version]


def frozen_for(run: MatchRun) -> Frozen:
    """Return what the numbers of a run depend on beside the two profiles."""
    if run.analysis_id is None:
        raise ValueError(f"{run} has no analysis")
    return frozen_by(run.analysis_id)


def stored_weights(stored: Mapping[str, float]) -> Weights:
    """Return weights as a row holds them; a criterion that came later weighs nothing in them."""
    return Weights(**{name: stored.get(name, 0.0) for name in codes.CRITERIA})


def frozen_by(number: int) -> Frozen:
    """Return what the numbers made under an analysis depend on; read once in a process."""
    with _lock:
        if number not in _analyses:
            row = MatchAnalysis.objects.only("payload", "weights").get(pk=number)
            while len(_analyses) > 1:
                _analyses.pop(next(iter(_analyses)))
            _analyses[number] = (Analysis.from_bytes(bytes(row.payload)), stored_weights(row.weights))
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
    with _lock:
        _analyses.clear()
        _trees.clear()
        _collections.clear()
