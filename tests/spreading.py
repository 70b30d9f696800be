"""How a run on several processes is shared out: whole files, the long ones first, all journeys to one process.

A plugin named in the root conftest. Files that begin last decide when a run ends, so what takes minutes
begins first; and the journeys share one site, which takes half a minute to start.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

#: What takes more than half a minute, the longest first.
LONG = (
    "tests/journeys/",
    "tests/devservices/test_server.py",
    "tests/permissions/",
    "tests/matching/meeting/test_canaries.py",
    "tests/matching/engine/",
    "tests/security/",
    "tests/matching/learning/",
    "tests/quality/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next(
            (place for place, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG)
        )
    )


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later collection of garbage: it stays until the end."""
    gc.collect()
    gc.freeze()


class Spreading(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return LONG[0] if nodeid.startswith(LONG[0]) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading | None:
    return Spreading(config, log) if config.getvalue("dist") == "loadfile" else None
