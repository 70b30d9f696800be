"""Which weights and rules are in force. Light: the admin changes them through `weighing`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from matching.engine.models import MatchWeights

#: Rules that an operator may change, with what holds until somebody does.
RULES: dict[str, int] = {
    # Suggestions that every initiative gets, if so many offers with room fit.
    "at_least": 3,
    # Suggestions that an offer gets in a run, for each case that it can support, and when that is unknown.
    "room_per_case": 3,
    "room_unknown": 20,
}


@dataclass(frozen=True)
class WeightsInForce:
    """`row` is None as long as nobody has changed the weights that the kernel starts with."""

    row: MatchWeights | None
    values: dict[str, float]
    rules: dict[str, int]


def active_weights() -> WeightsInForce:
    """Return the weights and rules that the next run uses."""
    row = MatchWeights.objects.filter(is_active=True).first()
    if row is None:
        return WeightsInForce(None, start_values(), dict(RULES))
    return WeightsInForce(row, row.values, RULES | row.rules)


def start_values() -> dict[str, Any]:
    """Return the kernel's own weights by criterion."""
    from matching.kernel.combine import Weights  # noqa: PLC0415 - loads numpy

    return asdict(Weights())
