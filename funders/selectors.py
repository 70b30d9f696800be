"""Reads for pages: the catalogue, cards, the public page, one's own offers, figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day, format_number
from brygga.organisations.models import Organisation
from brygga.organisations.registration.catalogue import Catalogue
from brygga.organisations.registration.facets import column_facet
from brygga.organisations.registration.words import Terms, full_area_names
from brygga.taxonomy.enums import MONEY_KINDS, Driver, OrganisationKind
from funders.enums import ApplyWay
from funders.lines import hours_in_words, last_round_in_words, line_in_words, stored_lines
from funders.models import SupportLine, SupportOffer
from funders.rules import Requirement, in_words, requirements_of, wishes_of
from funders.search import (
    applicant_facet,
    kind_facet,
    place_facet,
    plan_offer_search,
    theme_facet,
    time_facet,
)
from funders.sentence import as_others_read, as_the_giver_says
from funders.states import day_of, state_in_words

if TYPE_CHECKING:
    from brygga.users.models import User

# What a card needs; long texts and search vectors stay in the database, but for the description.
CARD_COLUMNS = (
    "public_id",
    "title",
    "title_second",
    "summary_second",
    "description",
    "language",
    "state",
    "area_codes",
    "area_words",
    "theme_codes",
    "eligible_kinds",
    "opens_on",
    "closes_on",
    "is_confirmed",
    "is_demo",
    "published_at",
    "changed_at",
    "organisation__name",
    "organisation__kind",
    "organisation__public_id",
    "organisation__verified_at",
    "organisation__source",
)
MOST_ON_CARD = 3
CARD_TEXT = 220


def page_language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"


@dataclass(frozen=True)
class Telling:
    """A name and a text in the reader's language where they exist, and the language they are in."""

    title: str
    text: str
    language: str
    is_second: bool = False


def telling(offer: SupportOffer) -> Telling:
    """Return the offer in the page's language when the giver has told it in that, else as written."""
    wanted = page_language()
    if wanted != offer.language and (offer.title_second or offer.summary_second):
        return Telling(
            offer.title_second or offer.title,
            offer.summary_second or offer.description,
            wanted,
            is_second=True,
        )
    return Telling(offer.title, offer.description, offer.language)


def giver_name(organisation: Organisation) -> str:
    """Return what strangers may call the giver: a private person is not named."""
    if organisation.kind == OrganisationKind.INDIVIDUAL:
        return str(OrganisationKind.INDIVIDUAL.label)
    return str(organisation)


def places_in_words(offer: SupportOffer) -> list[str]:
    """Return where the support may be used, in a few words; empty when that is not said."""
    if offer.area_codes == [] and not offer.area_words:
        return [gettext("Anywhere")]
    return [*full_area_names(offer.area_codes), *offer.area_words]


def in_short(texts: Iterable[str], most: int = MOST_ON_CARD) -> str:
    """Return a few texts and how many more there are: "Malmö, Lund +3"."""
    every = list(texts)
    more = f" +{len(every) - most}" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def first_words(text: str, length: int = CARD_TEXT) -> str:
    """Return the beginning of a text, whole words only."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"


def time_in_words(offer: SupportOffer, today: date) -> str:
    """Return when one can apply, short: "Stänger 1 mars 2026 kl. 23:59"."""
    if offer.opens_on and offer.opens_on > today:
        return gettext("Opens %(day)s") % {"day": format_day(offer.opens_on)}
    if offer.closes_on is None:
        return gettext("Open at any time")
    if offer.closes_on < today:
        return gettext("Closed on %(day)s") % {"day": format_day(offer.closes_on)}
    return gettext("Closes %(day)s at 23:59") % {"day": format_day(offer.closes_on)}


@dataclass(frozen=True)
class OfferCard:
    """An offer in a list."""

    offer: SupportOffer
    title: str
    text: str
    language: str
    giver: str
    tags: list[dict[str, str]]
    meta: list[str]


def cards(offers: Iterable[SupportOffer], today: date) -> list[OfferCard]:
    """Return the offers as cards. Expects `organisation` and `support` at hand: see `with_card_rows`."""
    made = []
    for offer in offers:
        told = telling(offer)
        lines = [line_in_words(row) for row in stored_lines(offer)]
        tags = [{"text": line, "tone": "accent"} for line in lines[:MOST_ON_CARD]]
        if len(lines) > MOST_ON_CARD:
            tags.append({"text": f"+{len(lines) - MOST_ON_CARD}"})
        if not offer.is_confirmed:
            tags.append({"text": gettext("Not confirmed by the giver"), "tone": "warning"})
        elif not offer.organisation.is_verified:
            tags.append({"text": gettext("The giver is not verified yet"), "tone": "warning"})
        made.append(
            OfferCard(
                offer=offer,
                title=told.title,
                text=first_words(told.text),
                language=told.language,
                giver=giver_name(offer.organisation),
                tags=tags,
                meta=[
                    in_short(places_in_words(offer), 2) or gettext("Not said where"),
                    time_in_words(offer, today),
                    _who_in_short(offer),
                ],
            )
        )
    return made


def _who_in_short(offer: SupportOffer) -> str:
    if offer.eligible_kinds is None:
        return gettext("Not said who may apply")
    if not offer.eligible_kinds:
        return gettext("All kinds may apply")
    return ""


def with_card_rows(offers: QuerySet[SupportOffer]) -> QuerySet[SupportOffer]:
    """Fetch what cards show in two queries, whatever the number of cards."""
    return (
        offers.select_related("organisation")
        .only(*CARD_COLUMNS)
        .prefetch_related(Prefetch("support", queryset=SupportLine.objects.order_by("position")))
    )


def offer_catalogue(user: User | AnonymousUser, now: datetime) -> Catalogue:
    """Return the catalogue of published offers that have not closed."""
    today = day_of(now)
    return Catalogue(
        profiles=with_card_rows(SupportOffer.objects.visible_to(user).not_over_on(today)),
        facets=(
            kind_facet(),
            place_facet(),
            theme_facet(),
            applicant_facet(),
            time_facet(today),
            column_facet("giver", _("Who gives"), "organisation__kind", OrganisationKind),
        ),
        plan_search=plan_offer_search,
        orders={
            "newest": (_("Newest first"), ("-published_at", "-pk")),
            "closing": (_("Closing soonest"), (F("closes_on").asc(nulls_last=True), "pk")),
        },
    )


@dataclass(frozen=True)
class Sentence:
    """A rule in words."""

    rule: str
    text: str


@dataclass(frozen=True)
class OfferPage:
    """Everything the public page shows, in words. Holds no contact details."""

    offer: SupportOffer
    told: Telling
    giver: str
    giver_is_person: bool
    giver_is_verified: bool
    money: list[str]
    other_support: list[str]
    sentence: str
    requirements: list[Sentence]
    wishes: list[Sentence]
    open_rules: list[Sentence]
    unsaid: list[str]
    places: list[str]
    time: str
    is_over: bool
    facts: list[dict[str, Any]]
    steps: list[str]
    apply_here: bool
    link_text: str
    themes: list[str]
    extras: list[dict[str, Any]]


# Told elsewhere on the page, as what one gets and when.
_TOLD_APART = frozenset({"support_kinds", "dates"})


def offer_page(offer: SupportOffer, now: datetime) -> OfferPage:
    """Return the public page. One query at most beyond the offer, its organisation and its lines."""
    today = day_of(now)
    lines = stored_lines(offer)
    hard = [rule for rule in requirements_of(offer) if rule.rule not in _TOLD_APART]
    wishes = wishes_of(offer)
    return OfferPage(
        offer=offer,
        told=telling(offer),
        giver=giver_name(offer.organisation),
        giver_is_person=offer.organisation.kind == OrganisationKind.INDIVIDUAL,
        giver_is_verified=offer.organisation.is_verified,
        money=[line_in_words(row) for row in lines if row["kind"] in MONEY_KINDS],
        other_support=[line_in_words(row) for row in lines if row["kind"] not in MONEY_KINDS],
        sentence=as_others_read(offer, page_language()),
        requirements=_sentences(rule for rule in hard if not rule.is_open),
        wishes=_sentences(rule for rule in wishes if not rule.is_open),
        open_rules=_sentences(rule for rule in [*hard, *wishes] if rule.is_open),
        unsaid=_unsaid(offer),
        places=places_in_words(offer),
        time=time_in_words(offer, today),
        is_over=offer.closes_on is not None and offer.closes_on < today,
        facts=_facts(offer, today),
        steps=[line.strip(" -–•") for line in offer.how_to_apply.splitlines() if line.strip(" -–•")],
        apply_here=offer.is_confirmed and offer.apply_way == ApplyWay.INTRODUCTION,
        link_text=gettext("To the giver’s form")
        if offer.apply_way == ApplyWay.OWN_FORM
        else gettext("To the giver’s page"),
        themes=Terms.THEME.names(offer.theme_codes),
        extras=_extras(offer),
    )


def rules_in_short(offer: SupportOffer) -> dict[str, Any]:
    """Return, for the one who writes: the requirements in one sentence, and the wishes apart."""
    wishes = [rule for rule in wishes_of(offer) if not rule.is_open]
    return {"sentence": as_the_giver_says(offer, page_language()), "wishes": _sentences(wishes)}


def _sentences(rules: Iterable[Requirement]) -> list[Sentence]:
    return [Sentence(rule.rule, in_words(rule, page_language())) for rule in rules]


def _unsaid(offer: SupportOffer) -> list[str]:
    """Return what matters and the giver has not said: missing is named, never taken for a no."""
    found = []
    if offer.eligible_kinds is None:
        found.append(gettext("which kinds of organisations may apply"))
    if offer.legal_entity_required is None:
        found.append(gettext("whether an organisation number is needed"))
    if offer.area_codes is None and not offer.area_words:
        found.append(gettext("where the support may be used"))
    return found


def _facts(offer: SupportOffer, today: date) -> list[dict[str, Any]]:
    hours = offer.hours_to_apply
    return [
        {"label": gettext("When"), "value": time_in_words(offer, today)},
        {
            "label": gettext("Decision"),
            "value": format_day(offer.decision_on) if offer.decision_on else "",
        },
        {
            "label": gettext("Time to apply"),
            "value": "" if hours is None else gettext("about %(hours)s") % {"hours": hours_in_words(hours)},
        },
        {"label": gettext("You get an answer"), "value": answer_days_in_words(offer)},
        {
            "label": gettext("How many can get it"),
            "value": "" if offer.capacity is None else format_number(offer.capacity),
        },
        {
            "label": gettext("Got it last time"),
            "value": last_round_in_words(offer.applied_last, offer.supported_last),
        },
        {"label": gettext("Where"), "value": in_short(places_in_words(offer), 6) or gettext("Not said")},
    ]


def answer_days_in_words(offer: SupportOffer) -> str:
    """Return how soon the giver answers and from when it is counted. "" when they have not said."""
    if offer.answer_days is None:
        return ""
    if offer.apply_way == ApplyWay.INTRODUCTION:
        said = gettext("within %(days)s days from when you ask for contact or say yes to it")
    else:
        said = gettext("within %(days)s days")
    return said % {"days": offer.answer_days}


def _extras(offer: SupportOffer) -> list[dict[str, Any]]:
    drivers = dict(Driver.choices)
    return [
        {
            "label": gettext("Ways of working"),
            "value": [*Terms.METHOD.names(offer.method_codes), *offer.method_words],
        },
        {
            "label": gettext("What is new"),
            "value": [
                *Terms.INNOVATION_KIND.names(offer.innovation_kind_codes),
                *offer.innovation_kind_words,
            ],
        },
        {
            "label": gettext("What drives them"),
            "value": [
                *(str(drivers.get(code, code)) for code in offer.driver_codes or []),
                *offer.driver_words,
            ],
        },
    ]


def own_offers(user: User) -> QuerySet[SupportOffer]:
    """Return the offers of the user's organisations, the last changed first."""
    organisations = Organisation.objects.of(user).values("pk")
    return (
        SupportOffer.objects.filter(organisation__in=organisations)
        .select_related("organisation")
        .order_by("-changed_at", "-pk")
    )


def public_figures(now: datetime) -> dict[str, int]:
    """Return the numbers for the start page, in one query; strangers may know them."""
    money = Q(pk__in=SupportLine.objects.filter(kind__in=list(MONEY_KINDS)).values("offer"))
    return SupportOffer.objects.not_over_on(day_of(now)).aggregate(
        offers=Count("pk"),
        other_than_money=Count("pk", filter=~money),
        givers=Count("organisation", distinct=True),
    )


__all__ = [
    "OfferCard",
    "OfferPage",
    "Sentence",
    "Telling",
    "cards",
    "day_of",
    "giver_name",
    "offer_catalogue",
    "offer_page",
    "own_offers",
    "places_in_words",
    "public_figures",
    "rules_in_short",
    "state_in_words",
    "telling",
    "time_in_words",
    "with_card_rows",
]
