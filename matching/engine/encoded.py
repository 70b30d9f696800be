"""Both sides of a run as arrays, kept by a process from one part of the run to the next."""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from matching.engine import cache
from matching.engine.collection import frozen_for
from matching.engine.models import MatchRun
from matching.engine.reading import (
    EncodedInitiatives,
    EncodedOffers,
    Keys,
    cached_offers,
    encode_initiatives_of,
    moment_of,
    of_age,
)
from matching.engine.stamps import Profiles
from matching.kernel.scoring import PreparedOffers


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
    """Keep what the planner has read, for the parts that the same process does.

    Initiatives only where this machine has no cache: from there a part reads its own rows alone.
    """
    with _lock:
        kept = _of(run.pk)
        kept.offers = offers
        kept.initiatives = None if settings.MATCHING_CACHE_FOLDER else initiatives


def initiatives_of_part(run: MatchRun, profiles: Profiles, places: NDArray[np.int64]) -> EncodedInitiatives:
    """Return the initiatives of a part, by their places among the run's; those that are gone are left out."""
    wanted = profiles.initiatives.keys[places]
    with _lock:
        whole = _of(run.pk).initiatives
    now = moment_of(run.day or 0)
    if whole is not None:
        chosen = np.searchsorted(whole.keys, wanted[np.isin(wanted, whole.keys)])
        return EncodedInitiatives(whole.keys[chosen], whole.arrays.rows(chosen))
    arrays = cache.INITIATIVES.some(profiles.initiatives, places)
    if arrays is None:
        return encode_initiatives_of(wanted, now)
    return EncodedInitiatives(wanted, of_age(wanted, arrays, now))


def offers_of_run(run: MatchRun, profiles: Profiles) -> tuple[Keys, PreparedOffers]:
    """Return every offer of a run, ready for scoring; made once in a process."""
    with _lock:
        kept = _of(run.pk)
        if kept.offers is None:
            kept.offers = cached_offers(profiles.offers)
        if kept.prepared is None:
            kept.prepared = PreparedOffers(kept.offers.arrays, frozen_for(run).analysis)
        return kept.offers.keys, kept.prepared


def forget() -> None:
    """Forget what this process has kept of a run, hundreds of megabytes of a large one."""
    with _lock:
        had_some = bool(_kept)
        _kept.clear()
    if had_some:
        # Offers and what is made of them know each other.
        gc.collect()
