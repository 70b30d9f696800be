"""What the pages of answers show: steps, the next question, a package, what each rule shuts out.

The kernel is imported when a page is first asked for, as it loads scipy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from funders.models import SupportOffer
from funders.selectors import giver_name, time_in_words
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.questions import INITIATIVE_QUESTIONS
from innovators.selectors import owner_name
from innovators.selectors import telling as initiative_telling
from matching.answers import words
from matching.desk.cards import giver_tag
from matching.desk.comparison import REQUIREMENT_NAMES
from matching.desk.models import Recusal

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.kernel.changes import Change
    from matching.kernel.counterfactual import Counterfactuals, Gain

MOST_STEPS = 3
MOST_EXAMPLES = 3
#: In this order: what one can do, what is said only where it is so, what time does.
NATURES = ("act", "if_true", "wait")


@dataclass(frozen=True)
class Other:
    """A profile of the other side, as a link to the page that compares the two."""

    title: str
    language: str
    owner: str
    url: str


@dataclass(frozen=True)
class Step:
    """One change in words, and what it gives. `url` leads to where it is stated, empty when nowhere."""

    sentence: str
    hint: str
    number: int
    unclear: int
    loses: int
    examples: list[Other]
    url: str = ""


@dataclass(frozen=True)
class StepGroup:
    """The steps about one rule; `left` are stopped by it alone, and none of the steps reaches them."""

    rule: str
    title: str
    nature: str
    steps: list[Step]
    left: int

    @property
    def most(self) -> int:
        return max((step.number for step in self.steps), default=0)


@dataclass(frozen=True)
class Asked:
    """The next best question. `settles` = offers it alone makes clear, `waiting` = those it is part of."""

    slug: str
    title: str
    hint: str
    why: str
    settles: int
    waiting: int
    offers: list[Other]
    url: str


@dataclass(frozen=True)
class MoreMatches:
    """What would give an initiative more matches."""

    fits: int
    unclear: int
    offers: int
    groups: list[StepGroup]
    fixed: list[StepGroup]
    question: Asked | None


def more_matches(
    initiative: Initiative, user: User, now: datetime, *, only_question: bool = False
) -> MoreMatches | None:
    """Return what one step would give, and the next best question. None before the first run."""
    from matching.answers.against import offers_against  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain
    from matching.kernel.ablation import ablate  # noqa: PLC0415 - as above
    from matching.kernel.counterfactual import Counterfactuals, for_initiative  # noqa: PLC0415 - as above
    from matching.kernel.questions import questions  # noqa: PLC0415 - as above

    against = offers_against(initiative, user, now)
    if against is None:
        return None
    found = Counterfactuals((), {})
    if not only_question:
        found = for_initiative(against.facts, against.others, against.verdicts, against.day)
    asked = next(
        (
            one
            for one in questions(against.facts, against.others, against.verdicts)
            if one.fact in words.QUESTION_OF_FACT
        ),
        None,
    )
    shown = {
        id(gain): [int(against.keys[row]) for row in against.best_first(gain.rows)[:MOST_EXAMPLES]]
        for gain in found.gains
    }
    settled: list[int] = []
    if asked is not None:
        rows = asked.settles if len(asked.settles) else asked.waiting
        settled = [int(against.keys[row]) for row in against.best_first(rows)[:MOST_EXAMPLES]]
    others = _offers_beside(initiative, user, [*settled, *(key for keys in shown.values() for key in keys)])
    counts = ablate(against.verdicts)
    groups, fixed = _groups(found, shown, others, lambda change: question_url(initiative, change))
    return MoreMatches(
        fits=counts.fits,
        unclear=counts.unclear,
        offers=counts.pairs,
        groups=groups,
        fixed=fixed,
        question=_asked(initiative, asked, [others[key] for key in settled if key in others]),
    )


def question_url(initiative: Initiative, change: Change) -> str:
    """Return the address of the question where a change is stated, or nothing."""
    slug = words.QUESTION_OF_CHANGE.get(change.kind)
    return reverse("innovators:question", args=[initiative.public_id, slug]) if slug else ""


def _asked(initiative: Initiative, asked: Any, offers: list[Other]) -> Asked | None:
    question = INITIATIVE_QUESTIONS.find(words.QUESTION_OF_FACT[asked.fact]) if asked else None
    if question is None:
        return None
    return Asked(
        slug=question.slug,
        title=str(question.title),
        hint=str(question.hint),
        why=str(question.why),
        settles=len(asked.settles),
        waiting=len(asked.waiting),
        offers=offers,
        url=reverse("innovators:question", args=[initiative.public_id, question.slug]),
    )


def _groups(
    found: Counterfactuals, shown: dict[int, list[int]], others: dict[int, Other], url_of: Any
) -> tuple[list[StepGroup], list[StepGroup]]:
    """Sort the changes by rule: those that can be done, and rules where nothing can."""
    by_rule: dict[str, list[Gain]] = {}
    for gain in found.gains:
        by_rule.setdefault(gain.change.rule, []).append(gain)
    groups = []
    for rule, gains in by_rule.items():
        told = gains[:MOST_STEPS]
        reached = {int(row) for gain in told for row in gain.rows}
        stopped = {int(row) for gain in gains for row in gain.rows} | {
            int(row) for row in found.unreachable.get(rule, [])
        }
        steps = [
            Step(
                sentence=words.change_in_words(gain.change),
                hint=words.hint_of(gain.change),
                number=len(gain.rows),
                unclear=gain.unclear,
                loses=gain.loses,
                examples=[others[key] for key in shown[id(gain)] if key in others],
                url=url_of(gain.change),
            )
            for gain in told
        ]
        nature = gains[0].change.nature
        groups.append(StepGroup(rule, str(REQUIREMENT_NAMES[rule]), nature, steps, len(stopped - reached)))
    groups.sort(key=lambda group: (NATURES.index(group.nature), -group.most))
    fixed = [
        StepGroup(rule, str(REQUIREMENT_NAMES[rule]), "fixed", [], len(rows))
        for rule, rows in found.unreachable.items()
        if rule not in by_rule
    ]
    return groups, fixed


# -- a package of support ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One offer of a package, and what it is there for."""

    offer: Other
    gives: list[str]
    closes: str
    is_unclear: bool
    tag: dict[str, str]


@dataclass(frozen=True)
class NeedCovered:
    """One need: what is asked for, and how much of it the package carries (0 to 1)."""

    name: str
    asked: str
    carried: str
    share: float

    @property
    def state(self) -> str:
        return "covered" if self.share >= 1 else ("part" if self.share > 0 else "uncovered")


@dataclass(frozen=True)
class SupportPackage:
    """The fewest offers that together cover the needs."""

    parts: list[Part]
    needs: list[NeedCovered]
    is_exact: bool

    @property
    def uncovered(self) -> list[NeedCovered]:
        return [need for need in self.needs if need.share < 1]


#: What an unclear rule takes from the liking of an offer: a sure one is rather taken.
_DOUBT = 0.1


def package(initiative: Initiative, user: User, now: datetime) -> SupportPackage | None:
    """Return a package for an initiative's needs. None before the first run."""
    from matching.answers.against import offers_against  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain
    from matching.kernel import codes  # noqa: PLC0415 - as above
    from matching.kernel.arrays import encode_initiatives  # noqa: PLC0415 - as above
    from matching.kernel.eligibility import overall_verdict  # noqa: PLC0415 - as above
    from matching.kernel.package import support_package  # noqa: PLC0415 - as above

    against = offers_against(initiative, user, now)
    if against is None:
        return None
    mine = encode_initiatives([against.facts], against.others.trees)
    unclear = overall_verdict(against.verdicts) == codes.UNCLEAR
    chosen = support_package(
        mine, against.others, may_meet=against.may_meet, preference=against.fit - _DOUBT * unclear
    )
    keys = [int(against.keys[row]) for row in chosen.offers]
    rows = {row.pk: row for row in _offer_rows(user, keys)}
    parts = []
    for place, (row, key) in enumerate(zip(chosen.offers, keys, strict=True)):
        if key in rows:
            kinds = [
                kind
                for kind, share in zip(codes.SUPPORT_KINDS, chosen.gives[place], strict=True)
                if share > 0
            ]
            parts.append(_part(initiative, rows[key], kinds, bool(unclear[row]), now))
    return SupportPackage(parts, _needs_covered(against.facts.needs or (), chosen.covered), chosen.is_exact)


def _part(
    initiative: Initiative, offer: SupportOffer, kinds: Sequence[str], is_unclear: bool, now: datetime
) -> Part:
    gives = []
    for line in offer.support.all():
        if line.kind in kinds:
            most = words.amount_in_words(line.kind, line.amount_max, line.hours)
            name = words.kind_in_words(line.kind)
            gives.append(gettext("%(kind)s, up to %(most)s") % {"kind": name, "most": most} if most else name)
    return Part(
        offer=_offer_beside(initiative, offer),
        gives=gives,
        closes=time_in_words(offer, timezone.localdate(now)),
        is_unclear=is_unclear,
        tag=giver_tag(offer),
    )


def _needs_covered(needs: Iterable[Any], covered: Any) -> list[NeedCovered]:
    from matching.kernel import codes  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    by_kind: dict[str, list[Any]] = {}
    for need in needs:
        by_kind.setdefault(need.kind, []).append(need)
    result = []
    for kind, mine in by_kind.items():
        share = float(covered[codes.SUPPORT_KINDS.index(kind)])
        amount = sum(need.amount or 0 for need in mine)
        hours = sum(need.hours or 0 for need in mine)
        result.append(
            NeedCovered(
                name=words.kind_in_words(kind),
                asked=words.amount_in_words(kind, amount, hours),
                carried=words.amount_in_words(kind, amount * share, hours * share) if share else "",
                share=share,
            )
        )
    return result


# -- what each rule of an offer shuts out -----------------------------------------------------------


@dataclass(frozen=True)
class RuleEffect:
    """One rule of an offer: whom it stops, whom it alone stops, and where a fact is missing."""

    name: str
    rule: str
    stops: int
    alone: int
    unclear: int
    examples: list[Other]
    steps: list[Step]
    url: str


@dataclass(frozen=True)
class RulesAtWork:
    """Every rule of an offer that does something, those that stop most alone first."""

    initiatives: int
    fits: int
    unclear: int
    stopped: int
    rules: list[RuleEffect]
    silent: list[str]


def rules_at_work(offer: SupportOffer, user: User, now: datetime) -> RulesAtWork | None:
    """Return what each rule shuts out among the initiatives that the user may see. None before a run."""
    import numpy as np  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    from matching.answers.against import initiatives_against  # noqa: PLC0415 - as above
    from matching.kernel import codes  # noqa: PLC0415 - as above
    from matching.kernel.ablation import ablate, last_obstacle  # noqa: PLC0415 - as above
    from matching.kernel.counterfactual import for_offer  # noqa: PLC0415 - as above

    against = initiatives_against(offer, user, now)
    if against is None:
        return None
    verdicts = against.verdicts.copy()
    # Outside its time an offer is for nobody, and nothing else would be seen: counted as if it were open.
    verdicts[:, codes.REQUIREMENTS.index("dates")] = codes.NO_RULE
    facts = replace(against.facts, opens_day=None, closes_day=None)
    counts, obstacles = ablate(verdicts), last_obstacle(verdicts)
    found = for_offer(facts, against.others, verdicts, against.day)
    by_key = against.others.key_order
    shown: dict[str, list[int]] = {}
    for place, rule in enumerate(codes.REQUIREMENTS):
        rows = np.flatnonzero(obstacles == place)
        rows = rows[np.argsort(by_key[rows], kind="stable")][:MOST_EXAMPLES]
        shown[rule] = [int(key) for key in against.keys[rows]]
    others = _initiatives_beside(offer, user, [key for keys in shown.values() for key in keys])
    rules, silent = [], []
    for place, rule in enumerate(codes.REQUIREMENTS):
        if rule == "other_organisation" or (verdicts[:, place] == codes.NO_RULE).all():
            continue
        stops, alone = int(counts.stops[place]), int(counts.stops_alone[place])
        unclear = int(counts.leaves_unclear[place])
        if not (stops or unclear):
            silent.append(str(REQUIREMENT_NAMES[rule]))
            continue
        slug = words.QUESTION_OF_RULE.get(rule)
        rules.append(
            RuleEffect(
                name=str(REQUIREMENT_NAMES[rule]),
                rule=rule,
                stops=stops,
                alone=alone,
                unclear=unclear,
                examples=[others[key] for key in shown[rule] if key in others],
                steps=[
                    Step(words.change_in_words(gain.change), "", len(gain.rows), gain.unclear, 0, [])
                    for gain in [one for one in found.gains if one.change.rule == rule][:MOST_STEPS]
                ],
                url=reverse("funders:question", args=[offer.public_id, slug]) if slug else "",
            )
        )
    rules.sort(key=lambda effect: (-effect.alone, -effect.stops))
    return RulesAtWork(counts.pairs, counts.fits, counts.unclear, counts.stopped, rules, silent)


# -- links ------------------------------------------------------------------------------------------


def _offer_rows(user: User, keys: Iterable[int]) -> list[SupportOffer]:
    rows = SupportOffer.objects.published().visible_to(user).filter(pk__in=set(keys))
    return list(
        rows.select_related("organisation")
        .defer("search_swedish", "search_english")
        .prefetch_related("support")
    )


def _offers_beside(initiative: Initiative, user: User, keys: Iterable[int]) -> dict[int, Other]:
    return {offer.pk: _offer_beside(initiative, offer) for offer in _offer_rows(user, keys)}


def _offer_beside(initiative: Initiative, offer: SupportOffer) -> Other:
    told = offer_telling(offer)
    url = reverse("matching:pair-for-initiative", args=[initiative.public_id, offer.public_id])
    return Other(told.title, told.language, giver_name(offer.organisation), url)


def _initiatives_beside(offer: SupportOffer, user: User, keys: Iterable[int]) -> dict[int, Other]:
    rows = Initiative.objects.published().visible_to(user).filter(pk__in=set(keys))
    rows = rows.exclude(pk__in=Recusal.objects.initiatives_hidden_from(user, offer))
    found = {}
    for initiative in rows.select_related("organisation").defer("search_swedish", "search_english"):
        told = initiative_telling(initiative)
        url = reverse("matching:pair-for-offer", args=[offer.public_id, initiative.public_id])
        found[initiative.pk] = Other(told.title, told.language, owner_name(initiative.organisation), url)
    return found
