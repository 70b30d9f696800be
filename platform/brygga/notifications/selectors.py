"""Notices as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from brygga.notifications.enums import NoticeKind
from brygga.notifications.models import Notice
from brygga.notifications.question_texts import NoticeText
from brygga.notifications.texts import TEXTS, fill
from brygga.users.models import User

MOST_COUNTED = 99


@dataclass(frozen=True)
class Telling:
    """A notice in words, in the language that is on. `address` is empty when there is no page to go to."""

    subject: str
    what: str
    next: str
    why: str
    button: str
    address: str


def telling(notice: Notice) -> Telling:
    text = TEXTS[NoticeKind(notice.kind)]
    return Telling(
        subject=fill(text.subject, notice.parameters),
        what=fill(text.what, notice.parameters),
        next=fill(text.next, notice.parameters),
        why=fill(text.why, notice.parameters),
        button=str(text.button),
        address=_address(text, notice.parameters),
    )


def _address(text: NoticeText, parameters: Mapping[str, Any]) -> str:
    argument = parameters.get(text.page_parameter)
    if text.page_parameter and argument in (None, ""):
        return ""
    try:
        address = reverse(text.page, args=[argument] if text.page_parameter else [])
    except NoReverseMatch:
        return ""
    return f"{address}?{fill(text.query, parameters)}" if text.query else address


def count_unread(user: User | AnonymousUser) -> int:
    """Return how many notices are unread, at most 99."""
    if not user.is_authenticated:
        return 0
    unread = Notice.objects.filter(user=user, read_at__isnull=True)
    return len(unread.values_list("pk", flat=True)[:MOST_COUNTED])
