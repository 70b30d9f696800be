"""Profiles by primary key as arrays: from this machine's cache, and from the database what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine import cache
from matching.engine.encoding import ages_in_months, read_initiatives, read_offers
from matching.engine.stamps import Stamps
from matching.engine.trees import current_trees
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays, OfferArrays, encode_initiatives, encode_offers
from matching.kernel.joining import joined
from matching.kernel.term_counts import TermCounts

Keys = NDArray[np.int64]
A = TypeVar("A", InitiativeArrays, OfferArrays)
#: Profiles read from the database at a time.
READ_AT_ONCE = 4_000


@dataclass(frozen=True)
class EncodedInitiatives:
    """Initiatives with their primary keys: ascending, or in the order of a run's part."""

    keys: Keys
    arrays: InitiativeArrays


@dataclass(frozen=True)
class EncodedOffers:
    """Offers with their primary keys, ascending."""

    keys: Keys
    arrays: OfferArrays


def moment_of(day: int) -> datetime:
    """Return noon of a day as the kernel counts them: every part of a run reckons with the same day."""
    return datetime.combine(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day), time(12), UTC)


def encode_initiatives_of(keys: Keys, now: datetime) -> EncodedInitiatives:
    """Read and encode initiatives, by primary key; those that are gone are left out."""

    def some(part: Keys) -> tuple[list[int], InitiativeArrays]:
        rows = read_initiatives(Initiative.objects.filter(pk__in=part.tolist()), now)
        pairs = [(row.pk, facts) for row, facts in rows]
        return [key for key, _ in pairs], encode_initiatives([facts for _, facts in pairs], current_trees())

    return EncodedInitiatives(*_in_parts(keys, some))


def _in_parts(keys: Keys, some: Callable[[Keys], tuple[list[int], A]]) -> tuple[Keys, A]:
    """Read `READ_AT_ONCE` profiles at a time: as rows and facts they take far more room than as arrays."""
    ordered = np.sort(keys)
    found, parts = [], []
    for first in range(0, max(1, len(ordered)), READ_AT_ONCE):
        of_part, arrays = some(ordered[first : first + READ_AT_ONCE])
        found += of_part
        parts.append(arrays)
    return np.array(found, dtype=np.int64), joined(parts)


def cached_initiatives(wanted: Stamps, now: datetime) -> EncodedInitiatives:
    """Return initiatives, read from this machine's cache as far as it has them."""

    def read(keys: Keys) -> tuple[Keys, InitiativeArrays]:
        encoded = encode_initiatives_of(keys, now)
        return encoded.keys, encoded.arrays

    keys, arrays = cache.INITIATIVES.get(wanted, read)
    return EncodedInitiatives(keys, of_age(keys, arrays, now))


def cached_offers(wanted: Stamps) -> EncodedOffers:
    """Return offers, read from this machine's cache as far as it has them."""

    def read(keys: Keys) -> tuple[Keys, OfferArrays]:
        encoded = encode_offers_of(keys)
        return encoded.keys, encoded.arrays

    return EncodedOffers(*cache.OFFERS.get(wanted, read))


def of_age(keys: Keys, arrays: InitiativeArrays, now: datetime) -> InitiativeArrays:
    """Return the arrays with ages as of today: the only thing in them that changes by itself."""
    ages = ages_in_months(keys.tolist(), timezone.localdate(now))
    return replace(arrays, age_months=np.array(ages, dtype=np.float64).astype(np.float32))


def encode_offers_of(keys: Keys) -> EncodedOffers:
    """Read and encode offers, by primary key; those that are gone are left out."""

    def some(part: Keys) -> tuple[list[int], OfferArrays]:
        rows = read_offers(SupportOffer.objects.filter(pk__in=part.tolist()))
        pairs = [(row.pk, facts) for row, facts in rows]
        return [key for key, _ in pairs], encode_offers([facts for _, facts in pairs], current_trees())

    return EncodedOffers(*_in_parts(keys, some))


def counts_of(wanted: Stamps, arrays: InitiativeArrays, analysis: Analysis) -> TermCounts:
    """Return the counted terms of initiatives under an analysis, from the cache as far as it has them.

    `arrays` hold the wanted initiatives, all of them.
    """
    found = cache.INITIATIVES.counts(analysis.number)
    if found is None or len(arrays) != len(wanted):
        return analysis.text.counts(arrays.documents)
    stamps, counts = found
    # Rows as they were when they were counted; the others are read now.
    present, then = stamps.stamps_at(wanted.keys)
    is_kept = present & (then == wanted.stamps)
    places = np.searchsorted(stamps.keys, wanted.keys[is_kept])
    fresh = analysis.text.counts([arrays.documents[place] for place in np.flatnonzero(~is_kept)])
    order = np.empty(len(wanted), dtype=np.int64)
    order[np.flatnonzero(is_kept)] = np.arange(len(places))
    order[np.flatnonzero(~is_kept)] = len(places) + np.arange(len(fresh))
    return TermCounts.joined([counts.rows(places), fresh]).rows(order)
