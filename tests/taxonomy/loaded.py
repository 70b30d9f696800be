"""Gives every test with a database the areas and word lists that the test database began with.

A plugin named in the root conftest. Transactional tests empty all tables, so for them it loads again.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.database import LOADED_AT


def _is_transactional(item: Any) -> bool:
    """Whether the test ends by emptying every table."""
    marker = item.get_closest_marker("django_db")
    wanted = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(item.fixturenames)
    return bool(wanted) or bool(marker and marker.kwargs.get("transaction"))


# Parallel runs hand out whole files, so an ordinary test may follow one that emptied the tables.
_state = {"emptied": False}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    uses_database = item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ())
    if not _state["emptied"] or not uses_database or _is_transactional(item):
        return
    from pytest_django.plugin import blocking_manager_key

    from brygga.taxonomy.selectors import recheck_taxonomy
    from brygga.taxonomy.services import load_taxonomy

    with item.config.stash[blocking_manager_key].unblock():
        load_taxonomy(now=LOADED_AT)
    recheck_taxonomy()
    _state["emptied"] = False


def pytest_runtest_teardown(item: Any) -> None:
    if _is_transactional(item):
        _state["emptied"] = True


@pytest.fixture(autouse=True)
def taxonomy_in_transactional_tests(request: pytest.FixtureRequest) -> None:
    if not _is_transactional(request.node):
        return
    from brygga.taxonomy.services import load_taxonomy

    request.getfixturevalue("transactional_db")
    load_taxonomy(now=LOADED_AT)
