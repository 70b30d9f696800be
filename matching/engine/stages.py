"""How long each stage of a run takes, in the log: what to look at when a run has become slow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

logger = structlog.get_logger(__name__)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Log how long the block takes, unless it fails."""
    begun = time.perf_counter()
    yield
    logger.info("match_stage", seconds=round(time.perf_counter() - begun, 2), stage=name)
