"""What pages show of adopters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_day, format_money_range
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import SupportKind
from brygga.users.models import User
from innovators.adopting.models import Adopter

MOST_WORDS = 220


@dataclass(frozen=True)
class AdopterCard:
    """An adopter in a list."""

    adopter: Adopter
    owner: str
    tags: list[str]
    meta: list[str]
    text: str


@dataclass(frozen=True)
class Filters:
    """What the list is asked for. `unknown`: something else was asked that there is not."""

    words: str = ""
    themes: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    unknown: bool = False

    @property
    def chosen(self) -> int:
        return len(self.themes) + len(self.counties)


def read_filters(*, words: str, themes: Iterable[str], counties: Iterable[str]) -> Filters:
    """Read an address; what nobody offers is left out and told."""
    known_themes = taxonomy.current_taxonomy().themes.entries
    known_counties = dict(taxonomy.county_choices())
    asked_themes, asked_counties = tuple(dict.fromkeys(themes)), tuple(dict.fromkeys(counties))
    kept_themes = tuple(code for code in asked_themes if code in known_themes)
    kept_counties = tuple(code for code in asked_counties if code in known_counties)
    return Filters(
        words=words.replace("\x00", "").strip()[:100],
        themes=kept_themes,
        counties=kept_counties,
        unknown=kept_themes != asked_themes or kept_counties != asked_counties,
    )


def adopters_for(user: User | AnonymousUser, filters: Filters) -> QuerySet[Adopter]:
    """Published adopters, the newest first. A county holds its municipalities, a theme those within it."""
    found = Adopter.objects.visible_to(user).published().select_related("organisation")
    if filters.words:
        found = found.filter(title__icontains=filters.words) | found.filter(change__icontains=filters.words)
    if filters.themes:
        entries = taxonomy.current_taxonomy().themes.entries
        within = {inner for code in filters.themes for inner in (code, *entries[code].children)}
        found = found.filter(theme_codes__overlap=sorted(within))
    if filters.counties:
        areas = taxonomy.current_taxonomy().areas
        inside = {inner for code in filters.counties for inner in (code, *areas[code].children)}
        found = found.filter(area_codes__overlap=sorted(inside))
    return found.order_by("-published_at", "-pk")


def cards(adopters: Iterable[Adopter]) -> list[AdopterCard]:
    return [
        AdopterCard(
            adopter=one,
            owner=owner_in_words(one),
            tags=taxonomy.theme_names(one.theme_codes),
            meta=[", ".join(taxonomy.area_names(one.area_codes[:3])), state_in_words(one)],
            text=one.change
            if len(one.change) <= MOST_WORDS
            else f"{one.change[:MOST_WORDS].rsplit(' ', 1)[0]} …",
        )
        for one in adopters
    ]


def owner_in_words(adopter: Adopter) -> str:
    """Return whose it is; for one that nobody has checked, with that."""
    organisation = adopter.organisation
    if organisation.is_verified:
        return str(organisation)
    return _("%(name)s (not checked by us)") % {"name": organisation}


def state_in_words(adopter: Adopter) -> str:
    if adopter.is_published and adopter.published_at:
        return _("Looking since %(day)s") % {"day": format_day(adopter.published_at)}
    return {
        PublicationState.PAUSED: _("Paused: only you see it"),
        PublicationState.CLOSED: _("Closed: only you see it"),
    }.get(PublicationState(adopter.state), _("Draft: only you see it"))


def missing_answers(adopter: Adopter) -> list[str]:
    """Return what is still needed before everybody may read it, in words."""
    needed = (
        (adopter.title, _("what you look for, in one line")),
        (adopter.change, _("what you want to change")),
        (adopter.theme_codes, _("a subject")),
        (adopter.area_codes, _("a place")),
    )
    return [words for value, words in needed if not value]


def puts_in_words(adopter: Adopter) -> list[str] | None:
    """Return what they can put in beside money; None when they do not know yet."""
    if adopter.puts_in is None:
        return None
    labels = dict(SupportKind.choices)
    return [str(labels[code]) for code in adopter.puts_in if code in labels]


def money_in_words(adopter: Adopter) -> str:
    if adopter.amount_min is None and adopter.amount_max is None:
        return ""
    return format_money_range(adopter.amount_min, adopter.amount_max)
