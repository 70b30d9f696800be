"""What was learned of all givers' choices, made everybody's weights by an operator who has seen what changes.

Nothing becomes so by itself. The kernel is loaded only when weights are saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from matching.engine.models import MatchWeights
from matching.engine.weights import active_weights, start_values
from matching.learning.enums import LearnedState, Level
from matching.learning.models import LearnedWeights

if TYPE_CHECKING:
    from brygga.users.models import User

#: Learned weights are shown and kept with so many decimals, which is finer than any list can tell.
DECIMALS = 4
_UNIT = 10**DECIMALS


@dataclass(frozen=True)
class LearnedLine:
    """One criterion: what it weighed when choices were compared, and what they say it should."""

    name: str
    before: float
    learned: float

    @property
    def change(self) -> float:
        return round(self.learned - self.before, DECIMALS)


def everybodys() -> LearnedWeights | None:
    """Return the newest that was learned of all givers, whether it passed the test or not. One query."""
    return LearnedWeights.objects.filter(level=Level.EVERYBODY).order_by("-created_at", "-pk").first()


def proposed(learned: LearnedWeights) -> dict[str, float]:
    """Return learned weights rounded so that they still sum to 1; what the rounding leaves over goes to the nearest."""
    whole = {name: learned.weights.get(name, 0.0) * _UNIT for name in start_values()}
    rounded = {name: int(value) for name, value in whole.items()}
    nearest = sorted(whole, key=lambda name: (rounded[name] - whole[name], name))
    for name in nearest[: _UNIT - sum(rounded.values())]:
        rounded[name] += 1
    return {name: value / _UNIT for name, value in rounded.items()}


def lines_of(learned: LearnedWeights) -> list[LearnedLine]:
    """Return every criterion with its weight before and as it was learned, the largest change first."""
    new = proposed(learned)
    lines = [
        LearnedLine(name, round(learned.compared_with.get(name, 0.0), DECIMALS), new[name]) for name in new
    ]
    return sorted(lines, key=lambda line: (-abs(line.change), line.name))


def why_not(learned: LearnedWeights) -> str:
    """Say in a sentence why learned weights may not become everybody's now; empty when they may. Two queries."""
    if learned.level != Level.EVERYBODY:
        return _("Only what was learned of all givers can become everybody's weights.")
    if learned.state != LearnedState.SHADOW:
        return _("They did not pass the test.")
    if everybodys() != learned:
        return _("Something newer has been learned.")
    if not is_same(learned.compared_with, active_weights().values):
        return _("They were tested against other weights than those in force. Wait for the next night.")
    return ""


def is_same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Say whether two sets of weights are the same, but for rounding; one that is not there is nothing."""
    return all(abs(one.get(name, 0.0) - other.get(name, 0.0)) < 0.5 / _UNIT for name in {*one, *other})


@transaction.atomic
def take_up(
    *, learned: LearnedWeights, rules: Mapping[str, int], note: str, actor: User | None, now: datetime
) -> MatchWeights:
    """Make learned weights a new version of everybody's, in force from the next run on.

    Earlier versions stay, and one of them can be made a new version again. Raises PermissionDenied, and
    ValidationError when they may not be taken up (`why_not`) or as `weighing.save_weights` does.
    """
    from matching.engine.weighing import save_weights  # noqa: PLC0415 - loads scipy

    # The nightly learning may forget old rows meanwhile.
    learned = LearnedWeights.objects.select_for_update().get(pk=learned.pk)
    if reason := why_not(learned):
        raise ValidationError(reason)
    return save_weights(
        values=proposed(learned), rules=rules, note=note, actor=actor, now=now, learned_from=learned.pk
    )
