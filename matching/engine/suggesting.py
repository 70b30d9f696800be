"""Suggestions: the matches a run puts forward, and what becomes of those that somebody has opened.

A match can be browsed and is never capped. A suggestion costs its reader time, so an offer gets no more
new ones in a run than it has room for. One that a person has opened is never gone without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from numpy.typing import NDArray

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.encoding import open_offers
from matching.engine.enums import Gone
from matching.engine.models import Match, MatchRun, MatchSuggestion
from matching.engine.stamps import Profiles
from matching.engine.weights import RULES
from matching.kernel.allocation import SHORT_REASONS, allocate

#: Of each reason for being short, so many initiatives are named in the run's record.
MOST_NAMED = 50


@dataclass(frozen=True)
class PutForward:
    """New suggestions of a run as primary keys, and the figures of handing them out."""

    initiative: NDArray[np.int64]
    offer: NDArray[np.int64]
    fit: NDArray[np.float64]
    figures: dict[str, Any]


def put_forward(
    run: MatchRun,
    profiles: Profiles,
    initiative: NDArray[np.int64],
    offer: NDArray[np.int64],
    fit: NDArray[np.float64],
) -> PutForward:
    """Choose new suggestions among a run's pairs, given as primary keys. Writes nothing.

    What is suggested already stays and needs no new room.
    """
    rules = RULES | run.rules
    initiatives, offers = profiles.initiatives.keys, profiles.offers.keys
    rows, columns = np.searchsorted(initiatives, initiative), np.searchsorted(offers, offer)
    held = np.isin(rows * max(1, len(offers)) + columns, _held(initiatives, offers))
    found = allocate(
        rows,
        columns,
        fit,
        room_of(offers, rules),
        initiatives=len(initiatives),
        at_least=rules["at_least"],
        held=held,
        initiative_order=by_public_id(Initiative, initiatives),
        offer_order=by_public_id(SupportOffer, offers),
    )
    reasons = [SHORT_REASONS[reason] for reason in found.short_reason]
    named: dict[str, list[int]] = {}
    for row, reason in zip(found.short.tolist(), reasons, strict=True):
        if len(named.setdefault(reason, [])) < MOST_NAMED:
            named[reason].append(int(initiatives[row]))
    figures = asdict(found.figures) | {
        "short_because": dict(Counter(reasons)),
        "short_initiatives": named,
        "held": int(held.sum()),
    }
    chosen = found.suggested
    return PutForward(initiative[chosen], offer[chosen], fit[chosen], figures)


def _held(initiatives: NDArray[np.int64], offers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the suggestions there are, each as one number."""
    pairs = MatchSuggestion.objects.filter(gone_at=None).values_list("initiative_id", "offer_id")
    keys = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    keys = keys[np.isin(keys[:, 0], initiatives) & np.isin(keys[:, 1], offers)]
    places = np.searchsorted(initiatives, keys[:, 0]) * max(1, len(offers))
    return np.asarray(places + np.searchsorted(offers, keys[:, 1]))


def room_of(offers: NDArray[np.int64], rules: dict[str, int]) -> NDArray[np.int64]:
    """Return how many new suggestions each offer has room for in a run."""
    rows = SupportOffer.objects.filter(pk__in=offers.tolist(), capacity__isnull=False)
    cases = {key: capacity or 0 for key, capacity in rows.values_list("pk", "capacity")}
    unknown, per_case = rules["room_unknown"], rules["room_per_case"]
    return np.array(
        [per_case * cases[key] if key in cases else unknown for key in offers.tolist()], dtype=np.int64
    )


def by_public_id(model: Any, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    names = dict(model.objects.filter(pk__in=keys.tolist()).values_list("pk", "public_id"))
    order = sorted(range(len(keys)), key=lambda place: names.get(int(keys[place]), ""))
    places = np.empty(len(keys), dtype=np.int64)
    places[order] = np.arange(len(keys))
    return places


def store(run: MatchRun, chosen: PutForward, *, now: datetime) -> int:
    """Write the new suggestions that still are matches of the run. Return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS match_put_forward")
        cursor.execute(
            "CREATE TEMP TABLE match_put_forward (initiative_id bigint, offer_id bigint, fit float8) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY match_put_forward FROM STDIN") as copy:
            for row in zip(
                chosen.initiative.tolist(), chosen.offer.tolist(), chosen.fit.tolist(), strict=True
            ):
                copy.write_row(row)
        # One that was gone and comes again is new to those who had opened it; one that was only opened is not.
        cursor.execute(
            """
            INSERT INTO matching_matchsuggestion AS old
                (initiative_id, offer_id, is_put_forward, since_run, fit, suggested_at, gone_because)
            SELECT new.initiative_id, new.offer_id, TRUE, %s, new.fit, %s, ''
            FROM match_put_forward new
            JOIN matching_match stored ON stored.analysis_id = %s AND stored.to_run IS NULL
                AND stored.initiative_id = new.initiative_id AND stored.offer_id = new.offer_id
            ON CONFLICT (initiative_id, offer_id) DO UPDATE
            SET seen_by_initiative_at = CASE WHEN old.gone_at IS NULL THEN old.seen_by_initiative_at END,
                seen_by_offer_at = CASE WHEN old.gone_at IS NULL THEN old.seen_by_offer_at END,
                place_for_offer = CASE WHEN old.gone_at IS NULL THEN old.place_for_offer END,
                is_put_forward = TRUE, since_run = excluded.since_run, fit = excluded.fit,
                suggested_at = excluded.suggested_at, gone_at = NULL, gone_because = ''
            """,
            [run.pk, now, run.analysis_id],
        )
        return int(cursor.rowcount)


def settle(
    run: MatchRun,
    *,
    now: datetime,
    at: datetime,
    initiative_ids: Sequence[int] | None = None,
    offer_ids: Sequence[int] = (),
) -> None:
    """Take back suggestions, and what was opened, that are no matches of the run any more: all, or of some profiles.

    Unopened ones are deleted; the others stay, with the moment `at` and the cause. `now` is the day by
    which offers are open.
    """
    still = Match.objects.filter(
        analysis_id=run.analysis_id,
        to_run__isnull=True,
        initiative=OuterRef("initiative_id"),
        offer=OuterRef("offer_id"),
    )
    lost = MatchSuggestion.everything.filter(~Exists(still), gone_at=None)
    if initiative_ids is not None:
        lost = lost.filter(Q(initiative__in=initiative_ids) | Q(offer__in=offer_ids))
    lost.filter(seen_by_initiative_at=None, seen_by_offer_at=None).delete()
    opened = list(lost.select_related("initiative", "offer"))
    is_open = set(
        open_offers(now).filter(pk__in={row.offer_id for row in opened}).values_list("pk", flat=True)
    )
    for row in opened:
        row.gone_at, row.gone_because = at, _cause(row, row.offer_id in is_open)
    MatchSuggestion.everything.bulk_update(opened, ["gone_at", "gone_because"], batch_size=500)


def _cause(row: MatchSuggestion, is_open: bool) -> Gone:
    if not row.initiative.is_published:
        return Gone.INITIATIVE_CLOSED
    if not is_open:
        return Gone.OFFER_CLOSED
    if row.initiative.changed_at > row.suggested_at:
        return Gone.INITIATIVE_CHANGED
    return Gone.OFFER_CHANGED if row.offer.changed_at > row.suggested_at else Gone.NEW_RUN
