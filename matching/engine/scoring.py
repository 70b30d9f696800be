"""Do one part of a run: some initiatives against every offer."""

from __future__ import annotations

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from matching.engine import cache, encoded
from matching.engine.collection import frozen_for
from matching.engine.enums import ShardKind, ShardState
from matching.engine.leases import finish
from matching.engine.models import MatchRun, MatchShard, MatchSnapshot
from matching.engine.parts import Floors, Part
from matching.engine.stages import stage
from matching.engine.stamps import Profiles
from matching.kernel.scoring import PreparedInitiatives
from matching.kernel.topk import PairTable, match_rows

#: Matches kept of each initiative and of each offer.
KEPT = 50


def score(shard: MatchShard, run: MatchRun) -> str:
    """Score a part and store what it found; return how far the run is. Raises LeaseLost."""
    snapshot = MatchSnapshot.objects.get(run=run)
    profiles = Profiles.from_bytes(snapshot.profiles)
    order = np.frombuffer(bytes(snapshot.order), dtype="<i4") if snapshot.order else None
    places = np.arange(shard.lo, shard.hi) if order is None else order[shard.lo : shard.hi].astype(np.int64)
    with stage("prepare_offers"):
        offer_keys, prepared = encoded.offers_of_run(run, profiles)
    with stage("cut_part"):
        block = encoded.initiatives_of_part(run, profiles, places)
    frozen = frozen_for(run)
    if len(block.keys) and len(offer_keys):
        known = Floors.read(snapshot.floors, len(profiles.offers), KEPT).values
        with stage("read_texts"):
            initiatives = PreparedInitiatives.of(block.arrays, frozen.analysis)
        # For whoever rescores an offer against everything: no text is read twice.
        cache.INITIATIVES.keep_counts(
            profiles.initiatives,
            frozen.analysis.number,
            np.searchsorted(profiles.initiatives.keys, block.keys),
            initiatives.counts,
        )
        with stage("match"):
            found = match_rows(
                initiatives,
                prepared,
                frozen.analysis,
                frozen.weights,
                run.day or 0,
                0,
                len(block.keys),
                KEPT,
                floors=known[np.isin(profiles.offers.keys, offer_keys)],
            )
    else:
        found = (PairTable.empty(), PairTable.empty())
    part = Part.of_tables(*found, block.keys, offer_keys)
    with stage("store_part"), transaction.atomic():
        now = timezone.now()
        finish(shard, now=now, result=part.to_bytes(), pairs=len(part.rows))
        # Only a part that is done for the first time comes here, so nothing is counted twice.
        floors = Floors.read(
            MatchSnapshot.objects.values_list("floors", flat=True).get(run=run), len(profiles.offers), KEPT
        )
        offers = np.searchsorted(profiles.offers.keys, part.rows.offer[part.of_offer])
        floors = floors.with_found(offers, part.rows.fit[part.of_offer])
        MatchSnapshot.objects.filter(run=run).update(floors=floors.to_bytes())
        MatchRun.objects.filter(pk=run.pk).update(
            initiatives_done=F("initiatives_done") + shard.hi - shard.lo
        )
    if not MatchShard.objects.filter(run=run, kind=ShardKind.SCORE, state=ShardState.WAITING).exists():
        # The last part of this process, unless another one loses its own: whoever publishes needs the room.
        encoded.forget()
    run.refresh_from_db(fields=["initiatives_done"])
    return f"{run.initiatives_done} of {run.initiatives} initiatives matched"
