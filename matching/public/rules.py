"""The rules that decide who may meet, as the engine has them, and how many offers of support have each now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.functional import Promise

from funders.models import SupportOffer
from funders.rules import WORLD, Requirement, requirements_of
from matching.desk.comparison import REQUIREMENT_NAMES
from matching.kernel import codes
from matching.public.kept import Kept, kept

NAME = "rules"
OFFERS = "offers"
#: What the engine calls each rule of an offer.
ENGINE_NAMES = {
    "eligible_organisation_kinds": "organisation_kind",
    "must_include_kinds": "must_include",
    "consortium_required": "consortium",
    "legal_entity_required": "legal_entity",
    "min_age_months": "age",
    "areas": "area",
    "dates": "dates",
    "support_kinds": "support_kind",
    "forms_not_accepted": "forms_refused_by_offer",
    "themes": "strict_themes",
    "target_groups": "strict_target_groups",
    "process_parts": "strict_process_parts",
    "language": "strict_language",
    "amount": "strict_amount",
    "co_funding_percent": "strict_co_funding",
}
#: No giver sets these: they hold for every pair.
ALWAYS = ("other_organisation", "forms_refused_by_initiative")


@dataclass(frozen=True)
class RuleLine:
    """A rule by name, and how many offers have it; `holds_always` for one that is no giver's."""

    name: str | Promise
    offers: int
    holds_always: bool


@dataclass(frozen=True)
class RulesInUse:
    """Every rule of the engine, what holds always first and then the commonest; of so many offers."""

    lines: list[RuleLine]
    offers: int
    counted_at: datetime


def rules_in_use() -> RulesInUse:
    """Return the engine's rules with their numbers. No query when they are kept."""
    counted = counted_rules()
    lines = [
        RuleLine(REQUIREMENT_NAMES[name], counted.value.get(name, 0), name in ALWAYS)
        for name in codes.REQUIREMENTS
    ]
    lines.sort(key=lambda line: (not line.holds_always, -line.offers))
    return RulesInUse(lines, counted.value.get(OFFERS, 0), counted.counted_at)


def counted_rules() -> Kept[dict[str, int]]:
    return kept(NAME, count_rules)


def count_rules(now: datetime) -> dict[str, int]:
    """Count, among offers that everybody may read and that are not over, those that have each rule. Two queries."""
    offers = SupportOffer.objects.visible_to(AnonymousUser()).not_over_on(timezone.localdate(now))
    found: Counter[str] = Counter()
    for offer in offers.prefetch_related("support"):
        found[OFFERS] += 1
        found.update(ENGINE_NAMES[rule.rule] for rule in requirements_of(offer) if _shuts_out(rule))
    return dict(found)


def _shuts_out(rule: Requirement) -> bool:
    """Say whether the rule can stop anybody: "open to all", "anywhere" and "at any time" cannot."""
    if rule.rule == "dates":
        return rule.opens_on is not None or rule.closes_on is not None
    return not rule.is_open and not (rule.rule == "areas" and WORLD in rule.codes)
