"""A stored picture goes with its row, whatever takes the row away: its people, or a draft that is deleted."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from innovators.pictures.models import InitiativePicture


def connect() -> None:
    post_delete.connect(delete_file, sender=InitiativePicture, dispatch_uid="innovators.delete_picture")


def delete_file(*, instance: InitiativePicture, **_: Any) -> None:
    """Delete the file once it is certain that the row is gone."""
    if instance.file.name:
        transaction.on_commit(partial(instance.file.storage.delete, instance.file.name))
