"""Where pictures lie: outside of what a web server serves, as who may see the page may see them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.files.storage import Storage, storages

if TYPE_CHECKING:
    from innovators.pictures.models import InitiativePicture


def private_files() -> Storage:
    return storages["private"]


def place_of(picture: InitiativePicture, filename: str) -> str:
    """Return a place that says nothing about who or what: neither the name nor the ending is in it."""
    return f"pictures/{uuid.uuid4().hex}"
