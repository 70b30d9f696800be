"""Where files that two sides send each other lie: outside of what a web server serves."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.files.storage import Storage, storages

if TYPE_CHECKING:
    from matching.meeting.conversation.models import Attachment


def private_files() -> Storage:
    return storages["private"]


def place_of(attachment: Attachment, filename: str) -> str:
    """Return a place that says nothing about who or what: neither the name nor the ending is in it."""
    return f"messages/{uuid.uuid4().hex}"
