"""A foundation's offers, and a matching that has run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone


@pytest.fixture
def matched(db: None) -> Iterator[Callable[[], None]]:
    """Return a function that matches everything there is. What a process keeps is forgotten after."""
    from matching.engine.collection import forget
    from matching.engine.services import run_now
    from matching.quick import selectors

    def run() -> None:
        run_now(now=timezone.now())
        selectors.forget()

    forget()
    selectors.forget()
    cache.clear()
    yield run
    forget()
    selectors.forget()
    cache.clear()
