"""Waiting for something to come true, with an end to the patience."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 3_600.0


def wait_for(is_so: Callable[[], bool], seconds: float = PATIENCE, every: float = 0.01) -> float:
    """Return how long it took. Raises TimeoutError."""
    begun = time.perf_counter()
    while not is_so():
        if time.perf_counter() - begun > seconds:
            raise TimeoutError(f"not so within {seconds:.0f} s")
        time.sleep(every)
    return time.perf_counter() - begun
