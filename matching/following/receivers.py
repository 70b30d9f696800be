"""What happens in an initiative that somebody follows, put in the outbox: its people wait for nobody's list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brygga.core.enums import PublicationState
from brygga.notifications.enums import NoticeKind
from brygga.outbox.services import enqueue
from innovators.models import Initiative, JournalEntry, SpreadRecord
from innovators.signals import initiative_withdrawn, needs_opened, record_shown
from matching.following.models import Follow

_KINDS: dict[type[Any], NoticeKind] = {
    JournalEntry: NoticeKind.FOLLOWED_WROTE,
    SpreadRecord: NoticeKind.FOLLOWED_SPREAD,
}


def connect() -> None:
    """Connect every receiver; doing it again changes nothing."""
    record_shown.connect(tell_of_record, dispatch_uid="matching.followed_record")
    needs_opened.connect(tell_of_needs, dispatch_uid="matching.followed_needs")
    initiative_withdrawn.connect(tell_of_closing, dispatch_uid="matching.followed_closing")


def tell_of_record(*, record: Any, initiative: Initiative, actor: Any, at: datetime, **_: Any) -> None:
    kind = _KINDS.get(type(record))
    if kind is not None and actor is not None:
        _tell(initiative, kind, f"{kind}-{record.pk}", at, record_id=record.pk)


def tell_of_needs(*, initiative: Initiative, actor: Any, at: datetime, **_: Any) -> None:
    # Whoever goes back and forth between answers is told of once a day.
    if actor is not None:
        kind = NoticeKind.FOLLOWED_NEEDS
        _tell(initiative, kind, f"{kind}-{initiative.pk}-{at:%Y%m%d}", at)


def tell_of_closing(*, initiative: Initiative, actor: Any, at: datetime, **_: Any) -> None:
    if actor is not None and initiative.state == PublicationState.CLOSED:
        kind = NoticeKind.FOLLOWED_CLOSED
        _tell(initiative, kind, f"{kind}-{initiative.pk}-{at:%Y%m%dT%H%M%S}", at)


def _tell(initiative: Initiative, kind: NoticeKind, key: str, at: datetime, **more: int) -> None:
    if Follow.objects.filter(initiative=initiative).exists():
        arguments = {"initiative_id": initiative.pk, "kind": kind.value, "key": key, **more}
        enqueue(task="matching.tell_followers", key=key, now=at, arguments=arguments)
