"""The nightly learning: fit, test, and keep only what is better. Loads the kernel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from brygga.organisations.models import Organisation
from matching.engine.collection import frozen_for
from matching.engine.selectors import current_run
from matching.kernel import codes
from matching.kernel.combine import Weights
from matching.kernel.learning_gate import LearnedLevel, learn_levels
from matching.learning.enums import LearnedState, Level
from matching.learning.events import judged_lists
from matching.learning.models import LearnedWeights, LearningReset

#: Rows that never were in use are kept so long; those that became everybody's weights stay.
KEPT = timedelta(days=90)


def learn(*, now: datetime) -> int:
    """Fit all levels on what givers have decided, test each, and put a giver's better weights in use.

    What is learned of all and of a kind of support is stored and orders nobody's list; of all it may become
    everybody's weights when an operator says so (`taking_up`). Safe to run
    twice: nothing better is found the second time. Returns how many givers got new weights.
    """
    run = current_run()
    if run is None:
        return 0
    frozen = frozen_for(run)
    current = frozen.weights.as_array()
    in_use = {
        str(row.organisation_id): Weights.of(row.weights).as_array()
        for row in LearnedWeights.objects.filter(state=LearnedState.IN_USE)
    }
    began = now
    lists = judged_lists(frozen)
    # The same night and the same choices give the same answer.
    levels = learn_levels(lists, current, np.random.default_rng(run.pk), of_givers=in_use)
    compared_with = _named(current)
    _store(levels.everybody, now, compared_with, level=Level.EVERYBODY)
    for kind, learned in levels.kinds.items():
        if kind:
            _store(learned, now, compared_with, level=Level.KIND, kind=kind)
    put_in_use = 0
    for giver, learned in levels.givers.items():
        if Organisation.objects.filter(pk=int(giver)).exists():
            put_in_use += _store_giver(learned, int(giver), now, began, compared_with)
    LearnedWeights.objects.filter(
        state__in=[LearnedState.SHADOW, LearnedState.REJECTED], created_at__lt=now - KEPT, taken_up=None
    ).delete()
    return put_in_use


@transaction.atomic
def _store_giver(
    learned: LearnedLevel, giver: int, now: datetime, began: datetime, compared_with: dict[str, float]
) -> bool:
    """Store a giver's fit; True when it is in use now. A reset that came while we learned wins."""
    LearningReset.objects.get_or_create(organisation_id=giver)
    reset = LearningReset.objects.select_for_update().get(organisation_id=giver)
    passes = learned.gate.passes and (reset.reset_at is None or reset.reset_at < began)
    if passes:
        LearnedWeights.objects.filter(organisation=giver, state=LearnedState.IN_USE).update(
            state=LearnedState.REPLACED
        )
    state = LearnedState.IN_USE if passes else LearnedState.REJECTED
    _store(learned, now, compared_with, level=Level.GIVER, organisation_id=giver, state=state)
    return passes


def _store(
    learned: LearnedLevel,
    now: datetime,
    compared_with: dict[str, float],
    *,
    state: LearnedState | None = None,
    **whose: Any,
) -> None:
    change = learned.gate.change
    LearnedWeights.objects.create(
        state=state or (LearnedState.SHADOW if learned.gate.passes else LearnedState.REJECTED),
        weights=_named(learned.fitted.weights),
        compared_with=compared_with,
        decisions=learned.fitted.decisions,
        reason=learned.gate.reason,
        figures={
            "sharpness": round(learned.fitted.sharpness, 4),
            "groups": {
                f"{way}: {group}": round(lost, 4) for (way, group), lost in learned.gate.groups.items()
            },
        }
        | (
            {}
            if change is None
            else {
                "change": round(change.mean, 4),
                "low": round(change.low, 4),
                "high": round(change.high, 4),
                "lists": change.n,
            }
        ),
        created_at=now,
        **whose,
    )


def _named(weights: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    return dict(zip(codes.CRITERIA, weights.tolist(), strict=True))
