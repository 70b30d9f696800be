"""Who may change a saved search? Whoever saved it, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brygga.search.models import SavedSearch
    from brygga.users.models import User


def can_change_search(user: User, search: SavedSearch) -> bool:
    return search.user_id == user.pk
