"""Brygga in numbers: what the start page and the page of statistics show. Both read it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Func, QuerySet, TextField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy import selectors as taxonomy
from funders import selectors as funders
from funders.models import SupportLine, SupportOffer
from innovators import selectors as innovators
from innovators.models import Initiative
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.public.counting import counties
from matching.public.kept import Kept, kept
from matching.public.selectors import number_of_matches
from matching.public.suppression import FEWEST

NAME = "figures"


@dataclass(frozen=True)
class Figure:
    """A number, what it is called and what it counts. `is_few`: more than nothing, too few to be told."""

    name: str
    number: int
    label: str | Promise
    counts: str | Promise
    url_name: str = ""
    is_few: bool = False


# (label, what is counted, where to read more)
_TEXTS: dict[str, tuple[Promise, Promise, str]] = {
    "initiatives": (
        _("initiatives that look for support"),
        _("Published initiatives that everybody may see. Drafts, paused and closed ones are not counted."),
        "innovators:catalogue",
    ),
    "organisations": (
        _("organisations and groups behind them"),
        _("Those that own at least one of these initiatives. A person or a group counts as one."),
        "",
    ),
    "counties": (
        _("counties where somebody is at work"),
        _("Counties that at least one initiative has named as its place, or that its municipality lies in."),
        "public:gaps",
    ),
    "themes": (
        _("subjects that they work with"),
        _("Subjects from our list that at least one initiative has chosen."),
        "innovators:catalogue",
    ),
    "offers": (
        _("offers of support that are open or coming"),
        _("Published offers whose last day has not passed."),
        "funders:catalogue",
    ),
    "other_than_money": (
        _("of them are something other than money"),
        _("The offers without any kind of money: knowledge, premises, time, contacts and more."),
        "",
    ),
    "givers": (
        _("givers of support"),
        _("Organisations and persons with at least one of these offers."),
        "",
    ),
    "support_kinds": (
        _("kinds of support on offer"),
        _("Of the sixteen kinds that Brygga knows, those that at least one of these offers gives."),
        "public:gaps",
    ),
    "matches": (
        _("matches with reasons right now"),
        _("Pairs of an initiative that everybody may see and an offer, where one fits the other."),
        "pages:how-we-match",
    ),
    "introductions": (
        _("times both sides have said yes"),
        _("Introductions between an initiative and a giver, both published, that both have accepted."),
        "",
    ),
}
ON_START_PAGE = ("initiatives", "offers", "other_than_money", "matches")
# Numbers about what happens between people are not told while they are small.
_ABOUT_PEOPLE = frozenset({"introductions"})


def figures() -> Kept[dict[str, int]]:
    """Return the numbers by name, and when they were counted. No query when they are kept."""
    return kept(NAME, count_figures)


def shown_figures(numbers: dict[str, int], names: tuple[str, ...] = tuple(_TEXTS)) -> list[Figure]:
    """Return the figures in words."""
    return [
        Figure(
            name,
            numbers[name],
            *_TEXTS[name],
            is_few=name in _ABOUT_PEOPLE and 0 < numbers[name] < FEWEST,
        )
        for name in names
    ]


def count_figures(now: datetime) -> dict[str, int]:
    """Count what a visitor may know of. Seven queries, whatever there is."""
    initiatives = Initiative.objects.published().visible_to(AnonymousUser())
    offers = SupportOffer.objects.visible_to(AnonymousUser()).not_over_on(timezone.localdate(now))
    reached = {taxonomy.county_of(code) for code in _members(initiatives, "public_area_codes")} & set(
        counties()
    )
    accepted = Introduction.objects.filter(
        state=IntroductionState.ACCEPTED,
        initiative__in=initiatives.values("pk"),
        offer__in=SupportOffer.objects.visible_to(AnonymousUser()).values("pk"),
    )
    return {
        **innovators.public_figures(),
        "counties": len(reached),
        "themes": len(_members(initiatives, "theme_codes")),
        **funders.public_figures(now),
        "support_kinds": SupportLine.objects.filter(offer__in=offers.values("pk"))
        .values("kind")
        .distinct()
        .count(),
        "matches": number_of_matches(),
        "introductions": accepted.count(),
    }


def _members(profiles: QuerySet[Any], field: str) -> set[str]:
    """Return the codes that at least one of the profiles has in an array. One query."""
    member = Func(F(field), function="unnest", output_field=TextField())
    rows = profiles.order_by().annotate(member=member).values_list("member", flat=True)
    return set(rows.distinct())
