"""What was learned of a giver's choices, in words, and the order that follows from it.

Fit is neither changed nor shown changed: only the order in the giver's own lists follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.engine.models import Match
from matching.learning.enums import LearnedState, Level
from matching.learning.models import LearnedWeights, LearningReset

if TYPE_CHECKING:
    from brygga.organisations.models import Organisation

#: A criterion that has changed by less than this share of its weight is not spoken of.
LEAST_CHANGE = 0.1
#: And at most this many are.
MOST_NAMED = 4
#: From which ratio on which words are used, the largest change first.
RAISED: tuple[tuple[float, str | Promise], ...] = (
    (1.9, gettext_lazy("Your choices have doubled “%(criterion)s”, or more")),
    (1.42, gettext_lazy("Your choices have raised “%(criterion)s” by half")),
    (1.29, gettext_lazy("Your choices have raised “%(criterion)s” by a third")),
    (1.18, gettext_lazy("Your choices have raised “%(criterion)s” by a quarter")),
    (1.0, gettext_lazy("Your choices have raised “%(criterion)s” a little")),
)
LOWERED: tuple[tuple[float, str | Promise], ...] = (
    (0.05, gettext_lazy("Your choices have taken “%(criterion)s” away")),
    (0.58, gettext_lazy("Your choices have lowered “%(criterion)s” by half, or more")),
    (0.71, gettext_lazy("Your choices have lowered “%(criterion)s” by a third")),
    (0.82, gettext_lazy("Your choices have lowered “%(criterion)s” by a quarter")),
    (1.0, gettext_lazy("Your choices have lowered “%(criterion)s” a little")),
)


@dataclass(frozen=True)
class LearnedOfGiver:
    """What orders a giver's lists beside fit, if anything, and what the last try said."""

    in_use: LearnedWeights | None
    sentences: tuple[str, ...]
    newest: LearnedWeights | None
    forget_before: datetime | None
    can_undo: bool

    @property
    def why_nothing(self) -> str:
        """Say in a sentence why nothing is in use; empty when something is."""
        if self.in_use is not None:
            return ""
        if self.newest is None or self.newest.reason in ("too_few", "no_change"):
            return _("You have not made enough choices yet. It takes at least 35 before Brygga can tell.")
        if self.newest.reason == "a_group_loses":
            return _(
                "An order by your choices would have been worse for some group of initiatives, so it is not used."
            )
        return _("An order by your choices was not clearly better when we tested it, so it is not used.")


def in_use(organisation_id: int) -> LearnedWeights | None:
    """Return the learned weights that order a giver's lists. One query."""
    return LearnedWeights.objects.filter(organisation=organisation_id, state=LearnedState.IN_USE).first()


def learned_of_giver(organisation: Organisation) -> LearnedOfGiver:
    """Return what was learned of a giver's choices. Three queries."""
    used = in_use(organisation.pk)
    reset = LearningReset.objects.filter(organisation=organisation).first()
    rows = LearnedWeights.objects.filter(level=Level.GIVER, organisation=organisation)
    if reset is not None and reset.forget_before is not None:
        rows = rows.filter(created_at__gt=reset.forget_before)
    return LearnedOfGiver(
        in_use=used,
        sentences=tuple(in_sentences(used)) if used else (),
        newest=rows.order_by("-created_at", "-pk").first(),
        forget_before=reset.forget_before if reset else None,
        can_undo=reset is not None and reset.reset_at is not None,
    )


def in_sentences(learned: LearnedWeights) -> list[str]:
    """Say which criteria count more or less than for others, the largest change first. No full stop."""
    from matching.desk.comparison import CRITERION_NAMES  # noqa: PLC0415 - the desk's pages show us

    changes = []
    for name, before in learned.compared_with.items():
        after = learned.weights.get(name, 0.0)
        if before > 0 and abs(after / before - 1) >= LEAST_CHANGE and name in CRITERION_NAMES:
            changes.append((abs(after - before), name, after / before))
    changes.sort(key=lambda one: (-one[0], one[1]))
    said = []
    for _size, name, ratio in changes[:MOST_NAMED]:
        if ratio > 1:
            words = next(words for least, words in RAISED if ratio >= least)
        else:
            words = next(words for most, words in LOWERED if ratio <= most)
        criterion = str(CRITERION_NAMES[name])
        said.append(str(words) % {"criterion": criterion[0].lower() + criterion[1:]})
    return said


def order_by_choices(matches: QuerySet[Match], learned: LearnedWeights) -> list[int]:
    """Return the primary keys of an offer's matches in the order of a giver's learned weights.

    Ties go by fit, then by the initiative's public id. One query, and the run's analysis the first
    time; a few milliseconds for a thousand matches.
    """
    import numpy as np  # noqa: PLC0415 - numbers are loaded when somebody has learned weights

    from matching.engine.collection import frozen_by  # noqa: PLC0415 - loads scipy
    from matching.engine.storing import unpack  # noqa: PLC0415 - as above
    from matching.kernel import codes  # noqa: PLC0415 - as above

    rows = list(
        matches.order_by().values_list(
            "pk", "numbers", "rules", "analysis_id", "fit", "initiative__public_id"
        )
    )
    if not rows:
        return []
    frozen = frozen_by(rows[0][3])
    means = frozen.analysis.mean_array()
    weights = np.array([learned.weights.get(name, 0.0) for name in codes.CRITERIA])
    keyed = []
    for key, numbers, rules, _analysis, fit, public_id in rows:
        stored = unpack(numbers, rules, frozen.analysis, frozen.weights)
        score = float((weights * np.where(stored.known, np.array(stored.values) - means, 0.0)).sum())
        keyed.append((-round(score, 4), -fit, public_id, key))
    return [key for *_order, key in sorted(keyed)]


def in_this_order(matches: QuerySet[Match], keys: Sequence[int]) -> list[Match]:
    """Return these matches in this order, with what the queryset brings along."""
    found = {match.pk: match for match in matches.filter(pk__in=list(keys))}
    return [found[key] for key in keys if key in found]
