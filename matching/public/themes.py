"""One page a subject: what it is about, who works with it, who supports it, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse

from brygga.organisations.registration.catalogue import Catalogue
from brygga.organisations.registration.facets import Facet
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import SupportKind
from brygga.taxonomy.snapshot import TermEntry
from funders import selectors as funders
from funders.models import SupportOffer
from innovators import selectors as innovators
from innovators.models import Initiative
from matching.public.suppression import FEWEST

MOST_CARDS = 4
THEME, NEED, KIND = "theme", "need", "kind"


@dataclass(frozen=True)
class ThemeLine:
    """A subject in a list: how many initiatives and offers one finds under it."""

    code: str
    name: str
    initiatives: int
    offers: int


@dataclass(frozen=True)
class ThemeGroup:
    """A subject with those within it."""

    line: ThemeLine
    within: tuple[ThemeLine, ...]


@dataclass(frozen=True)
class Balance:
    """How many look for a kind of support within a subject, and how many offer it. None: too few to be told."""

    kind: str
    needed: int | None
    offered: int | None
    needed_url: str
    offered_url: str
    is_missing: bool


@dataclass(frozen=True)
class ThemePage:
    """Everything the page of a subject shows. The addresses are those of the catalogues."""

    code: str
    name: str
    other_words: str
    above: ThemeLine | None
    within: tuple[ThemeLine, ...]
    initiatives: int
    offers: int
    initiative_cards: list[innovators.InitiativeCard]
    offer_cards: list[funders.OfferCard]
    balance: tuple[Balance, ...]
    initiatives_url: str
    offers_url: str


def theme_groups(now: datetime) -> list[ThemeGroup]:
    """Return every subject in use, with what one finds under it. A constant number of queries."""
    counted = _Counted.of(now)
    groups = []
    for entry in Terms.THEME.vocabulary.active():
        if entry.parent is None:
            groups.append(
                ThemeGroup(counted.line(entry.code), tuple(map(counted.line, _active(entry.children))))
            )
    return groups


def theme_page(code: str, now: datetime) -> ThemePage | None:
    """Return the page of a subject, or None when there is no such one. A constant number of queries.

    What is shown and counted is what everybody may see, and the same as the catalogues show.
    """
    entry = Terms.THEME.vocabulary.entries.get(code)
    if entry is None or not entry.is_active:
        return None
    everybody = AnonymousUser()
    initiative_catalogue = innovators.initiative_catalogue(everybody)
    offer_catalogue = funders.offer_catalogue(everybody, now)
    counted = _Counted.of(now)
    found: QuerySet[Initiative] = _within(initiative_catalogue, code)
    support: QuerySet[SupportOffer] = _within(offer_catalogue, code)
    line = counted.line(code)
    return ThemePage(
        code=code,
        name=line.name,
        other_words=", ".join(_other_words(entry)),
        above=counted.line(entry.parent) if entry.parent else None,
        within=tuple(map(counted.line, _active(entry.children))),
        initiatives=line.initiatives,
        offers=line.offers,
        initiative_cards=innovators.cards(found.order_by("-published_at", "-pk")[:MOST_CARDS]),
        offer_cards=funders.cards(support.order_by("-published_at", "-pk")[:MOST_CARDS], funders.day_of(now)),
        balance=_balance(
            code,
            _facet(initiative_catalogue, NEED).count(found),
            _facet(offer_catalogue, KIND).count(support),
        ),
        initiatives_url=f"{reverse('innovators:catalogue')}?theme={code}",
        offers_url=f"{reverse('funders:catalogue')}?theme={code}",
    )


@dataclass(frozen=True)
class _Counted:
    """How many profiles everybody may see under each subject. Two queries."""

    initiatives: Counter[str]
    offers: Counter[str]

    @classmethod
    def of(cls, now: datetime) -> _Counted:
        initiatives = innovators.initiative_catalogue(AnonymousUser())
        offers = funders.offer_catalogue(AnonymousUser(), now)
        return cls(
            _facet(initiatives, THEME).count(initiatives.profiles),
            _facet(offers, THEME).count(offers.profiles),
        )

    def line(self, code: str) -> ThemeLine:
        (name,) = Terms.THEME.names([code])
        return ThemeLine(code, name, self.initiatives[code], self.offers[code])


def _active(codes: Iterable[str]) -> list[str]:
    entries = Terms.THEME.vocabulary.entries
    return [code for code in codes if entries[code].is_active]


def _facet(catalogue: Catalogue, name: str) -> Facet:
    return next(facet for facet in catalogue.facets if facet.name == name)


def _within(catalogue: Catalogue, code: str) -> QuerySet[Any]:
    return catalogue.profiles.filter(_facet(catalogue, THEME).condition([code]))


def _other_words(entry: TermEntry) -> tuple[str, ...]:
    words = entry.words(funders.page_language())
    return words[1:6]


def _balance(code: str, needed: Counter[str], offered: Counter[str]) -> tuple[Balance, ...]:
    """Return the kinds of support that somebody looks for or offers: those that are missing most, first."""
    lines = []
    for kind in sorted(SupportKind, key=lambda one: offered[one.value] - needed[one.value]):
        looks, gives = needed[kind.value], offered[kind.value]
        if looks or gives:
            lines.append(
                Balance(
                    kind=str(kind.label),
                    needed=_told(looks),
                    offered=_told(gives),
                    needed_url=f"{reverse('innovators:catalogue')}?theme={code}&need={kind.value}",
                    offered_url=f"{reverse('funders:catalogue')}?theme={code}&kind={kind.value}",
                    is_missing=looks >= FEWEST and not gives,
                )
            )
    return tuple(lines)


def _told(number: int) -> int | None:
    return None if 0 < number < FEWEST else number
