"""What a web process loads before it says that it is ready, so that no first visitor waits for it.

Apps above register callables in `AppConfig.ready()`; the web process starts them once, in a thread of
its own, while it already answers. What fails is logged and left to the first visitor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import connection

logger = structlog.get_logger(__name__)
_callables: dict[str, Callable[[], object]] = {}
_running: list[threading.Thread] = []


def register(name: str, load: Callable[[], object]) -> None:
    """Have something loaded when a web process starts. The same name again replaces it."""
    _callables[name] = load


def start() -> None:
    """Begin to load; does nothing when it has begun."""
    if not _running:
        _running.append(threading.Thread(target=_load, name="warming", daemon=True))
        _running[0].start()


def is_done() -> bool:
    """Return whether nothing is being loaded; true also where nobody has begun."""
    return not any(thread.is_alive() for thread in _running)


def _load() -> None:
    for name, load in list(_callables.items()):
        try:
            load()
        except Exception:
            logger.exception("warming_failed", what=name)
    connection.close()
