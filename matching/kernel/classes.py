"""Profiles that agree in the facts a rule reads get one answer: it is asked once a class, not once a pair.

Each group holds the rules and criteria that read the same facts, and names those facts. Offers (and
initiatives) that agree in them are one class; the plain functions of `eligibility`, `criteria` and `wishes`
are asked about one of each class, so that a class's answer is theirs by construction. Texts, themes and
target groups are no groups: too few profiles agree in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel import codes, criteria, wishes
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.criteria import Criterion
from matching.kernel.eligibility import RULES

#: Answers of a group are held for all classes of a shard up to so many; beyond it, tile by tile.
MOST_ANSWERS = 8_000_000
#: How many are asked for at a time: what they are made from takes ten times their room.
ANSWERS_AT_A_TIME = 200_000


@dataclass(frozen=True)
class Group:
    """Rules and criteria that read the same facts; a fact is a field, `strict.x` one column of `strict`."""

    name: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


_ACTORS = ("lead_kind", "actor_kinds", "actors_complete", "number_of_actors")
_TREES = tuple(
    Group(
        f"strict_{name}",
        (name, f"{name}_unresolved"),
        (f"strict.{name}", name, f"{name}_state", f"{name}_unresolved"),
        requirements=(f"strict_{name}",),
    )
    for name in ("themes", "target_groups")
)
GROUPS: Final[tuple[Group, ...]] = (
    Group(
        "area",
        ("works_in", "works_in_unresolved", "may_spread_to"),
        ("areas", "areas_state", "areas_unresolved"),
        ("area",),
        ("area",),
    ),
    Group(
        "kinds",
        ("need_urgency", "refused_kinds", "refused_state"),
        ("kinds",),
        ("support_kind", "forms_refused_by_initiative"),
        ("support_kind",),
    ),
    Group(
        "actors",
        _ACTORS,
        (
            "eligible_kinds",
            "eligible_state",
            "applies_to",
            "must_include",
            "must_include_state",
            "consortium_required",
        ),
        ("organisation_kind", "must_include", "consortium"),
        ("organisation",),
    ),
    Group("legal_entity", ("legal_entity",), ("legal_entity_required",), ("legal_entity",)),
    Group("age", ("age_months",), ("min_age_months",), ("age",)),
    Group(
        "refused",
        ("need_urgency", "form_after", "drivers"),
        ("refused_kinds", "refused_forms_after", "refused_drivers"),
        ("forms_refused_by_offer",),
    ),
    Group(
        "process_parts",
        ("process_parts",),
        ("process_parts", "process_parts_state", "strict.process_parts"),
        ("strict_process_parts",),
        ("process_parts",),
    ),
    Group("drivers", ("drivers",), ("kinds", "drivers", "drivers_state"), (), ("drivers",)),
    Group(
        "amount",
        ("need_amount", "need_hours"),
        ("kinds", "amount_min", "amount_max", "hours"),
        (),
        ("amount",),
    ),
    Group(
        "strict_amount",
        ("need_urgency", "need_amount"),
        ("strict.amount", "kinds", "amount_min", "amount_max"),
        ("strict_amount",),
    ),
    Group("challenge", ("challenges",), ("challenges",), (), ("challenge",)),
    Group(
        "language", ("language",), ("strict.language", "languages", "languages_state"), ("strict_language",)
    ),
    Group("co_funding", ("co_funding",), ("strict.co_funding", "co_funding"), ("strict_co_funding",)),
    *_TREES,
)
#: Answered pair by pair, or by product: see `tiles` and `pairs`.
OTHER_REQUIREMENTS: Final = ("other_organisation", "dates")
OTHER_CRITERIA: Final = ("text", "themes", "target_groups", "history")

_CRITERIA: Final[Mapping[str, Callable[[InitiativeArrays, OfferArrays], Criterion]]] = {
    "area": criteria.area,
    "process_parts": criteria.process_parts,
    "support_kind": criteria.support_kind,
    "amount": criteria.amount,
    "organisation": wishes.organisation,
    "drivers": wishes.drivers,
    "challenge": criteria.challenge,
}


def check_groups() -> None:
    """Raise LookupError when a rule or criterion of `codes` is answered nowhere, or twice."""
    for wanted, found in (
        (
            codes.REQUIREMENTS,
            [*OTHER_REQUIREMENTS, *(name for group in GROUPS for name in group.requirements)],
        ),
        (codes.CRITERIA, [*OTHER_CRITERIA, *(name for group in GROUPS for name in group.criteria)]),
    ):
        if sorted(wanted) != sorted(found):
            raise LookupError(f"answered once each: {sorted(set(wanted) ^ set(found)) or 'not all'}")


@dataclass(frozen=True)
class Classes:
    """The classes of n rows in one group.

    Parameters
    ----------
    of_row : ndarray of shape (n,)
        Class of each row.
    examples : ndarray of shape (n_classes,)
        One row of each class.
    """

    of_row: NDArray[np.int64]
    examples: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.examples)


def classes_of(arrays: InitiativeArrays | OfferArrays, names: tuple[str, ...]) -> Classes:
    """Find which rows agree in these facts. Cost O(n log n)."""
    n = len(arrays)
    # Of a strict wish that is none, the rest says nothing: those rows are one class.
    applies = np.ones(n, dtype=bool)
    parts: list[NDArray[Any]] = []
    for name in names:
        if name.startswith("strict.") and isinstance(arrays, OfferArrays):
            column = arrays.strict[:, codes.STRICT.index(name.removeprefix("strict."))]
            if name == names[0]:
                applies = column
            parts.append(column[:, None])
        else:
            value: Any = getattr(arrays, name)
            if sparse.issparse(value):
                value = value.toarray() > 0
            parts.append(np.packbits(value, axis=1) if value.dtype == bool and value.ndim == 2 else value)
    if not n:
        return Classes(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    content = np.hstack([_as_bytes(part) for part in parts])
    content[~applies] = 0
    keys = np.ascontiguousarray(content).view(np.dtype((np.void, content.shape[1]))).ravel()
    _, examples, of_row = np.unique(keys, return_index=True, return_inverse=True)
    return Classes(of_row.ravel().astype(np.int64), examples.astype(np.int64))


def _as_bytes(value: NDArray[Any]) -> NDArray[np.uint8]:
    columns = np.ascontiguousarray(value.reshape(len(value), -1))
    return columns.view(np.uint8).reshape(len(value), -1)


@dataclass(frozen=True)
class Answers:
    """What a group says of some classes of initiatives (u) and of offers (d).

    Parameters
    ----------
    verdicts : ndarray of shape (r, u, d), int8
    values : ndarray of shape (c, u, d), float32
    known, settled : ndarray of shape (c, u, d), bool
    """

    verdicts: NDArray[np.int8]
    values: NDArray[np.float32]
    known: NDArray[np.bool_]
    settled: NDArray[np.bool_]

    @classmethod
    def ask(cls, group: Group, initiatives: InitiativeArrays, offers: OfferArrays) -> Answers:
        """Ask the plain functions about every pair of these examples."""
        shape = (len(initiatives), len(offers))
        found = [_CRITERIA[name](initiatives, offers) for name in group.criteria]
        return cls(
            _stacked([RULES[name](initiatives, offers) for name in group.requirements], shape, np.int8),
            _stacked([criterion.value for criterion in found], shape, np.float32),
            _stacked([criterion.known for criterion in found], shape, np.bool_),
            _stacked([criterion.known | criterion.indifferent for criterion in found], shape, np.bool_),
        )

    @classmethod
    def joined(cls, parts: list[Answers]) -> Answers:
        """Return answers for classes of initiatives asked about in several parts."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            *(np.concatenate([getattr(part, field.name) for part in parts], axis=1) for field in fields(cls))
        )

    def spread(self, places: NDArray[np.int64], size: int) -> Answers:
        """Return answers for `size` classes of offers, of which these stand at `places`; 0 for the others."""
        whole = []
        for field in fields(Answers):
            part = getattr(self, field.name)
            whole.append(np.zeros((*part.shape[:2], size), dtype=part.dtype))
            whole[-1][:, :, places] = part
        return Answers(*whole)

    def points(
        self, group: Group, weights: NDArray[np.float64], means: NDArray[np.float64], shut_out: float
    ) -> NDArray[np.float32]:
        """Return what the group adds to fit, less `shut_out` for each broken rule, shape (u, d)."""
        result = np.zeros(self.verdicts.shape[1:], dtype=np.float32)
        for place, name in enumerate(group.criteria):
            criterion = codes.CRITERIA.index(name)
            points = self.values[place] - np.float32(means[criterion])
            points *= np.float32(weights[criterion])
            points *= self.known[place]
            result += points
        for verdicts in self.verdicts:
            result -= np.float32(shut_out) * (verdicts == codes.DOES_NOT_FIT)
        return result


def _stacked(parts: list[NDArray[Any]], shape: tuple[int, int], kind: Any) -> NDArray[Any]:
    result = np.zeros((len(parts), *shape), dtype=kind)
    for place, part in enumerate(parts):
        result[place] = part
    return result
