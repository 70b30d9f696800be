"""A stored file goes with its row, whatever takes the row away: a message, a profile, an account."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from matching.meeting.conversation.models import Attachment


def connect() -> None:
    post_delete.connect(delete_file, sender=Attachment, dispatch_uid="matching.delete_file")


def delete_file(*, instance: Attachment, **_: Any) -> None:
    """Delete the file once it is certain that the row is gone."""
    if instance.file.name:
        transaction.on_commit(partial(instance.file.storage.delete, instance.file.name))
