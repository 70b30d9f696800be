"""Matches as cards: what each side sees of the other, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from brygga.core.formatting import format_day
from funders.enums import ApplyWay
from funders.models import SupportOffer
from funders.selectors import giver_name, places_in_words, time_in_words
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import in_short, need_in_words, owner_name, public_places
from innovators.selectors import telling as initiative_telling
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.engine.models import Match
from matching.engine.selectors import MatchExplanation, explain

MOST_TAGS = 3


@dataclass(frozen=True)
class SupportCard:
    """An offer that fits, as whoever looks for support sees it."""

    offer: SupportOffer
    title: str
    language: str
    giver: str
    place: str
    why: MatchExplanation
    closes: str
    tags: list[dict[str, str]]
    apply_way: str = ""
    is_asked_here: bool = False
    introduction: Any = None


def support_cards(
    matches: Iterable[Match],
    now: datetime,
    new: Collection[int] = frozenset(),
    introductions: Mapping[int, Any] | None = None,
) -> list[SupportCard]:
    """Return matches as the innovator's cards; `new` holds keys of offers that are new to them.

    `introductions` holds the newest one with each offer.

    No query for matches of `matches_for_initiative`.
    """
    today = timezone.localdate(now)
    return [
        support_card(
            match.offer,
            explain(match, perspective="initiative", now=now),
            today,
            is_new=match.offer_id in new,
            apply_way=how_to_apply(match.offer),
            introduction=(introductions or {}).get(match.offer_id),
        )
        for match in matches
    ]


def support_card(
    offer: SupportOffer,
    why: MatchExplanation,
    today: date,
    *,
    is_new: bool = False,
    apply_way: str = "",
    introduction: Any = None,
) -> SupportCard:
    """Return an offer's card, with why it fits."""
    told = offer_telling(offer)
    return SupportCard(
        offer=offer,
        title=told.title,
        language=told.language,
        giver=giver_name(offer.organisation),
        place=in_short(places_in_words(offer), 2),
        why=why,
        closes=time_in_words(offer, today),
        tags=[
            *([{"text": gettext("New"), "tone": "info"}] if is_new else []),
            *kind_tags([str(line.get_kind_display()) for line in offer.support.all()]),
            giver_tag(offer),
        ],
        apply_way=apply_way,
        is_asked_here=is_asked_here(offer),
        introduction=introduction,
    )


def kind_tags(labels: list[str]) -> list[dict[str, str]]:
    """Return an offer's kinds of support as tags, the first few by name."""
    tags = [{"text": label, "tone": "accent"} for label in labels[:MOST_TAGS]]
    if len(labels) > MOST_TAGS:
        tags.append({"text": f"+{len(labels) - MOST_TAGS}"})
    return tags


def giver_tag(offer: SupportOffer) -> dict[str, str]:
    """Return what is known of who gives: verified, not yet, or from a public source."""
    if not offer.is_confirmed:
        return {"text": gettext("Not confirmed by the giver"), "tone": "warning"}
    if offer.organisation.is_verified:
        return {"text": gettext("Verified giver"), "tone": "success", "icon": "check"}
    return {"text": gettext("The giver is not verified yet"), "tone": "warning"}


def is_asked_here(offer: SupportOffer) -> bool:
    """Return whether one asks for this support by an introduction here, of a giver that we know."""
    return offer.is_confirmed and offer.apply_way == ApplyWay.INTRODUCTION and offer.organisation.is_verified


def how_to_apply(offer: SupportOffer) -> str:
    """Return the way to the support, in one sentence or two."""
    if not offer.is_confirmed:
        return gettext(
            "The giver has not confirmed this support here, so nobody will get in touch through Brygga. "
            "Check with the giver and apply there."
        )
    if offer.apply_way == ApplyWay.OWN_FORM:
        return gettext("You apply through the giver’s own form.")
    if offer.apply_way == ApplyWay.OPEN_CONTACT:
        return gettext("You contact the giver directly. How is on the page of the support.")
    if not offer.organisation.is_verified:
        return gettext(
            "You need not apply. The giver sees you among its matches. Once we have verified the giver, either of "
            "you may ask the other for contact."
        )
    return gettext(
        "You ask the giver for contact here. The giver sees you among its matches and may ask you."
    )


@dataclass
class Case:
    """An initiative that fits an offer, as the giver sees it, and where it lies on the desk."""

    initiative: Initiative
    title: str
    language: str
    owner: str
    place: str
    why: MatchExplanation | None
    tags: list[str | dict[str, str]]
    since: str
    entry: ShortlistEntry | None = None
    introduction: Any = None
    stage: str = field(init=False)

    def __post_init__(self) -> None:
        self.stage = self.entry.stage if self.entry else Stage.SUGGESTED

    @property
    def as_shown(self) -> str:
        """How the case lies, for the page to send along when it is changed together with others."""
        assignee = (self.entry.assignee_id if self.entry else None) or ""
        due_on = (self.entry.due_on if self.entry else None) or ""
        return f"{self.initiative.public_id}.{self.stage}.{assignee}.{due_on}"


def cases(
    matches: Iterable[Match],
    entries: dict[int, ShortlistEntry],
    introductions: dict[int, Any],
    now: datetime,
    new: Collection[int] = frozenset(),
) -> list[Case]:
    """Return matches as the giver's cards; `new` holds keys of initiatives that are new to them.

    No query for matches of `matches_for_offer`.
    """
    return [
        case_of(
            match.initiative,
            explain(match, perspective="offer", now=now),
            entries.get(match.initiative_id),
            introductions.get(match.initiative_id),
            is_new=match.initiative_id in new,
        )
        for match in matches
    ]


def case_of(
    initiative: Initiative,
    why: MatchExplanation | None,
    entry: ShortlistEntry | None,
    introduction: Any = None,
    *,
    is_new: bool = False,
) -> Case:
    told = initiative_telling(initiative)
    published = initiative.published_at
    return Case(
        initiative=initiative,
        title=told.title,
        language=told.language,
        owner=owner_name(initiative.organisation),
        place=in_short(public_places(initiative), 2),
        why=why,
        tags=[
            *([{"text": gettext("New"), "tone": "info"}] if is_new else []),
            *[need_in_words(need) for need in initiative.needs.all()][:MOST_TAGS],
        ],
        since=gettext("Published %(day)s") % {"day": format_day(published)} if published else "",
        entry=entry,
        introduction=introduction,
    )
