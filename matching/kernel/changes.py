"""What could be changed about one rule: each change with the facts as they then are.

Nothing is yielded that nobody can do (be another person, have other drivers, open what has closed) nor
about a fact that is not stated, which is a question: see `questions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import InitiativeArrays, OfferArrays
from matching.kernel.facts import InitiativeFacts, NeedFacts, OfferFacts, SupportFacts
from matching.kernel.trees import Tree

F = TypeVar("F", InitiativeFacts, OfferFacts)
#: act = something one can do; if_true = to be said only where it already is so; wait = time does it.
Nature = Literal["act", "if_true", "wait"]

#: Changes tried of one rule: of more, those that most rows suggest.
MOST_TRIED = 60
#: Kinds that people can found by themselves.
FORMABLE: Final = ("association", "economic_association", "company", "foundation")
#: A county's level in the tree of areas, counted from the world; a country is one above it.
COUNTY_LEVEL = 4
#: Rules that no change of one's own can meet.
FIXED: Final = frozenset({"other_organisation", "forms_refused_by_offer"})


@dataclass(frozen=True)
class Change:
    """One change of one side's facts.

    Parameters
    ----------
    rule
        The requirement it is about, of `codes.REQUIREMENTS`.
    kind
        What is done, such as `work_in`; see `initiative_changes` and `offer_changes`.
    nature
        Whether it is done, only said where true, or waited for.
    code, number
        What fills it: a code, and months, kronor or per cent, or the day as days since 1970-01-01.
    effort
        Orders changes of one rule, smallest first; comparable within a rule only.
    """

    rule: str
    kind: str
    nature: Nature
    code: str | None = None
    number: float | None = None
    effort: float = 0.0


# What an initiative could change -------------------------------------------------------------------

Tried = Iterator[tuple[Change, InitiativeFacts]]


def initiative_changes(rule: str, facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    """Yield changes that could meet a rule of these offers, with the facts as they then are.

    Kinds: `form_organisation`, `be_led_by`, `take_in_partner`, `take_in_anyone`, `get_number`, `grow_older`,
    `work_in`, `need_too`, `accept_form`, `be_about`, `be_for`, `do_now`, `write_in`, `ask_at_most`,
    `ask_at_least`, `carry_share`. Nothing for rules of `FIXED`, for facts about who people are and what
    drives them, nor a fact that is not stated: that is a question, see `questions`.
    """
    if rule in _INITIATIVE_CHANGES:
        yield from _INITIATIVE_CHANGES[rule](facts, offers)


def _organisation(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    rule = "organisation_kind"
    alone = facts.lead_kind in codes.NEVER_LEGAL_ENTITY
    any_of_them = offers.applies_to == codes.APPLIES_TO.index("any")
    for kind in _columns(codes.ORGANISATION_KINDS, offers.eligible_kinds[any_of_them]):
        partner = replace(facts, actor_kinds=(*(facts.actor_kinds or ()), kind))
        yield Change(rule, "take_in_partner", "act", kind, effort=1), partner
    for kind in _columns(codes.ORGANISATION_KINDS, offers.eligible_kinds[~any_of_them]):
        if kind in codes.NEVER_LEGAL_ENTITY or kind == facts.lead_kind:
            continue  # Nobody becomes a private person again for a rule's sake.
        if alone and kind in FORMABLE:
            formed = replace(facts, lead_kind=kind, legal_entity=True)
            yield Change(rule, "form_organisation", "act", kind, effort=2 + FORMABLE.index(kind)), formed
        else:
            # Whoever leads today takes part then.
            others = None if facts.actor_kinds is None else (*facts.actor_kinds, facts.lead_kind)
            led = replace(facts, lead_kind=kind, legal_entity=True, actor_kinds=others)
            yield Change(rule, "be_led_by", "act", kind, effort=7), led


def _must_include(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for kind in _columns(codes.ORGANISATION_KINDS, offers.must_include):
        partner = replace(facts, actor_kinds=(*(facts.actor_kinds or ()), kind))
        yield Change("must_include", "take_in_partner", "act", kind), partner


def _consortium(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    together = replace(facts, actor_kinds=(*(facts.actor_kinds or ()), None))
    yield Change("consortium", "take_in_anyone", "act"), together


def _legal_entity(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    yield Change("legal_entity", "get_number", "act"), replace(facts, legal_entity=True)


def _age(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for months in _figures(offers.min_age_months):
        wait = months - (facts.age_months or 0.0)
        yield (
            Change("age", "grow_older", "wait", number=months, effort=wait),
            replace(facts, age_months=months),
        )


def _area(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    tree = offers.trees.areas
    for place in _most_chosen(offers.areas.sum(axis=0)):
        code = tree.codes[place]
        # Deeper in the tree says more: the county is the smaller promise.
        change = Change("area", "work_in", "act", code, effort=float(tree.distances[place].max()))
        yield change, replace(facts, works_in=(*(facts.works_in or ()), code))


def _support_kind(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for kind in _columns(codes.SUPPORT_KINDS, offers.kinds):
        if kind not in (facts.forms_not_accepted or ()):
            needing = replace(facts, needs=(*(facts.needs or ()), NeedFacts(kind)))
            yield Change("support_kind", "need_too", "if_true", kind), needing


def _refused(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    given = set(_columns(codes.SUPPORT_KINDS, offers.kinds))
    refused = facts.forms_not_accepted or ()
    for kind in refused:
        if kind in given:
            open_to_it = replace(facts, forms_not_accepted=tuple(one for one in refused if one != kind))
            yield Change("forms_refused_by_initiative", "accept_form", "act", kind), open_to_it


def _topic(
    rule: str, kind: str, name: str, tree: Callable[[OfferArrays], Tree]
) -> Callable[[InitiativeFacts, OfferArrays], Tried]:
    def changes(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
        for place in _most_chosen(getattr(offers, name).sum(axis=0)):
            code = tree(offers).codes[place]
            said: dict[str, tuple[str, ...]] = {name: (*(getattr(facts, name) or ()), code)}
            effort = float(tree(offers).distances[place].max())
            yield Change(rule, kind, "if_true", code, effort=effort), _with(facts, said)

    return changes


def _process_parts(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for part in _columns(codes.PROCESS_PARTS, offers.process_parts):
        doing = replace(facts, process_parts=(*(facts.process_parts or ()), part))
        yield Change("strict_process_parts", "do_now", "if_true", part), doing


def _language(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for language in _columns(codes.LANGUAGES, offers.languages):
        yield Change("strict_language", "write_in", "act", language), replace(facts, language=language)


def _amount(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for kind in dict.fromkeys(need.kind for need in facts.needs or ()):
        column = codes.SUPPORT_KINDS.index(kind)
        mine = [need for need in facts.needs or () if need.kind == kind]
        asked = sum(need.amount or 0.0 for need in mine)
        if not asked:
            continue
        others = tuple(need for need in facts.needs or () if need.kind != kind)
        for name, bounds in (
            ("ask_at_most", [one for one in _figures(offers.amount_max[:, column]) if 0 < one < asked]),
            ("ask_at_least", [one for one in _figures(offers.amount_min[:, column]) if one > asked]),
        ):
            for bound in bounds:
                effort = abs(float(np.log(bound / asked)))
                need = replace(mine[0], amount=bound)
                yield (
                    Change("strict_amount", name, "act", kind, bound, effort),
                    replace(facts, needs=(*others, need)),
                )


def _co_funding(facts: InitiativeFacts, offers: OfferArrays) -> Tried:
    for percent in _figures(offers.co_funding):
        yield (
            Change("strict_co_funding", "carry_share", "act", number=percent, effort=percent),
            replace(facts, co_funding_percent=percent),
        )


_INITIATIVE_CHANGES: dict[str, Callable[[InitiativeFacts, OfferArrays], Tried]] = {
    "organisation_kind": _organisation,
    "must_include": _must_include,
    "consortium": _consortium,
    "legal_entity": _legal_entity,
    "age": _age,
    "area": _area,
    "support_kind": _support_kind,
    "forms_refused_by_initiative": _refused,
    "strict_themes": _topic("strict_themes", "be_about", "themes", lambda offers: offers.trees.themes),
    "strict_target_groups": _topic(
        "strict_target_groups", "be_for", "target_groups", lambda offers: offers.trees.target_groups
    ),
    "strict_process_parts": _process_parts,
    "strict_language": _language,
    "strict_amount": _amount,
    "strict_co_funding": _co_funding,
}


# What a giver could decide -------------------------------------------------------------------------

Softened = Iterator[tuple[Change, OfferFacts]]


def offer_changes(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    """Yield softer rules that could let these initiatives in, with the offer as it then is.

    Kinds: `take_kind`, `drop_partner`, `drop_consortium`, `drop_number`, `take_younger`, `take_area`,
    `give_too`, `drop_refusal`, `make_wish`.
    """
    if rule in _OFFER_CHANGES:
        yield from _OFFER_CHANGES[rule](rule, facts, initiatives)


def _take_kind(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    eligible = facts.eligible_organisation_kinds or ()
    for kind in _columns(codes.ORGANISATION_KINDS, initiatives.actor_kinds):
        if kind not in eligible:
            taking = replace(facts, eligible_organisation_kinds=(*eligible, kind))
            yield Change(rule, "take_kind", "act", kind), taking


def _drop(kind: str, **dropped: object) -> Callable[[str, OfferFacts, InitiativeArrays], Softened]:
    def changes(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
        yield Change(rule, kind, "act"), _with(facts, dropped)

    return changes


def _take_younger(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    least = facts.min_age_months or 0.0
    for months in (0.0, 6.0, 12.0, 24.0, 36.0):
        if months < least:
            change = Change(rule, "take_younger", "act", number=months, effort=least - months)
            yield change, replace(facts, min_age_months=months)


def _take_area(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    tree = initiatives.trees.areas
    levels = tree.distances.max(axis=1)
    # Whole counties and countries: a giver hardly adds one municipality at a time.
    above = (initiatives.works_in @ (tree.distances >= 0).astype(np.float32)).sum(axis=0)
    wide = (levels <= COUNTY_LEVEL) & (levels >= COUNTY_LEVEL - 1)
    for place in _most_chosen(np.where(wide, np.asarray(above).ravel(), 0.0)):
        taking = replace(facts, areas=(*(facts.areas or ()), tree.codes[place]))
        yield Change(rule, "take_area", "act", tree.codes[place], effort=-float(levels[place])), taking


def _give_too(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    for kind in _columns(codes.SUPPORT_KINDS, initiatives.need_urgency > 0):
        giving = replace(facts, support=(*(facts.support or ()), SupportFacts(kind)))
        yield Change(rule, "give_too", "act", kind), giving


def _drop_refusal(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    refused = facts.forms_not_accepted or ()
    for code in refused:
        left = tuple(one for one in refused if one != code)
        yield Change(rule, "drop_refusal", "act", code), replace(facts, forms_not_accepted=left)


def _make_wish(rule: str, facts: OfferFacts, initiatives: InitiativeArrays) -> Softened:
    name = rule.removeprefix("strict_")
    softer = replace(facts, strict=tuple(one for one in facts.strict if one != name))
    yield Change(rule, "make_wish", "act"), softer


_OFFER_CHANGES: dict[str, Callable[[str, OfferFacts, InitiativeArrays], Softened]] = {
    "organisation_kind": _take_kind,
    "must_include": _drop("drop_partner", must_include_kinds=()),
    "consortium": _drop("drop_consortium", consortium_required=False),
    "legal_entity": _drop("drop_number", legal_entity_required=False),
    "age": _take_younger,
    "area": _take_area,
    "support_kind": _give_too,
    "forms_refused_by_initiative": _give_too,
    "forms_refused_by_offer": _drop_refusal,
    **{f"strict_{name}": _make_wish for name in codes.STRICT},
}


# Parts ---------------------------------------------------------------------------------------------


def _with(facts: F, changed: Mapping[str, Any]) -> F:
    return replace(facts, **changed)


def _columns(order: Iterable[str], chosen: NDArray[np.bool_]) -> list[str]:
    """Return the codes that some row has chosen, in their order."""
    some: NDArray[np.bool_] = np.asarray(chosen.any(axis=0))
    return [code for code, is_chosen in zip(order, some, strict=True) if is_chosen]


def _figures(values: NDArray[np.float32]) -> list[float]:
    """Return the different figures, those that most rows have first, and of the others none."""
    known = values[~np.isnan(values)]
    figures, numbers = np.unique(known, return_counts=True)
    order = np.argsort(-numbers, kind="stable")[: MOST_TRIED // 2]
    return [float(figure) for figure in figures[order]]


def _most_chosen(numbers: NDArray[np.floating]) -> list[int]:
    """Return the places that are chosen at all, most chosen first."""
    flat = np.asarray(numbers).ravel()
    order = np.argsort(-flat, kind="stable")
    return [int(place) for place in order[:MOST_TRIED] if flat[place] > 0]
