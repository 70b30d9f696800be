"""Who may change the lists. Reading them is open to everyone."""

from __future__ import annotations

from typing import Protocol

from django.db import models


class Actor(Protocol):
    """The part of a user the rules here need; the user model lives above this app."""

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool: ...


def can_edit_entry(actor: Actor, entry: models.Model) -> bool:
    """Staff with Django's ordinary permission for that list; new entries need the right to add."""
    verb = "add" if entry._state.adding else "change"
    return actor.has_perm(f"taxonomy.{verb}_{entry._meta.model_name}")
