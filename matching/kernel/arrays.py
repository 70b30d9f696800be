"""Facts as arrays: one struct of arrays a side, checked on entry.

`encode_initiatives` and `encode_offers` make them from facts; `rows` cuts out a part. Nothing here is
a score. Three states are kept apart everywhere: unknown, said to be none, given.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel import codes
from matching.kernel.facts import InitiativeFacts, OfferFacts, SupportedCase, Taxonomy
from matching.kernel.terms import TextDocument
from matching.kernel.trees import Tree, area_nearness

#: States of a list: nobody has said, said to be none, given.
UNKNOWN, NONE, GIVEN = -1, 0, 1

Fact = TypeVar("Fact", InitiativeFacts, OfferFacts)


class Trees:
    """The taxonomy's trees, made once for both sides."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.areas = Tree.of(taxonomy.areas)
        self.themes = Tree.of(taxonomy.themes)
        self.target_groups = Tree.of(taxonomy.target_groups)

    @cached_property
    def nearness(self) -> NDArray[np.float32]:
        """How near two areas are, shape (n_areas, n_areas)."""
        return area_nearness(self.areas, self.taxonomy.neighbours)


@dataclass(frozen=True)
class _Rows:
    """What both sides have in common: n rows, and every array as long."""

    trees: Trees
    keys: tuple[str, ...]
    organisation: NDArray[np.int64]  # (n,), -1 unknown
    documents: tuple[TextDocument, ...]
    challenges: NDArray[np.int32]  # (n, MOST_CHALLENGES), keys in falling order, then 0

    def __post_init__(self) -> None:
        n = len(self.keys)
        if len(set(self.keys)) != n:
            raise ValueError("keys must be unique")
        for part in fields(self):
            value = getattr(self, part.name)
            if part.name != "trees" and len_of(value) != n:
                raise ValueError(f"{part.name} has {len_of(value)} rows, not {n}")

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, chosen: slice | NDArray[np.integer[Any]]) -> Self:
        """Return these rows only, in this order."""
        # By plain numbers: with numpy's own, each row of a tuple would cost ten times as much.
        listed = [] if isinstance(chosen, slice) else np.arange(len(self))[chosen].tolist()

        def cut(value: Any) -> Any:
            if isinstance(chosen, slice) or not isinstance(value, tuple):
                return value[chosen]
            return tuple([value[place] for place in listed])

        values = {
            part.name: getattr(self, part.name) if part.name == "trees" else cut(getattr(self, part.name))
            for part in fields(self)
        }
        return type(self)(**values)

    @cached_property
    def key_order(self) -> NDArray[np.int64]:
        """Place of each row when sorted by key, shape (n,): what breaks ties."""
        order = np.empty(len(self), dtype=np.int64)
        order[sorted(range(len(self)), key=self.keys.__getitem__)] = np.arange(len(self))
        return order


@dataclass(frozen=True)
class InitiativeArrays(_Rows):
    """Initiatives; n rows, K organisation kinds, S support kinds, P process parts."""

    lead_kind: NDArray[np.int8]  # (n,), -1 unknown
    actor_kinds: NDArray[np.bool_]  # (n, K), the lead included
    actors_complete: NDArray[np.bool_]  # (n,), every actor is listed and of known kind
    number_of_actors: NDArray[np.int32]  # (n,), -1 unknown
    legal_entity: NDArray[np.int8]  # (n,), -1 unknown, 0 no, 1 yes
    age_months: NDArray[np.float32]  # (n,), nan unknown
    works_in: sparse.csr_array  # (n, n_areas), 1 where chosen
    works_in_unresolved: NDArray[np.bool_]  # (n,)
    may_spread_to: sparse.csr_array  # (n, n_areas)
    themes: NDArray[np.bool_]  # (n, n_themes)
    themes_unresolved: NDArray[np.bool_]  # (n,)
    target_groups: NDArray[np.bool_]  # (n, n_target_groups)
    target_groups_unresolved: NDArray[np.bool_]  # (n,)
    process_parts: NDArray[np.bool_]  # (n, P)
    need_urgency: NDArray[np.float32]  # (n, S), 0 not needed
    need_amount: NDArray[np.float32]  # (n, S), kronor, nan unknown
    need_hours: NDArray[np.float32]  # (n, S), nan unknown
    refused_kinds: NDArray[np.bool_]  # (n, S)
    refused_state: NDArray[np.int8]  # (n,)
    form_after: NDArray[np.int8]  # (n,), -1 unknown
    drivers: NDArray[np.bool_]  # (n, n_drivers)
    language: NDArray[np.int8]  # (n,), -1 unknown
    co_funding: NDArray[np.float32]  # (n,), percent, nan unknown


@dataclass(frozen=True)
class OfferArrays(_Rows):
    """Offers; n rows. `*_state` is UNKNOWN, NONE (open to all) or GIVEN."""

    eligible_kinds: NDArray[np.bool_]  # (n, K)
    eligible_state: NDArray[np.int8]  # (n,)
    applies_to: NDArray[np.int8]  # (n,), place in codes.APPLIES_TO
    must_include: NDArray[np.bool_]  # (n, K)
    must_include_state: NDArray[np.int8]  # (n,)
    consortium_required: NDArray[np.int8]  # (n,), -1 no rule known, 0 no, 1 yes
    legal_entity_required: NDArray[np.int8]  # (n,)
    min_age_months: NDArray[np.float32]  # (n,), nan no rule known
    areas: sparse.csr_array  # (n, n_areas)
    areas_state: NDArray[np.int8]  # (n,)
    areas_unresolved: NDArray[np.bool_]  # (n,)
    themes: NDArray[np.bool_]  # (n, n_themes)
    themes_state: NDArray[np.int8]  # (n,)
    themes_unresolved: NDArray[np.bool_]  # (n,)
    target_groups: NDArray[np.bool_]  # (n, n_target_groups)
    target_groups_state: NDArray[np.int8]  # (n,)
    target_groups_unresolved: NDArray[np.bool_]  # (n,)
    process_parts: NDArray[np.bool_]  # (n, P)
    process_parts_state: NDArray[np.int8]  # (n,)
    kinds: NDArray[np.bool_]  # (n, S)
    amount_min: NDArray[np.float32]  # (n, S), kronor, nan unknown
    amount_max: NDArray[np.float32]  # (n, S), kronor, nan unknown
    hours: NDArray[np.float32]  # (n, S), nan unknown
    refused_kinds: NDArray[np.bool_]  # (n, S)
    refused_forms_after: NDArray[np.bool_]  # (n, n_forms_after)
    refused_drivers: NDArray[np.bool_]  # (n, n_drivers)
    languages: NDArray[np.bool_]  # (n, n_languages)
    languages_state: NDArray[np.int8]  # (n,)
    opens_day: NDArray[np.float64]  # (n,), -inf open already
    closes_day: NDArray[np.float64]  # (n,), inf rolling
    strict: NDArray[np.bool_]  # (n, len(codes.STRICT))
    co_funding: NDArray[np.float32]  # (n,), percent, nan no rule known
    drivers: NDArray[np.bool_]  # (n, n_drivers)
    drivers_state: NDArray[np.int8]  # (n,)
    history: tuple[tuple[SupportedCase, ...], ...]  # n tuples


def encode_initiatives(facts: Sequence[InitiativeFacts], trees: Trees) -> InitiativeArrays:
    """Turn facts into arrays, row by row in the given order.

    Raises ValueError for a code that is in none of `codes`' lists; an unknown area, theme or target
    group counts as unresolved instead.

    Parameters
    ----------
    facts : sequence of InitiativeFacts, n long
    trees
        The same for both sides.

    Returns
    -------
    InitiativeArrays
        n rows. Cost O(n), some tens of microseconds a row.

    Raises
    ------
    ValueError
        For a code that is in none of `codes`' lists, or a key that comes twice. An unknown area, theme or target
        group counts as unresolved instead.
    """
    themes, themes_lost = tree_choices(trees.themes, [f.themes for f in facts])
    groups, groups_lost = tree_choices(trees.target_groups, [f.target_groups for f in facts])
    works_in, works_in_lost = tree_choices(trees.areas, [f.works_in for f in facts])
    spreads, _ = tree_choices(trees.areas, [f.may_spread_to for f in facts])
    needs = [f.needs or () for f in facts]
    actors = [(f.lead_kind, *(f.actor_kinds or ())) for f in facts]
    return InitiativeArrays(
        trees=trees,
        keys=tuple(f.key for f in facts),
        organisation=_organisations(facts),
        documents=tuple(f.document for f in facts),
        challenges=_challenges(facts),
        lead_kind=_places(codes.ORGANISATION_KINDS, [f.lead_kind for f in facts]),
        actor_kinds=_choices(codes.ORGANISATION_KINDS, [[kind for kind in row if kind] for row in actors]),
        actors_complete=np.array(
            [f.actor_kinds is not None and None not in row for f, row in zip(facts, actors, strict=True)],
            dtype=bool,
        ),
        number_of_actors=np.array([f.number_of_actors or -1 for f in facts], dtype=np.int32),
        legal_entity=_three_valued([f.known_legal_entity for f in facts]),
        age_months=_numbers([f.age_months for f in facts]),
        works_in=sparse.csr_array(works_in.astype(np.float32)),
        works_in_unresolved=works_in_lost
        | np.array([bool(f.works_in_unresolved) for f in facts], dtype=bool),
        may_spread_to=sparse.csr_array(spreads.astype(np.float32)),
        themes=themes,
        themes_unresolved=themes_lost | np.array([bool(f.themes_unresolved) for f in facts], dtype=bool),
        target_groups=groups,
        target_groups_unresolved=groups_lost
        | np.array([bool(f.target_groups_unresolved) for f in facts], dtype=bool),
        process_parts=_choices(codes.PROCESS_PARTS, [f.process_parts or () for f in facts]),
        need_urgency=_by_kind([[(need.kind, need.urgency) for need in row] for row in needs], max, empty=0.0),
        need_amount=_by_kind([[(need.kind, need.amount or None) for need in row] for row in needs], _total),
        need_hours=_by_kind([[(need.kind, need.hours or None) for need in row] for row in needs], _total),
        refused_kinds=_choices(codes.SUPPORT_KINDS, [f.forms_not_accepted or () for f in facts]),
        refused_state=_states([f.forms_not_accepted for f in facts]),
        form_after=_places(codes.FORMS_AFTER, [f.form_after for f in facts]),
        drivers=_choices(codes.DRIVERS, [f.drivers or () for f in facts]),
        language=_places(codes.LANGUAGES, [f.language for f in facts]),
        co_funding=_numbers([f.co_funding_percent for f in facts]),
    )


def encode_offers(facts: Sequence[OfferFacts], trees: Trees) -> OfferArrays:
    """Turn facts into arrays, row by row in the given order; raises as `encode_initiatives` does.

    Parameters
    ----------
    facts : sequence of OfferFacts, m long
    trees
        The same for both sides.

    Returns
    -------
    OfferArrays
        m rows. Cost O(m).

    Raises
    ------
    ValueError
        As `encode_initiatives`.
    """
    themes, themes_lost = tree_choices(trees.themes, [f.themes for f in facts])
    groups, groups_lost = tree_choices(trees.target_groups, [f.target_groups for f in facts])
    areas, areas_lost = tree_choices(trees.areas, [f.areas for f in facts])
    support = [f.support or () for f in facts]
    refused = [f.forms_not_accepted or () for f in facts]
    known_forms = {*codes.SUPPORT_KINDS, *codes.FORMS_AFTER, *codes.DRIVERS}
    for row in refused:
        if unknown := set(row) - known_forms:
            raise ValueError(f"unknown code {sorted(unknown)[0]!r}")
    return OfferArrays(
        trees=trees,
        keys=tuple(f.key for f in facts),
        organisation=_organisations(facts),
        documents=tuple(f.document for f in facts),
        challenges=_challenges(facts),
        eligible_kinds=_choices(
            codes.ORGANISATION_KINDS, [f.eligible_organisation_kinds or () for f in facts]
        ),
        eligible_state=_states([f.eligible_organisation_kinds for f in facts]),
        applies_to=_places(codes.APPLIES_TO, [f.applies_to for f in facts]),
        must_include=_choices(codes.ORGANISATION_KINDS, [f.must_include_kinds or () for f in facts]),
        must_include_state=_states([f.must_include_kinds for f in facts]),
        consortium_required=_three_valued([f.consortium_required for f in facts]),
        legal_entity_required=_three_valued([f.legal_entity_required for f in facts]),
        min_age_months=_numbers([f.min_age_months for f in facts]),
        areas=sparse.csr_array(areas.astype(np.float32)),
        # Only unresolved names: a rule is given, though not known.
        areas_state=_states([f.areas or f.areas_unresolved or f.areas for f in facts]),
        areas_unresolved=areas_lost | np.array([bool(f.areas_unresolved) for f in facts], dtype=bool),
        themes=themes,
        themes_state=_states([f.themes or f.themes_unresolved or f.themes for f in facts]),
        themes_unresolved=themes_lost | np.array([bool(f.themes_unresolved) for f in facts], dtype=bool),
        target_groups=groups,
        target_groups_state=_states(
            [f.target_groups or f.target_groups_unresolved or f.target_groups for f in facts]
        ),
        target_groups_unresolved=groups_lost
        | np.array([bool(f.target_groups_unresolved) for f in facts], dtype=bool),
        process_parts=_choices(codes.PROCESS_PARTS, [f.process_parts or () for f in facts]),
        process_parts_state=_states([f.process_parts for f in facts]),
        kinds=_choices(codes.SUPPORT_KINDS, [[s.kind for s in row] for row in support]),
        # Two supports of one kind are one range, open where one of them is.
        amount_min=_by_kind(
            [[(s.kind, s.amount_min or None) for s in row] for row in support], min, open_wins=True
        ),
        amount_max=_by_kind(
            [[(s.kind, s.amount_max or None) for s in row] for row in support], max, open_wins=True
        ),
        hours=_by_kind([[(s.kind, s.hours or None) for s in row] for row in support], max, open_wins=True),
        refused_kinds=_choices(
            codes.SUPPORT_KINDS, [[c for c in row if c in codes.SUPPORT_KINDS] for row in refused]
        ),
        refused_forms_after=_choices(
            codes.FORMS_AFTER, [[c for c in row if c in codes.FORMS_AFTER] for row in refused]
        ),
        refused_drivers=_choices(codes.DRIVERS, [[c for c in row if c in codes.DRIVERS] for row in refused]),
        languages=_choices(codes.LANGUAGES, [f.languages or () for f in facts]),
        languages_state=_states([f.languages for f in facts]),
        opens_day=np.array(
            [-np.inf if f.opens_day is None else f.opens_day for f in facts], dtype=np.float64
        ),
        closes_day=np.array(
            [np.inf if f.closes_day is None else f.closes_day for f in facts], dtype=np.float64
        ),
        strict=_choices(codes.STRICT, [f.strict for f in facts]),
        co_funding=_numbers([f.co_funding_percent for f in facts]),
        drivers=_choices(codes.DRIVERS, [f.drivers or () for f in facts]),
        drivers_state=_states([f.drivers for f in facts]),
        history=tuple(f.history for f in facts),
    )


def any_of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which rows have a choice, shape (n,) of (n, c)."""
    return np.asarray(mask.any(axis=1), dtype=bool)


def len_of(value: Any) -> int:
    """Return the number of rows of a tuple, an array or a sparse matrix (which has no len)."""
    return len(value) if isinstance(value, tuple) else int(value.shape[0])


def _places(order: tuple[str, ...], values: Iterable[str | None]) -> NDArray[np.int8]:
    return np.array([-1 if value is None else _place(order, value) for value in values], dtype=np.int8)


def _place(order: tuple[str, ...], code: str) -> int:
    try:
        return order.index(code)
    except ValueError:
        raise ValueError(f"unknown code {code!r}, not one of {', '.join(order)}") from None


def _choices(order: tuple[str, ...], rows: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
    result = np.zeros((len(rows), len(order)), dtype=bool)
    for place, row in enumerate(rows):
        for code in row:
            result[place, _place(order, code)] = True
    return result


def tree_choices(
    tree: Tree, rows: Sequence[tuple[str, ...] | None]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return chosen codes, and which rows name a code that the tree lacks.

    Parameters
    ----------
    tree
        n_codes codes.
    rows : sequence of tuple of str, or None for what nobody has said, n long

    Returns
    -------
    chosen : ndarray of shape (n, n_codes), bool
    unresolved : ndarray of shape (n,), bool
        Cost O(n · choices).
    """
    result = np.zeros((len(rows), len(tree.codes)), dtype=bool)
    lost = np.zeros(len(rows), dtype=bool)
    for place, row in enumerate(rows):
        for code in row or ():
            if code in tree.index:
                result[place, tree.index[code]] = True
            else:
                lost[place] = True
    return result, lost


def _three_valued(values: Iterable[bool | None]) -> NDArray[np.int8]:
    return np.array([-1 if value is None else int(value) for value in values], dtype=np.int8)


def _states(values: Iterable[Sequence[object] | None]) -> NDArray[np.int8]:
    return np.array(
        [UNKNOWN if value is None else (GIVEN if value else NONE) for value in values], dtype=np.int8
    )


def _numbers(values: Iterable[float | None]) -> NDArray[np.float32]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)


def _total(first: float, second: float) -> float:
    return first + second


def _by_kind(
    rows: Sequence[Sequence[tuple[str, float | None]]],
    join: Callable[[float, float], float],
    empty: float = np.nan,
    open_wins: bool = False,
) -> NDArray[np.float32]:
    """Return one number a support kind, shape (n, S); several of one kind are joined.

    A None among several is passed over, or makes the whole unknown when `open_wins`.
    """
    result = np.full((len(rows), len(codes.SUPPORT_KINDS)), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        opened = {kind for kind, value in row if value is None} if open_wins else set()
        for kind, value in row:
            column = _place(codes.SUPPORT_KINDS, kind)
            if value is None or kind in opened:
                continue
            if value < 0:
                raise ValueError(f"{kind}: {value} is below zero")
            before = result[place, column]
            result[place, column] = value if np.isnan(before) else join(float(before), value)
    if not np.isnan(empty):
        result[np.isnan(result)] = empty
    return result


def _organisations(facts: Sequence[Fact]) -> NDArray[np.int64]:
    return np.array([-1 if f.organisation_id is None else f.organisation_id for f in facts], dtype=np.int64)


def _challenges(facts: Sequence[Fact]) -> NDArray[np.int32]:
    result = np.zeros((len(facts), codes.MOST_CHALLENGES), dtype=np.int32)
    for place, fact in enumerate(facts):
        # In one order, so that those who answer the same are alike.
        keys = sorted({one.key for one in fact.challenges[: codes.MOST_CHALLENGES]}, reverse=True)
        if keys and keys[-1] <= 0:
            raise ValueError(f"challenge {keys[-1]}: its key is not above zero")
        result[place, : len(keys)] = keys
    return result
