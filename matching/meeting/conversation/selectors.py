"""Reads of conversations: the newest messages, and how many are unread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from innovators.selectors import owner_name
from matching.meeting.conversation.models import Attachment, Message, MessageReport, ReadUpTo
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction
from matching.meeting.querysets import sides_of

if TYPE_CHECKING:
    from brygga.users.models import User

MESSAGES_A_PAGE = 20


@dataclass(frozen=True)
class Line:
    """One message as a reader sees it."""

    message: Message
    is_ours: bool
    author: str
    organisation: str
    is_first_unread: bool
    is_reported: bool = False


@dataclass(frozen=True)
class Conversation:
    """A page of messages, newest last. `newest` is the number of the newest one there is; 0 for none."""

    page: Page[Message]
    lines: list[Line]
    unread: int
    newest: int


def conversation_of(
    introduction: Introduction, user: User, side: Side, page: str | None = None
) -> Conversation:
    """Return a page of the conversation as one side reads it. Page 1 holds the newest messages.

    The caller has found the introduction through `visible_to`.
    """
    rows = Message.objects.filter(introduction=introduction).select_related("author")
    rows = rows.prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk"))).order_by("-pk")
    shown: Page[Message] = Paginator(rows, MESSAGES_A_PAGE).get_page(page)
    read = ReadUpTo.objects.filter(introduction=introduction, user=user).values_list("message_id", flat=True)
    up_to = read.first() or 0
    unread = Message.objects.filter(introduction=introduction, pk__gt=up_to).exclude(side=side)
    first, number = unread.order_by("pk").values_list("pk", flat=True).first(), unread.count()
    names = {
        Side.INITIATIVE: owner_name(introduction.initiative.organisation),
        Side.OFFER: owner_name(introduction.offer.organisation),
    }
    messages = list(shown.object_list)
    own_reports = MessageReport.objects.filter(reporter=user, message__in=[one.pk for one in messages])
    reported = set(own_reports.values_list("message_id", flat=True))
    lines = [
        Line(
            message=message,
            is_ours=message.side == side,
            author=message.author.name if message.author else "",
            organisation=names[Side(message.side)],
            is_first_unread=message.pk == first,
            is_reported=message.pk in reported,
        )
        for message in reversed(messages)
    ]
    newest = messages[0].pk if messages and shown.number == 1 else 0
    return Conversation(shown, lines, number, newest)


def unread_numbers(user: User) -> dict[int, int]:
    """Return, for each of the user's introductions, how many messages of the other side they have not read.

    One query; introductions without any are not in it.
    """
    # Of those where the user belongs to the initiative's side, the giver's messages are the other side's.
    ours = Introduction.objects.filter(sides_of(user)[0]).values("pk")
    from_them = Q(side=Side.OFFER, introduction__in=ours) | (
        Q(side=Side.INITIATIVE) & ~Q(introduction__in=ours)
    )
    read = ReadUpTo.objects.filter(introduction=OuterRef("introduction"), user=user)
    rows = (
        Message.objects.filter(introduction__in=_open_to(user).values("pk"))
        .filter(from_them)
        .annotate(read=Coalesce(Subquery(read.values("message_id")[:1]), 0))
        .filter(pk__gt=F("read"))
        .order_by()
        .values_list("introduction")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def first_unread(introduction: Introduction, side: Side, user_id: int) -> int | None:
    """Return the number of the first message that a person of one side has not read, or None."""
    read = ReadUpTo.objects.filter(introduction=introduction, user=user_id)
    up_to = read.values_list("message_id", flat=True).first() or 0
    unread = Message.objects.filter(introduction=introduction, pk__gt=up_to).exclude(side=side)
    return unread.order_by("pk").values_list("pk", flat=True).first()


def _open_to(user: User) -> QuerySet[Introduction]:
    return Introduction.objects.visible_to(user).filter(state=IntroductionState.ACCEPTED)
