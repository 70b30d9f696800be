"""Both sides of a run as arrays, kept by a process from one part of the run to the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import current_trees, frozen_for
from matching.engine.encoding import read_initiatives, read_offers
from matching.engine.models import MatchRun
from matching.engine.stamps import Profiles
from matching.kernel.arrays import InitiativeArrays, OfferArrays, encode_initiatives, encode_offers
from matching.kernel.scoring import PreparedOffers

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class EncodedInitiatives:
    """Initiatives with their primary keys, ascending."""

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
    """Read and encode initiatives; those that are gone are left out."""
    rows = read_initiatives(Initiative.objects.filter(pk__in=keys.tolist()), now)
    pairs = [(row.pk, facts) for row, facts in rows]
    found = np.array([key for key, _ in pairs], dtype=np.int64)
    return EncodedInitiatives(found, encode_initiatives([facts for _, facts in pairs], current_trees()))


def encode_offers_of(keys: Keys) -> EncodedOffers:
    """Read and encode offers; those that are gone are left out."""
    pairs = [(row.pk, facts) for row, facts in read_offers(SupportOffer.objects.filter(pk__in=keys.tolist()))]
    found = np.array([key for key, _ in pairs], dtype=np.int64)
    return EncodedOffers(found, encode_offers([facts for _, facts in pairs], current_trees()))


@dataclass
class _Kept:
    """What this process has of one run."""

    run_id: int
    initiatives: EncodedInitiatives | None = None
    offers: EncodedOffers | None = None
    prepared: PreparedOffers | None = None


_lock = threading.RLock()
_kept: list[_Kept] = []


def _of(run_id: int) -> _Kept:
    if not _kept or _kept[0].run_id != run_id:
        _kept[:] = [_Kept(run_id)]
    return _kept[0]


def keep(run: MatchRun, initiatives: EncodedInitiatives, offers: EncodedOffers) -> None:
    """Keep what the planner has read, for the parts that the same process does."""
    with _lock:
        kept = _of(run.pk)
        kept.initiatives, kept.offers = initiatives, offers


def initiatives_of_part(run: MatchRun, profiles: Profiles, lo: int, hi: int) -> EncodedInitiatives:
    """Return the initiatives of a part, from what is kept or from the database."""
    wanted = profiles.initiatives.keys[lo:hi]
    with _lock:
        whole = _of(run.pk).initiatives
    if whole is None:
        return encode_initiatives_of(wanted, moment_of(run.day or 0))
    chosen = np.flatnonzero(np.isin(whole.keys, wanted))
    return EncodedInitiatives(whole.keys[chosen], whole.arrays.rows(chosen))


def offers_of_run(run: MatchRun, profiles: Profiles) -> tuple[Keys, PreparedOffers]:
    """Return every offer of a run, ready for scoring; made once in a process."""
    with _lock:
        kept = _of(run.pk)
        if kept.offers is None:
            kept.offers = encode_offers_of(profiles.offers.keys)
        if kept.prepared is None:
            kept.prepared = PreparedOffers(kept.offers.arrays, frozen_for(run).analysis)
        return kept.offers.keys, kept.prepared


def forget() -> None:
    """Forget what this process has kept of a run."""
    with _lock:
        _kept.clear()
