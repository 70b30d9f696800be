"""Gives every test with a database the areas and word lists, loaded once per run.

A plugin named in the root conftest. Transactional tests empty all tables, so for them it loads again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

LOADED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from brygga.taxonomy.services import load_taxonomy

    with django_db_blocker.unblock():
        load_taxonomy(now=LOADED_AT)
    yield


@pytest.fixture(autouse=True)
def taxonomy_in_transactional_tests(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("django_db")
    wanted = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    if not wanted and not (marker and marker.kwargs.get("transaction")):
        return
    from brygga.taxonomy.services import load_taxonomy

    request.getfixturevalue("transactional_db")
    load_taxonomy(now=LOADED_AT)
