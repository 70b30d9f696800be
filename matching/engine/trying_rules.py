"""How suggestions would be handed out under other weights and rules: reckoned, shown, and written nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import frozen_for
from matching.engine.models import Match
from matching.engine.selectors import current_run
from matching.engine.suggesting import by_public_id, room_of
from matching.engine.weighing import fits_under
from matching.engine.weights import active_weights
from matching.kernel.allocation import AllocationFigures, allocate
from matching.kernel.combine import Weights

#: More stored pairs than this take too long for a page.
MOST_PAIRS = 200_000


@dataclass(frozen=True)
class HandedOut:
    """The figures of handing everything out anew: under the weights and rules in force, and under others."""

    before: AllocationFigures
    after: AllocationFigures


def hand_out(values: Mapping[str, float], rules: Mapping[str, int]) -> HandedOut | None:
    """Return what weights and rules would do to suggestions; None before the first run, and where it takes too long.

    The stored pairs are handed out as if nobody had any suggestion yet, so the figures are not those of the next
    run, in which what is suggested stays; what they differ by is what is changed. Expects what
    `weighing.check` lets through. Cost: some seconds at `MOST_PAIRS`.
    """
    run = current_run()
    if run is None or run.matches_found > MOST_PAIRS:
        return None
    pairs = Match.objects.current().order_by("initiative_id", "offer_id")
    stored = list(pairs.values_list("initiative_id", "offer_id", "numbers"))
    if not stored:
        return None
    initiatives, rows = np.unique([row[0] for row in stored], return_inverse=True)
    offers, columns = np.unique([row[1] for row in stored], return_inverse=True)
    initiative_order, offer_order = by_public_id(Initiative, initiatives), by_public_id(SupportOffer, offers)
    frozen, now = frozen_for(run), active_weights()
    means = frozen.analysis.mean_array()

    def figures(values: Mapping[str, float], rules: Mapping[str, int]) -> AllocationFigures:
        fits = fits_under(Weights.of(values), means, [row[2] for row in stored])
        found = allocate(
            rows,
            columns,
            fits,
            room_of(offers, dict(rules)),
            initiatives=len(initiatives),
            at_least=rules["at_least"],
            initiative_order=initiative_order,
            offer_order=offer_order,
        )
        return found.figures

    return HandedOut(figures(now.values, now.rules), figures(values, rules))
