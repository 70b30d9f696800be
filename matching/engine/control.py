"""Ask for full runs, and go back to the one before. Light: nothing of the kernel is loaded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from brygga.audit.services import record
from brygga.outbox.services import enqueue
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.asking import ask_again
from matching.engine.enums import RunState
from matching.engine.models import MatchRun

if TYPE_CHECKING:
    from brygga.users.models import User

ENGINE_VERSION = "1"
RUN_LEASE = timedelta(minutes=10)


class NothingToGoBackTo(Exception):
    """There is no earlier published run."""


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
        MatchRun.objects.filter(state=RunState.PUBLISHED, published_at__lt=current.published_at)
        .order_by("-published_at")
        .first()
    )
    if earlier is None or earlier.started_at is None:
        raise NothingToGoBackTo
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
