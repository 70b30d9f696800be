"""A database without Swedish letters is refused."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from brygga.taxonomy.checks import check_swedish_letters

pytestmark = pytest.mark.django_db


def test_good_database_passes() -> None:
    assert check_swedish_letters(databases=["default"]) == []
    assert check_swedish_letters(databases=None) == []


def test_check_is_registered_for_databases() -> None:
    assert [
        e for e in run_checks(tags=["database"], databases=["default"]) if "taxonomy" in (e.id or "")
    ] == []


def on_server(*statements: str) -> None:
    """Run statements on the test server outside any transaction, as CREATE DATABASE must be."""
    given = connections["default"].settings_dict
    place = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    with psycopg.connect(
        dbname="postgres", autocommit=True, **{k: v for k, v in place.items() if v}
    ) as server:
        for statement in statements:
            server.execute(statement)


@pytest.fixture
def other_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A second database on the same server, with a locale that knows only ASCII letters."""
    encoding, name = request.param, f"brygga_letters_{request.param.lower()}"
    on_server(
        f"DROP DATABASE IF EXISTS {name}",
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C'",
    )
    other: BaseDatabaseWrapper = connections["default"].copy("other")
    other.settings_dict["NAME"] = name
    connections["other"] = other
    with other.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
    yield "other"
    other.close()
    del connections["other"]
    on_server(f"DROP DATABASE {name}")


@pytest.mark.parametrize(
    ("other_database", "problem"),
    [("UTF8", "taxonomy.E002"), ("SQL_ASCII", "taxonomy.E001")],
    indirect=["other_database"],
)
def test_bad_database_is_refused(other_database: str, problem: str) -> None:
    assert [found.id for found in check_swedish_letters(databases=[other_database])] == [problem]
