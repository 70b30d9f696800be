"""What there is to say about one pair: per criterion and requirement a sentence's kind and what fills it.

Reads facts only; the numbers decide elsewhere whether it is said. `explain` makes reasons of these
and `reasons` holds the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.kernel.codes import MOST_CHALLENGES
from matching.kernel.dense_folders import DenseModelError
from matching.kernel.facts import InitiativeFacts, NeedFacts, OfferFacts, SupportFacts, Taxonomy
from matching.kernel.history import nearest_cases
from matching.kernel.naming import named_terms
from matching.kernel.shared_terms import share_terms
from matching.kernel.text import TextStatistics
from matching.kernel.wishes import SUITABLE_FORMS

Parameters = dict[str, Any]
Found = tuple[str, Parameters]


@dataclass(frozen=True)
class Pair:
    """The facts of both sides, and the day."""

    initiative: InitiativeFacts
    offer: OfferFacts
    taxonomy: Taxonomy
    now_day: float


def _ancestors(tree: Mapping[str, str | None], code: str) -> list[str]:
    """Return a code and everything above it, nearest first."""
    found, step = [], code if code in tree else None
    while step is not None:
        found.append(step)
        step = tree[step]
    return found


def related(tree: Mapping[str, str | None], first: str, second: str) -> bool:
    return first in _ancestors(tree, second) or second in _ancestors(tree, first)


# Criteria ---------------------------------------------------------------------------------------


#: Fewer words than this are a coincidence, and are not named as what two texts are about.
FEWEST_WORDS = 2


def text_finding(pair: Pair, text: TextStatistics, value: float, contribution: float) -> Found:
    """Say which words both texts are about, or how alike they are where there are none to name."""
    if value <= 0:
        return "text_little", {}
    named = named_terms(pair.initiative.document, pair.offer.document, text, 4)
    # The weightiest words always; the others only where they say something beside them.
    named = [
        term for place, term in enumerate(named) if place < FEWEST_WORDS or term.weight >= named[0].weight / 3
    ]
    words: Parameters = {
        "words": [term.term for term in named],
        "their_words": [term.other for term in named],
    }
    if text.dense is not None and not share_terms(pair.initiative.document, pair.offer.document, text):
        # What likeness there is the dense model has found.
        return ("text_meaning" if contribution > 0 else "text_meaning_little"), {}
    if len(named) < FEWEST_WORDS:
        return ("text_whole" if contribution > 0 else "text_partly"), words
    return "text_shared", words | {
        "named": [term.to_query for term in named],
        "named_to_offer": [term.to_document for term in named],
    }


def _tree_reason(name: str) -> Callable[[Pair, float], Found]:
    def reason(pair: Pair, value: float) -> Found:
        tree: Mapping[str, str | None] = getattr(pair.taxonomy, name)
        mine: tuple[str, ...] = getattr(pair.initiative, name) or ()
        theirs: tuple[str, ...] = getattr(pair.offer, name) or ()
        shared = [code for code in mine if code in theirs]
        if shared:
            return f"{name}_shared", {name: shared[:3]}
        near = [
            (code, other)
            for code in mine
            for other in theirs
            if set(_ancestors(tree, code)) & set(_ancestors(tree, other))
        ]
        if near:
            return f"{name}_related", {"mine": [near[0][0]], "theirs": [near[0][1]]}
        return f"{name}_apart", {"mine": list(mine), "theirs": list(theirs)}

    return reason


def _area(pair: Pair, value: float) -> Found:
    tree = pair.taxonomy.areas
    theirs = pair.offer.areas or ()
    for kind, places in (("area", pair.initiative.works_in), ("area_spread", pair.initiative.may_spread_to)):
        for place in places or ():
            inside = [area for area in theirs if area in _ancestors(tree, place)]
            if inside:
                nearest = min(inside, key=_ancestors(tree, place).index)
                return f"{kind}_inside", {"mine": [place], "theirs": [nearest]}
            covered = [area for area in theirs if place in _ancestors(tree, area)]
            if covered:
                return f"{kind}_covers", {"mine": [place], "theirs": covered[:3]}
    return ("area_beside" if value > 0 else "area_apart"), {
        "mine": list(pair.initiative.works_in or ()),
        "theirs": list(theirs),
    }


def _process_parts(pair: Pair, value: float) -> Found:
    theirs = pair.offer.process_parts or ()
    shared = [part for part in pair.initiative.process_parts or () if part in theirs]
    if shared:
        return "process_parts_shared", {"parts": shared}
    return "process_parts_apart", {"mine": list(pair.initiative.process_parts or ()), "theirs": list(theirs)}


def _support_kind(pair: Pair, value: float) -> Found:
    needed, given = needed_kinds(pair), given_kinds(pair)
    met = [kind for kind in needed if kind in given]
    if met:
        return "support_kind_met", {"met": met, "unmet": [kind for kind in needed if kind not in given]}
    return "support_kind_unmet", {"needed": needed, "given": given}


def _amount(pair: Pair, value: float) -> Found:
    best: tuple[float, Found] | None = None
    for kind in dict.fromkeys(needed_kinds(pair)):
        needs = [need for need in pair.initiative.needs or () if need.kind == kind]
        supports = [support for support in pair.offer.support or () if support.kind == kind]
        if supports:
            for found in (money(kind, needs, supports), _hours(kind, needs, supports)):
                if found and (best is None or found[0] > best[0]):
                    best = found
    return best[1] if best else ("amount_missing", {})


def money(
    kind: str, needs: Sequence[NeedFacts], supports: Sequence[SupportFacts]
) -> tuple[float, Found] | None:
    amounts = [need.amount for need in needs if need.amount]
    least, most = _range(supports)
    if not amounts or not (least or most):
        return None
    asked = sum(amounts)
    parameters = {"kind": kind, "asked": asked, "least": least, "most": most}
    if most and asked > most:
        return most / asked, ("amount_above", parameters)
    if least and asked < least:
        return asked / least, ("amount_below", parameters)
    return 1.0, ("amount_within", parameters)


def _range(supports: Sequence[SupportFacts]) -> tuple[float | None, float | None]:
    """Return the range of several supports of one kind, open where one of them is."""
    lows = [support.amount_min or None for support in supports]
    highs = [support.amount_max or None for support in supports]
    least = None if None in lows else min(low for low in lows if low is not None)
    most = None if None in highs else max(high for high in highs if high is not None)
    return least, most


def _hours(
    kind: str, needs: Sequence[NeedFacts], supports: Sequence[SupportFacts]
) -> tuple[float, Found] | None:
    hours = [need.hours for need in needs if need.hours]
    offered = [support.hours or None for support in supports]
    if not hours or None in offered:
        return None
    asked, most = sum(hours), max(given for given in offered if given is not None)
    parameters = {"kind": kind, "asked": asked, "most": most}
    return (
        (1.0, ("hours_within", parameters)) if asked <= most else (most / asked, ("hours_short", parameters))
    )


#: An offer for at most so many kinds is especially for each of them.
FEW_KINDS = 3


def _organisation(pair: Pair, value: float) -> Found:
    eligible = pair.offer.eligible_organisation_kinds or ()
    mine = [kind for kind in actor_kinds(pair) if kind in eligible]
    if mine:
        return ("organisation_few" if len(eligible) <= FEW_KINDS else "organisation_many"), {"mine": mine}
    if value > 0:
        wanted = pair.offer.must_include_kinds or ()
        found = [kind for kind in actor_kinds(pair) if kind in wanted]
        if found:
            return "organisation_partner", {"found": found}
        return "organisation_several", {"actors": pair.initiative.number_of_actors}
    if eligible:
        return "organisation_other", {"theirs": list(eligible)}
    return "organisation_alone", {}


def _drivers(pair: Pair, value: float) -> Found:
    mine, given = pair.initiative.drivers or (), given_kinds(pair)
    shared = [driver for driver in mine if driver in (pair.offer.drivers or ())]
    if shared:
        return "drivers_shared", {"drivers": shared[:2]}
    forms = [kind for kind in given if any(kind in SUITABLE_FORMS[driver] for driver in mine)]
    if forms:
        return "drivers_suit", {"forms": forms}
    return ("drivers_form", {"forms": given}) if given else ("drivers_other", {})


def _challenge(pair: Pair, value: float) -> Found:
    mine = pair.initiative.challenges[:MOST_CHALLENGES]
    theirs = {one.key for one in pair.offer.challenges[:MOST_CHALLENGES]}
    shared = [one.title for one in mine if one.key in theirs]
    return ("challenge_shared", {"challenges": shared[:2]}) if shared else ("challenge_other", {})


def history_finding(pair: Pair, text: TextStatistics, contribution: float) -> Found:
    """Name what has been supported before and is most like it; only where that speaks for the pair."""
    if contribution <= 0:
        return "history_other", {}
    try:
        cases = nearest_cases(pair.initiative.key, pair.initiative.document, pair.offer.history, text)
    except DenseModelError:
        # Which are nearest cannot be asked now; that they are alike is what the stored number says.
        cases = []
    if not cases:
        return "history_alike", {}
    kind = "history_of_giver" if any(case.is_borrowed for case in cases) else "history_named"
    return kind, {"cases": [case.name for case in cases]}


CRITERION_FINDINGS: dict[str, Callable[[Pair, float], Found]] = {
    "themes": _tree_reason("themes"),
    "target_groups": _tree_reason("target_groups"),
    "area": _area,
    "process_parts": _process_parts,
    "support_kind": _support_kind,
    "amount": _amount,
    "organisation": _organisation,
    "drivers": _drivers,
    "challenge": _challenge,
}


def unknown_finding(pair: Pair, name: str) -> tuple[str, str, Parameters]:
    """Say whose fact is missing, or that the giver has said it makes no difference."""
    if name == "history" and not (pair.offer.history and pair.initiative.document.is_empty):
        # Nobody's fault and nothing to fill in: it is only not known.
        return "no_rule", "history_none", {}
    if name == "challenge":
        return "no_rule", "challenge_none", {}
    mine, theirs = {
        "text": (
            not pair.initiative.document.is_empty,
            not pair.offer.document.is_empty,
        ),
        "themes": (pair.initiative.themes or None, pair.offer.themes),
        "target_groups": (pair.initiative.target_groups or None, pair.offer.target_groups),
        "area": (pair.initiative.works_in or pair.initiative.may_spread_to or None, pair.offer.areas),
        "process_parts": (pair.initiative.process_parts or None, pair.offer.process_parts),
        "support_kind": (pair.initiative.needs or None, pair.offer.support or None),
        "amount": (_asked(pair) or None, _offered(pair) or None),
        "organisation": (_own_kinds(pair), _kinds_asked_for(pair)),
        "drivers": (pair.initiative.drivers or None, pair.offer.support or pair.offer.drivers or None),
        "history": (None, pair.offer.history),
    }[name]
    if theirs == () and not (
        name in ("themes", "target_groups", "area") and unresolved(pair, pair.offer, name)
    ):
        return "no_rule", "open_to_all", {"criterion": name}
    lost = [*unresolved(pair, pair.initiative, name), *unresolved(pair, pair.offer, name)]
    if name == "area" and lost:
        return "unclear", "area_unresolved", {"names": lost}
    if name == "amount" and mine and theirs:
        # Both have figures, but for different kinds of support.
        return "unclear", "amount_missing", {}
    side = "both" if not mine and not theirs else ("initiative" if not mine else "offer")
    return "unclear", "fact_missing", {"criterion": name, "side": side}


def _own_kinds(pair: Pair) -> object:
    """Return what of the initiative's parties the offer asks about."""
    if pair.offer.eligible_organisation_kinds:
        return pair.initiative.lead_kind
    return pair.initiative.actor_kinds or None


def _kinds_asked_for(pair: Pair) -> tuple[str, ...] | None:
    """Return which kinds the offer speaks of; () when it is open to all and asks for nobody else."""
    asked = (*(pair.offer.eligible_organisation_kinds or ()), *(pair.offer.must_include_kinds or ()))
    if asked or pair.offer.consortium_required:
        return asked or ("",)
    return pair.offer.eligible_organisation_kinds


def _asked(pair: Pair) -> list[float]:
    given = given_kinds(pair)
    return [
        figure
        for need in pair.initiative.needs or ()
        if need.kind in given
        for figure in (need.amount, need.hours)
        if figure
    ]


def _offered(pair: Pair) -> list[float]:
    figures: Iterable[float | None] = (
        figure
        for support in pair.offer.support or ()
        for figure in (support.amount_min, support.amount_max, support.hours)
    )
    return [figure for figure in figures if figure]


def unresolved(pair: Pair, facts: InitiativeFacts | OfferFacts, name: str) -> list[str]:
    """Return what stands in a list and leads to nothing: words, and codes the taxonomy has lost."""
    if name == "area":
        if isinstance(facts, InitiativeFacts):
            chosen, words = facts.works_in, facts.works_in_unresolved
        else:
            chosen, words = facts.areas, facts.areas_unresolved
        return [*(code for code in chosen or () if code not in pair.taxonomy.areas), *words]
    if name in ("themes", "target_groups"):
        tree: Mapping[str, str | None] = getattr(pair.taxonomy, name)
        lost = (code for code in getattr(facts, name) or () if code not in tree)
        return [*lost, *getattr(facts, f"{name}_unresolved")]
    return []


def needed_kinds(pair: Pair) -> list[str]:
    return list(dict.fromkeys(need.kind for need in pair.initiative.needs or ()))


def given_kinds(pair: Pair) -> list[str]:
    return list(dict.fromkeys(support.kind for support in pair.offer.support or ()))


def actor_kinds(pair: Pair) -> list[str]:
    every = (pair.initiative.lead_kind, *(pair.initiative.actor_kinds or ()))
    return list(dict.fromkeys(kind for kind in every if kind))
