"""The test database: made once in a run, and copied for each further process of pytest-xdist.

A plugin named in the root conftest. It takes the place of pytest-django's own fixture. Migrating and loading
the word lists takes fifteen seconds of a processor, copying what is made one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

LOADED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Of an advisory lock in the server's own database; any number that nobody else uses.
LOCK = 20_260_302


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    from django.test.utils import setup_databases, teardown_databases

    run = getattr(request.config, "workerinput", {}).get("testrunuid")
    with django_db_blocker.unblock():
        if run is None:
            configuration = setup_databases(0, interactive=False, aliases={"default": None})
            _fill()
        else:
            with _server() as server:
                copied = _copy(server, f"test_model_{run}", _name())
                configuration = setup_databases(
                    0, interactive=False, aliases={"default": None}, keepdb=copied
                )
                if not copied:
                    _fill()
                    _copy(server, _name(), f"test_model_{run}")
    yield
    with django_db_blocker.unblock():
        teardown_databases(configuration, 0)
        if run is not None:
            with _server() as server:
                server.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [_pattern()])
                if server.fetchone()[0] == 0:
                    server.execute(f'DROP DATABASE IF EXISTS "test_model_{run}"')


def _name() -> str:
    """Return the name of this process's database, which ends with that of the process."""
    from django.db import connection

    name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
    return str(name)


def _pattern() -> str:
    return _name().rpartition("_gw")[0].replace("_", r"\_") + r"\_gw%"


@contextmanager
def _server() -> Iterator[Any]:
    """Yield a cursor in the server's own database, with nobody else making or copying at the same time."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield cursor
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _copy(server: Any, source: str, target: str) -> bool:
    """Copy a database if it exists; return whether it did. One that has the copy's name is dropped first."""
    from django.db import connection

    server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [source])
    if server.fetchone() is None:
        return False
    # Nobody may be connected to what is copied.
    connection.close()
    server.execute(f'DROP DATABASE IF EXISTS "{target}"')
    server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    return True


def _fill() -> None:
    from brygga.taxonomy.services import load_taxonomy

    _leave_statistics_alone()
    load_taxonomy(now=LOADED_AT)


def _leave_statistics_alone() -> None:
    """Keep a server of somebody else's from counting rows in the background, as our own ones do not either.

    What tests write is never committed: counted in between, every table is empty, and a query over two
    hundred rows that is planned for none takes minutes.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = false)")
