"""What there is to say about one pair's requirements: a sentence's kind and what fills it, for each rule."""

from __future__ import annotations

from collections.abc import Callable

from matching.kernel.findings import (
    Found,
    Pair,
    Parameters,
    actor_kinds,
    given_kinds,
    money,
    needed_kinds,
    related,
    unresolved,
)


def _simple(
    name: str, parameters: Callable[[Pair], Parameters] = lambda pair: {}
) -> Callable[[Pair, str], Found]:
    """Make a requirement whose sentence is chosen by the verdict alone."""

    def reason(pair: Pair, verdict: str) -> Found:
        return f"{name}_{verdict}", parameters(pair)

    return reason


def _organisation_kind(pair: Pair, verdict: str) -> Found:
    kinds = [pair.initiative.lead_kind] if pair.offer.applies_to == "lead" else actor_kinds(pair)
    eligible = list(pair.offer.eligible_organisation_kinds or ())
    if not eligible:
        return "organisation_kind_open", {}
    mine = [kind for kind in kinds if kind]
    if verdict == "does_not_fit" and pair.offer.applies_to == "all":
        mine = [kind for kind in mine if kind not in eligible]
    elif verdict == "fits" and pair.offer.applies_to == "any":
        mine = [kind for kind in mine if kind in eligible]
    return f"organisation_kind_{verdict}", {
        "mine": mine,
        "eligible": eligible,
        "applies_to": pair.offer.applies_to,
    }


def _must_include(pair: Pair, verdict: str) -> Found:
    wanted = list(pair.offer.must_include_kinds or ())
    if not wanted:
        return "must_include_open", {}
    return f"must_include_{verdict}", {
        "wanted": wanted,
        "found": [kind for kind in actor_kinds(pair) if kind in wanted],
    }


def _consortium(pair: Pair, verdict: str) -> Found:
    if not pair.offer.consortium_required:
        return "consortium_open", {}
    return f"consortium_{verdict}", {"actors": pair.initiative.number_of_actors}


def _legal_entity(pair: Pair, verdict: str) -> Found:
    return (f"legal_entity_{verdict}" if pair.offer.legal_entity_required else "legal_entity_open"), {}


def _age(pair: Pair, verdict: str) -> Found:
    if not pair.offer.min_age_months:
        return "age_open", {}
    return f"age_{verdict}", {"least": pair.offer.min_age_months, "mine": pair.initiative.age_months}


def _area_rule(pair: Pair, verdict: str) -> Found:
    if not pair.offer.areas and not pair.offer.areas_unresolved:
        return "area_rule_open", {}
    parameters: Parameters = {
        "mine": list(pair.initiative.works_in or ()),
        "theirs": list(pair.offer.areas or ()),
        "my_names": list(pair.initiative.works_in_unresolved),
        "their_names": list(pair.offer.areas_unresolved),
        "names": [*unresolved(pair, pair.initiative, "area"), *unresolved(pair, pair.offer, "area")],
    }
    if verdict != "unclear":
        return f"area_rule_{verdict}", parameters
    if not pair.initiative.works_in and not pair.initiative.works_in_unresolved:
        return "area_rule_missing", parameters
    spread = pair.initiative.may_spread_to or ()
    if any(related(pair.taxonomy.areas, place, area) for place in spread for area in pair.offer.areas or ()):
        return "area_rule_spread", parameters
    return "area_rule_unresolved", parameters


def _dates(pair: Pair, verdict: str) -> Found:
    closes = pair.offer.closes_day
    # It may be judged by an earlier day than today: that it has closed is said, whatever came of it.
    if closes is not None and pair.now_day > closes:
        return "dates_closed", {"day": closes}
    if verdict == "fits":
        return ("dates_rolling", {}) if closes is None else ("dates_fits", {"day": closes})
    return "dates_not_open_yet", {"day": pair.offer.opens_day}


def _support_rule(pair: Pair, verdict: str) -> Found:
    needed, given = needed_kinds(pair), given_kinds(pair)
    return f"support_rule_{verdict}", {
        "needed": needed,
        "given": given,
        "met": [kind for kind in needed if kind in given],
    }


def _refused_by_offer(pair: Pair, verdict: str) -> Found:
    refused = list(pair.offer.forms_not_accepted or ())
    return f"refused_by_offer_{verdict}", {"refused": refused}


def _strict(name: str) -> Callable[[Pair], Parameters]:
    return lambda pair: {
        "mine": list(getattr(pair.initiative, name) or ()),
        "theirs": list(getattr(pair.offer, name) or ()),
        "their_names": list(getattr(pair.offer, f"{name}_unresolved", ())),
    }


def _strict_amount(pair: Pair, verdict: str) -> Found:
    for kind in needed_kinds(pair) if verdict == "does_not_fit" else ():
        needs = [need for need in pair.initiative.needs or () if need.kind == kind]
        supports = [support for support in pair.offer.support or () if support.kind == kind]
        found = money(kind, needs, supports) if supports else None
        if found:
            return "strict_amount_does_not_fit", found[1][1]
    return f"strict_amount_{verdict}", {}


REQUIREMENT_FINDINGS: dict[str, Callable[[Pair, str], Found]] = {
    "other_organisation": _simple("other_organisation"),
    "organisation_kind": _organisation_kind,
    "must_include": _must_include,
    "consortium": _consortium,
    "legal_entity": _legal_entity,
    "age": _age,
    "area": _area_rule,
    "dates": _dates,
    "support_kind": _support_rule,
    "forms_refused_by_initiative": _simple(
        "refused_by_initiative", lambda pair: {"refused": list(pair.initiative.forms_not_accepted or ())}
    ),
    "forms_refused_by_offer": _refused_by_offer,
    "strict_themes": _simple("strict_themes", _strict("themes")),
    "strict_target_groups": _simple("strict_target_groups", _strict("target_groups")),
    "strict_process_parts": _simple("strict_process_parts", _strict("process_parts")),
    "strict_language": _simple(
        "strict_language",
        lambda pair: {"mine": pair.initiative.language, "theirs": list(pair.offer.languages or ())},
    ),
    "strict_amount": _strict_amount,
    "strict_co_funding": _simple(
        "strict_co_funding",
        lambda pair: {"mine": pair.initiative.co_funding_percent, "theirs": pair.offer.co_funding_percent},
    ),
}
