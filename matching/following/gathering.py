"""What is new among the matches that are put forward to a person: gathered once, for one mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from brygga.notifications.enums import TipsTopic
from brygga.notifications.tips import Tips, TipsGroup, TipsLine, register, register_news
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders import selectors as funders
from funders.models import SupportOffer
from funders.selectors import day_of
from innovators import selectors as innovators
from innovators.enums import Visibility
from innovators.models import Initiative
from matching.desk.models import Recusal
from matching.desk.querysets import Pair
from matching.engine.models import MatchSuggestion
from matching.following.catalogues import name_of_initiative, name_of_offer
from matching.following.models import ToldTip
from matching.following.why import why_of
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.search.registry import Found

#: Older suggestions are no news to anybody.
NEWS_FOR = timedelta(days=30)
MOST_LINES = 5
MOST_GROUPS = 5


def connect() -> None:
    """Hang both up; doing it again changes nothing."""
    register(TipsTopic.SUPPORT, new_support)
    register(TipsTopic.CASES, new_cases)
    register_news(new_to_everybody)


def new_support(user: User, now: datetime) -> Tips | None:
    """Return open support that is new to the person's initiatives, and note it as told. Constant queries."""
    own = Initiative.objects.published().filter(organisation__in=_writable(user))
    rows = _untold(user, TipsTopic.SUPPORT, now).filter(
        ~Unsuited.objects.of_pair(),
        initiative__in=own.values("pk"),
        seen_by_initiative_at=None,
        offer__in=SupportOffer.objects.visible_to(user).not_over_on(day_of(now)).values("pk"),
    )
    return _gathered(
        user,
        TipsTopic.SUPPORT,
        rows.order_by("initiative_id", "-fit", "pk"),
        of=lambda row: row.initiative,
        about=lambda row: _own_title(row.initiative),
        # What is public of an offer is public to all: each is named.
        line=lambda row: name_of_offer(row.offer),
        path=lambda row: reverse("matching:for-initiative", args=[row.initiative.public_id]),
        # What an initiative that not everybody may see says of itself stays out of mails.
        why=lambda rows: why_of(
            [row for row in rows if row.initiative.visibility == Visibility.EVERYONE], "initiative", now
        ),
    )


def new_cases(user: User, now: datetime) -> Tips | None:
    """Return initiatives that are new to the person's support, and note them as told. Constant queries.

    A mail is read on more screens than a page behind a sign-in: those that only some may see are counted.
    """
    own = SupportOffer.objects.not_over_on(day_of(now)).filter(organisation__in=_writable(user))
    rows = _untold(user, TipsTopic.CASES, now).filter(
        ~Recusal.objects.of_pair(user),
        offer__in=own.values("pk"),
        seen_by_offer_at=None,
        initiative__in=Initiative.objects.published().visible_to(user).values("pk"),
    )
    public = set(
        Initiative.objects.published()
        .visible_to(AnonymousUser())
        .filter(pk__in=rows.values("initiative"))
        .values_list("pk", flat=True)
    )
    return _gathered(
        user,
        TipsTopic.CASES,
        rows.order_by("offer_id", "-fit", "pk"),
        of=lambda row: row.offer,
        about=lambda row: name_of_offer(row.offer).title,
        line=lambda row: name_of_initiative(row.initiative) if row.initiative_id in public else None,
        path=lambda row: reverse("matching:for-offer", args=[row.offer.public_id]),
        why=lambda rows: why_of(rows, "offer", now),
    )


def new_to_everybody(since: datetime, until: datetime) -> tuple[TipsGroup, ...]:
    """Return the newest initiatives and offers that everybody may see, for the newsletter. Constant queries."""
    everybody = AnonymousUser()
    initiatives = innovators.initiative_catalogue(everybody).profiles
    offers = funders.offer_catalogue(everybody, until).profiles
    return (
        _newest(
            gettext("New initiatives"),
            (name_of_initiative(one) for one in _between(initiatives, since, until)[:MOST_LINES]),
            _between(initiatives, since, until).count(),
            reverse("innovators:catalogue"),
        ),
        _newest(
            gettext("New support"),
            (name_of_offer(one) for one in _between(offers, since, until)[:MOST_LINES]),
            _between(offers, since, until).count(),
            reverse("funders:catalogue"),
        ),
    )


def _between(profiles: QuerySet[Any], since: datetime, until: datetime) -> QuerySet[Any]:
    found = profiles.filter(published_at__gt=since, published_at__lte=until)
    return found.order_by("-published_at", "-pk")


def _newest(about: str, found: Iterable[Found], number: int, path: str) -> TipsGroup:
    lines = tuple(TipsLine(one.title, one.owner, one.path) for one in found)
    return TipsGroup(about, lines, number - len(lines), path)


def _own_title(initiative: Initiative) -> str:
    if initiative.visibility != Visibility.EVERYONE:
        return gettext("An initiative that not everybody may see")
    return name_of_initiative(initiative).title


def _writable(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.writable_by(user).values("pk")  # type: ignore[return-value]  # for a subquery


def _untold(user: User, topic: TipsTopic, now: datetime) -> QuerySet[MatchSuggestion]:
    told = ToldTip.objects.filter(
        user=user, topic=topic, initiative=OuterRef("initiative_id"), offer=OuterRef("offer_id")
    )
    return MatchSuggestion.objects.filter(
        ~Exists(told), gone_at=None, suggested_at__gt=now - NEWS_FOR, suggested_at__lte=now
    ).select_related("initiative__organisation", "offer__organisation")


def _gathered(
    user: User,
    topic: TipsTopic,
    rows: Iterable[MatchSuggestion],
    *,
    of: Callable[[MatchSuggestion], Initiative | SupportOffer],
    about: Callable[[MatchSuggestion], str],
    line: Callable[[MatchSuggestion], Found | None],
    path: Callable[[MatchSuggestion], str],
    why: Callable[[list[MatchSuggestion]], dict[Pair, str]],
) -> Tips | None:
    new = list(rows)
    if not new:
        return None
    ToldTip.objects.bulk_create(
        [
            ToldTip(user=user, topic=topic, initiative_id=row.initiative_id, offer_id=row.offer_id)
            for row in new
        ]
    )
    members = [list(rows) for _, rows in groupby(new, key=lambda row: of(row).pk)]
    shown = [
        [(row, found) for row in group if (found := line(row)) is not None][:MOST_LINES]
        for group in members[:MOST_GROUPS]
    ]
    said = why([row for named in shown for row, _ in named])
    groups = []
    for group, named in zip(members, shown, strict=False):
        lines = tuple(
            TipsLine(found.title, found.owner, found.path, said.get((row.offer_id, row.initiative_id), ""))
            for row, found in named
        )
        groups.append(TipsGroup(about(group[0]), lines, len(group) - len(lines), path(group[0])))
    return Tips(len(new), tuple(groups), max(0, len(members) - MOST_GROUPS))
