"""The days that matter: when offers open, close and are decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from brygga.core.icalendar import Event
from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from funders.selectors import giver_name, telling
from innovators.models import Initiative
from matching.calendar.models import CalendarAddress
from matching.calendar.services import hashed
from matching.engine.models import Match
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.users.models import User

#: A calendar with hundreds of days is no help: those of the offers that fit best.
MOST_OFFERS = 100
#: How long one's own days stay when they have passed.
KEPT = timedelta(days=60)


def person_behind(secret: str) -> User | None:
    """Return whose calendar a secret opens, if it does. One query."""
    found = CalendarAddress.objects.filter(secret_hash=hashed(secret)).select_related("user").first()
    return found.user if found is not None and found.user.is_active else None


def days_of(user: User, now: datetime) -> list[Event]:
    """Return the days of support that fits one's initiatives, and of one's own offers. Three queries."""
    today = timezone.localdate(now)
    mine = Organisation.objects.of(user).values("pk")
    events = [event for offer, names in _fitting(user, today) for event in _days(offer, names)]
    own = (
        SupportOffer.objects.published()
        .filter(organisation__in=mine)
        .filter(
            Q(closes_on__gte=today - KEPT) | Q(opens_on__gte=today - KEPT) | Q(decision_on__gte=today - KEPT)
        )
        .select_related("organisation")
        .order_by("pk")
    )
    for offer in own:
        events += [_opening(offer)] if offer.opens_on else []
        events += _days(offer, [])
    return sorted(events, key=lambda event: (str(event.starts), event.uid))


def _fitting(user: User, today: date) -> list[tuple[SupportOffer, list[str]]]:
    """Return offers with days that fit the person's initiatives, the best first, and which those are."""
    offers = (
        SupportOffer.objects.open_on(today)
        .filter(pk__in=SupportOffer.objects.visible_to(user).values("pk"))
        .filter(Q(closes_on__isnull=False) | Q(decision_on__isnull=False))
    )
    rows = (
        Match.objects.current()
        .filter(
            ~Unsuited.objects.of_pair(),
            initiative__in=Initiative.objects.published()
            .filter(organisation__in=Organisation.objects.of(user).values("pk"))
            .values("pk"),
            offer__in=offers.values("pk"),
        )
        .order_by("-fit", "offer__public_id")
        .values_list("offer_id", "initiative__title")
    )
    names: dict[int, list[str]] = {}
    for offer, title in rows:
        if offer in names or len(names) < MOST_OFFERS:
            names.setdefault(offer, []).append(title)
    found = SupportOffer.objects.filter(pk__in=names).select_related("organisation").in_bulk()
    return [(found[offer], titles) for offer, titles in names.items() if offer in found]


def closing_day(offer: SupportOffer) -> Event | None:
    """Return the last day to apply for an offer, as one thing in a calendar; None when it has none."""
    return next((event for event in _days(offer, []) if event.uid.startswith("closes-")), None)


def changed_at(events: Iterable[Event], *, now: datetime, made_at: datetime | None = None) -> datetime:
    """Return when a calendar last changed. Days come and go at midnight, so it changes once a day at least."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return max([midnight, *(event.changed_at for event in events), *([made_at] if made_at else [])])


def _days(offer: SupportOffer, fits: list[str]) -> list[Event]:
    title = telling(offer).title
    days = []
    if offer.closes_on:
        summary = gettext("Last day to apply: %(title)s") % {"title": title}
        days.append(_event("closes", offer, offer.closes_on, summary, fits))
    if offer.decision_on:
        summary = gettext("Decision: %(title)s") % {"title": title}
        days.append(_event("decision", offer, offer.decision_on, summary, fits))
    return days


def _opening(offer: SupportOffer) -> Event:
    assert offer.opens_on is not None
    return _event(
        "opens", offer, offer.opens_on, gettext("Opens: %(title)s") % {"title": telling(offer).title}, []
    )


def _event(kind: str, offer: SupportOffer, day: date, summary: str, fits: list[str]) -> Event:
    lines = [giver_name(offer.organisation)]
    if kind == "closes":
        lines.append(gettext("Closes at 23:59, Swedish time."))
    if fits:
        lines.append(gettext("Fits: %(names)s") % {"names": ", ".join(dict.fromkeys(fits))})
    return Event(
        uid=f"{kind}-{offer.public_id}@{urlsplit(settings.SITE_ADDRESS).hostname}",
        summary=summary,
        starts=day,
        changed_at=offer.changed_at,
        description="\n".join(lines),
        url=settings.SITE_ADDRESS + reverse("funders:detail", args=[offer.public_id]),
    )
