"""What a signed-out person has typed is kept in their session (PostgreSQL) until it is saved.

The session survives signing in, so the text is there when they come back. It is never put in an
address, a cookie or a log.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.datastructures import MultiValueDict

SESSION_KEY = "kept_texts"
# A person fills in a page or two before signing in; more than this is not a person.
MOST_PAGES = 8
MOST_CHARACTERS = 60_000
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "autosave"})


def keep_text(session: SessionBase, page: str, data: MultiValueDict[str, Any]) -> bool:
    """Keep what was posted to `page`. Return False when it is too much to keep."""
    typed = {name: [str(one) for one in data.getlist(name)] for name in data if name not in NOT_KEPT}
    kept: dict[str, dict[str, list[str]]] = {**session.get(SESSION_KEY, {}), page: typed}
    if sum(len(one) for values in typed.values() for one in values) > MOST_CHARACTERS:
        return False
    while len(kept) > MOST_PAGES:
        kept.pop(next(iter(kept)))
    session[SESSION_KEY] = kept
    return True


def kept_text(session: SessionBase, page: str) -> MultiValueDict[str, str] | None:
    """Return what was kept for `page`, shaped as form data, or None."""
    typed = session.get(SESSION_KEY, {}).get(page)
    return MultiValueDict(typed) if typed else None


def forget_text(session: SessionBase, page: str) -> None:
    """Forget it: it has been saved."""
    kept = dict(session.get(SESSION_KEY, {}))
    if kept.pop(page, None) is not None:
        session[SESSION_KEY] = kept
