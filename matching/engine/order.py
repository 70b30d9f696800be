"""In which order an offer's people have seen what they have opened, to tell them when a run has changed it.

Each opened match has a place among the others: a number, smaller is higher. It is given when the match is opened and
given anew when somebody says that they have seen the new order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from funders.models import SupportOffer
from matching.engine.models import Match, MatchSuggestion


@dataclass
class OpenedMatch:
    """A match that has been opened: where it stood then, and what has changed since."""

    key: int
    initiative: int
    place: float | None
    seen_at: datetime
    has_changed: bool


def opened_in_order(offer: SupportOffer) -> list[OpenedMatch]:
    """Return what an offer's people have opened and still is a match, in the order of now. Two queries."""
    opened = MatchSuggestion.everything.filter(offer=offer, gone_at=None, seen_by_offer_at__isnull=False)
    rows = {
        initiative: OpenedMatch(key, initiative, place, seen_at, changed_at > seen_at)
        for key, initiative, place, seen_at, changed_at in opened.values_list(
            "pk", "initiative_id", "place_for_offer", "seen_by_offer_at", "initiative__changed_at"
        )
        if seen_at is not None
    }
    matches = Match.objects.current().filter(offer=offer, initiative__in=rows)
    order = matches.order_by("-fit", "initiative__public_id").values_list("initiative_id", flat=True)
    return [rows[initiative] for initiative in order]


def moved(rows: list[OpenedMatch]) -> list[OpenedMatch]:
    """Return those of what was opened, in the order of now, that stood in another place before. No query."""
    placed = [row for row in rows if row.place is not None]
    before = sorted(placed, key=lambda row: row.place or 0.0)
    return [row for row, earlier in zip(placed, before, strict=True) if row is not earlier]


def place_opened(offer: SupportOffer) -> None:
    """Give what has just been opened its place: next below the one that stands above it now."""
    rows = opened_in_order(offer)
    new = [row for row in rows if row.place is None]
    taken = [row.place for row in rows if row.place is not None]
    above: float | None = None
    for row in rows:
        if row.place is None:
            below = [place for place in taken if above is None or place > above]
            if not below:
                row.place = 0.0 if above is None else above + 1
            else:
                row.place = min(below) - 1 if above is None else (above + min(below)) / 2
            taken.append(row.place)
        above = row.place
    _write(new)


def accept_order(offer: SupportOffer, *, now: datetime) -> int:
    """Let the order of now be the one that an offer's people have seen. Return how many stood elsewhere."""
    rows = opened_in_order(offer)
    number = len(moved(rows))
    for place, row in enumerate(rows):
        row.place = float(place)
    _write(rows)
    if number:
        MatchSuggestion.everything.filter(pk__in=[row.key for row in rows]).update(seen_by_offer_at=now)
    return number


def _write(rows: list[OpenedMatch]) -> None:
    if rows:
        MatchSuggestion.everything.bulk_update(
            [MatchSuggestion(pk=row.key, place_for_offer=row.place) for row in rows],
            ["place_for_offer"],
            batch_size=500,
        )
