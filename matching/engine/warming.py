"""What a web process needs to explain a match, loaded before the first visitor asks."""

from __future__ import annotations

from matching.engine.models import MatchRun


def load() -> None:
    """Import the kernel with scipy, and read the current run's analysis if there is one."""
    from matching.engine import explaining  # noqa: F401, PLC0415 - takes a second, in a thread of its own
    from matching.engine.collection import frozen_for  # noqa: PLC0415 - as above

    run = MatchRun.objects.filter(is_current=True).first()
    if run is not None:
        frozen_for(run)
