"""Plan a run: read everything, settle the analysis, and cut the work into parts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from brygga.taxonomy.selectors import current_taxonomy
from matching.engine import encoded
from matching.engine.background import background_beside
from matching.engine.control import ENGINE_VERSION
from matching.engine.dense import analysis_version, chosen_dense
from matching.engine.encoding import today
from matching.engine.enums import ShardKind
from matching.engine.leases import finish
from matching.engine.models import MatchAnalysis, MatchRun, MatchShard, MatchSnapshot
from matching.engine.reading import EncodedInitiatives, EncodedOffers, cached_initiatives, cached_offers
from matching.engine.stages import stage
from matching.engine.stamps import Profiles
from matching.engine.translations import current_lexicon
from matching.engine.weights import WeightsInForce, active_weights
from matching.kernel.combine import Weights
from matching.kernel.dense import DenseText
from matching.kernel.fitting import fit_analysis
from matching.kernel.scoring import PreparedInitiatives
from matching.kernel.term_counts import TermCounts
from matching.kernel.tiles import similar_order

#: An analysis is kept until this share of the profiles it was learned from has changed.
MOST_DRIFT = 0.01
#: Pairs of one part, and initiatives at most: some seconds of work, that nobody minds doing twice.
PAIRS_OF_PART = 50_000_000
MOST_ROWS = 5_000


def plan(shard: MatchShard, run: MatchRun, now: datetime) -> str:
    """Plan a run on the day of `now`; return what was read, in words. Raises LeaseLost."""
    # Stamps first: what changes while we read is found again before publishing.
    with stage("stamps"):
        profiles = Profiles.now(now)
    with stage("read_initiatives"):
        initiatives = cached_initiatives(profiles.initiatives, now)
    with stage("read_offers"):
        offers = cached_offers(profiles.offers)
    version, dense = active_weights(), chosen_dense()
    with stage("learn"):
        analysis = _analysis_to_keep(profiles, version, dense) or _learn(
            profiles, initiatives, offers, version, dense, now
        )
    with transaction.atomic():
        finish(shard, now=timezone.now())
        MatchRun.objects.filter(pk=run.pk).update(
            analysis=analysis,
            weights=analysis.weights,
            weights_version=version.row,
            rules=version.rules,
            engine_version=ENGINE_VERSION,
            day=today(now),
            input_digest=profiles.digest(
                _taxonomy_version(), *(dense.to_content().values() if dense else ())
            ),
            initiatives=len(profiles.initiatives),
            offers=len(profiles.offers),
            initiatives_done=0,
        )
        MatchSnapshot.objects.update_or_create(
            run=run,
            defaults={
                "profiles": profiles.to_bytes(),
                "order": _order(profiles, initiatives).astype("<i4").tobytes(),
                "floors": b"",
            },
        )
        MatchShard.objects.bulk_create(_parts(run, len(profiles.initiatives), len(profiles.offers)))
    run.refresh_from_db()
    encoded.keep(run, initiatives, offers)
    return f"{len(initiatives.keys)} initiatives and {len(offers.keys)} offers read"


def _analysis_to_keep(
    profiles: Profiles, version: WeightsInForce, dense: DenseText | None
) -> MatchAnalysis | None:
    """Return the current run's analysis, if what it was learned from is nearly what there is now."""
    analysis = MatchAnalysis.objects.filter(runs__is_current=True).defer("payload").first()
    if (
        analysis is None
        or not analysis.profiles
        or analysis.engine_version != analysis_version(dense)
        or analysis.taxonomy_version != _taxonomy_version()
        or analysis.weights != asdict(Weights.of(version.values))
    ):
        return None
    learned = Profiles.from_bytes(analysis.profiles)
    changed = len(profiles.initiatives.differing(learned.initiatives))
    changed += len(profiles.offers.differing(learned.offers))
    there = len(learned.initiatives) + len(learned.offers)
    return analysis if changed <= MOST_DRIFT * there else None


def _learn(
    profiles: Profiles,
    initiatives: EncodedInitiatives,
    offers: EncodedOffers,
    version: WeightsInForce,
    dense: DenseText | None,
    now: datetime,
) -> MatchAnalysis:
    row = MatchAnalysis.objects.create(
        engine_version=analysis_version(dense),
        taxonomy_version=_taxonomy_version(),
        weights=asdict(Weights.of(version.values)),
        payload=b"",
        profiles=profiles.to_bytes(),
    )
    learned = fit_analysis(
        initiatives.arrays,
        offers.arrays,
        now_day=today(now),
        number=row.pk,
        lexicon=current_lexicon(now),
        background=background_beside([*initiatives.arrays.documents, *offers.arrays.documents]),
        dense=dense,
    )
    row.payload = learned.to_bytes()
    row.save(update_fields=["payload"])
    return row


def _order(profiles: Profiles, initiatives: EncodedInitiatives) -> NDArray[np.int64]:
    """Return the places of the run's initiatives in the order that its parts are cut from.

    Who may meet the same offers stands in the same part, which is then searched faster. One that has gone
    since its stamp was read comes last.
    """
    arrays = initiatives.arrays
    swedish = np.array([text.resolved_language() == "sv" for text in arrays.documents], dtype=bool)
    # Of the texts only their language is asked for.
    alike = similar_order(PreparedInitiatives(arrays, TermCounts(swedish, swedish, {})))
    places = np.searchsorted(profiles.initiatives.keys, initiatives.keys[alike])
    gone = np.setdiff1d(np.arange(len(profiles.initiatives)), places)
    return np.concatenate([places, gone])


def _taxonomy_version() -> str:
    return str(current_taxonomy().version)[:80]


def _parts(run: MatchRun, initiatives: int, offers: int) -> list[MatchShard]:
    size = settings.MATCHING_SHARD_ROWS or max(1, min(MOST_ROWS, PAIRS_OF_PART // max(1, offers)))
    parts = [
        MatchShard(run=run, kind=ShardKind.SCORE, lo=lo, hi=min(lo + size, initiatives))
        for lo in range(0, initiatives, size)
    ]
    return [*parts, MatchShard(run=run, kind=ShardKind.PUBLISH, lo=0, hi=initiatives)]
