"""Reads of the desk, and the filters of both sides' lists of matches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from brygga.core.enums import PublicationState
from brygga.organisations.models import Organisation
from brygga.organisations.registration.search import areas_within, terms_within
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import MONEY_KINDS, OTHER_KINDS, SupportKind
from brygga.taxonomy.selectors import county_choices, current_taxonomy
from funders.models import SupportLine, SupportOffer
from funders.selectors import page_language
from innovators.models import Initiative
from matching.desk.enums import Stage
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.querysets import Pair, in_pairs
from matching.engine.models import Match
from matching.kernel.diversity import spread_givers

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from brygga.users.models import User

Choices = list[tuple[str, str]]
SECTIONS = ("money", "other")


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What we do not know is left out and named in `unknown`."""

    chosen: dict[str, list[str]]
    sort: str
    section: str = ""
    unknown: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> list[str]:
        return self.chosen.get(name, [])

    @property
    def number(self) -> int:
        return sum(len(values) for values in self.chosen.values())


def read_address(
    asked: MultiValueDict[str, str],
    known: dict[str, Iterable[str]],
    sorts: tuple[str, ...],
    sections: tuple[str, ...] = (),
) -> Asked:
    """Sort an address into known choices and unknown words. The first sort is the usual one."""
    chosen: dict[str, list[str]] = {}
    unknown: list[str] = []
    for name, values in known.items():
        allowed = set(values)
        for value in dict.fromkeys(one for one in asked.getlist(name) if one):
            if value in allowed:
                chosen.setdefault(name, []).append(value)
            else:
                unknown.append(value[:40])
    sort, section = asked.get("sort", ""), asked.get("section", "")
    if sort and sort not in sorts:
        unknown.append(sort[:40])
    if section and section not in sections:
        unknown.append(section[:40])
    return Asked(chosen, sort if sort in sorts else sorts[0], section if section in sections else "", unknown)


# -- support that fits an initiative ---------------------------------------------------------------

SUPPORT_SORTS = ("fit", "closing")


def narrowed_support(matches: QuerySet[Match], asked: Asked) -> QuerySet[Match]:
    """Return the matches with offers of the kinds asked for, in the order asked for."""
    kinds = {"money": MONEY_KINDS, "other": OTHER_KINDS}.get(asked.section)
    for wanted in (kinds, asked["kind"]):
        if wanted:
            offers = SupportLine.objects.filter(kind__in=list(wanted)).values("offer")
            matches = matches.filter(offer__in=offers)
    if asked.sort == "closing":
        matches = matches.order_by(F("offer__closes_on").asc(nulls_last=True), "-fit", "offer__public_id")
    return matches


def with_more_givers(matches: Sequence[Match], opened: Collection[int]) -> list[Match]:
    """Return the first page of an initiative's matches, best first, so that more than one giver is seen.

    At most two of the first five come from one giver. `opened` holds keys of offers that somebody has opened
    after they were put forward: those keep their order. No query.
    """
    givers = [match.offer.organisation_id for match in matches]
    keep = {place for place, match in enumerate(matches) if match.offer_id in opened}
    return [matches[place] for place in spread_givers(givers, keep)]


def support_figures(matches: QuerySet[Match]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many matches each section and each kind of support has. One query."""
    offers_of: dict[str, set[int]] = {kind: set() for kind in SupportKind.values}
    for offer, kind in SupportLine.objects.filter(offer__in=matches.order_by().values("offer")).values_list(
        "offer", "kind"
    ):
        offers_of[kind].add(offer)
    sections = {
        "money": len(set().union(*(offers_of[kind] for kind in MONEY_KINDS))),
        "other": len(set().union(*(offers_of[kind] for kind in OTHER_KINDS))),
    }
    return sections, {kind: len(offers) for kind, offers in offers_of.items()}


def kind_choices() -> Choices:
    return [(str(value), str(label)) for value, label in SupportKind.choices]


# -- initiatives that fit an offer -----------------------------------------------------------------

CASE_SORTS = ("fit", "newest")
# Where something was learned of the giver's choices.
LEARNED_SORTS = ("choices", *CASE_SORTS)


def case_filters() -> dict[str, Choices]:
    """Return what the giver's list can be narrowed by: parameter -> choices."""
    return {
        "stage": [(str(value), str(label)) for value, label in Stage.choices],
        "county": county_choices(),
        "theme": [
            (entry.code, entry.name(page_language()))
            for entry in current_taxonomy().themes.entries.values()
            if entry.parent is None and entry.is_active
        ],
    }


def narrowed_cases(matches: QuerySet[Match], offer: SupportOffer, asked: Asked) -> QuerySet[Match]:
    """Return the offer's matches as asked for. Without a stage, all but those put aside."""
    matches = matches.filter(_stage_condition(offer, asked["stage"]))
    if asked["county"]:
        matches = matches.filter(initiative__public_area_codes__overlap=areas_within(asked["county"]))
    if asked["theme"]:
        matches = matches.filter(initiative__theme_codes__overlap=terms_within(Terms.THEME, asked["theme"]))
    if asked.sort == "newest":
        matches = matches.order_by("-initiative__published_at", "-fit", "initiative__public_id")
    return matches


def _stage_condition(offer: SupportOffer, stages: list[str]) -> Q:
    wanted = stages or [stage for stage in Stage if stage != Stage.DISMISSED]
    placed = ShortlistEntry.objects.filter(offer=offer)
    condition = Q(initiative__in=placed.filter(stage__in=wanted).values("initiative"))
    if Stage.SUGGESTED in wanted:
        condition |= ~Q(initiative__in=placed.values("initiative"))
    return condition


def stage_figures(matches: QuerySet[Match], offer: SupportOffer) -> dict[str, int]:
    """Return how many of an offer's matches lie in each stage. Two queries."""
    keys = set(matches.order_by().values_list("initiative", flat=True))
    counts = dict.fromkeys(Stage.values, 0)
    for initiative, stage in ShortlistEntry.objects.filter(offer=offer).values_list("initiative", "stage"):
        if initiative in keys:
            counts[stage] += 1
            keys.discard(initiative)
    counts[Stage.SUGGESTED] += len(keys)
    return counts


def entries_of(offer: SupportOffer, initiatives: Iterable[int]) -> dict[int, ShortlistEntry]:
    """Return the desk's rows by initiative. One query."""
    rows = _entries().filter(offer=offer, initiative__in=list(initiatives))
    return {row.initiative_id: row for row in rows}


def entries_by_key(keys: Iterable[int]) -> dict[Pair, ShortlistEntry]:
    """Return rows of any desks, by pair. One query."""
    return {(row.offer_id, row.initiative_id): row for row in _entries().filter(pk__in=list(keys))}


def _entries() -> QuerySet[ShortlistEntry]:
    return ShortlistEntry.objects.select_related("changed_by", "assignee")


def who_stands_aside(offer: SupportOffer, initiative: Initiative) -> Any:
    """Return the keys of the people who stand aside from a case, as a subquery."""
    return Recusal.objects.filter(offer=offer, initiative=initiative).values("person")


def case_on_desk(offer: SupportOffer, public_id: str) -> ShortlistEntry | None:
    """Return the row of an initiative on an offer's desk, with the initiative. It may be hidden since."""
    return (
        ShortlistEntry.objects.filter(offer=offer, initiative__public_id=public_id)
        .select_related("initiative__organisation")
        .first()
    )


def recusals_of(offer: SupportOffer, initiatives: Iterable[int]) -> dict[int, list[Recusal]]:
    """Return who stands aside from each of an offer's cases, by initiative. One query."""
    found = recusals_of_pairs((offer.pk, initiative) for initiative in initiatives)
    return {initiative: rows for (_offer, initiative), rows in found.items()}


def recusals_of_pairs(pairs: Iterable[Pair]) -> dict[Pair, list[Recusal]]:
    """Return who stands aside from each case, by pair. One query."""
    found: dict[Pair, list[Recusal]] = {}
    for row in Recusal.objects.filter(in_pairs(pairs)).select_related("person").order_by("created_at", "pk"):
        found.setdefault((row.offer_id, row.initiative_id), []).append(row)
    return found


def on_desk(offer: SupportOffer, stage: Stage, user: User) -> QuerySet[ShortlistEntry]:
    """Return the rows of one stage, the last moved first; not those that the user stands aside from."""
    return (
        ShortlistEntry.objects.filter(offer=offer, stage=stage)
        .exclude(initiative__in=Recusal.objects.initiatives_hidden_from(user, offer))
        .select_related("initiative__organisation", "changed_by")
        .defer("initiative__search_swedish", "initiative__search_english")
        .prefetch_related("initiative__needs")
        .order_by("-changed_at", "-pk")
    )


def givers_of(user: User) -> list[Organisation]:
    """Return the user's organisations that have support to give, by name. One query."""
    offers = SupportOffer.objects.filter(organisation=OuterRef("pk")).exclude(state=PublicationState.DRAFT)
    return sorted(Organisation.objects.of(user).filter(Exists(offers)), key=lambda one: str(one).casefold())


# -- missing facts ---------------------------------------------------------------------------------


def missing_facts(initiative: Initiative) -> list[str]:
    """Return what is not stated and would let more support be found, in words. One query at most."""
    questions: list[tuple[bool, str]] = [
        (initiative.area_codes is None and not initiative.area_words, gettext("where you work")),
        (initiative.theme_codes is None and not initiative.theme_words, gettext("what it is about")),
        (
            initiative.target_group_codes is None and not initiative.target_group_words,
            gettext("who it is for"),
        ),
        (not initiative.needs_stated and not initiative.needs.exists(), gettext("what you need")),
        (initiative.process_parts is None, gettext("what you are doing now")),
        (initiative.organisation.kind is None, gettext("who is behind it")),
        (
            initiative.legal_entity is None and not initiative.organisation.number,
            gettext("whether there is an organisation number"),
        ),
    ]
    return [words for is_missing, words in questions if is_missing]


def facet(
    title: Any, name: str, choices: Choices, asked: Asked, counts: dict[str, int] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a filter for the page; with counts, empty choices that are not chosen are left out."""
    options = [
        {
            "value": value,
            "label": label,
            "checked": value in asked[name],
            "count": counts.get(value, 0) if counts is not None else None,
        }
        for value, label in choices
        if counts is None or counts.get(value) or value in asked[name]
    ]
    return {"title": title, "name": name, "options": options, "open": bool(asked[name]), **more}
