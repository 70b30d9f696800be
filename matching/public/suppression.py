"""Numbers that nobody can be counted out of: small ones are not shown, nor is what would give them away.

A table counts things by several dimensions. A cell is named by one member of each, and TOTAL stands
for "all members": ("develop", TOTAL, "SE-14") counts all kinds of support. A thing may lie under
several members of a dimension (an initiative in two parts), so a total is at most the sum of its parts.

A number under FEWEST is shown as "fewer than 3"; nothing at all is shown as 0, since that tells of
nobody. What is left is subtraction: when five parts of a total of 12 show 10 and the sixth is "fewer
than 3", the sixth is 2. Such a total is shown as "at least 11", the most that gives nothing away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

TOTAL = ""
FEWEST = 3
_HIGHEST_HIDDEN, _LOWEST_HIDDEN = FEWEST - 1, 1

Cell = tuple[str, ...]


class Showing(StrEnum):
    """How a number is shown."""

    EXACT = "exact"
    # More than nothing, and under FEWEST.
    FEW = "few"
    # The number is this or more.
    AT_LEAST = "at_least"
    # More than nothing; saying more would give a small number away.
    WITHHELD = "withheld"


class Shown(NamedTuple):
    """What the public may know of a cell; the number is 0 where none is told."""

    showing: Showing
    number: int

    @property
    def is_exact(self) -> bool:
        return self.showing is Showing.EXACT


NOTHING = Shown(Showing.EXACT, 0)


def lines(cells: Mapping[Cell, object]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Return each total with its parts, along every dimension."""
    parts: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in cells:
        for dimension, member in enumerate(cell):
            if member != TOTAL:
                parts[*cell[:dimension], TOTAL, *cell[dimension + 1 :]].append(cell)
    yield from parts.items()


def shown(counts: Mapping[Cell, int]) -> dict[Cell, Shown]:
    """Return what may be shown of each cell that counts something; the others are NOTHING.

    Every part of a total is in `counts`, and so is every total. Each round goes through all lines;
    numbers only fall, so it ends.
    """
    counted = {cell: number for cell, number in counts.items() if number}
    hidden = {cell for cell, number in counted.items() if number < FEWEST}
    most = {cell: number for cell, number in counted.items() if cell not in hidden}
    capped: set[Cell] = set()
    every = [(total, parts) for total, parts in lines(counted) if total in most]
    changed = True
    while changed:
        changed = False
        for total, parts in every:
            silent = sum(part in hidden for part in parts)
            if silent:
                # As much as the parts explain when one hidden part is the least and the others the most.
                others = sum(most[part] for part in parts if part in most)
                cap = others + _HIGHEST_HIDDEN * (silent - 1) + _LOWEST_HIDDEN
                if most[total] > cap or (most[total] == cap and total not in capped):
                    changed = True
                    most[total] = min(most[total], cap)
                    capped.add(total)
            if total in capped:
                # A part that is larger than what its total says would say it instead.
                for part in parts:
                    if part in most and most[part] > most[total]:
                        changed = True
                        most[part] = most[total]
                        capped.add(part)
    return {cell: _shown(cell in hidden, most.get(cell, 0), cell in capped) for cell in counted}


def _shown(is_hidden: bool, most: int, is_capped: bool) -> Shown:
    if is_hidden:
        return Shown(Showing.FEW, 0)
    if not is_capped:
        return Shown(Showing.EXACT, most)
    return Shown(Showing.AT_LEAST, most) if most >= FEWEST else Shown(Showing.WITHHELD, 0)
