"""Change the weights and rules: checked, shown beforehand on real lists, kept as a new version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext
from numpy.typing import NDArray

from brygga.audit.services import record
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import frozen_for
from matching.engine.enums import Verdict
from matching.engine.models import Match, MatchWeights
from matching.engine.selectors import current_run
from matching.engine.weights import RULES, active_weights
from matching.kernel import codes
from matching.kernel.combine import Weights, band, combine
from matching.kernel.combine import base as base_fit

if TYPE_CHECKING:
    from brygga.users.models import User

Floats = NDArray[np.float64]

#: Initiatives whose lists are tried, and how far down a list is read.
SAMPLE, TOP = 100, 10
MOST_EXAMPLES = 5
MOST_RULE = 100


@dataclass(frozen=True)
class ChangedList:
    """One initiative's first ten: offers that would come, and that would go."""

    initiative: str
    came: list[str]
    went: list[str]


@dataclass(frozen=True)
class Preview:
    """What new weights would change, on the stored matches of some initiatives.

    `moved` counts pairs whose band differs, as (from, to); `lists` counts initiatives whose first ten do.
    """

    initiatives: int
    pairs: int
    moved: dict[tuple[str, str], int]
    lists: int
    examples: list[ChangedList]


def check(values: Mapping[str, float], rules: Mapping[str, int]) -> None:
    """Raise ValidationError, with a sentence for each thing that is wrong."""
    problems = []
    if set(values) != set(codes.CRITERIA):
        problems.append(gettext("Every criterion needs a weight, and nothing else has one."))
    if any(not 0 <= value <= 1 for value in values.values()):
        problems.append(gettext("A weight is at least 0 and at most 1."))
    total = round(sum(values.values()), 6)
    if abs(total - 1) > 1e-6:
        problems.append(
            gettext("The weights sum to %(total)s, and should sum to 1.") % {"total": f"{total:.4g}"}
        )
    if set(rules) != set(RULES) or any(not 1 <= value <= MOST_RULE for value in rules.values()):
        problems.append(gettext("A rule is a whole number from 1 to %(most)s.") % {"most": MOST_RULE})
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def save_weights(
    *,
    values: Mapping[str, float],
    rules: Mapping[str, int],
    note: str,
    actor: User | None,
    now: datetime,
    learned_from: int | None = None,
) -> MatchWeights:
    """Keep a new version, in force from the next run on. The earlier versions stay as they are.

    `learned_from` is the primary key of what was learned; `learning.taking_up` knows whether it may be.
    Raises PermissionDenied, and ValidationError as `check` does or when `note` is empty.
    """
    if actor is not None and not actor.has_perm("matching.add_matchweights"):
        raise PermissionDenied
    check(values, rules)
    if not note.strip():
        raise ValidationError(gettext("Say why, so that others understand it later."))
    list(MatchWeights.objects.select_for_update().filter(is_active=True))
    before = active_weights()
    MatchWeights.objects.filter(is_active=True).update(is_active=False)
    row = MatchWeights.objects.create(
        values=dict(values),
        rules=dict(rules),
        note=note.strip(),
        is_active=True,
        created_at=now,
        learned_from_id=learned_from,
    )
    changed = {name: value for name, value in values.items() if before.values.get(name) != value}
    changed |= {name: value for name, value in rules.items() if before.rules.get(name) != value}
    details: dict[str, object] = {"changed": changed}
    if learned_from is not None:
        details["learned_from"] = learned_from
    record(verb="match_weights.changed", subject=row, actor=actor, now=now, details=details)
    return row


def preview(values: Mapping[str, float]) -> Preview | None:
    """Return what weights would change, None before the first run. Writes nothing.

    The stored best of each sampled initiative are weighed anew with the current analysis; that others
    could come up from below them is not seen.
    """
    run = current_run()
    if run is None:
        return None
    frozen = frozen_for(run)
    new, means = Weights.of(values), frozen.analysis.mean_array()
    bases = (base_fit(means, frozen.weights), base_fit(means, new))
    moved: Counter[tuple[str, str]] = Counter()
    changed: list[tuple[int, set[int], set[int]]] = []
    sample, pairs = _sample(), 0
    for initiative in sample:
        rows = Match.objects.current().filter(initiative=initiative).order_by("-fit", "offer__public_id")
        stored = list(rows.values_list("offer_id", "fit", "numbers", "verdict"))
        if not stored:
            continue
        pairs += len(stored)
        fits = fits_under(new, means, [numbers for _, _, numbers, _ in stored])
        order = np.argsort(-fits, kind="stable")
        before, after = {row[0] for row in stored[:TOP]}, {stored[place][0] for place in order[:TOP]}
        if before != after:
            changed.append((initiative, after - before, before - after))
        for (_, fit, _, verdict), later in zip(stored, fits.tolist(), strict=True):
            is_clear = verdict == Verdict.FITS
            words = band(fit, bases[0], is_clear=is_clear), band(later, bases[1], is_clear=is_clear)
            if words[0] != words[1]:
                moved[words] += 1
    return Preview(len(sample), pairs, dict(moved), len(changed), _named(changed[:MOST_EXAMPLES]))


def _sample() -> list[int]:
    """Return initiatives evenly spread in the order of their public ids."""
    keys = list(Initiative.objects.published().order_by("public_id").values_list("pk", flat=True))
    step = max(1, len(keys) // SAMPLE)
    return keys[::step][:SAMPLE]


def fits_under(weights: Weights, means: Floats, stored: Sequence[bytes | memoryview]) -> Floats:
    """Return the fit of stored pairs under other weights, shape (p,). Cost: some microseconds a pair."""
    millionths = np.stack([_padded(bytes(numbers)) for numbers in stored])
    fits, _ = combine((np.maximum(millionths, 0) / 1e6).astype(np.float32), millionths >= 0, means, weights)
    return fits


def _padded(numbers: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    padded = np.full(len(codes.CRITERIA), -1, dtype=np.int64)
    stored = np.frombuffer(numbers, dtype="<i4")[: len(padded)]
    padded[: len(stored)] = stored
    return padded


def _named(changed: list[tuple[int, set[int], set[int]]]) -> list[ChangedList]:
    initiatives = Initiative.objects.in_bulk([key for key, _, _ in changed])
    offers = SupportOffer.objects.in_bulk({key for _, came, went in changed for key in came | went})
    return [
        ChangedList(
            initiatives[key].title,
            sorted(offers[one].title for one in came),
            sorted(offers[one].title for one in went),
        )
        for key, came, went in changed
    ]
