"""How many published initiatives an offer fits as it stands, a draft too, and what each of its rules costs.

The engine's own rules on what it keeps in memory, so the numbers are those of the list after publishing. Only
initiatives that the person may see are counted: no number tells of one that hides. The kernel is imported when
somebody asks, as it loads scipy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from brygga.taxonomy.enums import OrganisationKind
from brygga.taxonomy.selectors import county_choices, county_of
from funders.models import SupportLine, SupportOffer
from innovators.enums import Visibility
from innovators.models import Initiative
from innovators.selectors import owner_name, telling
from matching.answers.words import QUESTION_OF_RULE
from matching.desk.comparison import REQUIREMENT_NAMES
from matching.engine.selectors import current_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from brygga.users.models import User
    from matching.engine.collection import Collection
    from matching.kernel.facts import OfferFacts
    from matching.preview.counting import Counted, Grouping

MOST_EXAMPLES = 3
#: Rules named where there is little room.
MOST_RULES = 3
#: Groups beside the counties and the kinds.
WIDE, UNSAID = "wide", "unsaid"


@dataclass(frozen=True)
class Example:
    """A public initiative, as a link."""

    title: str
    language: str
    owner: str
    url: str


@dataclass(frozen=True)
class GroupRow:
    """A county or a kind of actor, in words."""

    name: str
    fits: int
    unclear: int
    stopped: int


@dataclass(frozen=True)
class RuleRow:
    """What one rule does: whom it stops, for whom it is the last obstacle, and where a fact is missing.

    `counties` and `kinds` say who those are that only this rule stops, the most first.
    """

    rule: str
    name: str
    stops: int
    last: int
    unclear: int
    counties: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    examples: list[Example]
    url: str


@dataclass(frozen=True)
class Preview:
    """What an offer would find. `examples` fit, or are unclear where nobody fits."""

    initiatives: int
    fits: int
    unclear: int
    stopped: int
    rules: list[RuleRow]
    silent: list[str]
    counties: list[GroupRow]
    kinds: list[GroupRow]
    examples: list[Example]
    is_shut: bool

    @property
    def first_rules(self) -> list[RuleRow]:
        """The rules that cost most, for where there is little room."""
        return [rule for rule in self.rules if rule.stops][:MOST_RULES]


def preview(
    offer: SupportOffer, user: User, now: datetime, lines: Sequence[SupportLine] | None = None
) -> Preview | None:
    """Count what an offer fits, as its attributes stand and stored or not. None before the first run.

    The offer is fetched by `with_offer_facts`; `lines` stands in for its stored lines of support. Queries:
    constant, but for what has changed since the process last looked.
    """
    from matching.engine.collection import collection_for  # noqa: PLC0415 - the kernel loads scipy: only when asked
    from matching.engine.encoding import offer_facts, support_facts  # noqa: PLC0415 - as above

    run = current_run()
    if run is None:
        return None
    facts = offer_facts(offer)
    if lines is not None:
        facts = replace(facts, support=support_facts(lines))
    # Outside its time an offer is for nobody, and nothing else would be seen: counted as if it were open.
    facts = replace(facts, opens_day=None, closes_day=None)
    judged = _judge(facts, collection_for(run, now), user, now)
    return _in_words(offer, judged, now)


@dataclass(frozen=True)
class _Judged:
    """The counts, and the keys of public examples: those that fit, and by rule those that only it stops."""

    counted: Counted
    has_rule: NDArray[Any]
    fitting: list[int]
    stopped_by: dict[str, list[int]]


def _judge(facts: OfferFacts, collection: Collection, user: User, now: datetime) -> _Judged:
    """Ask every rule about every initiative the user may see, but the giver's own."""
    import numpy as np  # noqa: PLC0415 - with the kernel

    from matching.kernel import codes  # noqa: PLC0415 - with the kernel
    from matching.kernel.ablation import last_obstacle  # noqa: PLC0415 - as above
    from matching.kernel.arrays import encode_initiatives, encode_offers  # noqa: PLC0415 - as above
    from matching.kernel.eligibility import overall_verdict, requirement_verdicts  # noqa: PLC0415 - as above
    from matching.preview.counting import by_area, by_kind, count, stacked  # noqa: PLC0415 - as above

    trees = collection.frozen.trees
    mine = encode_offers([facts], trees)
    blocks = collection.initiatives(now)
    # After the blocks: who has become hidden since they were read is found here.
    restricted, hidden = _not_for_everyone(user)
    group_of = _county_groups(trees.areas.codes)
    none = encode_initiatives([], trees)
    verdicts = [requirement_verdicts(none, mine, collection.day)[:, 0]]
    places, kinds = [by_area(none, group_of, UNSAID)], [by_kind(none, UNSAID)]
    keys = [np.empty(0, dtype=np.int64)]
    for block in blocks:
        chosen = (
            block.is_valid
            & ~np.isin(block.keys, hidden)
            & (block.encoded.organisation != (facts.organisation_id or -1))
        )
        verdicts.append(requirement_verdicts(block.encoded, mine, collection.day)[chosen, 0])
        for parts, grouping in (
            (places, by_area(block.encoded, group_of, UNSAID)),
            (kinds, by_kind(block.encoded, UNSAID)),
        ):
            parts.append(replace(grouping, members=grouping.members[chosen]))
        keys.append(block.keys[chosen])
    every, all_keys = np.concatenate(verdicts), np.concatenate(keys)
    groupings: dict[str, Grouping] = {"county": stacked(places), "kind": stacked(kinds)}
    overall, obstacle = overall_verdict(every), last_obstacle(every)
    is_public = ~np.isin(all_keys, restricted)

    def newest(rows: NDArray[Any]) -> list[int]:
        found: list[int] = np.sort(all_keys[rows & is_public])[::-1][:MOST_EXAMPLES].tolist()
        return found

    return _Judged(
        count(every, groupings),
        (every != codes.NO_RULE).any(axis=0),
        newest(overall == codes.FITS) or newest(overall == codes.UNCLEAR),
        {rule: newest(obstacle == place) for place, rule in enumerate(codes.REQUIREMENTS)},
    )


def _not_for_everyone(user: User) -> tuple[list[int], list[int]]:
    """Return the keys of initiatives that are not public, and of those the ones that the user may not see."""
    some = Initiative.objects.published().exclude(visibility=Visibility.EVERYONE)
    restricted = set(some.values_list("pk", flat=True))
    seen = set(some.visible_to(user).values_list("pk", flat=True)) if restricted else set()
    return sorted(restricted), sorted(restricted - seen)


def _county_groups(area_codes: Iterable[str]) -> dict[str, str]:
    """Return each area's county, and for what is wider than one county that it is wide."""
    return {code: county_of(code) or WIDE for code in area_codes}


def _in_words(offer: SupportOffer, judged: _Judged, now: datetime) -> Preview:
    from matching.kernel import codes  # noqa: PLC0415 - with the kernel

    counted, whole = judged.counted, judged.counted.whole
    examples = _examples([*judged.fitting, *(key for keys in judged.stopped_by.values() for key in keys)])
    counties, kinds = _county_names(), _kind_names()
    rules, silent = [], []
    for place, rule in enumerate(codes.REQUIREMENTS):
        if rule in ("other_organisation", "dates") or not judged.has_rule[place]:
            continue
        stops, unclear = int(whole.stops[place]), int(whole.leaves_unclear[place])
        if not (stops or unclear):
            silent.append(str(REQUIREMENT_NAMES[rule]))
            continue
        slug = QUESTION_OF_RULE.get(rule)
        rules.append(
            RuleRow(
                rule=rule,
                name=str(REQUIREMENT_NAMES[rule]),
                stops=stops,
                last=int(whole.stops_alone[place]),
                unclear=unclear,
                counties=_most_first(counted.last[rule]["county"], counties),
                kinds=_most_first(counted.last[rule]["kind"], kinds),
                examples=[examples[key] for key in judged.stopped_by[rule] if key in examples],
                url=reverse("funders:question", args=[offer.public_id, slug]) if slug else "",
            )
        )
    rules.sort(key=lambda row: (-row.last, -row.stops))
    return Preview(
        initiatives=whole.pairs,
        fits=whole.fits,
        unclear=whole.unclear,
        stopped=whole.stopped,
        rules=rules,
        silent=silent,
        counties=_rows(counted, "county", counties),
        kinds=_rows(counted, "kind", kinds),
        examples=[examples[key] for key in judged.fitting if key in examples],
        is_shut=_is_shut(offer, now),
    )


def _rows(counted: Counted, way: str, names: dict[str, str]) -> list[GroupRow]:
    """Return one row a group, in the order of their names' list."""
    found = counted.groups[way]
    return [
        GroupRow(name, found[code].fits, found[code].unclear, found[code].stopped)
        for code, name in names.items()
        if code in found
    ]


def _most_first(numbers: Any, names: dict[str, str]) -> list[tuple[str, int]]:
    """Return names and numbers, the largest first; equal ones in the order of the names' list."""
    return sorted(
        ((names[code], numbers[code]) for code in names if code in numbers), key=lambda one: -one[1]
    )


def _county_names() -> dict[str, str]:
    return {
        **dict(county_choices()),
        WIDE: gettext("More than one county, or the whole country"),
        UNSAID: gettext("Place not known"),
    }


def _kind_names() -> dict[str, str]:
    return {
        **{str(value): str(label) for value, label in OrganisationKind.choices},
        UNSAID: gettext("Kind not known"),
    }


def _is_shut(offer: SupportOffer, now: datetime) -> bool:
    """Whether today lies outside the time in which one can apply."""
    today = timezone.localdate(now)
    return bool((offer.closes_on and offer.closes_on < today) or (offer.opens_on and offer.opens_on > today))


def _examples(keys: Iterable[int]) -> dict[int, Example]:
    """Return public initiatives by primary key. One query."""
    rows = Initiative.objects.public().filter(pk__in=set(keys)).select_related("organisation")
    found = {}
    for row in rows.defer("search_swedish", "search_english"):
        told = telling(row)
        url = reverse("innovators:detail", args=[row.public_id])
        found[row.pk] = Example(told.title, told.language, owner_name(row.organisation), url)
    return found
