"""The last pairs of support that has closed or is paused: kept for its own people, who decide just then.

No run shows them, they take no room and are in no figure; only `MatchQuerySet.shown_to_givers` finds them. They
stay until the support is open again, and are explained with the analysis that is current.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from funders.models import SupportOffer
from matching.engine.models import Match, MatchRun

#: The moment at which an offer closed: after its last day, or now for one that is paused.
_CLOSED = "LEAST(%s, (offer.closes_on + 1)::timestamp AT TIME ZONE %s)"


def take_away(keys: Sequence[int], *, run: MatchRun, now: datetime) -> None:
    """Take stored pairs, by primary key, out of a run. Those of support that is not open are kept."""
    if not keys:
        return
    rows = Match.objects.filter(pk__in=keys)
    last = rows.exclude(offer__in=_open(timezone.localdate(now)))
    ended = list(last.values_list("pk", "offer"))
    _forget_of({offer for _, offer in ended})
    _mark([key for key, _ in ended], run)
    rows.filter(kept_at__isnull=True)._raw_delete(using="default")


def keep_last_of_run(run: MatchRun, earlier: MatchRun | None, *, day: date) -> None:
    """Keep what a new run no longer holds because support is not open. Before it, `earlier` was current.

    What was kept before moves to the new run's analysis, and is forgotten where support is open again.
    """
    Match.objects.filter(kept_at__isnull=False, offer__in=_open(day)).update(kept_at=None)
    if earlier is not None and earlier.analysis_id != run.analysis_id:
        # The earlier run keeps its own rows, so that it can be gone back to.
        ended = Match.objects.filter(analysis=earlier.analysis_id, to_run__isnull=True)
        ended = ended.exclude(offer__in=_open(day))
        _forget_of(set(ended.order_by().values_list("offer", flat=True).distinct()))
        _copy(list(ended.values_list("pk", flat=True)), run)
        Match.objects.filter(kept_at__isnull=False).exclude(analysis=run.analysis_id).update(
            analysis=run.analysis_id
        )
        return
    ended = Match.objects.filter(analysis=run.analysis_id, to_run=run.pk, kept_at__isnull=True)
    ended = ended.exclude(offer__in=_open(day))
    _forget_of(set(ended.order_by().values_list("offer", flat=True).distinct()))
    _mark(list(ended.values_list("pk", flat=True)), run)


def forget_if_open(offer: int, *, now: datetime) -> None:
    """Forget what is kept of an offer that is open again: its pairs are current ones."""
    is_open = _open(timezone.localdate(now)).filter(pk=offer)
    Match.objects.filter(kept_at__isnull=False, offer=offer, offer__in=is_open).update(kept_at=None)


def forget_where_current(run: MatchRun) -> None:
    """Forget what is kept of offers whose pairs a run shows itself: it has become the current one again."""
    shown = Match.objects.filter(analysis=run.analysis_id, to_run__isnull=True)
    Match.objects.filter(kept_at__isnull=False, offer__in=shown.values("offer")).update(kept_at=None)


def _open(day: date) -> Any:
    return SupportOffer.objects.open_on(day).values("pk")


def _forget_of(offers: set[int]) -> None:
    if offers:
        Match.objects.filter(kept_at__isnull=False, offer__in=offers).update(kept_at=None)


def _mark(keys: list[int], run: MatchRun) -> None:
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE matching_match pair SET to_run = %s, kept_at = {_CLOSED} "  # noqa: S608 - names of our own
            f"FROM funders_supportoffer offer WHERE offer.id = pair.offer_id AND pair.id = ANY(%s)",
            [run.pk, timezone.now(), settings.TIME_ZONE, keys],
        )


def _copy(keys: list[int], run: MatchRun) -> None:
    if not keys:
        return
    own = ("id", "analysis_id", "to_run", "kept_at")
    names = [str(field.column) for field in Match._meta.concrete_fields if field.column not in own]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matching_match ({', '.join(names)}, analysis_id, to_run, kept_at) "  # noqa: S608 - names of our own
            f"SELECT {', '.join(f'pair.{name}' for name in names)}, %s, %s, {_CLOSED} "
            f"FROM matching_match pair JOIN funders_supportoffer offer ON offer.id = pair.offer_id "
            f"WHERE pair.id = ANY(%s)",
            [run.analysis_id, run.pk, timezone.now(), settings.TIME_ZONE, keys],
        )
