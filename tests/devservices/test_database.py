"""When a database is prepared again, and when that is skipped."""

import os
from pathlib import Path
from typing import Any

import psycopg
import pytest

from brygga.devservices import database

URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".local").mkdir()
    migrations = tmp_path / "innovators" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_first.py").write_text("first")
    taxonomy = tmp_path / "platform" / "brygga" / "taxonomy"
    taxonomy.mkdir(parents=True)
    (taxonomy / "themes.json").write_text("[]")
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every time the commands are run, and with what."""
    runs: list[dict[str, Any]] = []

    def run_commands(**arguments: Any) -> str:
        runs.append(arguments)
        return "people" if arguments["demo"] else str(arguments["demo_note"])

    monkeypatch.setattr(database, "_run_commands", run_commands)
    monkeypatch.setattr(database, "database_identity", lambda url: "system/1")
    return runs


def test_a_prepared_database_is_left_alone(checkout: Path, runs: list[dict[str, Any]]) -> None:
    for _ in range(2):
        database.prepare(checkout, url=URL, demo=True)
    assert runs == [{"demo": True, "demo_note": ""}]
    assert database.read_record(checkout)["demo_note"] == "people"


@pytest.mark.parametrize(
    "changed", ["innovators/migrations/0002_new.py", "platform/brygga/taxonomy/themes.json"]
)
def test_new_migrations_and_new_taxonomy_are_loaded_and_the_demo_only_once(
    checkout: Path, runs: list[dict[str, Any]], changed: str
) -> None:
    database.prepare(checkout, url=URL, demo=True)
    (checkout / changed).write_text("new")
    database.prepare(checkout, url=URL, demo=True)
    assert runs[1:] == [{"demo": True, "demo_note": "people"}]


def test_another_database_is_prepared_from_the_start(
    checkout: Path, runs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database.prepare(checkout, url=URL, demo=True)
    monkeypatch.setattr(database, "database_identity", lambda url: "system/2")
    database.prepare(checkout, url=URL, demo=True)
    assert runs[1:] == [{"demo": True, "demo_note": ""}]


def test_demo_data_can_come_later(checkout: Path, runs: list[dict[str, Any]]) -> None:
    database.prepare(checkout, url=URL, demo=False)
    database.prepare(checkout, url=URL, demo=False)
    database.prepare(checkout, url=URL, demo=True)
    assert [run["demo"] for run in runs] == [False, True]


def test_a_broken_record_is_no_record(checkout: Path) -> None:
    (checkout / database.RECORD).write_text("{")
    assert database.read_record(checkout) == {}


def test_a_database_without_tables_has_no_identity_and_one_with_tables_keeps_it() -> None:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("create database identity_test")
    url = database_url("identity_test")
    try:
        assert database.database_identity(url) is None
        with psycopg.connect(url) as connection:
            connection.execute("create table django_migrations ()")
        found = database.database_identity(url)
        assert found is not None
        assert database.database_identity(url) == found
    finally:
        with psycopg.connect(URL, autocommit=True) as connection:
            connection.execute("drop database identity_test")


def database_url(name: str) -> str:
    address, _, query = URL.partition("?")
    return address.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
