"""Two people at the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def race(*attempts: Callable[[], str], told: type[Exception] | tuple[type[Exception], ...] = ()) -> list[str]:
    """Run attempts at the same moment and return how each went, sorted; an error in `told` is "told"."""
    outcomes: list[str] = []
    together = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], str]) -> None:
        try:
            together.wait(timeout=10)
            outcomes.append(attempt())
        except told:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)
