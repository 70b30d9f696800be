"""What people have opened of what was put forward to them, and what has happened to it since. Light."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import QuerySet

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.querysets import Pair, in_pairs
from matching.engine.enums import Gone
from matching.engine.models import Match, MatchSuggestion
from matching.engine.order import place_opened

Side = Literal["initiative", "offer"]
#: So long a list says what has gone from it.
ANNOUNCED = timedelta(days=30)


def mark_seen(*, initiative: Initiative, offer: SupportOffer, side: Side, now: datetime) -> bool:
    """Note that somebody of a side has opened a match; return whether it is the first time.

    A pair that is no match is nothing to note. Who it was is kept nowhere.
    """
    field = f"seen_by_{side}_at"
    rows = MatchSuggestion.everything.filter(initiative=initiative, offer=offer)
    if rows.filter(gone_at=None).exists():
        is_first = bool(rows.filter(gone_at=None, **{f"{field}__isnull": True}).update(**{field: now}))
        if is_first and side == "offer":
            place_opened(offer)
        return is_first
    match = Match.objects.current().filter(initiative=initiative, offer=offer).first()
    if match is None:
        return False
    MatchSuggestion.everything.update_or_create(
        initiative=initiative,
        offer=offer,
        defaults={
            "is_put_forward": False,
            "since_run": match.from_run,
            "fit": match.fit,
            "suggested_at": now,
            "gone_at": None,
            "gone_because": "",
            "place_for_offer": None,
            field: now,
        },
    )
    if side == "offer":
        place_opened(offer)
    return True


def mark_seen_by_giver(*, pairs: Iterable[Pair], now: datetime) -> None:
    """Note that somebody of the offers' side has seen several suggestions. One query for any number."""
    MatchSuggestion.objects.filter(in_pairs(pairs), gone_at=None, seen_by_offer_at=None).update(
        seen_by_offer_at=now
    )


def is_unopened(initiative: Initiative, offer: SupportOffer, side: Side) -> bool:
    """Say whether the pair is a match that nobody of a side has opened yet. Two queries at most."""
    rows = MatchSuggestion.everything.filter(initiative=initiative, offer=offer, gone_at=None)
    for seen_at in rows.values_list(f"seen_by_{side}_at", flat=True):
        return seen_at is None
    return Match.objects.current().filter(initiative=initiative, offer=offer).exists()


def suggestions_of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    """Return what is put forward to a profile now, best first. Who may see it is the caller's to ask."""
    return _of(profile, MatchSuggestion.objects.all()).filter(gone_at=None).order_by("-fit", "pk")


def opened_of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    """Return the matches that somebody of the profile's people has opened, put forward or not."""
    rows = _of(profile, MatchSuggestion.everything.all()).filter(gone_at=None)
    return rows.filter(**{f"seen_by_{_side(profile)}_at__isnull": False})


def new_suggestions_of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    """Return what is put forward and has not been opened by the profile's people."""
    return suggestions_of(profile).filter(**{f"seen_by_{_side(profile)}_at__isnull": True})


def gone_suggestions_of(profile: Initiative | SupportOffer, *, now: datetime) -> QuerySet[MatchSuggestion]:
    """Return what the profile's people had opened and is no match any more, the latest first.

    Each says when (`gone_at`) and why (`gone_because`). From an offer's own people nothing goes when it closes.
    """
    rows = _of(profile, MatchSuggestion.everything.all()).filter(gone_at__gte=now - ANNOUNCED)
    if isinstance(profile, SupportOffer):
        rows = rows.exclude(gone_because=Gone.OFFER_CLOSED)
    return rows.filter(**{f"seen_by_{_side(profile)}_at__isnull": False}).order_by("-gone_at", "pk")


def acknowledge_gone(profile: Initiative | SupportOffer, *, until: datetime) -> int:
    """Stop announcing to a profile's people what had gone until a moment. Return how many.

    What nobody waits to hear of is deleted, as what nobody has opened is.
    """
    gone = _of(profile, MatchSuggestion.everything.all()).filter(gone_at__lte=until)
    number = gone.filter(**{f"seen_by_{_side(profile)}_at__isnull": False}).update(
        **{f"seen_by_{_side(profile)}_at": None}
    )
    gone.filter(seen_by_initiative_at=None, seen_by_offer_at=None).delete()
    return number


def _side(profile: Initiative | SupportOffer) -> Side:
    return "initiative" if isinstance(profile, Initiative) else "offer"


def _of(profile: Initiative | SupportOffer, rows: QuerySet[MatchSuggestion]) -> QuerySet[MatchSuggestion]:
    rows = rows.select_related("initiative", "offer")
    if isinstance(profile, Initiative):
        return rows.filter(initiative=profile)
    return rows.filter(offer=profile)
