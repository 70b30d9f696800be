"""Search and filters of the catalogue of support: what the shared ones do not know of offers.

An offer for a county, a country or everywhere can be used in each of its municipalities, so places
match along the tree in both directions. Who may apply and where is often not said; such offers are
never left out by those filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.organisations.registration.facets import Facet, Option, area_facet, terms_facet
from brygga.organisations.registration.search import (
    SearchPlan,
    Segment,
    areas_within,
    segment_condition,
    segments_of,
)
from brygga.organisations.registration.words import Terms
from brygga.taxonomy import selectors
from brygga.taxonomy.enums import MONEY_KINDS, OTHER_KINDS, OrganisationKind, SupportKind
from funders.models import SupportLine

MONEY, OTHER, UNSAID = "money", "other", "unsaid"
OPEN, ROLLING, LATER = "open", "rolling", "later"

# Beginnings of words that people search with, Swedish and English, and the support they mean.
_KIND_WORDS: dict[str, Iterable[SupportKind]] = {
    "peng": MONEY_KINDS,
    "money": MONEY_KINDS,
    "finansier": MONEY_KINDS,
    "funding": MONEY_KINDS,
    "bidrag": (SupportKind.GRANT,),
    "grant": (SupportKind.GRANT,),
    "stipendi": (SupportKind.GRANT,),
    "lån": (SupportKind.LOAN,),
    "loan": (SupportKind.LOAN,),
    "mikrolån": (SupportKind.LOAN,),
    "borgen": (SupportKind.GUARANTEE,),
    "guarantee": (SupportKind.GUARANTEE,),
    "ägarkapital": (SupportKind.EQUITY,),
    "delägar": (SupportKind.EQUITY,),
    "equity": (SupportKind.EQUITY,),
    "upphandl": (SupportKind.PROCUREMENT,),
    "procure": (SupportKind.PROCUREMENT,),
    "utfallskontrakt": (SupportKind.OUTCOME_CONTRACT,),
    "mentor": (SupportKind.MENTORING,),
    "coach": (SupportKind.MENTORING,),
    "bollplank": (SupportKind.MENTORING,),
    "rådgiv": (SupportKind.MENTORING, SupportKind.KNOWLEDGE),
    "advice": (SupportKind.MENTORING, SupportKind.KNOWLEDGE),
    "kunskap": (SupportKind.KNOWLEDGE,),
    "knowledge": (SupportKind.KNOWLEDGE,),
    "utbildning": (SupportKind.KNOWLEDGE,),
    "utvärder": (SupportKind.EVALUATION,),
    "evaluation": (SupportKind.EVALUATION,),
    "lokal": (SupportKind.PREMISES,),
    "premises": (SupportKind.PREMISES,),
    "room": (SupportKind.PREMISES,),
    "utrustning": (SupportKind.PREMISES,),
    "equipment": (SupportKind.PREMISES,),
    "verktyg": (SupportKind.PREMISES,),
    "volontär": (SupportKind.STAFF_TIME,),
    "volunteer": (SupportKind.STAFF_TIME,),
    "arbetstid": (SupportKind.STAFF_TIME,),
    "personal": (SupportKind.STAFF_TIME,),
    "nätverk": (SupportKind.NETWORK,),
    "network": (SupportKind.NETWORK,),
    "kontakter": (SupportKind.NETWORK,),
    "testbädd": (SupportKind.TEST_SITE,),
    "testplats": (SupportKind.TEST_SITE,),
    "testbed": (SupportKind.TEST_SITE,),
    "data": (SupportKind.DATA,),
    "statistik": (SupportKind.DATA,),
    "statistics": (SupportKind.DATA,),
    "kommunikation": (SupportKind.COMMUNICATION,),
    "communication": (SupportKind.COMMUNICATION,),
    "marknadsför": (SupportKind.COMMUNICATION,),
    "mandat": (SupportKind.MANDATE,),
    "mandate": (SupportKind.MANDATE,),
}
# "lokal" is premises, "lokalt" is not; short words have to be met more exactly.
_LONGEST_ENDING = {
    "lokal": ("lokal", "lokaler", "lokalen", "lokalerna"),
    "lån": ("lån", "lånet", "lånen"),
    "data": ("data",),
    "room": ("room", "rooms"),
    "personal": ("personal", "personalen"),
}


def support_kinds_in(words: Iterable[str]) -> list[str]:
    """Return the kinds of support that words mean, in Swedish or English."""
    found: dict[str, None] = {}
    for word in (one.casefold() for one in words):
        for beginning, kinds in _KIND_WORDS.items():
            exact = _LONGEST_ENDING.get(beginning)
            if word in exact if exact else word.startswith(beginning):
                found.update(dict.fromkeys(str(kind) for kind in kinds))
    return list(found)


def usable_in(codes: Iterable[str]) -> list[str]:
    """Return the areas whose support can be used in some part of the given: inside them and around them."""
    found: dict[str, None] = {}
    for code in codes:
        found.update(dict.fromkeys(areas_within([code])))
        found.update(dict.fromkeys(selectors.area_ancestors(code)))
    return list(found)


class OfferSearchPlan(SearchPlan):
    """As the shared search, and words may also stand for a kind of support or a place around."""

    def condition(self) -> Q:
        whole = Q()
        for segment in self.segments:
            whole &= self._fits(segment)
        return whole

    def _fits(self, segment: Segment) -> Q:
        condition = segment_condition(segment)
        if kinds := support_kinds_in(segment.words):
            # Looked up first: with keys at hand every part of the search has an index of its own.
            lines = SupportLine.objects.filter(kind__in=kinds)
            condition |= Q(pk__in=list(lines.values_list("offer_id", flat=True).distinct()))
        if "area_codes" in segment.codes:
            place = selectors.resolve_area(" ".join(segment.words))
            condition |= Q(area_codes__overlap=usable_in([place.code] if place else []))
        return condition


def plan_offer_search(text: str) -> OfferSearchPlan:
    return OfferSearchPlan(segments_of(text[:200], "area_codes"))


# -- filters ---------------------------------------------------------------------------------------


def kind_facet() -> Facet:
    """Kinds of support in two groups, each of which can be chosen whole."""

    def options() -> list[Option]:
        return [
            Option(MONEY, gettext("All kinds of money")),
            *(Option(kind.value, str(kind.label)) for kind in SupportKind if kind in MONEY_KINDS),
            Option(OTHER, gettext("All other support")),
            *(Option(kind.value, str(kind.label)) for kind in SupportKind if kind in OTHER_KINDS),
        ]

    def condition(chosen: list[str]) -> Q:
        kinds = set(chosen)
        if MONEY in kinds:
            kinds |= {kind.value for kind in MONEY_KINDS}
        if OTHER in kinds:
            kinds |= {kind.value for kind in OTHER_KINDS}
        # A subquery, so that several fitting lines do not double an offer.
        return Q(pk__in=SupportLine.objects.filter(kind__in=kinds).values("offer"))

    def count(offers: QuerySet[Any]) -> Counter[str]:
        lines = SupportLine.objects.filter(offer__in=offers.order_by().values("pk")).order_by()
        number = Count("offer", distinct=True)
        counted = Counter(dict(lines.values_list("kind").annotate(number=number)))
        group = Case(
            When(kind__in=[kind.value for kind in MONEY_KINDS], then=Value(MONEY)),
            default=Value(OTHER),
            output_field=CharField(),
        )
        counted.update(dict(lines.annotate(group=group).values_list("group").annotate(number=number)))
        return counted

    return Facet("kind", _("Kind of support"), options, condition, count)


def _grouped(offers: QuerySet[Any], column: str) -> list[tuple[list[str] | None, int]]:
    rows = offers.order_by().values_list(column).annotate(number=Count("*"))
    return list(rows.values_list(column, "number"))


def place_facet() -> Facet:
    """Where the support can be used: counties, and the municipalities of a chosen county."""
    shared = area_facet("place", _("Where it can be used"), "area_codes")

    def condition(chosen: list[str]) -> Q:
        return Q(area_codes__overlap=usable_in(chosen)) | Q(area_codes=[]) | Q(area_codes__isnull=True)

    def count(offers: QuerySet[Any]) -> Counter[str]:
        areas = selectors.current_taxonomy().areas
        counties = [code for code, _name in selectors.county_choices()]
        around = {code for county in counties for code in areas[county].ancestors}
        # A place inside Sweden counts for itself, for its county and for what lies inside it.
        reach = {county: {county, *areas[county].children} for county in counties}
        reach |= {inside: {inside, county} for county in counties for inside in areas[county].children}
        counted: Counter[str] = Counter()
        everywhere = 0
        for codes, number in _grouped(offers, "area_codes"):
            # Not said, anywhere, or an area around all counties: it counts in every place.
            if not codes or not around.isdisjoint(codes):
                everywhere += number
                continue
            for code in set().union(*(reach.get(code, ()) for code in codes)):
                counted[code] += number
        for code in reach:
            counted[code] += everywhere
        return counted

    return Facet(shared.name, shared.title, shared.options, condition, count)


def theme_facet() -> Facet:
    """Subjects; an offer that says all are welcome is found under each."""
    shared = terms_facet("theme", _("Subject"), Terms.THEME)

    def count(offers: QuerySet[Any]) -> Counter[str]:
        counted = shared.count(offers)
        open_to_all = sum(number for codes, number in _grouped(offers, "theme_codes") if codes == [])
        return Counter({option.value: counted[option.value] + open_to_all for option in shared.options()})

    return Facet(
        shared.name,
        shared.title,
        shared.options,
        lambda chosen: shared.condition(chosen) | Q(theme_codes=[]),
        count,
    )


def applicant_facet() -> Facet:
    """Who may apply. Offers open to all kinds, and those that have not said, are found under each."""

    def options() -> list[Option]:
        kinds = [Option(str(value), str(label)) for value, label in OrganisationKind.choices]
        return [*kinds, Option(UNSAID, gettext("Not said who may apply"))]

    def condition(chosen: list[str]) -> Q:
        found = Q(eligible_kinds__isnull=True)
        if kinds := [one for one in chosen if one != UNSAID]:
            found |= Q(eligible_kinds__overlap=kinds) | Q(eligible_kinds=[])
        return found

    def count(offers: QuerySet[Any]) -> Counter[str]:
        counted: Counter[str] = Counter()
        for codes, number in _grouped(offers, "eligible_kinds"):
            if codes is None:
                counted[UNSAID] += number
            counted.update(dict.fromkeys(codes or OrganisationKind.values, number))
        return counted

    return Facet("who", _("Who may apply"), options, condition, count)


def time_facet(today: date) -> Facet:
    """Open now, at any time, or later."""
    conditions = {
        OPEN: Q(opens_on__isnull=True) | Q(opens_on__lte=today),
        ROLLING: Q(closes_on__isnull=True) & (Q(opens_on__isnull=True) | Q(opens_on__lte=today)),
        LATER: Q(opens_on__gt=today),
    }

    def options() -> list[Option]:
        return [
            Option(OPEN, gettext("Open now")),
            Option(ROLLING, gettext("Open at any time, no last day")),
            Option(LATER, gettext("Opens later")),
        ]

    def condition(chosen: list[str]) -> Q:
        found = Q()
        for one in chosen:
            found |= conditions[one]
        return found

    def count(offers: QuerySet[Any]) -> Counter[str]:
        numbers = {name: Count("pk", filter=one) for name, one in conditions.items()}
        return Counter(offers.order_by().aggregate(**numbers))

    return Facet("when", _("When"), options, condition, count)
