"""How many an offer's rules let in and keep out, in all and by group: arrays in, numbers out. Loads the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.ablation import Ablation, ablate, last_obstacle
from matching.kernel.arrays import InitiativeArrays
from matching.kernel.eligibility import Verdicts, overall_verdict

Mask = NDArray[np.bool_]
Keys = NDArray[np.int64]


@dataclass(frozen=True)
class GroupCount:
    """How many of a group fit, are unclear and do not fit."""

    fits: int
    unclear: int
    stopped: int

    @property
    def number(self) -> int:
        return self.fits + self.unclear + self.stopped


@dataclass(frozen=True)
class Counted:
    """What one offer's rules do with n initiatives.

    `groups` has one entry for each way of grouping ("county", "kind"); somebody who works in two counties
    counts in both. `last` says, by rule and way of grouping, for how many of each group the rule is all that
    stands in the way.
    """

    whole: Ablation
    groups: Mapping[str, Mapping[str, GroupCount]]
    last: Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Grouping:
    """A way of grouping: g names, and who belongs to which, shape (n, g)."""

    names: tuple[str, ...]
    members: Mask

    def counts(self, chosen: Mask) -> list[int]:
        """Return how many of the chosen rows each group has."""
        found: list[int] = self.members[chosen].sum(axis=0).tolist()
        return found


def count(verdicts: Verdicts, groupings: Mapping[str, Grouping]) -> Counted:
    """Count what the rules do.

    Parameters
    ----------
    verdicts : ndarray of shape (n, R), int8
        One offer's requirement verdicts, in the order of `codes.REQUIREMENTS`.
    groupings
        By name, each over the same n rows.

    Returns
    -------
    Counted
        Groups without anybody are left out. Cost O(n · (R + g)).
    """
    overall = overall_verdict(verdicts)
    obstacle = last_obstacle(verdicts)
    groups = {}
    for way, grouping in groupings.items():
        each = zip(
            grouping.names,
            grouping.counts(overall == codes.FITS),
            grouping.counts(overall == codes.UNCLEAR),
            grouping.counts(overall == codes.DOES_NOT_FIT),
            strict=True,
        )
        groups[way] = {
            name: GroupCount(fits, unclear, stopped)
            for name, fits, unclear, stopped in each
            if fits or unclear or stopped
        }
    last = {
        rule: {
            way: {
                name: number
                for name, number in zip(grouping.names, grouping.counts(obstacle == place), strict=True)
                if number
            }
            for way, grouping in groupings.items()
        }
        for place, rule in enumerate(codes.REQUIREMENTS)
    }
    return Counted(ablate(verdicts), groups, last)


def by_area(initiatives: InitiativeArrays, group_of: Mapping[str, str], unsaid: str) -> Grouping:
    """Group by where the work happens: `group_of` takes each area to its group, `unsaid` is for those nowhere."""
    names = (*dict.fromkeys(group_of.values()), unsaid)
    area_codes = initiatives.trees.areas.codes
    belongs = np.zeros((len(area_codes), len(names)), dtype=np.float32)
    for place, code in enumerate(area_codes):
        if code in group_of:
            belongs[place, names.index(group_of[code])] = 1.0
    members = np.asarray(initiatives.works_in @ belongs) > 0
    members[:, -1] = ~members.any(axis=1)
    return Grouping(names, members)


def by_kind(initiatives: InitiativeArrays, unsaid: str) -> Grouping:
    """Group by the kind of the one who leads."""
    names = (*codes.ORGANISATION_KINDS, unsaid)
    members = np.zeros((len(initiatives), len(names)), dtype=bool)
    members[np.arange(len(initiatives)), initiatives.lead_kind] = True  # -1, unknown, is the last
    return Grouping(names, members)


def stacked(parts: list[Grouping]) -> Grouping:
    """Return the rows of groupings with the same names one after the other."""
    return Grouping(parts[0].names, np.concatenate([part.members for part in parts]))
