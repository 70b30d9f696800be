"""Ask for rescoring: one profile at a time, or once for many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from brygga.outbox.services import enqueue
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import ProfileScoring

Profile = Initiative | SupportOffer

#: So many changed profiles at once are one full run instead.
FEW = 25
# Longer than a rescoring takes; a killed worker's is sent again after this.
RESCORING_LEASE = timedelta(seconds=30)


@dataclass
class _Gathered:
    """Profiles changed inside `many_changes`: (is an initiative, primary key) -> revision and reason."""

    changed: dict[tuple[bool, int], tuple[int, str]] = field(default_factory=dict)


_gathering: ContextVar[_Gathered | None] = ContextVar("gathered_changes", default=None)


def ask_for_rescoring(profile: Profile, *, now: datetime) -> None:
    """Note that a profile's matches are out of date and have them renewed after commit.

    Inside the caller's transaction: if it is rolled back, so is this.
    """
    is_initiative = isinstance(profile, Initiative)
    side: dict[str, Any] = {"initiative": profile} if is_initiative else {"offer": profile}
    ProfileScoring.objects.update_or_create(
        **side, defaults={"asked_revision": profile.revision, "asked_at": now}
    )
    gathered = _gathering.get()
    if gathered is not None:
        gathered.changed[is_initiative, profile.pk] = profile.revision, ""
    else:
        _enqueue(is_initiative, profile.pk, profile.revision, now)


def ask_again(profile: Profile, *, because: str, now: datetime) -> None:
    """Have matches renewed for another reason than a new revision; `because` names it once and for all."""
    is_initiative = isinstance(profile, Initiative)
    gathered = _gathering.get()
    if gathered is None:
        _enqueue(is_initiative, profile.pk, profile.revision, now, because)
    else:
        # A new revision is asked for by itself, and brings this along.
        gathered.changed.setdefault((is_initiative, profile.pk), (profile.revision, because))


def _enqueue(is_initiative: bool, pk: int, revision: int, now: datetime, because: str = "") -> None:
    side = "initiative" if is_initiative else "offer"
    enqueue(
        task=f"matching.rescore_{side}",
        # One message a revision: a double click asks once.
        key=f"rescore-{side}-{pk}-{revision}" + (f"-{because}" if because else ""),
        now=now,
        arguments={f"{side}_id": pk, "revision": revision},
        lease=RESCORING_LEASE,
    )


@contextmanager
def many_changes(*, now: datetime, is_dry_run: bool = False) -> Iterator[None]:
    """Gather the rescoring of everything changed inside, and ask for it once at the end.

    For imports: many changed profiles become one full run. Should the process die inside, the
    changed profiles are stored and marked as waiting, and the next full run takes them.
    """
    from matching.engine.control import request_run  # noqa: PLC0415 - going back asks for rescoring

    gathered = _Gathered()
    token = _gathering.set(gathered)
    try:
        yield
    finally:
        _gathering.reset(token)
        if gathered.changed and not is_dry_run:
            with transaction.atomic():
                if len(gathered.changed) > FEW:
                    request_run(now=now)
                else:
                    for (is_initiative, pk), (revision, because) in gathered.changed.items():
                        _enqueue(is_initiative, pk, revision, now, because)
