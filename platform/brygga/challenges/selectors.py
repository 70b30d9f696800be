"""What pages show of challenges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brygga.challenges.enums import ChallengeState
from brygga.challenges.models import Challenge
from brygga.core.formatting import format_day
from brygga.taxonomy import selectors as taxonomy
from brygga.users.models import User

MOST_WORDS = 220


@dataclass(frozen=True)
class ChallengeCard:
    """A challenge in a list."""

    challenge: Challenge
    tags: list[str]
    meta: list[str]
    text: str


@dataclass(frozen=True)
class Filters:
    """What the list is asked for. `unknown`: something else was asked that there is not."""

    words: str = ""
    themes: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    with_ended: bool = False
    unknown: bool = False

    @property
    def chosen(self) -> int:
        return len(self.themes) + len(self.counties) + self.with_ended


def read_filters(*, words: str, themes: Iterable[str], counties: Iterable[str], ended: str) -> Filters:
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
        with_ended=ended == "yes",
        unknown=kept_themes != asked_themes or kept_counties != asked_counties or ended not in ("", "yes"),
    )


def challenges_for(user: User | AnonymousUser, filters: Filters) -> QuerySet[Challenge]:
    """Public challenges, the newest first. A county holds its municipalities, a subject those within it."""
    found = Challenge.objects.visible_to(user).public().select_related("organisation")
    if not filters.with_ended:
        found = found.open()
    if filters.words:
        found = found.filter(title__icontains=filters.words) | found.filter(text__icontains=filters.words)
    if filters.themes:
        entries = taxonomy.current_taxonomy().themes.entries
        within = {inner for code in filters.themes for inner in (code, *entries[code].children)}
        found = found.filter(theme_code__in=within)
    if filters.counties:
        areas = taxonomy.current_taxonomy().areas
        inside = {inner for code in filters.counties for inner in (code, *areas[code].children)}
        found = found.filter(area_code__in=inside)
    return found.order_by("-published_at", "-pk")


def cards(challenges: Iterable[Challenge]) -> list[ChallengeCard]:
    return [
        ChallengeCard(
            challenge=one,
            tags=taxonomy.theme_names([one.theme_code]) if one.theme_code else [],
            meta=[*([taxonomy.area_name(one.area_code)] if one.area_code else []), state_in_words(one)],
            text=one.text if len(one.text) <= MOST_WORDS else f"{one.text[:MOST_WORDS].rsplit(' ', 1)[0]} …",
        )
        for one in challenges
    ]


def state_in_words(challenge: Challenge) -> str:
    if challenge.state == ChallengeState.ENDED and challenge.ended_at:
        return _("Ended %(day)s") % {"day": format_day(challenge.ended_at)}
    if challenge.published_at and challenge.is_open:
        return _("Open since %(day)s") % {"day": format_day(challenge.published_at)}
    return _("Draft: only you see it")
