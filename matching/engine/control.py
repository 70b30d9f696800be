"""Ask for full runs, and go back to the one before. Light: nothing of the kernel is loaded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from brygga.audit.services import record
from brygga.outbox.services import enqueue
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.asking import ask_again
from matching.engine.enums import RunState, ShardKind, ShardState
from matching.engine.keeping import forget_where_current
from matching.engine.leases import begin_run, free_parts, take_back_expired
from matching.engine.models import Match, MatchRun, MatchShard

if TYPE_CHECKING:
    from brygga.users.models import User

ENGINE_VERSION = "4"
#: Stands in the version of an analysis that was made with a dense model, and tells it from others.
DENSE_MARK = "+"
#: Workers that are called to a run. Each calls the next when its part is done.
MOST_CALLS = 4
RUN_LEASE = timedelta(minutes=10)
OUTDATED_AGAIN = timedelta(hours=1)


class NothingToGoBackTo(Exception):
    """There is no earlier published run."""


class RunIsOver(Exception):
    """The run is published, has failed or was cancelled already."""


@transaction.atomic
def request_run(*, now: datetime, actor: User | None = None) -> MatchRun:
    """Ask for a full run after commit. Asking while one waits gives that one.

    Raises PermissionDenied for a person who may not start runs; `actor` None is the system.
    """
    if actor is not None and not actor.has_perm("matching.start_matchrun"):
        raise PermissionDenied
    run = waiting_run(now=now)
    enqueue(
        task="matching.run",
        key=f"match-run-{run.pk}",
        now=now,
        arguments={"run_id": run.pk},
        lease=RUN_LEASE,
    )
    record(verb="match_run.requested", subject=run, actor=actor, now=now)
    return run


def waiting_run(*, now: datetime) -> MatchRun:
    """Return the run that waits to be carried out, made if there is none."""
    try:
        # A savepoint, so that the constraint that makes two requests one leaves the transaction usable.
        with transaction.atomic():
            return MatchRun.objects.create(
                state=RunState.WAITING, requested_at=now, engine_version=ENGINE_VERSION
            )
    except IntegrityError:
        waiting = MatchRun.objects.filter(state=RunState.WAITING).first()
        return waiting or waiting_run(now=now)


@transaction.atomic
def roll_back(*, actor: User | None, now: datetime) -> MatchRun:
    """Make the published run before the current one current again.

    Profiles that have changed since it was made are rescored with its analysis. Raises
    PermissionDenied or NothingToGoBackTo.
    """
    if actor is not None and not actor.has_perm("matching.start_matchrun"):
        raise PermissionDenied
    current = MatchRun.objects.select_for_update().filter(is_current=True).first()
    if current is None:
        raise NothingToGoBackTo
    earlier = (
        MatchRun.objects.filter(
            state=RunState.PUBLISHED, analysis__isnull=False, published_at__lt=current.published_at
        )
        .order_by("-published_at")
        .first()
    )
    if earlier is None or earlier.started_at is None:
        raise NothingToGoBackTo
    if current.analysis_id == earlier.analysis_id:
        # Both show the same rows but for what the later run added and took away.
        rows = Match.objects.filter(analysis=current.analysis_id)
        rows.filter(from_run=current.pk).delete()
        rows.filter(to_run=current.pk).update(to_run=None, kept_at=None)
    forget_where_current(earlier)
    MatchRun.objects.filter(pk=current.pk).update(is_current=False)
    MatchRun.objects.filter(pk=earlier.pk).update(is_current=True)
    for model in (Initiative, SupportOffer):
        for profile in model._default_manager.filter(changed_at__gte=earlier.started_at):
            ask_again(profile, because=f"run-{current.pk}-undone", now=now)
    record(
        verb="match_run.rolled_back",
        subject=current,
        actor=actor,
        now=now,
        details={"back_to": earlier.pk},
    )
    earlier.refresh_from_db()
    return earlier


@transaction.atomic
def cancel_run(*, run: MatchRun, actor: User | None, now: datetime) -> MatchRun:
    """Stop a run that waits or is under way; what is published stays. Workers throw their parts away.

    Raises PermissionDenied or RunIsOver.
    """
    if actor is not None and not actor.has_perm("matching.start_matchrun"):
        raise PermissionDenied
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.is_over:
        raise RunIsOver
    run.state, run.finished_at = RunState.CANCELLED, now
    run.save(update_fields=["state", "finished_at"])
    record(verb="match_run.cancelled", subject=run, actor=actor, now=now)
    return run


@transaction.atomic
def retry_run(*, run: MatchRun, actor: User | None, now: datetime) -> MatchRun:
    """Take up a failed or cancelled run where it stopped, or ask for a new one if it is outdated.

    A run is outdated when another has been published since, or waits already. Raises PermissionDenied.
    """
    if actor is not None and not actor.has_perm("matching.start_matchrun"):
        raise PermissionDenied
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    later = MatchRun.objects.filter(pk__gt=run.pk).exclude(state__in=[RunState.FAILED, RunState.CANCELLED])
    if run.state not in (RunState.FAILED, RunState.CANCELLED) or later.exists():
        return request_run(now=now, actor=actor)
    MatchShard.objects.filter(run=run).exclude(state=ShardState.DONE).update(
        state=ShardState.WAITING, holder="", lease_until=None, not_before=None, attempts=0
    )
    run.state, run.error, run.finished_at = RunState.WAITING, "", None
    run.save(update_fields=["state", "error", "finished_at"])
    enqueue(
        task="matching.run",
        key=f"match-run-{run.pk}-again-{int(now.timestamp())}",
        now=now,
        arguments={"run_id": run.pk},
        lease=RUN_LEASE,
    )
    record(verb="match_run.retried", subject=run, actor=actor, now=now)
    return run


def tend_runs(*, now: datetime) -> int:
    """Let lost parts wait again and begin the run that waits. Return how many workers to call."""
    take_back_expired(now=now)
    _ask_if_outdated(now)
    if begin_run(now=now) is None:
        return 0
    held = MatchShard.objects.filter(run__state=RunState.RUNNING, state=ShardState.LEASED).count()
    return max(0, min(free_parts(now=now).count(), MOST_CALLS - held))


def _ask_if_outdated(now: datetime) -> None:
    """Ask for a run when what pages show was made by another engine, or nothing was made yet."""
    current = MatchRun.objects.filter(is_current=True).only("engine_version").first()
    if current is not None and current.engine_version == ENGINE_VERSION:
        return
    if current is None and not Initiative.objects.published().exists():
        return
    # One that failed is not asked for again and again.
    tried = MatchRun.objects.filter(Q(finished_at=None) | Q(finished_at__gt=now - OUTDATED_AGAIN))
    if not tried.filter(engine_version=ENGINE_VERSION).exists():
        request_run(now=now)


def calls_after_a_part(*, now: datetime) -> int:
    """Return how many workers to call when a part is done: one goes on, more when the plan was made."""
    begin_run(now=now)
    free = free_parts(now=now).count()
    is_planned = MatchShard.objects.filter(
        run__state=RunState.RUNNING, kind=ShardKind.SCORE, state=ShardState.DONE
    ).exists()
    return min(free, 1 if is_planned else MOST_CALLS)
