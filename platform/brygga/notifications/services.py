"""Tell people what has happened, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from brygga.notifications.enums import NoticeKind
from brygga.notifications.models import Notice
from brygga.notifications.selectors import Telling, telling
from brygga.outbox.services import enqueue
from brygga.users.models import User


@transaction.atomic
def notify(
    *,
    user: User,
    kind: NoticeKind | str,
    parameters: Mapping[str, Any],
    key: str,
    now: datetime,
    attached: Mapping[str, str] | None = None,
) -> Notice | None:
    """Put a line in the person's list and a mail in the outbox, in their language. Call it in the deed's transaction.

    `key` names the event (such as "flag-17"): asked for again, nothing happens and None is returned.
    `parameters` are titles, names of organisations and public ids (see `texts`); never contact details.
    `attached` names what is made and goes along when the mail is sent (see `outbox.attachments`).
    People who are no longer active are told nothing.
    """
    if not user.is_active:
        return None
    kind = NoticeKind(kind)
    notice, is_new = Notice.objects.get_or_create(
        user=user,
        key=key,
        defaults={"kind": kind, "parameters": dict(parameters), "created_at": now},
    )
    if not is_new:
        return None
    with override(user.language):
        subject, body = mail_of(kind=kind, parameters=parameters)
    arguments: dict[str, Any] = {"subject": subject, "body": body, "recipients": [user.email]}
    if attached is not None:
        arguments["attached"] = {**attached, "user": user.pk}
    enqueue(task="outbox.deliver_mail", key=f"notice-{notice.pk}", now=now, arguments=arguments)
    return notice


def put_in_lists(
    *, users: Iterable[User], kind: NoticeKind | str, parameters: Mapping[str, Any], key: str, now: datetime
) -> None:
    """Put a line in the list of each of many people, and no mail. Asked for again, nothing happens."""
    kind = NoticeKind(kind)
    Notice.objects.bulk_create(
        (
            Notice(user=user, kind=kind, parameters=dict(parameters), key=key, created_at=now)
            for user in users
            if user.is_active
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def mail_of(*, kind: NoticeKind | str, parameters: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject and the body of a notice's mail in the language that is on, for who wants to see it first."""
    words = telling(Notice(kind=NoticeKind(kind), parameters=dict(parameters)))
    return str(words.subject), render_to_string("emails/notice.txt", _mail_context(words)).strip() + "\n"


@transaction.atomic
def mark_read(*, user: User, now: datetime, notice_id: int | None = None) -> int:
    """Mark one of the person's notices as read, or all. Return how many were unread until now."""
    unread = Notice.objects.filter(user=user, read_at__isnull=True)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=now)


def _mail_context(words: Telling) -> dict[str, Any]:
    link = settings.SITE_ADDRESS + words.address if words.address else ""
    return {"words": words, "link": link, "contact_email": settings.CONTACT_EMAIL}
