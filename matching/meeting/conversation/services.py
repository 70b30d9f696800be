"""Write to the other side, and note what has been read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.conversation.files import MOST_FILES, CheckedFile
from matching.meeting.conversation.models import TEXT_LENGTH, Attachment, Message, ReadUpTo
from matching.meeting.conversation.selectors import first_unread
from matching.meeting.conversation.storage import private_files
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.meeting.sides import organisation_on, other_side, writing_side_of
from matching.meeting.telling import tell_writers


class NothingWritten(Exception):
    """A message without words, or with too many."""


class TooManyFiles(Exception):
    """More files than a message may carry."""


class ConversationClosed(Exception):
    """The two sides have not both said yes, or one of them has ended the conversation."""


def send_message(
    *,
    introduction: Introduction,
    actor: User,
    text: str,
    key: UUID,
    now: datetime,
    files: Iterable[CheckedFile] = (),
    is_told: bool = True,
) -> Message:
    """Write to the other side and tell them that there is something to read, without its words.

    The same `key` with the same text is the same message: a double click sends one. A person who has
    unread messages here already is told at most once a day; nobody is when the caller tells (`is_told`).
    Nothing is stored of a message that is not sent, its files included.
    Raises PermissionDenied, NothingWritten, TooManyFiles, or ConversationClosed.
    """
    stored: list[str] = []
    try:
        # Around the whole transaction: the database may refuse at the very end, when it commits.
        with transaction.atomic():
            return _send(introduction, actor, text, key, now, list(files), stored, is_told)
    except BaseException:
        for name in stored:
            private_files().delete(name)
        raise


def _send(
    introduction: Introduction,
    actor: User,
    text: str,
    key: UUID,
    now: datetime,
    files: list[CheckedFile],
    stored: list[str],
    is_told: bool,
) -> Message:
    if not permissions.can_converse(actor, introduction):
        raise PermissionDenied
    text = text.strip()
    if not text or len(text) > TEXT_LENGTH:
        raise NothingWritten
    if len(files) > MOST_FILES:
        raise TooManyFiles
    held = hold_open(introduction)
    once = uuid5(key, text)
    # Whoever writes holds the introduction's row, so the other of two clicks finds the first one's message.
    sent = Message.objects.filter(introduction=held, creation_key=once).first()
    if sent is not None:
        return sent
    side = writing_side_of(actor, held)
    message = Message.objects.create(
        introduction=held, side=side, author=actor, text=text, sent_at=now, creation_key=once
    )
    _note_read(held, actor, message.pk)
    record(
        verb="send_message",
        subject=message,
        actor=actor,
        now=now,
        organisation_id=organisation_on(held, side).pk,
        details={"introduction": held.public_id, "files": len(files)},
    )
    if is_told:
        _tell_of(message, actor, now)
    _attach(message, files, actor, stored)
    return message


@transaction.atomic
def note_read(*, introduction: Introduction, actor: User, up_to: int, now: datetime) -> None:
    """Note that the actor has read the conversation up to a message. Raises PermissionDenied for strangers."""
    if permissions.side_of(actor, introduction) is None:
        raise PermissionDenied
    there = Message.objects.filter(introduction=introduction, pk__lte=up_to).order_by("-pk")
    newest = there.values_list("pk", flat=True).first()
    if newest is not None:
        _note_read(introduction, actor, newest)


def hold_open(introduction: Introduction) -> Introduction:
    """Lock the introduction for this transaction; raises ConversationClosed when it is not open for talk."""
    held = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("initiative__organisation", "offer__organisation")
        .filter(pk=introduction.pk, state=IntroductionState.ACCEPTED, ended_at__isnull=True)
        .first()
    )
    if held is None:
        raise ConversationClosed
    return held


def _attach(message: Message, files: list[CheckedFile], actor: User, stored: list[str]) -> None:
    """Store the files last, and note where each lies."""
    for one in files:
        attachment = Attachment(
            message=message, added_by=actor, name=one.name, kind=one.kind, size=len(one.content)
        )
        attachment.file.save(one.name, ContentFile(one.content), save=False)
        stored.append(str(attachment.file.name))
        attachment.save()


def _note_read(introduction: Introduction, user: User, message_id: int) -> None:
    read, is_new = ReadUpTo.objects.get_or_create(
        introduction=introduction, user=user, defaults={"message_id": message_id}
    )
    if not is_new:
        # What is read stays read: an old page that is opened again takes nothing back.
        ReadUpTo.objects.filter(pk=read.pk, message_id__lt=message_id).update(message_id=message_id)


def _tell_of(message: Message, actor: User, now: datetime) -> None:
    introduction = message.introduction
    reading = other_side(message.side)
    day = timezone.localtime(now).date()
    tell_writers(
        introduction=introduction,
        side=reading,
        kind=NoticeKind.MESSAGE_RECEIVED,
        # One mail for all that is unread, and a new one the next day.
        key=lambda user: f"message-{first_unread(introduction, reading, user.pk)}-{day}",
        actor=actor,
        now=now,
    )
