"""What people have opened of what was put forward to them, and what has happened to it since. Light."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import QuerySet

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import MatchSuggestion

Side = Literal["initiative", "offer"]
#: So long a list says what has gone from it.
ANNOUNCED = timedelta(days=30)


def mark_seen(*, initiative: Initiative, offer: SupportOffer, side: Side, now: datetime) -> bool:
    """Note that somebody of a side has opened a suggestion; return whether it was new to that side.

    A pair that is no suggestion is nothing to note. Who it was is kept nowhere.
    """
    field = f"seen_by_{side}_at"
    unseen = MatchSuggestion.objects.filter(
        initiative=initiative, offer=offer, gone_at=None, **{f"{field}__isnull": True}
    )
    return bool(unseen.update(**{field: now}))


def suggestions_of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    """Return what is put forward to a profile now, best first. Who may see it is the caller's to ask."""
    return _of(profile).filter(gone_at=None).order_by("-fit", "pk")


def new_suggestions_of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    """Return what is put forward and has not been opened by the profile's people."""
    return suggestions_of(profile).filter(**{f"seen_by_{_side(profile)}_at__isnull": True})


def gone_suggestions_of(profile: Initiative | SupportOffer, *, now: datetime) -> QuerySet[MatchSuggestion]:
    """Return what the profile's people had opened and is no longer put forward, the latest first.

    Each says when (`gone_at`) and why (`gone_because`).
    """
    rows = _of(profile).filter(gone_at__gte=now - ANNOUNCED)
    return rows.filter(**{f"seen_by_{_side(profile)}_at__isnull": False}).order_by("-gone_at", "pk")


def acknowledge_gone(profile: Initiative | SupportOffer, *, until: datetime) -> int:
    """Stop announcing to a profile's people what had gone until a moment. Return how many.

    What nobody waits to hear of is deleted, as what nobody has opened is.
    """
    gone = _of(profile).filter(gone_at__lte=until)
    number = gone.filter(**{f"seen_by_{_side(profile)}_at__isnull": False}).update(
        **{f"seen_by_{_side(profile)}_at": None}
    )
    gone.filter(seen_by_initiative_at=None, seen_by_offer_at=None).delete()
    return number


def _side(profile: Initiative | SupportOffer) -> Side:
    return "initiative" if isinstance(profile, Initiative) else "offer"


def _of(profile: Initiative | SupportOffer) -> QuerySet[MatchSuggestion]:
    rows = MatchSuggestion.objects.select_related("initiative", "offer")
    if isinstance(profile, Initiative):
        return rows.filter(initiative=profile)
    return rows.filter(offer=profile)
